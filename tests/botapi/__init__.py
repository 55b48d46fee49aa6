"""A strict Telegram Bot API server on this machine: real clients talk to it, tests play the people."""

from botapi.nouns import Answer, Attachment, Button, Call, Entity, Post, Press, Sent, User
from botapi.server import BotApi
from botapi.world import Chat

__all__ = ["Answer", "Attachment", "BotApi", "Button", "Call", "Chat", "Entity", "Post", "Press", "Sent", "User"]

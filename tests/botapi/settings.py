"""The methods that tell and set what the bot is: commands, descriptions, files, answers, the webhook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from botapi import payloads, sending
from botapi.judge import units
from botapi.nouns import Answer, Json, refuse
from botapi.params import Params
from botapi.updates import Webhook

if TYPE_CHECKING:
    from botapi.server import BotApi

ANSWER_LIMIT = 200
COMMANDS_LIMIT = 100
DOWNLOAD_LIMIT = 20_000_000
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def get_me(server: BotApi, _params: Params) -> Json:
    """Tell who the bot is."""
    return payloads.me(server.bot)


async def get_updates(server: BotApi, params: Params) -> list[Json]:
    """Hand out updates, and confirm those before the offset."""
    limit = params.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    wait = min(max(params.integer("timeout"), 0), 50)
    return await server.updates.fetch(params.integer("offset"), limit, wait, _allowed(params))


async def set_webhook(server: BotApi, params: Params) -> bool:
    """Push updates to an address; plain HTTP only to this machine."""
    url, secret = params.text("url"), params.text("secret_token")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if _SECRET.fullmatch(secret) is None:
        refuse("secret token contains unallowed characters")
    webhook = Webhook(url, secret, params.integer("max_connections", 40))
    server.updates.set_webhook(webhook, _allowed(params), drop=params.flag("drop_pending_updates"))
    return True


async def delete_webhook(server: BotApi, params: Params) -> bool:
    """Go back to polling."""
    server.updates.set_webhook(Webhook(), None, drop=params.flag("drop_pending_updates"))
    return True


async def get_webhook_info(server: BotApi, _params: Params) -> Json:
    """Tell where updates go."""
    return server.updates.info()


async def answer_callback_query(server: BotApi, params: Params) -> bool:
    """Answer a press."""
    press = server.pressed.get(params.text("callback_query_id"))
    if press is None or press.expired:
        refuse("query is too old and response timeout expired or query ID is invalid")
    if units(params.text("text")) > ANSWER_LIMIT:
        refuse("MESSAGE_TOO_LONG")
    press.answers.append(Answer(params.text("text"), params.flag("show_alert"), params.text("url"), server.clock()))
    press.acknowledged.set()
    return True


async def get_file(server: BotApi, params: Params) -> Json:
    """Tell where a file can be fetched."""
    file = server.files.get(params.text("file_id"))
    if file is None:
        refuse("invalid file_id")
    if file.size > DOWNLOAD_LIMIT:
        refuse("file is too big")
    named = {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": file.size}
    return named | {"file_path": f"documents/{file.id}"}


async def set_my_commands(server: BotApi, params: Params) -> bool:
    """Keep the commands of a scope and language."""
    commands = params.json("commands", "commands")
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        refuse("expected an Array of BotCommand")
    if len(commands) > COMMANDS_LIMIT:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _command(command)
    server.commands[_scope(server, params)] = [dict(command) for command in commands]
    return True


async def get_my_commands(server: BotApi, params: Params) -> list[Json]:
    """Tell the commands of a scope and language."""
    return server.commands.get(_scope(server, params), [])


async def delete_my_commands(server: BotApi, params: Params) -> bool:
    """Forget the commands of a scope and language."""
    server.commands.pop(_scope(server, params), None)
    return True


async def set_my_description(server: BotApi, params: Params) -> bool:
    """Keep the description."""
    return _describe(server, params, "description", 512)


async def set_my_short_description(server: BotApi, params: Params) -> bool:
    """Keep the short description."""
    return _describe(server, params, "short_description", 120)


async def get_my_description(server: BotApi, params: Params) -> Json:
    """Tell the description."""
    return {"description": server.descriptions.get(("description", _language(params)), "")}


async def get_my_short_description(server: BotApi, params: Params) -> Json:
    """Tell the short description."""
    return {"short_description": server.descriptions.get(("short_description", _language(params)), "")}


async def get_chat(server: BotApi, params: Params) -> Json:
    """Describe a chat."""
    return payloads.full_chat(sending.chat_of(server, params))


async def get_chat_member(server: BotApi, params: Params) -> Json:
    """Tell the standing of somebody in a chat."""
    return sending.member_of(server, params)


def _allowed(params: Params) -> list[str] | None:
    allowed = params.json("allowed_updates", "allowed updates")
    if allowed is not None and not isinstance(allowed, list):
        refuse("can't parse allowed updates JSON object")
    return allowed


def _command(command: Json) -> None:
    if _COMMAND.fullmatch(str(command.get("command", ""))) is None:
        refuse("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        refuse("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope(server: BotApi, params: Params) -> tuple[str, str]:
    """The key of a list of commands: its scope as `type:ids`, and its language."""
    scope = params.json("scope", "scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        refuse("can't parse BotCommandScope: Unsupported type specified")
    ids = [str(scope.get(name, "")) for name in SCOPES[scope["type"]]]
    if ids and not (ids[0].lstrip("-").isdigit() and int(ids[0]) in server.chats):
        refuse("chat not found")
    return ":".join([scope["type"], *ids]), _language(params)


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and re.fullmatch("[a-z]{2}", code) is None:
        refuse("invalid language code specified")
    return code


def _describe(server: BotApi, params: Params, name: str, limit: int) -> bool:
    if len(params.text(name)) > limit:
        refuse(f"bot {name.replace('_', ' ')} is too long")
    server.descriptions[name, _language(params)] = params.text(name)
    return True

"""What Telegram shows about the bot before anybody wrote to it: its commands and its description."""

from __future__ import annotations

import hashlib
import json
import re

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.core.text import replies
from bot.service.ports.platform import Kept

KEPT_AS = "telegram:menu"
DESCRIPTION = (
    "I am a mock interviewer for machine-learning and software roles. I ask what interviewers ask, answer your "
    "clarifying questions, keep time, and end with a debrief that quotes your own words. Press Start to choose an "
    "interview; /privacy says what is kept about you."
)
SHORT_DESCRIPTION = (
    "Mock interviews for machine-learning and software roles, with a debrief that quotes your own words."
)
_NAME = re.compile(r"[a-z0-9_]{1,32}")  # Bot API, BotCommand
_LONGEST_DESCRIPTION = 256  # as above


def commands() -> list[tuple[str, str]]:
    """The commands that Telegram can list, as it spells them; first the one that newcomers look for."""
    named = [(name.replace("-", "_"), meaning) for name, meaning in replies.all_commands()]
    named.sort(key=lambda command: command[0] != "mock")
    return [(name, text[:_LONGEST_DESCRIPTION]) for name, text in named if _NAME.fullmatch(name) and text]


async def publish(bot: Bot, kept: Kept) -> None:
    """Publish commands and descriptions, unless they are published already."""
    listed = commands()
    told = hashlib.sha256(json.dumps([listed, DESCRIPTION, SHORT_DESCRIPTION]).encode()).hexdigest()
    if await kept.load(KEPT_AS) == told:
        return
    for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
        await bot.set_my_commands(listed, scope=scope)
    await bot.set_my_description(DESCRIPTION)
    await bot.set_my_short_description(SHORT_DESCRIPTION)
    await kept.keep(KEPT_AS, told)

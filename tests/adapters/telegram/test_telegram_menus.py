"""What Telegram shows about the bot."""

from __future__ import annotations

import json
import re

from telegram_rig import Rig

from bot.adapters.telegram import menus
from botapi.server import BotApi


async def start(rig: Rig) -> None:
    """Let the platform run until it hears."""
    ada = rig.server.user(7, "Ada")
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
    await rig.platform.close()


async def test_menus_and_descriptions_are_told_only_once(server: BotApi) -> None:
    first, second = Rig(server), Rig(server)
    await start(first)
    second.kept = first.kept
    second.platform._kept = first.kept
    await start(second)
    scopes = [json.loads(call.params["scope"])["type"] for call in server.called("setMyCommands")]
    assert scopes == ["all_private_chats", "all_group_chats"]
    assert len(server.called("setMyDescription")) == len(server.called("setMyShortDescription")) == 1


async def test_a_change_is_told(server: BotApi) -> None:
    rig = Rig(server)
    rig.kept.facts[menus.KEPT_AS] = "something older"
    await start(rig)
    assert len(server.called("setMyDescription")) == 1


async def test_a_failing_menu_stops_no_interview_and_is_told_at_the_next_start(server: BotApi) -> None:
    server.fail_next("setMyCommands", code=500)
    rig = Rig(server)
    await start(rig)
    assert menus.KEPT_AS not in rig.kept.facts


def test_every_command_fits_telegram() -> None:
    listed = menus.commands()
    assert ("done", "your answer is complete") in listed
    assert all(re.fullmatch("[a-z0-9_]{1,32}", name) and 1 <= len(text) <= 256 for name, text in listed)
    assert len(menus.DESCRIPTION) <= 512
    assert len(menus.SHORT_DESCRIPTION) <= 120

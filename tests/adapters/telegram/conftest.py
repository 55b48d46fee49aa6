"""Telegram on a strict local Bot API server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram_rig import Rig

from botapi.server import BotApi


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as opened:
        yield opened


@pytest.fixture
async def rig(server: BotApi) -> AsyncIterator[Rig]:
    made = Rig(server)
    yield made
    await made.platform.close()

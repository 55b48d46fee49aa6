"""Work that waits for a database that is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.service.ports import StoreAwayError

PAUSE = 0.5  # seconds until the next try
_LOGGER = logging.getLogger("mockbot.database")

Result = TypeVar("Result")


async def insist(job: Callable[[], Awaitable[Result]]) -> Result:
    """Do a job of the database, however long that is away; whoever waits says so once."""
    told = False
    while True:
        try:
            return await job()
        except StoreAwayError as error:
            if not told:
                _LOGGER.warning("%s", error)
            told = True
        await asyncio.sleep(PAUSE)

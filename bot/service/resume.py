"""What a start-up does with what it finds in the store."""

from __future__ import annotations

import logging

from bot.service.loop import Clock, Interviewer
from bot.service.platforms import Platforms
from bot.service.ports import Store

_LOGGER = logging.getLogger("mockbot.resume")


async def away(store: Store, clock: Clock) -> int:
    """Seconds since the program was last alive, 0 when it never was; time that counts for nobody."""
    last = await store.last_beat()
    return max(0, clock() - last) if last is not None else 0


async def go_on(store: Store, interviewer: Interviewer, platforms: Platforms, seconds: int) -> None:
    """Go on with every interview that is open on a platform, after `seconds` that count for nobody."""
    for place in await store.running():
        if platforms.of(place):
            try:
                await interviewer.reopen(place, seconds, in_sight=True)
            except ValueError as error:  # of another version: one that cannot be read must not hold up the others
                _LOGGER.error("the interview in %s cannot be read: %s", place, type(error).__name__)  # noqa: TRY400 - no texts

"""What a start-up does about the time in which the program was not alive."""

from __future__ import annotations

import logging

from bot.service.conversation.interviews import Interviews
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock
from bot.service.ports.shared_work import Heartbeat
from bot.service.ports.store import StoreFailedError

FRESH_HEARTBEAT = 7  # seconds within which replicas that are alive have noted it
_LOGGER = logging.getLogger("mockbot.resume")


async def away(heartbeat: Heartbeat, clock: Clock, *, others: bool = False) -> int:
    """Seconds since the program was last alive, 0 when it never was; no clock of an interview ran in them.

    While `others` run it, it is away only when all of them fell silent.
    """
    last = await heartbeat.last_beat()
    seconds = max(0, clock() - last) if last is not None else 0
    return 0 if others and seconds <= FRESH_HEARTBEAT else seconds


async def wake(
    heartbeat: Heartbeat, interviews: Interviews, platforms: Platforms, clock: Clock, *, others: bool
) -> None:
    """Set the clocks back by the seconds in which no replica was alive; `others` may have been."""
    seconds = await away(heartbeat, clock, others=others)
    if seconds or not others:
        await go_on(heartbeat, interviews, platforms, seconds)
    await heartbeat.beat(clock())  # after the clocks were set back: killed in between, they are set back again


async def go_on(heartbeat: Heartbeat, interviews: Interviews, platforms: Platforms, seconds: int) -> None:
    """Go on with every interview that is open on a platform, its clock set back by `seconds`."""
    for place in await heartbeat.running():
        if platforms.of(place):
            try:
                await interviews.reopen(place, seconds, in_sight=True)
            except StoreFailedError:
                raise
            except Exception:  # one that breaks, or is of another version, must not hold up the others
                _LOGGER.exception("the interview in %s cannot go on", place)

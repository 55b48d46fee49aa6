"""APScheduler ticks; SQL is the schedule.

A tick looks for due rows and hands them on. Nothing is kept in the scheduler, so nothing is lost with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.refusal import Refusal
from bot.service.loop import Interviewer
from bot.service.ports import Clock, DueTimer, Store

TIMER_SECONDS = 1
BEAT_SECONDS = 5  # an outage is known to within this much, in the candidate's favour
_BATCH = 100
_LEASE_SECONDS = 60  # a claimed prompt is asked well within it, or by another process after it
_LOGGER = logging.getLogger("apscheduler")
_OURS = logging.getLogger("mockbot.scheduler")


class Ticker:
    """Rings due timers, asks daily questions and notes that the program is alive, from `start` to `stop`.

    `platforms` names those that this program speaks on: what is due on others is for the program that does.
    """

    def __init__(
        self, store: Store, interviewer: Interviewer, clock: Clock, platforms: Collection[str] = ("console",)
    ) -> None:
        self._store = store
        self._interviewer = interviewer
        self._clock = clock
        self._platforms = platforms
        self._busy = asyncio.Lock()
        self._ticks = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._ticks.add_job(self._ring_due, "interval", seconds=TIMER_SECONDS)
        self._ticks.add_job(self._ask_daily, "interval", seconds=TIMER_SECONDS)
        self._ticks.add_job(self._beat, "interval", seconds=BEAT_SECONDS)

    def start(self) -> None:
        """Begin to tick."""
        _LOGGER.setLevel(logging.ERROR)  # a tick that comes late is no news
        self._ticks.start()

    async def stop(self) -> None:
        """Let a tick that is under way finish, then tick no more."""
        self._ticks.pause()
        async with self._busy:
            _LOGGER.setLevel(logging.CRITICAL)  # nor is one that was cancelled before it began
            self._ticks.shutdown(wait=False)
            await asyncio.sleep(0)  # cancelled ticks report in the next round of the loop

    async def _ring_due(self) -> None:
        # A store that cannot be used is named to whoever speaks next; the rows stay due.
        async with self._busy:
            with suppress(Refusal):
                for timer in await self._store.due_timers(self._clock(), _BATCH, self._platforms):
                    await self._ring(timer)

    async def _ring(self, timer: DueTimer) -> None:
        try:
            await self._interviewer.ring(timer)
        except Refusal:
            raise
        except Exception:  # noqa: BLE001 - one clock that breaks must not stop all, nor come due again every second
            _OURS.exception("the timer of interview %d broke", timer.session_id)
            async with self._store.begin() as transaction:
                await transaction.claim(timer, self._clock())

    async def _ask_daily(self) -> None:
        async with self._busy:
            with suppress(Refusal):
                for planned in await self._store.due_subscriptions(
                    self._clock(), _LEASE_SECONDS, _BATCH, self._platforms
                ):
                    await self._interviewer.ask_daily(planned)
                for prompt in await self._store.due_prompts(self._clock(), _BATCH, self._platforms):
                    await self._interviewer.ask_again(prompt)

    async def _beat(self) -> None:
        async with self._busy:
            with suppress(Refusal):
                await self._store.beat(self._clock())

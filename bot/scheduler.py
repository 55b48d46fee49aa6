"""APScheduler ticks; SQL is the schedule.

A tick looks for due rows and hands them on. Nothing is kept in the scheduler, so nothing is lost with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.refusal import Refusal
from bot.service.conversation.due import DueWork
from bot.service.ports.daily import Planned, Prompt
from bot.service.ports.messages import Clock
from bot.service.ports.shared_work import EVERYTHING, Heartbeat, Schedule, Share
from bot.service.ports.store import DueTimer, StoreAwayError

TIMER_SECONDS = 1
BEAT_SECONDS = 5  # an outage is known to within this much, in the candidate's favour
SILENCE_SECONDS = 10  # without a tick: the database was away, the machine slept, or its clock was set forward
_BATCH = 100
_LEASE_SECONDS = 20  # a claimed prompt is asked well within it, or by another process after it
_LOGGER = logging.getLogger("apscheduler")
_OURS = logging.getLogger("mockbot.scheduler")

Due = TypeVar("Due", DueTimer, Planned, Prompt)
Job = Callable[[Due], Awaitable[None]]


def _name(due: DueTimer | Planned | Prompt) -> str:
    match due:
        case DueTimer(session_id):
            return f"the timer of interview {session_id}"
        case Planned(subscription):
            return f"the daily question of {subscription.person}"
        case Prompt(number):
            return f"prompt {number}"


class Ticker:
    """Rings due timers, asks daily questions and notes that the program is alive, from `start` to `stop`.

    `platforms` names those that this program speaks on: what is due on others is for the program that does. `share` is
    the part of what is due that this replica sees to. `wake` is called before anything rings after a time in which
    nothing could.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        schedule: Schedule,
        heartbeat: Heartbeat,
        work: DueWork,
        clock: Clock,
        platforms: Collection[str] = ("console",),
        share: Callable[[], Share] = lambda: EVERYTHING,
        wake: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._schedule = schedule
        self._heartbeat = heartbeat
        self._work = work
        self._clock = clock
        self._platforms = platforms
        self._share = share
        self._wake = wake
        self._ticked: int | None = None
        self._stopping = False
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

    async def stop(self, seconds: float = 0.5) -> None:
        """Let what is under way finish, for so long at most, then tick no more."""
        self._stopping = True
        self._ticks.pause()
        with suppress(TimeoutError):  # the database is away: what is due stays due
            async with asyncio.timeout(seconds), self._busy:
                pass
        _LOGGER.setLevel(logging.CRITICAL)  # nor is one that was cancelled before it began
        self._ticks.shutdown(wait=False)
        await asyncio.sleep(0)  # cancelled ticks report in the next round of the loop

    async def _ring_due(self) -> None:
        # A store that cannot be used is named to whoever speaks next; the rows stay due.
        async with self._busy:
            with suppress(Refusal):
                await self._wake_up()
                due = await self._schedule.due_timers(self._clock(), _BATCH, self._platforms, self._share())
                self._ticked = self._clock()
                await self._each(due, self._work.ring, self._drop_timer)

    async def _each(self, due: Sequence[Due], job: Job[Due], give_up: Job[Due] | None = None) -> None:
        """Do a job for everything due; one that fails neither stops the others nor comes due again every second."""
        for one in due:
            if self._stopping:
                return
            try:
                await job(one)
            except StoreAwayError:
                raise
            except Exception:  # noqa: BLE001 - whatever it is, it is about this one
                _OURS.exception("%s broke", _name(one))
                if give_up:
                    await give_up(one)
            self._ticked = self._clock()

    async def _wake_up(self) -> None:
        """After a time without ticks, let deadlines that fell into it be moved before any rings."""
        if self._wake and self._ticked is not None and self._clock() - self._ticked > SILENCE_SECONDS:
            await self._wake()

    async def _drop_timer(self, timer: DueTimer) -> None:
        await self._schedule.drop_timer(timer, self._clock())

    async def _ask_daily(self) -> None:
        async with self._busy:
            with suppress(Refusal):
                claimed = await self._schedule.due_subscriptions(self._clock(), _LEASE_SECONDS, _BATCH, self._platforms)
                fresh = await self._work.drop_stale(claimed)
                await self._each(fresh, self._work.ask_daily)  # what broke comes again after its lease
                due = await self._schedule.due_prompts(self._clock(), _BATCH, self._platforms, self._share())
                await self._each(due, self._work.ask_again, self._drop_prompt)

    async def _drop_prompt(self, prompt: Prompt) -> None:
        await self._schedule.drop_prompt(prompt.id)

    async def _beat(self) -> None:
        async with self._busy:
            with suppress(Refusal):
                await self._heartbeat.beat(self._clock())

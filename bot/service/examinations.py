"""Answers that are examined: outside every lock and transaction, by any replica, and once each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.core.assessment import Assessment
from bot.core.events import Examination, Examined
from bot.core.place import CONSOLE, name_of
from bot.core.refusal import Refusal
from bot.service.concurrency import retry_while_down
from bot.service.conversation.interviews import Interviews
from bot.service.platforms import Platforms
from bot.service.ports.examiner import Examinations, Examiner, OpenExamination
from bot.service.ports.messages import Clock
from bot.service.replicas import Replica
from bot.service.telemetry import log_context

LEASE = 30  # seconds until what a dead replica examined is taken over
LIMIT = 120.0  # seconds that an examination may take
_MOST = 4  # examinations at a time; the others wait for whoever is free
_RENEW = 5.0
_LOOK = 0.5  # seconds until we look again for what is to be examined, and for what is not any more
_PAUSE = 1.0  # seconds until the next try
_LOGGER = logging.getLogger("mockbot.examinations")


class ExaminationWorker:
    """Has open answers examined, and tells their interviews what was found."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        rows: Examinations,
        interviews: Interviews,
        examiners: Mapping[str, Examiner],
        platforms: Platforms,
        clock: Clock,
        replica: Replica,
    ) -> None:
        self._rows = rows
        self._interviews = interviews
        self._examiners = examiners
        self._platforms = platforms
        self._clock = clock
        self._replica = replica
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._examining: set[int] = set()

    async def work(self) -> None:
        """Examine what is open, until cancelled; without any examiner there is nothing to do."""
        if not self._examiners:
            return
        try:
            await retry_while_down(self._free_ended)
            while True:
                await self._look()
                await asyncio.sleep(_LOOK)
        finally:
            await self._stop()

    async def _free_ended(self) -> None:
        await self._replica.without_ended(await self._rows.owners())

    async def _look(self) -> None:
        try:
            await self._drop_unwanted()
            await self._take_over()
        except Refusal as error:
            _LOGGER.warning("%s", error)
            await asyncio.sleep(_PAUSE)
        except Exception:
            _LOGGER.exception("what is to be examined could not be looked for")
            await asyncio.sleep(_PAUSE)

    async def _drop_unwanted(self) -> None:
        """Renew the leases of what is examined here, and end what was stopped, skipped or taken over meanwhile."""
        here = sorted(self._examining)
        if here:
            wanted = await self._rows.renew(self._replica.owner, here, self._clock() + LEASE)
            for number in self._examining.intersection(here) - wanted:
                self._tasks[number].cancel()

    async def _take_over(self) -> None:
        free = _MOST - len(self._tasks)
        if free > 0:
            # A program without platforms is the terminal.
            names = list(self._platforms) or [name_of(CONSOLE)]
            now, owner = self._clock(), self._replica.owner
            for one in await self._rows.claim(owner, now, now + LEASE, free, names):
                self._begin(one)

    def _begin(self, one: OpenExamination) -> None:
        if one.number not in self._tasks:  # else its lease ran out while the database was away
            self._tasks[one.number] = asyncio.create_task(self._work_on(one), name=f"examination {one.number}")
            self._tasks[one.number].add_done_callback(lambda _done: self._tasks.pop(one.number))

    async def _work_on(self, one: OpenExamination) -> None:
        """Examine an answer; while the interview is told, nobody cancels that as no longer wanted."""
        with log_context(place=one.place, session=one.session_id):
            self._examining.add(one.number)
            try:
                ended, found = await self._examined(one)
            finally:
                self._examining.discard(one.number)
            event = Examined(one.asked.turn, one.asked.probe, ended, found)
            try:
                await retry_while_down(lambda: self._interviews.go_on_examined(one, event))
            except Exception:
                _LOGGER.exception("the interview could not go on after examination %s", one.number)

    async def _examined(self, one: OpenExamination) -> tuple[Examination, Assessment | None]:
        try:
            async with asyncio.timeout(LIMIT):
                return Examination.RESULT, await self._examiners[one.asked.examiner].examine(one.asked)
        except TimeoutError:
            _LOGGER.warning("%s took too long", one.asked.examiner)
            return Examination.TIMEOUT, None
        except Exception:
            _LOGGER.exception("%s broke", one.asked.examiner)
            return Examination.CRASH, None

    async def _stop(self) -> None:
        """End what is under way; its rows wait for the next one."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

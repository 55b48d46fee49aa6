"""One job in one transaction while nobody else works in the place, then the delivery of what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.core.effects import Effect, RecordOutcome, Say
from bot.core.events import Event, Reopened
from bot.core.model import Bank
from bot.core.place import Place
from bot.core.refusal import Refusal
from bot.core.rules.table import decide
from bot.core.session import Session
from bot.service.concurrency import shielded
from bot.service.ports.incoming import Incoming, Left, Moved
from bot.service.ports.messages import Clock, Message
from bot.service.ports.store import StoreFailedError, Transaction, Transactions
from bot.service.telemetry import Metrics

Deliver = Callable[[Sequence[Message]], Awaitable[None]]
Decide = Callable[[Session, Event, int], tuple[Session, tuple[Effect, ...]]]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work:
    """What a job works with: its transaction, the moment at which it runs, and the core's decisions by the bank."""

    transaction: Transaction
    now: int
    bank: Bank
    decide: Decide

    async def apply(self, session: Session, event: Event) -> Session:
        """Decide what follows from an event, and keep it; the session after it."""
        decided, effects = self.decide(session, event, self.now)
        await self.transaction.save(decided, effects, self.now)
        return decided

    async def reply_privately(self, incoming: Incoming, said: str | Say) -> None:
        """Answer something that came in where it came in, for that person's eyes only."""
        say = Say(said) if isinstance(said, str) else said
        await self.transaction.say(incoming.place, say, self.now, incoming.person, private=not incoming.private)


Job = Callable[[Work], Awaitable[Result]]


class UnitOfWork:
    """Runs jobs: lock the place, load, decide, commit, deliver."""

    def __init__(
        self, store: Transactions, deliver: Deliver, clock: Clock, bank: Bank, metrics: Metrics | None = None
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._clock = clock
        self._bank = bank
        self._decide = timed(bank, metrics or Metrics())
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    async def run(self, place: Place, job: Job[Result], incoming: Incoming | None = None) -> Result | None:
        """Do a job in a place; what came in with a key is done once, and None is returned when it was done before.

        A Refusal of the job is told to whoever `incoming` is from; without that it is the caller's.
        """
        async with self._locks.setdefault(place, asyncio.Lock()):
            try:
                result, unsent = await self._commit(place, job, incoming)
            except StoreFailedError:
                raise
            except Refusal as refusal:
                if incoming is None:
                    raise
                answer = partial(Work.reply_privately, incoming=incoming, said=str(refusal))
                result, (_, unsent) = None, await self._commit(place, answer, incoming)
            if unsent:
                await self._deliver(unsent)
        return result

    async def run_unlocked(self, job: Job[Result]) -> Result:
        """Do a job that only looks, or concerns no place, beside whatever else goes on."""
        now = self._clock()
        async with self._store.begin() as transaction:
            return await job(Work(transaction, now, self._bank, self._decide))

    async def reply_privately(self, incoming: Incoming, said: str) -> None:
        """Answer something that came in with one private sentence, which is all that is done about it."""
        await self.run(incoming.place, lambda work: work.reply_privately(incoming, said), incoming)

    @shielded
    async def _commit(
        self, place: Place, job: Job[Result], incoming: Incoming | None
    ) -> tuple[Result | None, list[Message]]:
        now = self._clock()
        async with self._store.begin(place) as transaction:
            work = Work(transaction, now, self._bank, self._decide)
            if incoming and incoming.key and not await _take(work, incoming, place):
                return None, []
            return await job(work), await transaction.unsent()


async def _take(work: Work, incoming: Incoming, place: Place) -> bool:
    """Mark what came in as done, and where its person speaks as reachable; False when it was done before."""
    if not await work.transaction.take(incoming.key, work.now):
        return False
    if incoming.addressed and not isinstance(incoming.content, Left | Moved):
        for reached in {incoming.place, place}:
            await _mark_reachable(work, reached)
    return True


async def _mark_reachable(work: Work, place: Place) -> None:
    """Go on with what is open in a chat that was lost, as somebody speaks there; the time since counts for nobody."""
    for since, interview in await work.transaction.mark_reachable(place):
        session = await work.transaction.open_session(interview.place)
        if session is not None:
            said_again = await work.transaction.say_what_waits(interview.place)
            event = Reopened(max(0, work.now - since), in_sight=said_again)
            await work.apply(session, event)


def timed(bank: Bank, metrics: Metrics, steady: Callable[[], float] = perf_counter) -> Decide:
    """The core's decision by a bank; how long it took is counted when an answer was assessed in it."""

    def decide_timed(session: Session, event: Event, now: int) -> tuple[Session, tuple[Effect, ...]]:
        began = steady()
        decided, effects = decide(session, event, bank, now)
        if any(isinstance(effect, RecordOutcome) and effect.assessment for effect in effects):
            metrics.assessed(steady() - began)
        return decided, effects

    return decide_timed

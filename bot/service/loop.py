"""The loop every surface shares: lock the place, load the session, decide, commit, perform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.core import commands, replies, report
from bot.core.commands import Request
from bot.core.effects import Tone
from bot.core.events import Answered, Command, Commanded, Event, Reopened, Started, TimerRang
from bot.core.interview import IllegalEventError, decide, trigger_name
from bot.core.model import Bank
from bot.core.refusal import Refusal
from bot.core.session import Format, Session, Setup
from bot.service.ports import HARVEST, DueTimer, Message, Messenger, Store, Transaction

Clock = Callable[[], int]
Seed = Callable[[], int]


class Interviewer:
    """Takes what people say in a place, and says what the core decides.

    `clock` returns UTC epoch seconds; `seed` returns the chance of a new interview that asked for none.
    """

    def __init__(self, store: Store, bank: Bank, messenger: Messenger, clock: Clock, seed: Seed) -> None:
        self._store = store
        self._bank = bank
        self._messenger = messenger
        self._clock = clock
        self._seed = seed
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, place: str, person: str, text: str) -> None:
        """A line somebody typed: a command of the interview, a request beside it, or part of an answer."""
        try:
            parsed = commands.parse(text)
        except commands.UsageError as error:
            await self._tell(place, str(error))
            return
        match parsed:
            case Command():
                await self._handle(place, Commanded(parsed))
            case Request(name, rest):
                await self._request(place, person, name, rest)
            case said:
                await self._handle(place, Answered(said))

    async def start(self, place: str, person: str, setup: Setup) -> None:
        """Begin an interview in a place, unless one is open there."""
        setup = setup if setup.seed else replace(setup, seed=self._seed())

        async def begin(transaction: Transaction, now: int) -> None:
            if await transaction.open_session(place):
                await transaction.say(place, replies.ALREADY_OPEN, Tone.NOTICE, now)
                return
            history = await transaction.history(person)
            session = await transaction.new_session(person, place, setup, now)
            await transaction.save(*decide(session, Started(setup, history), self._bank, now), now)

        await self._work(place, begin)

    async def reopen(self, place: str, away: int, wanted: Format | None = None) -> bool:
        """Go on with the interview open in a place after `away` seconds of silence; False when there is none.

        `wanted` is what the person asked for on the way in, so that they are told when it is another one.
        """
        session = await self.session(place)
        if session is None:
            return False
        if wanted and wanted is not session.setup.format:
            await self._tell(place, replies.OTHER_OPEN)
        await self._handle(place, Reopened(away))
        return True

    async def ring(self, timer: DueTimer) -> None:
        """A timer came due; if an answer closed it first, nothing happens."""

        async def ring(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(timer.place)
            if await transaction.claim(timer) and session and session.id == timer.session_id:
                event = TimerRang(timer.kind, timer.turn)
                await transaction.save(*decide(session, event, self._bank, now), now)

        await self._work(timer.place, ring)

    async def session(self, place: str) -> Session | None:
        """The interview open in a place."""
        async with self._store.begin() as transaction:
            return await transaction.open_session(place)

    async def _handle(self, place: str, event: Event) -> None:
        async def turn(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(place)
            if session is None:
                await transaction.say(place, replies.NOTHING_OPEN, Tone.NOTICE, now)
                return
            try:
                decided, effects = decide(session, event, self._bank, now)
            except IllegalEventError as error:
                text = replies.not_now(trigger_name(error.trigger), session.state)
                await transaction.say(place, text, Tone.NOTICE, now)
                return
            await transaction.save(decided, effects, now)

        await self._work(place, turn)

    async def _tell(self, place: str, text: str, tone: Tone = Tone.NOTICE) -> None:
        await self._work(place, lambda transaction, now: transaction.say(place, text, tone, now))

    async def _work(self, place: str, job: Callable[[Transaction, int], Awaitable[None]]) -> None:
        """Do one job in one transaction while nobody else works in the place, then say what is to be said there."""
        async with self._locks.setdefault(place, asyncio.Lock()):
            try:
                unsent = await self._commit(place, job)
            except Refusal as refusal:
                sentence = str(refusal)
                unsent = await self._commit(place, lambda tx, now: tx.say(place, sentence, Tone.NOTICE, now))
            for message in unsent:
                await self._messenger.send(message)
            if unsent:
                await self._store.sent([message.id for message in unsent], self._clock())

    async def _commit(self, place: str, job: Callable[[Transaction, int], Awaitable[None]]) -> list[Message]:
        async with self._store.begin() as transaction:
            await job(transaction, self._clock())
            return await transaction.unsent(place)

    async def _request(self, place: str, person: str, name: str, rest: str) -> None:
        match name:
            case "mock" | "start":
                await self._mock(place, person, rest)
            case "report":
                await self._report(place, person, rest)
            case "settings":
                await self._settings(place, person, rest)
            case "history":
                listed = await self._store.sessions_of(person, 20)
                await self._tell(place, replies.history(listed))

    async def _mock(self, place: str, person: str, rest: str) -> None:
        try:
            setup = commands.parse_mock(rest, Setup(), self._bank) if rest else Setup()
        except commands.UsageError as error:
            await self._tell(place, str(error))
            return
        await self.start(place, person, setup)

    async def _settings(self, place: str, person: str, rest: str) -> None:
        match rest.lower().split():
            case []:
                await self._tell(place, replies.settings(harvest=await self._store.setting(person, HARVEST) == "on"))
            case ["harvest", "on" | "off" as value]:
                await self._store.set_setting(person, HARVEST, value)
                await self._tell(place, replies.HARVEST_ON if value == "on" else replies.HARVEST_OFF)
            case _:
                await self._tell(place, replies.SETTINGS_USAGE)

    async def _report(self, place: str, person: str, rest: str) -> None:
        number = rest.lstrip("#")
        if number and not number.isdecimal():
            await self._tell(place, replies.REPORT_NEEDS_NUMBER)
            return
        found = await self._store.debrief(person, int(number) if number else None)
        await self._tell(place, report.rendered(found, "text") if found else replies.NO_REPORT, Tone.DEBRIEF)

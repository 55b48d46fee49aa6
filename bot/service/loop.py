"""The loop every surface shares: lock the place, load the session, decide, commit, deliver."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.core import buttons, commands, preferences, replies, star_words
from bot.core.commands import Request
from bot.core.effects import Effect, Say
from bot.core.events import Answered, Command, Commanded, Event, Reopened, TimerRang
from bot.core.events import Edited as WasEdited
from bot.core.interview import IllegalEventError, trigger_name
from bot.core.refusal import Refusal
from bot.core.reviews import Grade
from bot.core.session import Session, Setup
from bot.core.star import BEGINS, parse
from bot.service import daily, requests, star
from bot.service.belonging import is_command, is_meant_for, is_mention, lag, was_sent_before_the_question
from bot.service.daily_ports import Planned, Prompt
from bot.service.heard import Edited, Heard, Left, Moved, Pressed, Said, Submitted, Unreadable
from bot.service.metrics import timed
from bot.service.platforms import chat_of, home_of
from bot.service.ports import DueTimer, Message, Store, StoreFailedError, Transaction
from bot.service.starting import Starting, is_public
from bot.service.surroundings import Surroundings
from bot.service.telling import tell
from bot.service.unbroken import unbroken

Deliver = Callable[[Sequence[Message]], Awaitable[None]]
Result = TypeVar("Result")
STAR = "star"  # a rehearsal, where a format names an interview


def _name(setup: Setup) -> str:
    return STAR if setup.star else setup.format or ""


class Interviewer:
    """Takes what people do in a place, and says what the core decides."""

    def __init__(self, store: Store, around: Surroundings, deliver: Deliver) -> None:
        self._store = store
        self._around = around
        self._deliver = deliver
        self._judge = timed(around.bank, around.metrics)
        self._starting = Starting(around, self._judge)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def hear(self, heard: Heard) -> str:
        """Work on one thing that somebody did; a word for whoever pressed a button, mostly none.

        What was heard before is not worked on twice. An `Attached` file has to be read before.
        """
        self._around.metrics.turn()
        try:
            return await self._hear(heard)
        except StoreFailedError:
            raise
        except Refusal as refusal:
            await self.tell(heard, str(refusal))
            return ""

    async def _hear(self, heard: Heard) -> str:
        match heard.what:
            case Said(text):
                return await self._said(heard, text)
            case Pressed():
                return await self._pressed(heard, heard.what)
            case Edited(text, source):
                await self._turn(heard, lambda _: WasEdited(text, source))
            case Submitted():
                return await self._submitted(heard, heard.what)
            case Unreadable(kind):
                await self._unreadable(heard, kind)
            case Left():
                await self.lose(heard.place, "", heard)
            case Moved(old, new):
                await self._work(heard, lambda transaction, now: transaction.move(old, new, now))
        return ""

    async def start(self, heard: Heard, setup: Setup) -> str:
        """Begin an interview, unless one is open: in the place itself, or in a room that its platform opens for it.

        What to tell whoever asked: where it runs, when that is not here.
        """
        await self._work(replace(heard, key=""), lambda tx, now: self._starting.close_lost(tx, heard, now))
        async with self._store.begin() as transaction:
            await self._starting.check_open(transaction, heard.place, heard.person)
            await self._around.house.check_start(transaction, heard, self._around.clock())
            public = await is_public(transaction, heard.person)
        title = replies.TITLES[setup.format] if setup.format else "Mock interview"
        place = await self._around.platforms.room(heard, title, public=public)

        async def begin(transaction: Transaction, now: int) -> None:
            for its_place in {heard.place, place}:
                await self._starting.check_open(transaction, its_place, heard.person)
            await self._starting.begin(transaction, heard, place, setup, now)

        await self._work(heard, begin)
        return "" if place == heard.place else replies.runs_there(self._around.platforms.link(place, ""))

    async def star(self, heard: Heard, rest: str, wished: Setup | None = None) -> None:
        """A line after `/star`; a rehearsal begins in the person's direct messages, as `wished` where that is said."""
        catalogue = self._around.catalogue()
        order = parse(rest, catalogue)
        if not isinstance(order, BEGINS):
            await self._work(heard, lambda tx, now: star.answer(tx, heard, order, catalogue, now))
            return
        place = await self._around.platforms.private_room(heard)

        async def begin(transaction: Transaction, now: int) -> None:
            await self._starting.check_open(transaction, place, heard.person)
            setup = await star.rehearsal(transaction, heard.person, order, catalogue, wished, now)
            await self._starting.begin(transaction, heard, place, setup, now)
            if place != heard.place:
                await tell(transaction, heard, star_words.IN_PRIVATE, now)

        there = replace(heard, key="", place=place, private=True)
        await self._work(there, lambda tx, now: self._starting.close_lost(tx, there, now))
        await self._work(heard, begin, place)

    async def reopen(self, place: str, away: int, wanted: str = "", *, in_sight: bool = False) -> bool:
        """Go on with the interview open in a place after `away` seconds of silence; False when there is none.

        `wanted` is the name of what the person asked for on the way in, so that they are told when it is another one.
        `in_sight` is for chats, where the pending question can still be read.
        """
        heard = Heard("", place, "", 0, Said(""))

        async def go_on(transaction: Transaction, now: int) -> bool:
            session = await transaction.open_session(place)
            if session is None:
                return False
            if wanted and wanted != _name(session.setup):
                other = star_words.REHEARSAL_OPEN if session.setup.star else replies.OTHER_OPEN
                await transaction.say(place, Say(other), now, session.person)
            await transaction.save(*self._judge(session, Reopened(away, in_sight), now), now)
            return True

        return bool(await self._work(heard, go_on))

    async def ring(self, timer: DueTimer) -> None:
        """A timer came due; if an answer closed it first, nothing happens."""

        async def ring(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(timer.place)
            if await transaction.claim(timer, now) and session and session.id == timer.session_id:
                event = TimerRang(timer.kind, timer.turn)
                await transaction.save(*self._judge(session, event, now), now)

        await self._work(Heard("", timer.place, "", 0, Said("")), ring)

    async def let_go(self, claimed: Sequence[Planned]) -> list[Planned]:
        """Daily prompts came due: those that are stale are left out, and these are the others."""
        stale = daily.let_go(claimed, self._around.clock())
        if stale:
            async with self._store.begin() as transaction:
                await transaction.daily.move_on(stale)
        gone = {one.subscription.person for one in stale}
        return [one for one in claimed if one.subscription.person not in gone]

    async def ask_daily(self, planned: Planned) -> None:
        """A daily prompt came due."""
        place, bank = planned.subscription.place, self._around.bank
        heard = Heard("", place, planned.subscription.person, 0, Said(""))
        await self._work(heard, lambda transaction, now: daily.push(transaction, planned, bank, now))

    async def ask_again(self, prompt: Prompt) -> None:
        """A daily prompt was put off until now, or its evening reminder is due."""
        bank = self._around.bank
        heard = Heard("", prompt.place, prompt.person, 0, Said(""))
        await self._work(heard, lambda transaction, now: daily.come_again(transaction, prompt, bank, now))

    async def lose(self, place: str, advice: str, heard: Heard | None = None) -> None:
        """A chat, or a place of it, cannot be reached any more.

        Its clocks stand still, and its candidates are told what would mend it.
        """

        async def lose(transaction: Transaction, now: int) -> None:
            await daily.stop_in(transaction, place, advice, now)
            for interview in await transaction.lose(place, now):
                home = home_of(interview.person)
                if advice and chat_of(home) != chat_of(place):
                    await transaction.say(home, Say(replies.out_of_reach(advice)), now, interview.person)

        await self._work(heard or Heard("", place, "", 0, Left()), lose)

    async def move(self, old: str, new: str) -> None:
        """A chat goes on under a new name."""
        await self._work(Heard("", old, "", 0, Moved(old, new)), lambda tx, now: tx.move(old, new, now))

    async def apologise(self, heard: Heard) -> None:
        """Something broke while this was worked on: it counts as done, and the person is asked to send it again."""
        await self._work(heard, lambda transaction, now: tell(transaction, heard, replies.SOMETHING_BROKE, now))

    async def tell(self, heard: Heard, text: str) -> None:
        """Answer something heard with one private sentence."""
        await self._work(heard, lambda transaction, now: tell(transaction, heard, text, now))

    async def session(self, place: str) -> Session | None:
        """The interview open in a place."""
        async with self._store.begin() as transaction:
            return await transaction.open_session(place)

    async def _said(self, heard: Heard, text: str) -> str:
        parsed = commands.parse(text)
        source = heard.what.source if isinstance(heard.what, Said) else ""
        match parsed:
            case Command():
                await self._turn(heard, lambda _: Commanded(parsed))
            case Request("mock" | "start" as name, rest):
                return await self._mock(heard, name, rest)
            case Request("star", rest):
                await self.star(heard, rest)
            case Request("daily", rest):
                await self._daily_order(heard, rest)
            case Request(name, rest):
                await self._work(heard, lambda transaction, now: requests.answer(transaction, heard, name, rest, now))
            case said:
                await self._turn(heard, lambda _: Answered(said, source))
        return ""

    async def _mock(self, heard: Heard, name: str, rest: str) -> str:
        if name == "start":
            rest = rest.replace("_", " ").strip()  # a deep link holds no spaces
            if rest.split()[:1] == ["star"]:
                await self.star(heard, rest.removeprefix("star"))
                return ""
            rest = rest.removeprefix("mock").strip()
        setup = commands.parse_mock(rest, Setup(), self._around.bank) if rest and rest != "hello" else Setup()
        return await self.start(heard, setup)

    async def _turn(self, heard: Heard, event_of: Callable[[Session], Event]) -> None:
        """What the candidate of a place did there; what others do is not part of the interview."""

        async def turn(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(heard.place) or await self._daily(transaction, heard, now)
            if session is None:
                await self._nothing_open(transaction, heard, now)
            elif session.person != heard.person:
                if isinstance(heard.what, Submitted):
                    await tell(transaction, heard, replies.not_yours(heard.what.text), now)
                elif is_command(heard):
                    await tell(transaction, heard, replies.NOT_YOURS, now)
            elif await is_meant_for(transaction, session, heard):
                await self._decide(transaction, session, heard, event_of, now)

        await self._work(heard, turn)

    async def _daily_order(self, heard: Heard, rest: str) -> None:
        bank = self._around.bank
        for_all = rest.lower().startswith("channel")
        admin = for_all and not heard.private and await self._around.platforms.is_admin(heard)
        await self._work(heard, lambda transaction, now: daily.answer(transaction, heard, rest, bank, now, admin=admin))

    async def _daily(self, transaction: Transaction, heard: Heard, now: int) -> Session | None:
        """What is typed in private while no interview is open answers the daily question."""
        typed = isinstance(heard.what, Said) and not heard.what.text.startswith("/")
        if not (heard.private and typed):
            return None
        prompt = await transaction.daily.open_prompt(heard.person, now - daily.OPEN_SECONDS)
        return await daily.begin(transaction, prompt, self._around.bank, now) if prompt else None

    async def _decide(
        self, transaction: Transaction, session: Session, heard: Heard, event_of: Callable[[Session], Event], now: int
    ) -> None:
        if isinstance(heard.what, Said) and was_sent_before_the_question(heard, session):
            await tell(transaction, heard, replies.too_late(heard.what.text), now)
            return
        if isinstance(heard.what, Said) and heard.what.source:
            session = replace(session, last_message=heard.what.source)
        try:
            decided, effects = self._judge(session, event_of(session), now)
        except IllegalEventError as error:
            if not isinstance(heard.what, Edited):
                await tell(transaction, heard, replies.not_now(trigger_name(error.trigger), session.state), now)
            return
        if len(decided.turns) > len(session.turns):
            decided = replace(decided, asked_lag=lag(heard, now))
        await self._save(transaction, decided, effects, heard, now)

    async def _save(
        self, transaction: Transaction, decided: Session, effects: Sequence[Effect], heard: Heard, now: int
    ) -> None:
        """Keep what was decided; the debrief is for the candidate alone when they wish so and others could read it."""
        private = False
        if decided.ended_at is not None and not heard.private:
            kept = await transaction.settings(decided.person)
            private = preferences.value(kept, preferences.DEBRIEF) == "private"
        await transaction.save(decided, effects, now, private=private)
        asked = decided.setup.daily
        if asked and decided.ended_at is not None:
            done = await transaction.daily.prompt(asked.prompt_id)
            if done:
                await daily.next_of_day(transaction, done, self._around.bank, now)

    async def expects(self, heard: Heard) -> bool:
        """Whether this comes from the candidate of an interview that is open there, and is meant for it."""
        async with self._store.begin() as transaction:
            session = await transaction.open_session(heard.place)
            if session is None or session.person != heard.person:
                return False
            return await is_meant_for(transaction, session, heard)

    async def _nothing_open(self, transaction: Transaction, heard: Heard, now: int) -> None:
        what = heard.what
        if isinstance(what, Said) and what.text.lstrip().lower().startswith("/help"):
            await tell(transaction, heard, f"{replies.hello()}\n{replies.help_overview()}", now)
        elif isinstance(what, Submitted):
            await tell(transaction, heard, replies.too_late(what.text), now)
        elif heard.private or is_command(heard) or is_mention(heard):
            await tell(transaction, heard, replies.NOTHING_OPEN, now)

    async def _pressed(self, heard: Heard, press: Pressed) -> str:
        async def press_(transaction: Transaction, now: int) -> str:
            if press.mark[:1] == "p" and press.mark[1:].isdecimal():
                return await daily.press(transaction, heard, press, self._around.bank, now)
            if press.what in set(Grade):
                return await daily.regrade(transaction, heard, press.session_id, Grade(press.what), now)
            session = await transaction.open_session(heard.place)
            if session is None or session.id != press.session_id or session.person != heard.person:
                theirs = await transaction.candidate_of(press.session_id) == heard.person
                return replies.OVER if theirs else replies.NOT_YOURS
            try:
                event = buttons.pressed(session, press.mark, press.what)
                decided, effects = self._judge(session, event, now)
            except buttons.StalePressError as error:
                return str(error)
            except IllegalEventError as error:
                return replies.not_now(trigger_name(error.trigger), session.state)
            await self._save(transaction, decided, effects, heard, now)
            return ""

        return await self._work(heard, press_) or ""

    async def _submitted(self, heard: Heard, form: Submitted) -> str:
        taken = False

        def answer(session: Session) -> Answered:
            if session.id != form.session_id:
                raise buttons.StalePressError(replies.too_late(form.text))
            answered = buttons.submitted(session, form.mark, form.text, heard.key)
            nonlocal taken
            taken = Command.DONE in buttons.offered(session)
            return answered

        await self._turn(heard, answer)
        return replies.added(form.text) if taken else ""

    async def _unreadable(self, heard: Heard, kind: str) -> None:
        async def explain(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(heard.place)
            candidate = session is not None and session.person == heard.person and heard.addressed
            telling = session is not None and session.setup.star is not None
            if heard.private or candidate:
                await tell(transaction, heard, replies.unreadable(kind, telling=telling), now)

        await self._work(heard, explain)

    async def _work(
        self, heard: Heard, job: Callable[[Transaction, int], Awaitable[Result]], place: str = ""
    ) -> Result | None:
        """Do one job in one transaction while nobody else works in the place, then deliver what is to be said.

        The place is where it was heard, unless another one is named.
        """
        place = place or heard.place
        async with self._locks.setdefault(place, asyncio.Lock()):
            try:
                result, unsent = await unbroken(self._commit(heard, job, place))
            except StoreFailedError:
                raise
            except Refusal as refusal:
                sentence = str(refusal)
                _, unsent = await unbroken(self._commit(heard, lambda tx, now: tell(tx, heard, sentence, now), place))
                result = None
            if unsent:
                await self._deliver(unsent)
        return result

    async def _commit(
        self, heard: Heard, job: Callable[[Transaction, int], Awaitable[Result]], place: str
    ) -> tuple[Result | None, list[Message]]:
        now = self._around.clock()
        async with self._store.begin() as transaction:
            await transaction.lock(place)
            if heard.key and not await transaction.take(heard.key, now):
                return None, []
            if heard.key and heard.addressed and not isinstance(heard.what, Left | Moved):
                for reached in {heard.place, place}:
                    await self._find_again(transaction, reached, now)
            return await job(transaction, now), await transaction.unsent()

    async def _find_again(self, transaction: Transaction, place: str, now: int) -> None:
        """Somebody speaks in a chat that was lost: the time since then counts for nobody."""
        for since, interview in await transaction.find_again(place):
            session = await transaction.open_session(interview.place)
            if session is not None:
                said_again = await transaction.say_what_waits(interview.place)
                event = Reopened(max(0, now - since), in_sight=said_again)
                decided, effects = self._judge(session, event, now)
                await transaction.save(decided, effects, now)

"""The loop every surface shares: lock the place, load the session, decide, commit, deliver."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.core import preferences
from bot.core.commands import grammar, mock_commands
from bot.core.commands.grammar import Request
from bot.core.commands.story_commands import BEGINS, parse
from bot.core.daily.reviews import Grade
from bot.core.effects import Effect, Say
from bot.core.events import Answered, Command, Commanded, Event, Reopened, TimerRang
from bot.core.events import Edited as WasEdited
from bot.core.place import chat_of, home_of
from bot.core.refusal import Refusal
from bot.core.rules import buttons
from bot.core.rules.table import IllegalEventError, not_now, offered
from bot.core.session import DailyQuestion, Rehearsal, Session, Setup
from bot.core.text import replies, story_text
from bot.service.concurrency import shielded
from bot.service.conversation import account, daily, stories
from bot.service.conversation.addressing import is_command, is_meant_for, is_mention, lag, was_sent_before_the_question
from bot.service.conversation.context import Context
from bot.service.conversation.replying import reply_privately
from bot.service.conversation.starting import Starting, is_public
from bot.service.metrics import timed
from bot.service.ports.daily import Planned, Prompt
from bot.service.ports.incoming import Edited, Incoming, Left, Moved, Pressed, Said, Submitted, Unreadable
from bot.service.ports.messages import Message
from bot.service.ports.store import DueTimer, Store, StoreFailedError, Transaction

Deliver = Callable[[Sequence[Message]], Awaitable[None]]
Result = TypeVar("Result")
STAR = "star"  # a rehearsal, where a format names an interview


def _name(session: Session) -> str:
    return STAR if isinstance(session.activity, Rehearsal) else session.setup.format or ""


class Interviewer:
    """Takes what people do in a place, and says what the core decides."""

    def __init__(self, store: Store, context: Context, deliver: Deliver) -> None:
        self._store = store
        self._context = context
        self._deliver = deliver
        self._judge = timed(context.bank, context.metrics)
        self._starting = Starting(context, self._judge)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def hear(self, incoming: Incoming) -> str:
        """Work on one thing that somebody did; a word for whoever pressed a button, mostly none.

        What was heard before is not worked on twice. An `Attached` file has to be read before.
        """
        self._context.metrics.turn()
        try:
            return await self._hear(incoming)
        except StoreFailedError:
            raise
        except Refusal as refusal:
            await self.reply_privately(incoming, str(refusal))
            return ""

    async def _hear(self, incoming: Incoming) -> str:
        match incoming.what:
            case Said(text):
                return await self._said(incoming, text)
            case Pressed():
                return await self._pressed(incoming, incoming.what)
            case Edited(text, source):
                await self._turn(incoming, lambda _: WasEdited(text, source))
            case Submitted():
                return await self._submitted(incoming, incoming.what)
            case Unreadable(kind):
                await self._unreadable(incoming, kind)
            case Left():
                await self.lose(incoming.place, "", incoming)
            case Moved(old, new):
                await self._work(incoming, lambda transaction, now: transaction.move(old, new, now))
        return ""

    async def start(self, incoming: Incoming, setup: Setup) -> str:
        """Begin an interview, unless one is open: in the place itself, or in a room that its platform opens for it.

        What to tell whoever asked: where it runs, when that is not here.
        """
        await self._work(replace(incoming, key=""), lambda tx, now: self._starting.close_lost(tx, incoming, now))
        async with self._store.begin() as transaction:
            await self._starting.check_open(transaction, incoming.place, incoming.person)
            await self._context.access.check_start(transaction, incoming, self._context.clock())
            public = await is_public(transaction, incoming.person)
        title = replies.TITLES[setup.format] if setup.format else "Mock interview"
        place = await self._context.platforms.room(incoming, title, public=public)

        async def begin(transaction: Transaction, now: int) -> None:
            for its_place in {incoming.place, place}:
                await self._starting.check_open(transaction, its_place, incoming.person)
            await self._starting.begin(transaction, incoming, place, setup, now)

        await self._work(incoming, begin)
        return "" if place == incoming.place else replies.runs_there(self._context.platforms.link(place, ""))

    async def star(self, incoming: Incoming, rest: str, wished: Setup | None = None) -> None:
        """A line after `/star`; a rehearsal begins in the person's direct messages, as `wished` where that is said."""
        catalogue = self._context.catalogue()
        order = parse(rest, catalogue)
        if not isinstance(order, BEGINS):
            await self._work(incoming, lambda tx, now: stories.answer(tx, incoming, order, catalogue, now))
            return
        place = await self._context.platforms.private_room(incoming)

        async def begin(transaction: Transaction, now: int) -> None:
            await self._starting.check_open(transaction, place, incoming.person)
            setup, told = await stories.rehearsal(transaction, incoming.person, order, catalogue, wished, now)
            await self._starting.begin(transaction, incoming, place, setup, now, told)
            if place != incoming.place:
                await reply_privately(transaction, incoming, story_text.IN_PRIVATE, now)

        there = replace(incoming, key="", place=place, private=True)
        await self._work(there, lambda tx, now: self._starting.close_lost(tx, there, now))
        await self._work(incoming, begin, place)

    async def reopen(self, place: str, away: int, wanted: str = "", *, in_sight: bool = False) -> bool:
        """Go on with the interview open in a place after `away` seconds of silence; False when there is none.

        `wanted` is the name of what the person asked for on the way in, so that they are told when it is another one.
        `in_sight` is for chats, where the pending question can still be read.
        """
        incoming = Incoming("", place, "", 0, Said(""))

        async def go_on(transaction: Transaction, now: int) -> bool:
            session = await transaction.open_session(place)
            if session is None:
                return False
            if wanted and wanted != _name(session):
                other = story_text.REHEARSAL_OPEN if isinstance(session.activity, Rehearsal) else replies.OTHER_OPEN
                await transaction.say(place, Say(other), now, session.person)
            await transaction.save(*self._judge(session, Reopened(away, in_sight), now), now)
            return True

        return bool(await self._work(incoming, go_on))

    async def ring(self, timer: DueTimer) -> None:
        """A timer came due; if an answer closed it first, nothing happens."""

        async def ring(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(timer.place)
            if await transaction.claim(timer, now) and session and session.id == timer.session_id:
                event = TimerRang(timer.kind, timer.turn)
                await transaction.save(*self._judge(session, event, now), now)

        await self._work(Incoming("", timer.place, "", 0, Said("")), ring)

    async def let_go(self, claimed: Sequence[Planned]) -> list[Planned]:
        """Daily prompts came due: those that are stale are left out, and these are the others."""
        stale = daily.let_go(claimed, self._context.clock())
        if stale:
            async with self._store.begin() as transaction:
                await transaction.daily.move_on(stale)
        gone = {one.subscription.person for one in stale}
        return [one for one in claimed if one.subscription.person not in gone]

    async def ask_daily(self, planned: Planned) -> None:
        """A daily prompt came due."""
        place, bank = planned.subscription.place, self._context.bank
        incoming = Incoming("", place, planned.subscription.person, 0, Said(""))
        await self._work(incoming, lambda transaction, now: daily.push(transaction, planned, bank, now))

    async def ask_again(self, prompt: Prompt) -> None:
        """A daily prompt was put off until now, or its evening reminder is due."""
        bank = self._context.bank
        incoming = Incoming("", prompt.place, prompt.person, 0, Said(""))
        await self._work(incoming, lambda transaction, now: daily.come_again(transaction, prompt, bank, now))

    async def lose(self, place: str, advice: str, incoming: Incoming | None = None) -> None:
        """A chat, or a place of it, cannot be reached any more.

        Its clocks stand still, and its candidates are told what would mend it.
        """

        async def lose(transaction: Transaction, now: int) -> None:
            await daily.stop_in(transaction, place, advice, now)
            for interview in await transaction.lose(place, now):
                home = home_of(interview.person)
                if advice and chat_of(home) != chat_of(place):
                    await transaction.say(home, Say(replies.out_of_reach(advice)), now, interview.person)

        await self._work(incoming or Incoming("", place, "", 0, Left()), lose)

    async def move(self, old: str, new: str) -> None:
        """A chat goes on under a new name."""
        await self._work(Incoming("", old, "", 0, Moved(old, new)), lambda tx, now: tx.move(old, new, now))

    async def apologise(self, incoming: Incoming) -> None:
        """Something broke while this was worked on: it counts as done, and the person is asked to send it again."""
        await self._work(
            incoming, lambda transaction, now: reply_privately(transaction, incoming, replies.SOMETHING_BROKE, now)
        )

    async def reply_privately(self, incoming: Incoming, text: str) -> None:
        """Answer something heard with one private sentence."""
        await self._work(incoming, lambda transaction, now: reply_privately(transaction, incoming, text, now))

    async def session(self, place: str) -> Session | None:
        """The interview open in a place."""
        async with self._store.begin() as transaction:
            return await transaction.open_session(place)

    async def _said(self, incoming: Incoming, text: str) -> str:
        parsed = grammar.parse(text)
        source = incoming.what.source if isinstance(incoming.what, Said) else ""
        match parsed:
            case Command():
                await self._turn(incoming, lambda _: Commanded(parsed))
            case Request("mock" | "start" as name, rest):
                return await self._mock(incoming, name, rest)
            case Request("star", rest):
                await self.star(incoming, rest)
            case Request("daily", rest):
                await self._daily_order(incoming, rest)
            case Request(name, rest):
                await self._work(
                    incoming, lambda transaction, now: account.answer(transaction, incoming, name, rest, now)
                )
            case said:
                await self._turn(incoming, lambda _: Answered(said, source))
        return ""

    async def _mock(self, incoming: Incoming, name: str, rest: str) -> str:
        if name == "start":
            rest = rest.replace("_", " ").strip()  # a deep link holds no spaces
            if rest.split()[:1] == ["star"]:
                await self.star(incoming, rest.removeprefix("star"))
                return ""
            rest = rest.removeprefix("mock").strip()
        setup = mock_commands.parse_mock(rest, Setup(), self._context.bank) if rest and rest != "hello" else Setup()
        return await self.start(incoming, setup)

    async def _turn(self, incoming: Incoming, event_of: Callable[[Session], Event]) -> None:
        """What the candidate of a place did there; what others do is not part of the interview."""

        async def turn(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(incoming.place) or await self._daily(transaction, incoming, now)
            if session is None:
                await self._nothing_open(transaction, incoming, now)
            elif session.person != incoming.person:
                if isinstance(incoming.what, Submitted):
                    await reply_privately(transaction, incoming, replies.not_yours(incoming.what.text), now)
                elif is_command(incoming):
                    await reply_privately(transaction, incoming, replies.NOT_YOURS, now)
            elif await is_meant_for(transaction, session, incoming):
                await self._decide(transaction, session, incoming, event_of, now)

        await self._work(incoming, turn)

    async def _daily_order(self, incoming: Incoming, rest: str) -> None:
        bank = self._context.bank
        for_all = rest.lower().startswith("channel")
        admin = for_all and not incoming.private and await self._context.platforms.is_admin(incoming)
        await self._work(
            incoming, lambda transaction, now: daily.answer(transaction, incoming, rest, bank, now, admin=admin)
        )

    async def _daily(self, transaction: Transaction, incoming: Incoming, now: int) -> Session | None:
        """What is typed in private while no interview is open answers the daily question."""
        typed = isinstance(incoming.what, Said) and not incoming.what.text.startswith("/")
        if not (incoming.private and typed):
            return None
        prompt = await transaction.daily.open_prompt(incoming.person, now - daily.OPEN_SECONDS)
        return await daily.begin(transaction, prompt, self._context.bank, now) if prompt else None

    async def _decide(
        self,
        transaction: Transaction,
        session: Session,
        incoming: Incoming,
        event_of: Callable[[Session], Event],
        now: int,
    ) -> None:
        if isinstance(incoming.what, Said) and was_sent_before_the_question(incoming, session):
            await reply_privately(transaction, incoming, replies.too_late(incoming.what.text), now)
            return
        if isinstance(incoming.what, Said) and incoming.what.source:
            session = replace(session, last_message=incoming.what.source)
        try:
            decided, effects = self._judge(session, event_of(session), now)
        except IllegalEventError as error:
            if not isinstance(incoming.what, Edited):
                await reply_privately(transaction, incoming, not_now(error), now)
            return
        if len(decided.turns) > len(session.turns):
            decided = replace(decided, asked_lag=lag(incoming, now))
        await self._save(transaction, decided, effects, incoming, now)

    async def _save(
        self, transaction: Transaction, decided: Session, effects: Sequence[Effect], incoming: Incoming, now: int
    ) -> None:
        """Keep what was decided; the debrief is for the candidate alone when they wish so and others could read it."""
        private = False
        if decided.ended_at is not None and not incoming.private:
            kept = await transaction.settings(decided.person)
            private = preferences.value(kept, preferences.DEBRIEF) == "private"
        await transaction.save(decided, effects, now, private=private)
        asked = decided.activity
        if isinstance(asked, DailyQuestion) and decided.ended_at is not None:
            done = await transaction.daily.prompt(asked.prompt_id)
            if done:
                await daily.next_of_day(transaction, done, self._context.bank, now)

    async def expects(self, incoming: Incoming) -> bool:
        """Whether this comes from the candidate of an interview that is open there, and is meant for it."""
        async with self._store.begin() as transaction:
            session = await transaction.open_session(incoming.place)
            if session is None or session.person != incoming.person:
                return False
            return await is_meant_for(transaction, session, incoming)

    async def _nothing_open(self, transaction: Transaction, incoming: Incoming, now: int) -> None:
        what = incoming.what
        if isinstance(what, Said) and what.text.lstrip().lower().startswith("/help"):
            await reply_privately(transaction, incoming, f"{replies.hello()}\n{replies.help_overview()}", now)
        elif isinstance(what, Submitted):
            await reply_privately(transaction, incoming, replies.too_late(what.text), now)
        elif incoming.private or is_command(incoming) or is_mention(incoming):
            await reply_privately(transaction, incoming, replies.NOTHING_OPEN, now)

    async def _pressed(self, incoming: Incoming, press: Pressed) -> str:
        async def press_(transaction: Transaction, now: int) -> str:
            if press.mark[:1] == "p" and press.mark[1:].isdecimal():
                return await daily.press(transaction, incoming, press, self._context.bank, now)
            if press.what in set(Grade):
                return await daily.regrade(transaction, incoming, press.session_id, Grade(press.what), now)
            session = await transaction.open_session(incoming.place)
            if session is None or session.id != press.session_id or session.person != incoming.person:
                theirs = await transaction.candidate_of(press.session_id) == incoming.person
                return replies.OVER if theirs else replies.NOT_YOURS
            try:
                event = buttons.pressed(session, press.mark, press.what)
                decided, effects = self._judge(session, event, now)
            except buttons.StalePressError as error:
                return str(error)
            except IllegalEventError as error:
                return not_now(error)
            await self._save(transaction, decided, effects, incoming, now)
            return ""

        return await self._work(incoming, press_) or ""

    async def _submitted(self, incoming: Incoming, form: Submitted) -> str:
        taken = False

        def answer(session: Session) -> Answered:
            if session.id != form.session_id:
                raise buttons.StalePressError(replies.too_late(form.text))
            answered = buttons.submitted(session, form.mark, form.text, incoming.key)
            nonlocal taken
            taken = Command.DONE in offered(session)
            return answered

        await self._turn(incoming, answer)
        return replies.added(form.text) if taken else ""

    async def _unreadable(self, incoming: Incoming, kind: str) -> None:
        async def explain(transaction: Transaction, now: int) -> None:
            session = await transaction.open_session(incoming.place)
            candidate = session is not None and session.person == incoming.person and incoming.addressed
            telling = session is not None and isinstance(session.activity, Rehearsal)
            if incoming.private or candidate:
                await reply_privately(transaction, incoming, replies.unreadable(kind, telling=telling), now)

        await self._work(incoming, explain)

    async def _work(
        self, incoming: Incoming, job: Callable[[Transaction, int], Awaitable[Result]], place: str = ""
    ) -> Result | None:
        """Do one job in one transaction while nobody else works in the place, then deliver what is to be said.

        The place is where it was heard, unless another one is named.
        """
        place = place or incoming.place
        async with self._locks.setdefault(place, asyncio.Lock()):
            try:
                result, unsent = await shielded(self._commit(incoming, job, place))
            except StoreFailedError:
                raise
            except Refusal as refusal:
                sentence = str(refusal)
                _, unsent = await shielded(
                    self._commit(incoming, lambda tx, now: reply_privately(tx, incoming, sentence, now), place)
                )
                result = None
            if unsent:
                await self._deliver(unsent)
        return result

    async def _commit(
        self, incoming: Incoming, job: Callable[[Transaction, int], Awaitable[Result]], place: str
    ) -> tuple[Result | None, list[Message]]:
        now = self._context.clock()
        async with self._store.begin() as transaction:
            await transaction.lock(place)
            if incoming.key and not await transaction.take(incoming.key, now):
                return None, []
            if incoming.key and incoming.addressed and not isinstance(incoming.what, Left | Moved):
                for reached in {incoming.place, place}:
                    await self._mark_reachable(transaction, reached, now)
            return await job(transaction, now), await transaction.unsent()

    async def _mark_reachable(self, transaction: Transaction, place: str, now: int) -> None:
        """Somebody speaks in a chat that was lost: the time since then counts for nobody."""
        for since, interview in await transaction.mark_reachable(place):
            session = await transaction.open_session(interview.place)
            if session is not None:
                said_again = await transaction.say_what_waits(interview.place)
                event = Reopened(max(0, now - since), in_sight=said_again)
                decided, effects = self._judge(session, event, now)
                await transaction.save(decided, effects, now)

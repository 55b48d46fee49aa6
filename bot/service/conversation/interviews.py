"""Interviews as their candidates hold them: start, answer, press, submit, go on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core import preferences
from bot.core.effects import Effect, Say
from bot.core.events import Command, Event, Examined, Reopened
from bot.core.place import Place, chat_of, home_of, is_chain_of_replies
from bot.core.rules import buttons
from bot.core.rules.table import IllegalEventError, not_now, offered
from bot.core.session import DailyQuestion, Rehearsal, Session, Setup
from bot.core.text import replies, story_text
from bot.service.conversation import prompts
from bot.service.conversation.context import Context
from bot.service.conversation.starting import begin, check_nothing_open, check_start, close_lost, lag
from bot.service.conversation.unit_of_work import UnitOfWork, Work
from bot.service.ports.examiner import OpenExamination
from bot.service.ports.incoming import Attached, Edited, Incoming, Pressed, Said, Submitted

_CLOCKS_APART = 30  # seconds by which our clock and a platform's may move against each other
STAR = "star"  # a rehearsal, where a format names an interview


@dataclass
class Interviews:
    """What people do in interviews, each as one unit of work in its place."""

    units: UnitOfWork
    context: Context

    async def session(self, place: Place) -> Session | None:
        """The interview open in a place."""
        return await self.units.run_unlocked(lambda work: work.transaction.open_session(place))

    async def expects(self, incoming: Incoming) -> bool:
        """Whether this comes from the candidate of an interview that is open there, and is meant for it."""

        async def is_expected(work: Work) -> bool:
            session = await work.transaction.open_session(incoming.place)
            if session is None or session.person != incoming.person:
                return False
            return await _is_meant_for(work, session, incoming)

        return await self.units.run_unlocked(is_expected)

    async def start(self, incoming: Incoming, setup: Setup) -> str:
        """Begin an interview, unless one is open: in the place itself, or in a room that its platform opens for it.

        What to tell whoever asked: where it runs, when that is not here.
        """
        platforms = self.context.platforms

        async def is_public(work: Work) -> bool:
            await check_nothing_open(work, platforms, incoming.place, incoming.person)
            await check_start(work, self.context.access, incoming)
            kept = await work.transaction.settings(incoming.person)
            return preferences.value(kept, preferences.THREAD) == "public"

        await self.units.run(incoming.place, lambda work: close_lost(work, incoming))
        public = await self.units.run_unlocked(is_public)
        title = replies.TITLES[setup.format] if setup.format else "Mock interview"
        place = await platforms.room(incoming, title, public=public)

        async def start(work: Work) -> None:
            for its_place in {incoming.place, place}:
                await check_nothing_open(work, platforms, its_place, incoming.person)
            await begin(work, self.context, incoming, place, setup)

        await self.units.run(incoming.place, start, incoming)
        return "" if place == incoming.place else replies.runs_there(platforms.link(place, ""))

    async def submit(self, incoming: Incoming, form: Submitted) -> str:
        """Take an answer from a form; what to tell whoever sent it."""

        async def submit(work: Work) -> str:
            session = await _session_for(work, incoming)
            if session is None:
                return ""
            if session.id != form.session_id:
                raise buttons.StalePressError(replies.too_late(form.text))
            event = buttons.submitted(session, form.mark, form.text, incoming.key)
            await _decide(work, session, incoming, event)
            return replies.added(form.text) if Command.DONE in offered(session) else ""

        return await self.units.run(incoming.place, submit, incoming) or ""

    async def explain_unreadable(self, incoming: Incoming, kind: str) -> None:
        """Tell the candidate, or anybody in private, that only text can be read."""

        async def explain(work: Work) -> None:
            session = await work.transaction.open_session(incoming.place)
            candidate = session is not None and session.person == incoming.person and incoming.addressed
            telling = session is not None and isinstance(session.activity, Rehearsal)
            if incoming.private or candidate:
                await work.reply_privately(incoming, replies.unreadable(kind, telling=telling))

        await self.units.run(incoming.place, explain, incoming)

    async def reopen(self, place: Place, away: int, wanted: str = "", *, in_sight: bool = False) -> bool:
        """Go on with the interview open in a place after `away` seconds of silence; False when there is none.

        `wanted` is the name of what the person asked for on the way in, so that they are told when it is another one.
        `in_sight` is for chats, where the pending question can still be read.
        """

        async def go_on(work: Work) -> bool:
            session = await work.transaction.open_session(place)
            if session is None:
                return False
            rehearses = isinstance(session.activity, Rehearsal)
            if wanted and wanted != (STAR if rehearses else session.setup.format or ""):
                other = story_text.REHEARSAL_OPEN if rehearses else replies.OTHER_OPEN
                await work.transaction.say(place, Say(other), work.now, session.person)
            await work.apply(session, Reopened(away, in_sight))
            return True

        return bool(await self.units.run(place, go_on))

    async def go_on_examined(self, examination: OpenExamination, event: Examined) -> None:
        """Go on with an interview whose answer was examined; if it did not wait for that any more, nothing happens."""

        async def go_on(work: Work) -> None:
            session = await work.transaction.open_session(examination.place)
            await work.transaction.close_examination(examination.number, examination.place)
            if session and session.id == examination.session_id:
                decided, effects = work.decide(session, event, work.now)
                await _save(work, decided, effects, among_others=home_of(session.person) != session.place)

        await self.units.run(examination.place, go_on)


async def answer(work: Work, incoming: Incoming, event: Event) -> None:
    """Take what the candidate of a place did there; what others do is not part of the interview."""
    session = await _session_for(work, incoming)
    if session:
        await _decide(work, session, incoming, event)


async def press(work: Work, incoming: Incoming, button: Pressed) -> str:
    """A button of an interview; what to tell whoever pressed it, mostly nothing."""
    session = await work.transaction.open_session(incoming.place)
    if session is None or session.id != button.session_id or session.person != incoming.person:
        theirs = await work.transaction.candidate_of(button.session_id) == incoming.person
        return replies.OVER if theirs else replies.NOT_YOURS
    try:
        event = buttons.pressed(session, button.mark, button.what)
        decided, effects = work.decide(session, event, work.now)
    except buttons.StalePressError as error:
        return str(error)
    except IllegalEventError as error:
        return not_now(error)
    await _save(work, decided, effects, among_others=not incoming.private)
    return ""


async def _session_for(work: Work, incoming: Incoming) -> Session | None:
    """The interview that what its candidate did belongs to; others who expect an answer are told why it counts not."""
    session = await work.transaction.open_session(incoming.place) or await _begin_daily(work, incoming)
    if session is None:
        await _say_nothing_is_open(work, incoming)
    elif session.person != incoming.person:
        if isinstance(incoming.content, Submitted):
            await work.reply_privately(incoming, replies.not_yours(incoming.content.text))
        elif _is_command(incoming):
            await work.reply_privately(incoming, replies.NOT_YOURS)
    elif await _is_meant_for(work, session, incoming):
        return session
    return None


async def _begin_daily(work: Work, incoming: Incoming) -> Session | None:
    """Begin the daily question that is answered by what is typed in private while no interview is open."""
    typed = isinstance(incoming.content, Said) and not incoming.content.text.startswith("/")
    if not (incoming.private and typed):
        return None
    prompt = await work.transaction.daily.open_prompt(incoming.person, work.now - prompts.OPEN_SECONDS)
    session = await prompts.begin(work, prompt) if prompt else None
    # The answer is there before its session is: what was worked on late was not sent before the question.
    return replace(session, asked_lag=lag(incoming, work.now)) if session else None


async def _say_nothing_is_open(work: Work, incoming: Incoming) -> None:
    content = incoming.content
    if isinstance(content, Said) and content.text.lstrip().lower().startswith("/help"):
        await work.reply_privately(incoming, f"{replies.hello()}\n{replies.help_overview()}")
    elif isinstance(content, Submitted):
        await work.reply_privately(incoming, replies.too_late(content.text))
    elif incoming.private or _is_command(incoming) or _is_mention(incoming):
        await work.reply_privately(incoming, replies.NOTHING_OPEN)


async def _decide(work: Work, session: Session, incoming: Incoming, event: Event) -> None:
    said = incoming.content if isinstance(incoming.content, Said) else None
    if said and _was_sent_before_the_question(incoming, session):
        await work.reply_privately(incoming, replies.too_late(said.text))
        return
    if said and said.source:
        session = replace(session, last_message=said.source)
    try:
        decided, effects = work.decide(session, event, work.now)
    except IllegalEventError as error:
        if not isinstance(incoming.content, Edited):
            await work.reply_privately(incoming, not_now(error))
        return
    if len(decided.turns) > len(session.turns):
        decided = replace(decided, asked_lag=lag(incoming, work.now))
    await _save(work, decided, effects, among_others=not incoming.private)


async def _save(work: Work, decided: Session, effects: tuple[Effect, ...], *, among_others: bool) -> None:
    """Keep what was decided; the debrief is for the candidate alone when they wish so and others could read it."""
    private = False
    if decided.ended_at is not None and among_others:
        kept = await work.transaction.settings(decided.person)
        private = preferences.value(kept, preferences.DEBRIEF) == "private"
    await work.transaction.save(decided, effects, work.now, private=private)
    asked = decided.activity
    if isinstance(asked, DailyQuestion) and decided.ended_at is not None:
        done = await work.transaction.daily.prompt(asked.prompt_id)
        if done:
            await prompts.ask_next_of_day(work, done)


def _is_command(incoming: Incoming) -> bool:
    """Whether somebody typed a command for the bot."""
    return incoming.addressed and isinstance(incoming.content, Said) and incoming.content.text.startswith("/")


def _is_mention(incoming: Incoming) -> bool:
    """Whether somebody called the bot, without a reply to one of its messages."""
    return incoming.addressed and isinstance(incoming.content, Said) and not incoming.content.reply_to


async def _is_meant_for(work: Work, session: Session, incoming: Incoming) -> bool:
    """Whether the candidate's words belong to the interview: in a group they may talk with others, too."""
    if incoming.private or not isinstance(incoming.content, Said | Attached):
        return True
    if not incoming.addressed:
        return not is_chain_of_replies(incoming.place) and not incoming.content.reply_to
    if not incoming.content.reply_to:
        return True
    chat = chat_of(incoming.place)
    return await work.transaction.session_of_message(chat, incoming.content.reply_to) in {None, session.id}


def _was_sent_before_the_question(incoming: Incoming, session: Session) -> bool:
    """Whether the platform held a message back until its question was closed and another one asked."""
    return bool(session.turns) and 0 < incoming.at < session.turn.asked_at - session.asked_lag - _CLOCKS_APART

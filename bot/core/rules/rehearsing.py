"""Telling a story: the prompt, its messages or sections, the clock, and keeping it."""

from __future__ import annotations

from dataclasses import replace

from bot.core import stories
from bot.core.assessment import Section
from bot.core.effects import Effect, RecordAnswer, RecordStory, RecordTold, RecordTurn, Say, Tone
from bot.core.events import Answered, Commanded, Started, TimerRang
from bot.core.questions import planning
from bot.core.rules import clock, reviewing
from bot.core.rules.ending import end_turn
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import (
    Answer,
    Outcome,
    RehearsalKind,
    Session,
    Slot,
    State,
    TimerKind,
    Turn,
)
from bot.core.stories import rehearsals
from bot.core.text import rehearsal_text as words
from bot.core.text import replies

MAX_STORY = 10_000  # characters; five times what can be told in two minutes


def begin(session: Session, event: Started, context: RuleContext) -> Step:
    """Ask for the story."""
    session = replace(session, setup=event.setup, stories=event.history.stories)
    slot = Slot(f"star:{rehearsals.of(session).competency}", rehearsals.SECONDS)
    seconds = planning.clock(slot, event.setup)
    turn = Turn(0, slot, context.now, None if seconds is None else context.now + seconds)
    session = replace(session, turns=(turn,), state=State.TELLING, history=None)
    record = RecordTurn(0, slot.question_id, 0, "", 0, "")
    return session, (record, Say(words.opening(session), Tone.QUESTION), *clock.timers(turn, 0, context.now))


def take(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take a message of the story; the last section completes it."""
    if not event.text.strip():
        return session, ()
    if len(session.turn.text) + len(event.text) > MAX_STORY:
        return session, (Say(replies.TOO_LONG),)
    first = not rehearsals.is_begun(session)
    record = RecordAnswer(session.turn_number, 0, event.text, event.source)
    if rehearsals.is_guided(session):
        return and_then((record,), _take_section(session, event, context))
    session = session.with_answer(Answer(event.text, context.now, 0, event.source))
    return session, (record, Say(words.NOTED)) if first else (record,)


def _take_section(session: Session, event: Answered, context: RuleContext) -> Step:
    asked = rehearsals.section_asked(session)
    own = next(iter(stories.labelled(event.text)), None)
    label = own or asked or rehearsals.section_lacking(session)
    session = _with_section(session, Answer(event.text, context.now, 0, event.source), label)
    return _after_section(session, context) if asked else (session, ())


def _after_section(session: Session, context: RuleContext) -> Step:
    """Ask for the next section; after the last one the story is complete."""
    if rehearsals.section_asked(session) is None:
        return complete(session, context)
    return session, (Say(words.section(session), Tone.QUESTION),)


def _with_section(session: Session, answer: Answer, label: Section) -> Session:
    telling = replace(session.telling, labels=(*session.telling.labels, label))
    return replace(session, telling=telling).with_answer(answer)


def done(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Complete the story, once anything was told."""
    if not rehearsals.is_begun(session):
        return session, (Say(words.NOTHING_YET),)
    return complete(session, context)


def skip(session: Session, event: Commanded, context: RuleContext) -> Step:
    """Leave a section out, or the whole story."""
    asked = rehearsals.section_asked(session) if rehearsals.is_guided(session) else None
    if asked is None:
        return stop(session, event, context)
    session = _with_section(session, Answer("", context.now), asked)
    if rehearsals.section_asked(session) is None and not rehearsals.is_begun(session):
        return stop(session, event, context)
    return _after_section(session, context)


def stop(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """End here; what was written is kept, with the feedback on it."""
    if session.state is State.PAUSED:
        session = clock.unpaused(session, context.now)
    if rehearsals.words(session) < rehearsals.KEPT_WORDS:
        return _leave(session, Outcome.STOPPED, context)
    session, kept, said = _keep(session, Outcome.STOPPED, context)
    return and_then((*kept, Say(said)), reviewing.conclude(session, context))


def complete(session: Session, context: RuleContext) -> Step:
    """Keep the story if it can be judged, and ask how it was; else say what to add."""
    if not stories.review(rehearsals.told(session)).enough:
        return session, (Say(words.not_enough(session), Tone.QUESTION),)
    return _go_on(session, Outcome.ANSWERED, context)


def _go_on(session: Session, outcome: Outcome, context: RuleContext, because: str = "") -> Step:
    session, kept, said = _keep(session, outcome, context)
    return and_then(kept, reviewing.begin(session, f"{because} {said}".strip()))


def _keep(session: Session, outcome: Outcome, context: RuleContext) -> tuple[Session, tuple[Effect, ...], str]:
    """Put the story into the bank at once, so that nothing is lost, and say so."""
    number, title = rehearsals.number(session), rehearsals.title(session)
    text, own = rehearsals.told(session), rehearsals.own_story(session)
    session, ended = end_turn(session, outcome, context)
    story = RecordStory(number, title, text, rehearsals.competencies(session), own is None)
    told = RecordTold(number, rehearsals.of(session).competency, rehearsals.words(session), session.turn.seconds_used)
    telling = () if rehearsals.of(session).kind is RehearsalKind.EDIT else (told,)
    return session, (story, *telling, *ended), words.kept(number, title, is_new=own is None)


def _leave(session: Session, outcome: Outcome, context: RuleContext) -> Step:
    """End without a story."""
    left = words.left(is_begun=rehearsals.is_begun(session), in_time=outcome is not Outcome.TIMED_OUT)
    session, ended = end_turn(session, outcome, context)
    session = replace(session, state=State.FINISHED, ended_at=context.now, stories=())
    return session, (*ended, Say(left))


def ring(session: Session, event: TimerRang, context: RuleContext) -> Step:
    """Act on a timer of the story; a late or doubled one does nothing."""
    turn = session.turn
    if event.turn != session.turn_number or turn.due_at is None:
        return session, ()
    left = turn.due_at - context.now
    if (event.kind is TimerKind.DEADLINE) != (left <= 0):
        return session, ()
    match event.kind:
        case TimerKind.NUDGE:
            return session, () if rehearsals.is_begun(session) else (Say(words.half_time(session, left)),)
        case TimerKind.WARNING:
            return session, (Say(words.warning(left)),)
        case TimerKind.DEADLINE:
            return _time_up(session, context)


def _time_up(session: Session, context: RuleContext) -> Step:
    if rehearsals.words(session) < rehearsals.KEPT_WORDS:
        return _leave(session, Outcome.TIMED_OUT, context)
    return _go_on(session, Outcome.ANSWERED, context, words.TIME_UP)


def hint(session: Session, _event: Commanded, _context: RuleContext) -> Step:
    """Say what the interviewer looks for."""
    return session, (Say(words.hint(session)),)


def tell_time(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Say how much was told and how much time is left."""
    return session, (Say(words.time_left(session, context.now)),)

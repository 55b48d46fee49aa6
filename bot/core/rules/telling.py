"""Telling a story: the prompt, its messages or sections, the clock, and keeping it."""

from __future__ import annotations

from dataclasses import replace

from bot.core import clock, planning, rehearsals, replies, stories
from bot.core import rehearsal_words as words
from bot.core.effects import Effect, RecordAnswer, RecordStory, RecordTold, RecordTurn, Say, Tone
from bot.core.events import Answered, Commanded, Started, TimerRang
from bot.core.rules import appraising
from bot.core.rules.ended import end_turn
from bot.core.rules.step import Circumstances, Step, and_then
from bot.core.scoring import Section
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

MAX_STORY = 10_000  # characters; five times what can be told in two minutes


def begin(session: Session, event: Started, around: Circumstances) -> Step:
    """Ask for the story."""
    session = replace(session, setup=event.setup, stories=event.history.stories)
    slot = Slot(f"star:{rehearsals.of(session).competency}", rehearsals.SECONDS)
    seconds = planning.clock(slot, event.setup)
    turn = Turn(0, slot, around.now, None if seconds is None else around.now + seconds)
    session = replace(session, turns=(turn,), state=State.TELLING, history=None)
    record = RecordTurn(0, slot.question_id, 0, "", 0, "")
    return session, (record, Say(words.opening(session), Tone.QUESTION), *clock.timers(turn, 0, around.now))


def take(session: Session, event: Answered, around: Circumstances) -> Step:
    """Take a message of the story; the last section completes it."""
    if not event.text.strip():
        return session, ()
    if len(session.turn.text) + len(event.text) > MAX_STORY:
        return session, (Say(replies.TOO_LONG),)
    first = not rehearsals.is_begun(session)
    record = RecordAnswer(session.turn_number, 0, event.text, event.source)
    if rehearsals.is_guided(session):
        return and_then((record,), _take_section(session, event, around))
    session = _with_message(session, Answer(event.text, around.now, 0, event.source))
    return session, (record, Say(words.NOTED)) if first else (record,)


def _take_section(session: Session, event: Answered, around: Circumstances) -> Step:
    asked = rehearsals.section_asked(session)
    own = next(iter(stories.labelled(event.text)), None)
    label = own or asked or rehearsals.section_lacking(session)
    session = _with_section(session, Answer(event.text, around.now, 0, event.source), label)
    return _after_section(session, around) if asked else (session, ())


def _after_section(session: Session, around: Circumstances) -> Step:
    """Ask for the next section; after the last one the story is complete."""
    if rehearsals.section_asked(session) is None:
        return complete(session, around)
    return session, (Say(words.section(session), Tone.QUESTION),)


def _with_message(session: Session, answer: Answer) -> Session:
    return session.with_turn(replace(session.turn, answers=(*session.turn.answers, answer)))


def _with_section(session: Session, answer: Answer, label: Section) -> Session:
    telling = replace(session.telling, labels=(*session.telling.labels, label))
    return _with_message(replace(session, telling=telling), answer)


def done(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """The person says that the story is complete."""
    if not rehearsals.is_begun(session):
        return session, (Say(words.NOTHING_YET),)
    return complete(session, around)


def skip(session: Session, event: Commanded, around: Circumstances) -> Step:
    """Leave a section out, or the whole story."""
    asked = rehearsals.section_asked(session) if rehearsals.is_guided(session) else None
    if asked is None:
        return stop(session, event, around)
    session = _with_section(session, Answer("", around.now), asked)
    if rehearsals.section_asked(session) is None and not rehearsals.is_begun(session):
        return stop(session, event, around)
    return _after_section(session, around)


def stop(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """End here; what was written is kept, with the feedback on it."""
    if session.state is State.PAUSED:
        session = clock.unpaused(session, around.now)
    if rehearsals.words(session) < rehearsals.KEPT_WORDS:
        return _leave(session, Outcome.STOPPED, around)
    session, kept, said = _keep(session, Outcome.STOPPED, around)
    return and_then((*kept, Say(said)), appraising.conclude(session, around))


def complete(session: Session, around: Circumstances) -> Step:
    """Keep the story if it can be judged, and ask how it was; else say what to add."""
    if not stories.review(rehearsals.told(session)).enough:
        return session, (Say(words.not_enough(session), Tone.QUESTION),)
    return _go_on(session, Outcome.ANSWERED, around)


def _go_on(session: Session, outcome: Outcome, around: Circumstances, because: str = "") -> Step:
    session, kept, said = _keep(session, outcome, around)
    return and_then(kept, appraising.begin(session, f"{because} {said}".strip()))


def _keep(session: Session, outcome: Outcome, around: Circumstances) -> tuple[Session, tuple[Effect, ...], str]:
    """The story goes into the bank at once, so that nothing is lost; with the words that say so."""
    number, title = rehearsals.number(session), rehearsals.title(session)
    text, own = rehearsals.told(session), rehearsals.own_story(session)
    session, ended = end_turn(session, outcome, around)
    story = RecordStory(number, title, text, rehearsals.competencies(session), own is None)
    told = RecordTold(number, rehearsals.of(session).competency, rehearsals.words(session), session.turn.seconds_used)
    telling = () if rehearsals.of(session).kind is RehearsalKind.EDIT else (told,)
    return session, (story, *telling, *ended), words.kept(number, title, is_new=own is None)


def _leave(session: Session, outcome: Outcome, around: Circumstances) -> Step:
    """End without a story."""
    left = words.left(is_begun=rehearsals.is_begun(session), in_time=outcome is not Outcome.TIMED_OUT)
    session, ended = end_turn(session, outcome, around)
    session = replace(session, state=State.FINISHED, ended_at=around.now, stories=())
    return session, (*ended, Say(left))


def ring(session: Session, event: TimerRang, around: Circumstances) -> Step:
    """A timer of the story came due; a late or doubled one does nothing."""
    turn = session.turn
    if event.turn != session.turn_number or turn.due_at is None:
        return session, ()
    left = turn.due_at - around.now
    if (event.kind is TimerKind.DEADLINE) != (left <= 0):
        return session, ()
    match event.kind:
        case TimerKind.NUDGE:
            return session, () if rehearsals.is_begun(session) else (Say(words.half_time(session, left)),)
        case TimerKind.WARNING:
            return session, (Say(words.warning(left)),)
        case TimerKind.DEADLINE:
            return _time_up(session, around)


def _time_up(session: Session, around: Circumstances) -> Step:
    if rehearsals.words(session) < rehearsals.KEPT_WORDS:
        return _leave(session, Outcome.TIMED_OUT, around)
    return _go_on(session, Outcome.ANSWERED, around, words.TIME_UP)


def hint(session: Session, _event: Commanded, _around: Circumstances) -> Step:
    """Say what the interviewer looks for."""
    return session, (Say(words.hint(session)),)


def tell_time(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """Say how much was told and how much time is left."""
    return session, (Say(words.time_left(session, around.now)),)

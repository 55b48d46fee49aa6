"""The clock: nudges, warnings, deadlines, pauses and outages."""

from __future__ import annotations

from dataclasses import replace

from bot.core import clock, planning, question_words, replies, turns
from bot.core.effects import Effect, Say, StopTimers, Tone
from bot.core.events import Answered, Command, Commanded, Reopened, TimerRang
from bot.core.rules import answering, appraising, asking, telling
from bot.core.rules.closing import assess, conclude, drop_missing
from bot.core.rules.step import Circumstances, Step, and_then
from bot.core.session import Format, Outcome, Pace, Session, State, TimerKind


def ring(session: Session, event: TimerRang, around: Circumstances) -> Step:
    """A timer of the open question came due; a late or doubled one does nothing."""
    turn = session.turn
    if event.turn != session.turn_number or turn.due_at is None or turn.overtime:
        return session, ()
    if event.kind is not TimerKind.DEADLINE and around.now >= turn.due_at:
        return session, ()  # rang late; the deadline speaks for itself
    match event.kind:
        case TimerKind.NUDGE:
            return session, _nudge(session, around)
        case TimerKind.WARNING:
            return session, (Say(question_words.warning(turn.due_at - around.now)),)
        case TimerKind.DEADLINE:
            return _time_up(session, around)


def ignore(session: Session, _event: object, _around: Circumstances) -> Step:
    """Nothing to do any more."""
    return session, ()


def _nudge(session: Session, around: Circumstances) -> tuple[Effect, ...]:
    turn = session.turn
    if session.current_round.format is Format.RAPID_FIRE or turn.due_at is None:
        return ()
    if turn.slot.phase and turns.missing_musts(turns.assessed(session, turn, around.bank), around.bank):
        phase = around.bank.questions[turn.slot.question_id].phase(turn.slot.phase)
        return (Say(question_words.nudge(phase.nudge, around.now - turn.asked_at - turn.paused_seconds)),)
    if not turn.answers:
        return (Say(question_words.half_time(turn.due_at - around.now)),)
    return ()


def _time_up(session: Session, around: Circumstances) -> Step:
    if session.turn.due_at is not None and around.now < session.turn.due_at:
        return session, ()
    if session.setup.pace is not Pace.STRICT:
        session = session.with_turn(replace(session.turn, overtime=True))
        return session, (Say(replies.TIME_UP_PRACTICE),)
    session = assess(session, around)
    outcome = Outcome.ANSWERED if session.turn.answers else Outcome.TIMED_OUT
    return and_then((Say(replies.TIME_UP_STRICT),), conclude(session, outcome, around))


def pause(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """Stop the clock, except in strict pace."""
    if session.setup.pace is Pace.STRICT:
        return session, (Say(replies.STRICT_NO_PAUSE),)
    session = replace(session, state=State.PAUSED, paused_in=session.state, paused_at=around.now)
    return session, (StopTimers(session.turn_number), Say(replies.PAUSED))


def resume(session: Session, _event: object, around: Circumstances) -> Step:
    """Let the clock run again and say the pending question."""
    session, timers = _unpause(session, around)
    return and_then((Say(replies.RESUMED), *timers), _repeat(session, around))


def resume_with(session: Session, event: Answered, around: Circumstances) -> Step:
    """An answer during a pause ends the pause and counts."""
    session, timers = _unpause(session, around)
    take = telling.take if session.setup.star else answering.take_message
    return and_then(timers, take(session, event, around))


def _unpause(session: Session, around: Circumstances) -> Step:
    session = clock.unpaused(session, around.now)
    return session, clock.timers(session.turn, session.turn_number, around.now)


ABANDONED = 24 * 3600  # seconds of silence after which nobody is greeted who did not ask for it
UNNOTICED = 60  # seconds away that need no word in a chat where the question is still in sight


def reopen(session: Session, event: Reopened, around: Circumstances) -> Step:
    """The program was away: set the clock back by that time, and say the pending question."""
    welcome = Say(replies.back(event.away, session.state))
    session = planning.without_missing(session, around.bank)
    session = session.with_turn(clock.pushed_back(session.turn, event.away))
    if _is_gone(session, around):
        return and_then((welcome,), drop_missing(session, around))
    timers = clock.timers(session.turn, session.turn_number, around.now)
    again: tuple[Effect, ...] = (StopTimers(session.turn_number), *timers)
    if event.in_sight and (event.away < UNNOTICED or _is_abandoned(session, event, around)):
        return session, again
    return and_then((welcome, *again), _repeat(session, around))


def _repeat(session: Session, around: Circumstances) -> Step:
    again = appraising.repeat if session.setup.star else asking.repeat
    return again(session, Commanded(Command.REPEAT), around)


def _is_gone(session: Session, around: Circumstances) -> bool:
    """Whether the open question is no longer in the bank; a rehearsal brings its own."""
    return not session.setup.star and session.turn.slot.question_id not in around.bank.questions


def _is_abandoned(session: Session, event: Reopened, around: Circumstances) -> bool:
    """Whether the candidate said nothing for a day already when the program went away."""
    last = max(session.turn.asked_at, *(answer.at for answer in session.turn.answers), 0)
    return around.now - event.away - last > ABANDONED


def reopen_waiting(session: Session, event: Reopened, around: Circumstances) -> Step:
    """The program was away while no clock ran: say what we are waiting for."""
    session = planning.without_missing(session, around.bank)
    if session.state is State.PAUSED and _is_gone(session, around):
        return drop_missing(clock.unpaused(session, around.now), around)
    if event.in_sight:
        return session, ()
    waiting = {
        State.CHOOSING: replies.which_interview(),
        State.PAUSED: replies.PAUSED,
        State.RATING: replies.RATE_YOURSELF,
    }
    text = waiting.get(session.state) or replies.BREAK_GOES_ON
    return session, (Say(replies.back(event.away, session.state)), Say(text, Tone.QUESTION))


def reopen_after_story(session: Session, event: Reopened, around: Circumstances) -> Step:
    """The program was away after a story was told: say what is asked."""
    if event.in_sight:
        return session, ()
    return and_then((Say(replies.back(event.away, session.state)),), _repeat(session, around))

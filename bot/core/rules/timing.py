"""The clock: nudges, warnings, deadlines, pauses and outages."""

from __future__ import annotations

from dataclasses import replace

from bot.core.effects import Effect, Say, StopTimers, Tone
from bot.core.events import Answered, Commanded, Reopened, TimerRang
from bot.core.questions import planning, turns
from bot.core.rules import answering, asking, clock, rehearsing
from bot.core.rules.closing import assess, conclude, drop_missing
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import Format, Outcome, Pace, Rehearsal, Session, State, TimerKind
from bot.core.text import question_text, replies


def ring(session: Session, event: TimerRang, context: RuleContext) -> Step:
    """Act on a timer of the open question; a late or doubled one does nothing."""
    turn = session.turn
    if event.turn != session.turn_number or turn.due_at is None or turn.overtime:
        return session, ()
    if event.kind is not TimerKind.DEADLINE and context.now >= turn.due_at:
        return session, ()  # rang late; the deadline speaks for itself
    match event.kind:
        case TimerKind.NUDGE:
            return session, _nudge(session, context)
        case TimerKind.WARNING:
            return session, (Say(question_text.warning(turn.due_at - context.now)),)
        case TimerKind.DEADLINE:
            return _time_up(session, context)


def ignore(session: Session, _event: object, _context: RuleContext) -> Step:
    """Do nothing."""
    return session, ()


def _nudge(session: Session, context: RuleContext) -> tuple[Effect, ...]:
    turn = session.turn
    if session.current_round.format is Format.RAPID_FIRE or turn.due_at is None:
        return ()
    if turn.slot.phase and turns.missing_musts(turns.assessed(session, turn, context.bank), context.bank):
        phase = context.bank.questions[turn.slot.question_id].phase(turn.slot.phase)
        return (Say(question_text.nudge(phase.nudge, context.now - turn.asked_at - turn.paused_seconds)),)
    if not turn.answers:
        return (Say(question_text.half_time(turn.due_at - context.now)),)
    return ()


def _time_up(session: Session, context: RuleContext) -> Step:
    if session.turn.due_at is not None and context.now < session.turn.due_at:
        return session, ()
    if session.setup.pace is not Pace.STRICT:
        session = session.with_turn(replace(session.turn, overtime=True))
        return session, (Say(replies.TIME_UP_PRACTICE),)
    session = assess(session, context)
    outcome = Outcome.ANSWERED if session.turn.answers else Outcome.TIMED_OUT
    return and_then((Say(replies.TIME_UP_STRICT),), conclude(session, outcome, context))


def pause(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Stop the clock, except in strict pace."""
    if session.setup.pace is Pace.STRICT:
        return session, (Say(replies.STRICT_NO_PAUSE),)
    session = replace(session, state=State.PAUSED, paused_in=session.state, paused_at=context.now)
    return session, (StopTimers(session.turn_number), Say(replies.PAUSED))


def resume(session: Session, event: object, context: RuleContext) -> Step:
    """Let the clock run again and say the pending question."""
    session, timers = clock.resumed(session, context.now)
    return and_then((Say(replies.RESUMED), *timers), asking.repeat(session, event, context))


def resume_with(session: Session, event: Answered, context: RuleContext) -> Step:
    """End the pause, and take the message as part of the answer."""
    session, timers = clock.resumed(session, context.now)
    take = rehearsing.take if isinstance(session.activity, Rehearsal) else answering.take_message
    return and_then(timers, take(session, event, context))


ABANDONED = 24 * 3600  # seconds of silence after which nobody is greeted who did not ask for it
UNNOTICED = 60  # seconds away that need no word in a chat where the question is still in sight


def reopen(session: Session, event: Reopened, context: RuleContext) -> Step:
    """Set the clock back by the time the program was away, and say the pending question."""
    welcome = Say(replies.back(event.away, is_timed=context.table[session.state].is_timed))
    session = planning.without_missing(session, context.bank)
    session = session.with_turn(clock.pushed_back(session.turn, event.away))
    if _is_gone(session, context):
        return and_then((welcome,), drop_missing(session, context))
    timers = clock.timers(session.turn, session.turn_number, context.now)
    again: tuple[Effect, ...] = (StopTimers(session.turn_number), *timers)
    if event.in_sight and (event.away < UNNOTICED or _is_abandoned(session, event, context)):
        return session, again
    return and_then((welcome, *again), asking.repeat(session, event, context))


def _is_gone(session: Session, context: RuleContext) -> bool:
    """Whether the open question is no longer in the bank; a rehearsal brings its own."""
    return not isinstance(session.activity, Rehearsal) and session.turn.slot.question_id not in context.bank.questions


def _is_abandoned(session: Session, event: Reopened, context: RuleContext) -> bool:
    """Whether the candidate said nothing for a day already when the program went away."""
    last = max(session.turn.asked_at, *(answer.at for answer in session.turn.answers), 0)
    return context.now - event.away - last > ABANDONED


def reopen_waiting(session: Session, event: Reopened, context: RuleContext) -> Step:
    """Say what is waited for, after the program was away while no clock ran."""
    session = planning.without_missing(session, context.bank)
    if session.state in {State.PAUSED, State.EXAMINING} and _is_gone(session, context):
        return drop_missing(clock.unpaused(session, context.now), context)
    if event.in_sight:
        return session, ()
    welcome = Say(replies.back(event.away, is_timed=False))
    return session, (welcome, Say(context.table[session.state].pending(session, context.bank), Tone.QUESTION))


def reopen_after_story(session: Session, event: Reopened, context: RuleContext) -> Step:
    """Say what is asked, after the program was away once a story was told."""
    if event.in_sight:
        return session, ()
    return and_then((Say(replies.back(event.away, is_timed=False)),), asking.repeat(session, event, context))

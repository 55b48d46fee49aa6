"""The clock of a question: when it nudges, warns and closes, and how pauses and outages push it back."""

from __future__ import annotations

from dataclasses import replace

from bot.core.effects import StartTimer
from bot.core.session import Session, State, TimerKind, Turn

NUDGE_AT = 0.5  # halfway through there is still time to act on it
WARN_AT = 0.85  # late enough to finish a thought, early enough to say what is missing
WARN_SECONDS = (15, 120)  # a warning comes at least 15 seconds and at most two minutes before the end
PROBE_SECONDS = 45  # with less than this left, an interviewer moves on instead of probing


def timers(turn: Turn, number: int, now: int) -> tuple[StartTimer, ...]:
    """The timers of turn `number` that are still to ring after `now`; a deadline missed in a stop rings at once."""
    length = turn.limit
    if turn.due_at is None or length is None:
        return ()
    left = min(max(length * (1 - WARN_AT), WARN_SECONDS[0]), WARN_SECONDS[1])
    moments = (
        (TimerKind.NUDGE, turn.due_at - round(length * (1 - NUDGE_AT))),
        (TimerKind.WARNING, turn.due_at - round(left)),
        (TimerKind.DEADLINE, turn.due_at),
    )
    missed = {TimerKind.DEADLINE} if not turn.overtime else set()
    return tuple(StartTimer(kind, number, due) for kind, due in moments if due > now or kind in missed)


def pushed_back(turn: Turn, seconds: int) -> Turn:
    """The turn with its clock set back by time that does not count."""
    due = None if turn.due_at is None else turn.due_at + seconds
    return replace(turn, due_at=due, paused_seconds=turn.paused_seconds + seconds)


def unpaused(session: Session, now: int) -> Session:
    """The session with its clock running again; the time since the pause does not count."""
    away = max(0, now - session.paused_at) if session.paused_at is not None else 0
    running = session.with_turn(pushed_back(session.turn, away))
    return replace(running, state=session.paused_in or State.ANSWERING, paused_at=None, paused_in=None)


def resumed(session: Session, now: int) -> tuple[Session, tuple[StartTimer, ...]]:
    """The session with its clock running again, and its timers."""
    session = unpaused(session, now)
    return session, timers(session.turn, session.turn_number, now)


def has_time_to_probe(turn: Turn, now: int) -> bool:
    """Whether a follow-up still fits into the question's time."""
    due = turn.due_at
    return due is None or due - now >= min(PROBE_SECONDS, (due - turn.asked_at) / 4)

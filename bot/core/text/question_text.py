"""What is said about the open question: the question itself, its facts and hints, and its clock."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Fact, Question
from bot.core.session import Session, State, Turn
from bot.core.text.replies import PHASE_TITLES, WHAT_WOULD_YOU_ASSUME, minutes

# What each hint takes off the score (`questions.turns.HINT_COSTS`).
_HINT_COSTS = (
    "5 points of 100 on this question",
    "10 points more",
    "15 points more and one level of four, since it points at the core",
)


def question(session: Session, turn: Turn, asked: Question, twist: str) -> str:
    """The question with its number and time; a design phase brings the problem itself only once."""
    parts = [_head(session, turn)]
    if turn.slot.phase:
        first = turn.slot.phase == session.rounds[turn.round].slots[0].phase
        parts += [asked.prompt] if first else []
        parts += [f"One requirement changes from here on. {twist}"] if twist else []
        parts.append(asked.phase(turn.slot.phase).prompt)
    else:
        parts.append(asked.prompt)
    return "\n\n".join(parts)


def repeated(session: Session, turn: Turn, asked: Question, twist: str) -> str:
    """The pending question once more, with the whole problem, or the open follow-up."""
    if session.state is State.PROBING:
        return turn.probes[-1].ask
    text = question(session, turn, asked, twist)
    return text if asked.prompt in text else f"{text}\n\nThe problem was: {asked.prompt}"


def _head(session: Session, turn: Turn) -> str:
    slots = session.rounds[turn.round].slots
    number = min(len(session.turns_of(turn.round)), len(slots))
    name = PHASE_TITLES[turn.slot.phase] if turn.slot.phase else "Question"
    kind = f"Part {number} of {len(slots)}: {name}" if turn.slot.phase else f"{name} {number} of {len(slots)}"
    if turn.limit is None:
        return f"{kind}."
    return f"{kind}. {minutes(turn.limit).capitalize()}."


def facts(found: Sequence[Fact | None]) -> str:
    """What the fact sheet says to the questions of one message; unknown ones go back to the candidate once."""
    known = [fact.answer for fact in dict.fromkeys(f for f in found if f)]
    return "\n".join(known + ([WHAT_WOULD_YOU_ASSUME] if None in found else []))


def hint(text: str, rung: int) -> str:
    """A hint, what it costs, and what the next one would."""
    costs = _HINT_COSTS
    following = f" The next one costs {costs[rung]}." if rung < len(costs) else ""
    return f"Hint {rung} of {len(costs)}, costs {costs[rung - 1]}. {text}{following}"


def time_left(session: Session, turn: Turn, now: int) -> str:
    """Where we are and how much time this question has left."""
    where = _head(session, turn).split(".")[0]
    used = minutes(max(0, now - turn.asked_at - turn.paused_seconds))
    if turn.due_at is None:
        return f"{where}. {used} so far; nothing is timed."
    left = turn.due_at - now
    return f"{where}. {minutes(left)} left." if left > 0 else f"{where}. {minutes(-left)} over time."


def nudge(text: str, elapsed: int) -> str:
    """One reminder in the middle of a question."""
    return f"{minutes(elapsed).capitalize()} in. {text}"


def half_time(seconds: int) -> str:
    """The nudge for a question that nothing was said about yet."""
    return f"{minutes(seconds).capitalize()} left. Start with what you have; /hint and /skip are there."


def warning(left: int) -> str:
    """The one warning near the end."""
    return f"{minutes(left).capitalize()} left for this question."

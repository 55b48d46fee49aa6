"""Buttons under a message: whether a press still means what it meant when the button was offered.

A mark says at which moment of an interview a button was offered: the part of the interview, the number of the turn, of
the follow-up, and of the hints taken; in a rehearsal in place of the follow-up that of the section or of the rating.
It travels inside the button, so nothing about buttons has to be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events import Answered, Command, Commanded
from bot.core.refusal import Refusal
from bot.core.rules.table import TABLE
from bot.core.session import Session, State
from bot.core.text import replies


class StalePressError(Refusal):
    """A button that no longer means anything; the message is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class _Mark:
    part: str
    turn: int = 0
    probe: int = 0
    hints: int = 0


def mark(session: Session) -> str:
    """The present moment of the interview, in at most 20 characters."""
    now = _now(session)
    return f"{now.part}{now.turn}.{now.probe}.{now.hints}"


def pressed(session: Session, offered_at: str, what: str) -> Commanded | Answered:
    """What a press means; StalePressError when its moment is over, as with the second tap of two."""
    then, now = _read(offered_at), _now(session)
    if what not in set(Command):
        _require(then.part in {"c", "r", "a"} and (then.part, then.probe) == (now.part, now.probe))
        return Answered(what)
    command = Command(what)
    match command:
        case Command.HINT:
            _require(then == now)
        case Command.DONE | Command.SKIP | Command.SEEN:
            _require((then.part, then.turn, then.probe) == (now.part, now.turn, now.probe))
        case Command.RESUME:
            _require(session.state in {State.PAUSED, State.ON_BREAK})
        case _:
            _require(then.part == now.part)
    return Commanded(command)


def submitted(session: Session, offered_at: str, text: str, source: str) -> Answered:
    """An answer from a form; StalePressError when its question was closed while the candidate wrote."""
    then, now = _read(offered_at), _now(session)
    if (then.part, then.turn) != (now.part, now.turn) or (now.part in {"t", "u"} and then.probe != now.probe):
        raise StalePressError(replies.too_late(text))
    return Answered(text, source)


def _require(current: bool) -> None:  # noqa: FBT001 - the condition is the argument
    if not current:
        raise StalePressError(replies.STALE_BUTTON)


def _now(session: Session) -> _Mark:
    part = TABLE[session.paused_in or session.state].mark
    if not session.turns:
        return _Mark(part)
    steps = {"t": len(set(session.telling.labels)), "a": len(session.telling.ratings)}
    turn = session.turn
    return _Mark(part, len(session.turns), steps.get(part, len(turn.probes)), turn.hints)


def _read(text: str) -> _Mark:
    """Parse a mark; a text that is none matches no moment."""
    numbers = text[1:].split(".")
    if len(numbers) != 3 or not all(n.isascii() and n.isdecimal() and len(n) <= 6 for n in numbers):  # noqa: PLR2004 - turn, probe, hints
        return _Mark("")
    return _Mark(text[0], *map(int, numbers))

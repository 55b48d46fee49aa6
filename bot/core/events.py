"""What happened: every input of the machine, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.assessment import Assessment
from bot.core.session import History, Setup, TimerKind


class Command(StrEnum):
    """What a candidate can say with a slash or a button during an interview."""

    DONE = "done"
    HINT = "hint"
    SKIP = "skip"
    SEEN = "seen"
    REPEAT = "repeat"
    TIME = "time"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Started:
    """A person asked for an interview."""

    setup: Setup
    history: History


@dataclass(frozen=True, slots=True)
class Answered:
    """A message arrived that is no command; `source` is the platform's id of it, empty where there is none."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that was sent before was changed."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command arrived."""

    command: Command


@dataclass(frozen=True, slots=True)
class TimerRang:
    """A timer of turn `turn` (counted from 0) came due."""

    kind: TimerKind
    turn: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """The program came back after it had been away for `away` seconds.

    `in_sight` says that the candidate still sees the pending question, so that a short absence needs no word.
    """

    away: int
    in_sight: bool = False


class Examination(StrEnum):
    """How an examination ended."""

    RESULT = "result"
    TIMEOUT = "timeout"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Examined:
    """The examination of an answer ended: that of turn `turn` after so many follow-ups; `found` goes with a result."""

    turn: int
    probe: int
    ended: Examination
    found: Assessment | None = None


Event = Started | Answered | Edited | Commanded | TimerRang | Reopened | Examined

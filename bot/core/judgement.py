"""What is said of a whole interview: its verdict, its dimensions, and the debrief with every round and turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Line = tuple[str, str]  # something said, and the words of the person that show it


class Verdict(StrEnum):
    """What an interviewer would recommend."""

    STRONG_HIRE = "strong hire"
    HIRE = "hire"
    NO_HIRE = "no hire"
    STRONG_NO_HIRE = "strong no hire"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


@dataclass(frozen=True, slots=True)
class DimensionLevel:
    """Where a dimension came out; `level` is None for not enough evidence, `share` is the evidence earned (0..1)."""

    id: str
    title: str
    level: int | None
    share: float
    anchor: str
    advice: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A credited point with the candidate's own words for it; `about` is the topic, or the part of a design."""

    about: str
    statement: str
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to improve: a `wrong` claim, a point that was not found, or a question left open.

    `words` is what was said where something was wrong, or what may have been meant for a point not found.
    """

    about: str
    statement: str
    words: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class TurnReport:
    """One question of the report; `score` is None when nothing was said."""

    question_id: str
    question_version: int
    bank_id: str
    bank_version: int
    phase: str
    topic: str
    prompt: str
    answer: str
    outcome: str
    score: float | None
    credits: tuple[tuple[str, float, str], ...]
    hints: int
    seconds: int
    limit: int | None
    model_answer: str
    story: tuple[Line, ...] = ()
    mistakes: tuple[Line, ...] = ()
    denied: tuple[str, ...] = ()
    """The statements of points that the answer contradicts; its words stand in `credits`."""
    maybe: tuple[Line, ...] = ()
    """Points not found that a sentence may have meant: the statement and the sentence."""


@dataclass(frozen=True, slots=True)
class RoundReport:
    """One round: its verdict and dimensions, and the questions asked in it."""

    format: str
    rubric_version: int
    verdict: Verdict
    dimensions: tuple[DimensionLevel, ...]
    pass_rate: int
    turns: tuple[TurnReport, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """The whole judgement of one interview."""

    session_id: int
    format: str
    level: str
    verdict: Verdict
    knocked_out: bool
    rounds: tuple[RoundReport, ...]
    went_well: tuple[Quote, ...]
    improve: tuple[Gap, ...]
    never_asked: tuple[str, ...]
    mistakes: tuple[Line, ...]
    hints: int
    seconds: int
    limit: int | None
    self_rating: int | None
    own_level: float | None
    next_steps: tuple[str, ...]
    finished_before: int
    ended_at: int
    at_best: Verdict | None = None
    """The verdict if every point that may have been meant had been made, where that is another one."""

"""What the scorer says of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The parts of a story in the order in which it is best told."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    LEARNING = "learning"


class Band(StrEnum):
    """A score in words; `abstain` means that the answer could not be judged at all."""

    NONE = "none"
    PARTIAL = "partial"
    SOLID = "solid"
    COMPLETE = "complete"
    ABSTAIN = "abstain"


class Flag(StrEnum):
    """Why an answer earns less than its words would suggest; `unrecognised` is the scorer's failing, not theirs."""

    ECHO = "echo"
    KEYWORD_LIST = "keyword-list"
    OFF_TOPIC = "off-topic"
    OTHER_LANGUAGE = "other-language"
    DONT_KNOW = "dont-know"
    INSTRUCTIONS = "instructions"
    HEDGING = "hedging"
    EMPTY = "empty"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class PointCredit:
    """What one key point earned: 0, .5 or 1, and the words of the answer that show it.

    `maybe` is the sentence of an answer that may have said a point without credit: it earns nothing and is asked about.
    """

    id: str
    credit: float
    evidence: str = ""
    contradicted: bool = False
    maybe: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something named that an answer says (a misconception) or neglects (a check), with its words."""

    id: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class StarSection:
    """A section of a story: its name, the sentence that shows it best, and its share of the words."""

    name: Section
    evidence: str
    share: float


@dataclass(frozen=True, slots=True)
class StarReading:
    """A told story taken apart: sections, who acted, the result in numbers, and how it would be spoken.

    `own_deeds` is whether the speaker is said to have done anything, and not only "we". Stored readings from before it
    was kept named an action only where the speaker acted, so True is right for them.
    """

    sections: tuple[StarSection, ...] = ()
    missing: tuple[Section, ...] = ()
    singular: int = 0
    plural: int = 0
    quantified: bool = False
    quantity: str = ""
    fillers_per_100: float = 0.0
    words: int = 0
    minutes: float = 0.0
    pace: str = ""
    hypothetical: bool = False
    own_deeds: bool = True

    def earns(self, section: str) -> bool:
        """Whether a section counts for the speaker: it is shown, and an action is not that of others alone."""
        return section not in self.missing and (section != Section.ACTION or self.own_deeds)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement of one answer to one question; `probe` is the key point to ask about next."""

    score: float
    band: Band
    points: tuple[PointCredit, ...] = ()
    misconceptions: tuple[Finding, ...] = ()
    flags: tuple[Flag, ...] = ()
    probe: str = ""
    star: StarReading | None = None

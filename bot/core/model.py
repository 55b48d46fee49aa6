"""The nouns of an interview: people and places, question banks, rubrics and rounds.

Everything here is frozen: a bank is read once and never changes while an interview runs.
Weights are relative to each other; minutes are minutes; difficulty runs from 1 to 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Stage(StrEnum):
    """A kind of interview round that a question is written for."""

    SCREEN = "screen"
    CODING = "coding"
    FUNDAMENTALS = "fundamentals"
    SYSTEM_DESIGN = "system-design"
    BEHAVIORAL = "behavioral"


class Level(StrEnum):
    """The seniority the candidate interviews for; it raises the bar and the difficulty."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Kind(StrEnum):
    """What a question asks for within its stage; a `part` is a phase, twist or follow-up of another question."""

    PROJECT = "project"
    MOTIVATION = "motivation"
    BASICS = "basics"
    THEORY = "theory"
    DEBUGGING = "debugging"
    JUDGEMENT = "judgement"
    CODING = "coding"
    DESIGN = "design"
    STORY = "story"
    PART = "part"


class When(StrEnum):
    """The state of an answer that a follow-up is meant for."""

    MISSING = "missing"
    STRONG = "strong"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something an answer can say: an AND of OR-groups of phrasings, bound to a subject.

    `all_of` holds the groups; each group lists phrasings of one part of the claim. `any_n` says how many
    groups suffice (absent: all). A phrasing counts only where it speaks of `subject`, never of `confusable`.
    """

    id: str
    statement: str
    all_of: tuple[tuple[str, ...], ...]
    any_n: int | None = None
    subject: tuple[str, ...] = ()
    confusable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPoint(Claim):
    """A claim that a good answer makes; a `must` point is the core of the answer."""

    weight: float = 1.0
    must: bool = False
    hint: str = ""
    follow_up: str = ""
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Misconception(Claim):
    """A wrong claim worth naming; `knock_out` caps the verdict when it stands after the challenge."""

    penalty: float = 0.3
    feedback: str = ""
    challenge: str = ""
    knock_out: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A prepared probe; `about` names the key point or misconception it belongs to."""

    when: When
    ask: str
    about: str = ""
    key_points: tuple[KeyPoint, ...] = ()
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the fact sheet: a clarifying question, its other wordings, and the answer to it.

    A `linchpin` is a fact without which the problem cannot be solved well.
    """

    id: str
    ask: str
    answer: str
    aliases: tuple[str, ...] = ()
    linchpin: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A timed part of a design question."""

    id: str
    minutes: float
    prompt: str
    key_points: tuple[KeyPoint, ...]
    nudge: str = ""


@dataclass(frozen=True, slots=True)
class Twist:
    """A requirement that changes midway through a design question."""

    id: str
    text: str
    key_points: tuple[KeyPoint, ...]
    sample: str = ""


@dataclass(frozen=True, slots=True)
class DeepDive:
    """A harder question about one phase, for an answer that covered it well."""

    id: str
    phase: str
    ask: str
    key_points: tuple[KeyPoint, ...]
    sample: str = ""


@dataclass(frozen=True, slots=True)
class TestCase:
    """One call of the candidate's function: positional JSON arguments and the expected JSON value."""

    __test__ = False  # the name is the domain's; pytest must not collect it

    args: tuple[object, ...]
    expected: object


@dataclass(frozen=True, slots=True)
class Exercise:
    """The executable half of a coding question."""

    function: str
    signature: str
    visible: tuple[TestCase, ...]
    hidden: tuple[TestCase, ...]
    solution: str
    time: str
    space: str
    tolerance: float | None = None
    any_order: bool = False


@dataclass(frozen=True, slots=True)
class Samples:
    """Answers of known quality, against which a question's own rubric is checked."""

    full: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that is needed to ask it, answer questions about it, and score what comes back."""

    id: str
    stage: Stage
    kind: Kind
    topic: str
    prompt: str
    key_points: tuple[KeyPoint, ...]
    difficulty: int = 3
    levels: tuple[Level, ...] = tuple(Level)
    minutes: float = 5.0
    facts: tuple[Fact, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    hints: tuple[str, ...] = ()
    model_answer: str = ""
    anchors: Mapping[int, str] = field(default_factory=dict)
    samples: Samples = Samples()
    sources: tuple[str, ...] = ()
    version: int = 1
    last_verified: str = ""
    reserve: bool = False
    allow_list: bool = False
    phases: tuple[Phase, ...] = ()
    twists: tuple[Twist, ...] = ()
    deep_dives: tuple[DeepDive, ...] = ()
    exercise: Exercise | None = None
    bank_id: str = ""
    bank_version: int = 1

    def narrowed_to(self, prompt: str, key_points: tuple[KeyPoint, ...]) -> Question:
        """The same question asked about a part of it: a phase, a twist or a follow-up."""
        return replace(self, kind=Kind.PART, prompt=prompt, key_points=key_points)

    def phase(self, phase_id: str) -> Phase:
        """The phase called `phase_id`; KeyError when the question has none of that name."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise KeyError(phase_id)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a dimension is computed from: which key points count, and which observables beside them.

    A key point counts when its own `dimension` names the dimension, or when it names none and stands in one of
    `phases` or in a question of one of `kinds`. The flags add the share of linchpins asked for, of probes and of
    twists answered, of answers free of misconceptions, and of questions answered; `star` names story sections.
    """

    kinds: tuple[Kind, ...] = ()
    phases: tuple[str, ...] = ()
    core_only: bool = False
    linchpins: bool = False
    probes: bool = False
    twists: bool = False
    accuracy: bool = False
    breadth: bool = False
    star: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four things a round is judged by, on a scale of 1 to 4 with written anchors."""

    id: str
    title: str
    advice: str
    evidence: Evidence
    anchors: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class StageRubric:
    """How a round is judged; `pass_rate` is the usual share of real candidates who pass it, in percent."""

    id: str
    version: int
    pass_rate: int
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """All questions and rubrics an interview may draw on, by id.

    `stages` lists the ids of each stage where they are known without opening the questions. `similar` is an optional
    second opinion, from 0 to 1, on whether two sentences mean the same.
    """

    questions: Mapping[str, Question]
    rubrics: Mapping[str, StageRubric]
    stages: Mapping[Stage, tuple[str, ...]] | None = None
    similar: Callable[[str, str], float] | None = None

    def of_stage(self, stage: Stage) -> tuple[Question, ...]:
        """The questions written for `stage`, in the order of their ids."""
        if self.stages is not None:
            return tuple(self.questions[question_id] for question_id in self.stages.get(stage, ()))
        return tuple(q for _, q in sorted(self.questions.items()) if q.stage is stage)

"""The nouns of an interview: people and places, question banks, rubrics and rounds.

Everything here is frozen: a bank is read once and never changes while an interview runs. Nouns are shaped as authors
write them in YAML; their constraints, and the text beneath a field, are what `bot.banks` holds an author to and tells
an editor. Code that makes a noun itself is not held to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Literal

from annotated_types import Ge, Interval, Len, MinLen

# What `annotated_types` has no word for stands in the metadata of a field: `pattern`, and `alias`, the name in a file.
HYPHENATED = r"^[a-z0-9]+(-[a-z0-9]+)*$"
FUNCTION_NAME = r"^[a-z_][a-z0-9_]*$"
ID = {"pattern": HYPHENATED, "max_length": 60}
Text = Annotated[str, MinLen(1)]
Texts = tuple[Text, ...]
Prompt = Annotated[str, Len(10, 1800)]
Minutes = Annotated[float, Interval(gt=0, le=60)]


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

    @property
    def is_told(self) -> bool:
        """Whether the candidate tells of themselves, so that nobody else can know the right answer."""
        return self in {Kind.STORY, Kind.PROJECT, Kind.MOTIVATION}


class When(StrEnum):
    """The state of an answer that a follow-up is meant for."""

    MISSING = "missing"
    STRONG = "strong"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something an answer can say: an AND of OR-groups of phrasings, bound to a subject.

    A phrasing counts only where it speaks of `subject`, never of `confusable`.
    """

    id: str = field(metadata=ID)
    """Unique within the question."""
    statement: Text
    """The claim as one plain sentence; shown in the debrief."""
    all_of: Annotated[tuple[Annotated[Texts, MinLen(1)], ...], MinLen(1)] = field(metadata={"alias": "all"})
    """AND of OR-groups: every group needs one phrasing in the answer. 5 to 9 phrasings a group, among them concepts of
    the lexicon as `"@l1"`, which stand for all their wordings."""
    any_n: Annotated[int, Ge(1)] | None = None
    """How many of the groups in `all` suffice; absent: all of them."""
    subject: Texts = ()
    """Names of what the claim is about."""
    confusable: Texts = ()
    """Names of what it is confused with; absent: what the lexicon contrasts the subject with."""
    opposite: Texts = ()
    """What is wrongly said of the subject instead; absent: what the lexicon contrasts the claim with."""


@dataclass(frozen=True, slots=True)
class KeyPoint(Claim):
    """A claim that a good answer makes."""

    plain: Texts = ()
    """Everyday ways of making the whole claim, each of 2 to 4 words that say something; one of them suffices."""
    weight: Annotated[float, Interval(gt=0, le=5)] = 1.0
    """Relative weight, usually 1 to 3."""
    must: bool = False
    """The core of the answer: probed first when missing."""
    hint: str = ""
    """A nudge towards this point that does not say it."""
    follow_up: str = ""
    """The probe when this point is missing; must not give it away."""
    dimension: str = ""
    """Dimension of the stage's rubric this point counts for; absent: by kind or phase."""


@dataclass(frozen=True, slots=True)
class Misconception(Claim):
    """A wrong claim worth naming."""

    penalty: Annotated[float, Interval(gt=0, le=1)] = 0.3
    """Taken off the score, 0 to 1."""
    feedback: Text = field(kw_only=True)
    """What is right instead, one or two sentences, said in the debrief."""
    challenge: Text = field(kw_only=True)
    """A neutral question that lets the candidate correct it."""
    knock_out: bool = False
    """Caps the verdict at no hire when it stands after the challenge."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A prepared probe."""

    when: When
    """missing, strong or wrong."""
    ask: Text
    """The probe as the interviewer says it."""
    about: str = ""
    """Id of the key point or misconception it belongs to, if any."""
    key_points: tuple[KeyPoint, ...] = ()
    """What a good reply says; required for `strong`, so that the reply can be scored."""
    sample: str = ""
    """A full reply; required for `strong`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the fact sheet: a clarifying question, its other wordings, and the answer to it."""

    id: str = field(metadata=ID)
    """Unique within the question."""
    ask: Text
    """The clarifying question, as a candidate would ask it."""
    answer: Text
    """What the interviewer answers; concrete, one or two sentences."""
    aliases: Texts = ()
    """Other wordings of the same question."""
    linchpin: bool = False
    """Without it the problem cannot be solved well."""


PhaseId = Literal["requirements", "data", "model", "serving", "monitoring", "trade-offs"]


@dataclass(frozen=True, slots=True)
class Phase:
    """A timed part of a design question."""

    id: PhaseId
    minutes: Minutes
    prompt: Prompt
    key_points: Annotated[tuple[KeyPoint, ...], MinLen(2)]
    nudge: Text
    """Said once when half the time has gone by: "No metric yet" in one sentence."""


@dataclass(frozen=True, slots=True)
class Twist:
    """A requirement that changes midway through a design question."""

    id: str = field(metadata=ID)
    text: Prompt
    key_points: Annotated[tuple[KeyPoint, ...], MinLen(1)]
    sample: Text
    """A full reply."""


@dataclass(frozen=True, slots=True)
class DeepDive:
    """A harder question about one phase, for an answer that covered it well."""

    id: str = field(metadata=ID)
    phase: Text
    ask: Text
    key_points: Annotated[tuple[KeyPoint, ...], MinLen(1)]
    sample: Text
    """A full reply."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """One call of the candidate's function."""

    __test__ = False  # the name is the domain's; pytest must not collect it

    args: tuple[object, ...]
    """Positional arguments, JSON values."""
    expected: object
    """The value it must return, a JSON value."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """The executable half of a coding question."""

    function: str = field(metadata={"pattern": FUNCTION_NAME})
    signature: Text
    """The `def` line with type hints and a one-line docstring."""
    visible: Annotated[tuple[TestCase, ...], Len(2, 10)]
    hidden: Annotated[tuple[TestCase, ...], Len(3, 20)]
    solution: Text
    """Reference solution, standard library only, that passes all tests."""
    time: Text
    """Time complexity, such as O(n log n), with what n is."""
    space: Text
    """Extra space."""
    tolerance: float | None = None
    """Allowed absolute error for floats."""
    any_order: bool = False
    """The returned list may be in any order."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that is needed to ask it, answer questions about it, and score what comes back."""

    id: str = field(metadata=ID)
    """Unique over all banks; starts with the stage or topic."""
    stage: Stage
    kind: Kind
    """screen: project, motivation, basics; fundamentals: theory, debugging, judgement; coding: coding; system-design:
    design; behavioral: story."""
    topic: str = field(metadata=ID)
    """Topic, or for behavioral questions the competency."""
    prompt: Prompt
    key_points: tuple[KeyPoint, ...] = ()
    """Design questions have theirs in the phases."""
    difficulty: int = 3
    levels: tuple[Level, ...] = tuple(Level)
    minutes: float = 5.0
    facts: tuple[Fact, ...] = ()
    """The fact sheet for clarifying questions."""
    misconceptions: tuple[Misconception, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    hints: tuple[str, ...] = ()
    model_answer: str = ""
    sources: tuple[str, ...] = ()
    version: int = 1
    reserve: bool = False
    """Kept for mock interviews, never pushed as a daily question."""
    allow_list: bool = False
    """A bare list is a right answer here."""
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

    def misconception(self, claim_id: str) -> Misconception:
        """The misconception called `claim_id`; KeyError when the question has none of that name."""
        for known in self.misconceptions:
            if known.id == claim_id:
                return known
        raise KeyError(claim_id)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a dimension is computed from: which key points count, and which observables beside them.

    A key point counts when its own `dimension` names the dimension, or when it names none and stands in one of
    `phases` or in a question of one of `kinds`.
    """

    kinds: tuple[Kind, ...] = ()
    """Key points of questions of these kinds count."""
    phases: tuple[str, ...] = ()
    """Key points of these design phases count."""
    core_only: bool = False
    """Only `must` points count."""
    linchpins: bool = False
    """The share of linchpin facts asked for counts."""
    probes: bool = False
    """The share of probes answered counts."""
    twists: bool = False
    """The reply to the changed requirement counts."""
    accuracy: bool = False
    """Answers free of misconceptions count."""
    breadth: bool = False
    """The share of questions with a solid answer counts."""
    star: tuple[Literal["situation", "task", "action", "result", "learning"], ...] = ()
    """These story sections count."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What each level of the 1 to 4 scale looks like."""

    one: Text = field(metadata={"alias": "1"})
    two: Text = field(metadata={"alias": "2"})
    three: Text = field(metadata={"alias": "3"})
    four: Text = field(metadata={"alias": "4"})

    def __getitem__(self, level: int) -> str:
        return {1: self.one, 2: self.two, 3: self.three, 4: self.four}[level]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four things a round is judged by, on a scale of 1 to 4 with written anchors."""

    id: str = field(metadata=ID)
    title: Text
    advice: Text
    """A concrete next step for someone weak here."""
    evidence: Evidence
    anchors: Anchors


@dataclass(frozen=True, slots=True)
class StageRubric:
    """How one kind of round is judged."""

    id: str = field(metadata=ID)
    """screen, coding, fundamentals, rapid-fire, system-design or behavioral."""
    version: Annotated[int, Ge(1)]
    pass_rate: Annotated[int, Interval(ge=0, le=100)]
    """Usual pass rate in percent, for context."""
    dimensions: Annotated[tuple[Dimension, ...], Len(4, 4)]


@dataclass(frozen=True, slots=True)
class Bank:
    """All questions and rubrics an interview may draw on, by id.

    `stages` lists the ids of each stage, and the topic of each, where they are known without opening the questions.
    `examiners` names, for each kind of question whose answers are examined before they are assessed, whoever examines
    them.
    """

    questions: Mapping[str, Question]
    rubrics: Mapping[str, StageRubric]
    stages: Mapping[Stage, Mapping[str, str]] | None = None
    examiners: Mapping[Kind, str] = field(default_factory=dict)

    def of_stage(self, stage: Stage) -> tuple[Question, ...]:
        """The questions written for `stage`, in the order of their ids."""
        if self.stages is not None:
            return tuple(self.questions[question_id] for question_id in self.stages.get(stage, ()))
        return tuple(q for _, q in sorted(self.questions.items()) if q.stage is stage)

    def topics_of_stage(self, stage: Stage) -> frozenset[str]:
        """What the questions written for `stage` are about."""
        if self.stages is not None:
            return frozenset(self.stages.get(stage, {}).values())
        return frozenset(question.topic for question in self.of_stage(stage))

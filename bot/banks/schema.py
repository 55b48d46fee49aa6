"""The shape of a bank file, for validation and for editors (`mockbot schema`).

Each model says in its field descriptions what an author has to write; `convert.py` turns the models into
the frozen nouns of `bot.core.model`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.core.model import Kind, Level, Stage, When

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1800)]
Phrasings = Annotated[list[Text], Field(min_length=1, max_length=40)]


class Part(BaseModel):
    """What all parts of a bank file share: unknown fields are errors, so a typing slip is found."""

    # a phrasing such as -1 or 0.5 is a text to its author, quoted or not
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class ClaimModel(Part):
    """A claim: an AND of OR-groups of phrasings."""

    id: Id = Field(description="Unique within the question.")
    statement: Text = Field(description="The claim as one plain sentence; shown in the debrief.")
    all: list[Phrasings] = Field(
        min_length=1,
        description="AND of OR-groups: every group needs one phrasing in the answer. 3 to 8 phrasings a group: "
        "terse or symbolic, plain language, formula.",
    )
    any_n: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many of the groups in `all` suffice; absent: all of them."
    )
    subject: list[Text] = Field(default=[], description="Names of what the claim is about.")
    confusable: list[Text] = Field(default=[], description="Names of what it is confused with.")


class KeyPointModel(ClaimModel):
    """A claim a good answer makes."""

    weight: Annotated[float, Field(gt=0, le=5)] = Field(default=1.0, description="Relative weight, usually 1 to 3.")
    must: bool = Field(default=False, description="The core of the answer: probed first when missing.")
    hint: str = Field(default="", description="A nudge towards this point that does not say it.")
    follow_up: str = Field(default="", description="The probe when this point is missing; must not give it away.")
    dimension: str = Field(
        default="", description="Dimension of the stage's rubric this point counts for; absent: by kind or phase."
    )


class MisconceptionModel(ClaimModel):
    """A wrong claim worth naming."""

    penalty: Annotated[float, Field(gt=0, le=1)] = Field(default=0.3, description="Taken off the score, 0 to 1.")
    feedback: Text = Field(description="What is right instead, one or two sentences, said in the debrief.")
    challenge: Text = Field(description="A neutral question that lets the candidate correct it.")
    knock_out: bool = Field(default=False, description="Caps the verdict at no hire when it stands.")


class FollowUpModel(Part):
    """A prepared probe."""

    when: When = Field(description="missing, strong or wrong.")
    ask: Text = Field(description="The probe as the interviewer says it.")
    about: str = Field(default="", description="Id of the key point or misconception it belongs to, if any.")
    key_points: list[KeyPointModel] = Field(
        default=[], description="What a good reply says; required for `strong`, so that the reply can be scored."
    )
    sample: str = Field(default="", description="A full reply; required for `strong`.")


class FactModel(Part):
    """A line of the fact sheet."""

    id: Id = Field(description="Unique within the question.")
    ask: Text = Field(description="The clarifying question, as a candidate would ask it.")
    aliases: list[Text] = Field(default=[], description="Other wordings of the same question.")
    answer: Text = Field(description="What the interviewer answers; concrete, one or two sentences.")
    linchpin: bool = Field(default=False, description="Without it the problem cannot be solved well.")


class PhaseModel(Part):
    """A timed part of a design question."""

    id: Literal["requirements", "data", "model", "serving", "monitoring", "trade-offs"]
    minutes: Annotated[float, Field(gt=0, le=60)]
    prompt: Prompt
    key_points: Annotated[list[KeyPointModel], Field(min_length=2)]
    nudge: Text = Field(description='Said once when half the time has gone by: "No metric yet" in one sentence.')


class TwistModel(Part):
    """A requirement that changes midway."""

    id: Id
    text: Prompt
    key_points: Annotated[list[KeyPointModel], Field(min_length=1)]
    sample: Text = Field(description="A full reply.")


class DeepDiveModel(Part):
    """A harder question about one phase."""

    id: Id
    phase: Text
    ask: Text
    key_points: Annotated[list[KeyPointModel], Field(min_length=1)]
    sample: Text = Field(description="A full reply.")


class TestCaseModel(Part):
    """One call of the candidate's function."""

    __test__ = False

    args: list[Any] = Field(description="Positional arguments, JSON values.")
    expected: Any = Field(description="The value it must return, a JSON value.")


class ExerciseModel(Part):
    """The executable half of a coding question."""

    function: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$")]
    signature: Text = Field(description="The `def` line with type hints and a one-line docstring.")
    visible: Annotated[list[TestCaseModel], Field(min_length=2, max_length=10)]
    hidden: Annotated[list[TestCaseModel], Field(min_length=3, max_length=20)]
    solution: Text = Field(description="Reference solution, standard library only, that passes all tests.")
    time: Text = Field(description="Time complexity, such as O(n log n), with what n is.")
    space: Text = Field(description="Extra space.")
    tolerance: float | None = Field(default=None, description="Allowed absolute error for floats.")
    any_order: bool = Field(default=False, description="The returned list may be in any order.")


class SamplesModel(Part):
    """Answers of known quality."""

    full: Annotated[list[Text], Field(min_length=1)] = Field(description="Complete answers; score at least .8.")
    partial: Annotated[list[Text], Field(min_length=1)] = Field(description="Half answers; score .25 to .75.")
    wrong: Annotated[list[Text], Field(min_length=1)] = Field(description="Wrong answers; score at most .25.")


class AnchorsModel(Part):
    """What each level of the 1 to 4 scale looks like for this question."""

    model_config = ConfigDict(populate_by_name=True)

    one: Text = Field(alias="1")
    two: Text = Field(alias="2")
    three: Text = Field(alias="3")
    four: Text = Field(alias="4")


class QuestionModel(Part):
    """A question with its rubric."""

    id: Id = Field(description="Unique over all banks; starts with the stage or topic.")
    stage: Stage
    kind: Kind = Field(
        description="screen: project, motivation, basics; fundamentals: theory, debugging, judgement; "
        "coding: coding; system-design: design; behavioral: story."
    )
    topic: Id = Field(description="Topic, or for behavioral questions the competency.")
    difficulty: Annotated[int, Field(ge=1, le=5)]
    levels: Annotated[list[Level], Field(min_length=1)]
    minutes: Annotated[float, Field(gt=0, le=60)] = Field(description="Time for the answer.")
    prompt: Prompt
    facts: list[FactModel] = Field(default=[], description="The fact sheet for clarifying questions.")
    key_points: list[KeyPointModel] = Field(default=[], description="Design questions have theirs in the phases.")
    misconceptions: list[MisconceptionModel] = []
    follow_ups: list[FollowUpModel] = []
    hints: Annotated[list[Text], Field(min_length=3, max_length=3)] = Field(
        description="Three rungs: where to look, what to consider, nearly the core."
    )
    model_answer: Text
    anchors: AnchorsModel
    samples: SamplesModel
    sources: Annotated[list[Text], Field(min_length=1)] = Field(description="Where the facts can be looked up.")
    version: Annotated[int, Field(ge=1)]
    last_verified: date
    reserve: bool = Field(default=False, description="Kept for mock interviews, never pushed as a daily question.")
    allow_list: bool = Field(default=False, description="A bare list is a right answer here.")
    phases: list[PhaseModel] = []
    twists: list[TwistModel] = []
    deep_dives: list[DeepDiveModel] = []
    exercise: ExerciseModel | None = None


class BankHeader(Part):
    """Who a bank is and under which terms it may be used."""

    id: Id
    title: Text
    version: Annotated[int, Field(ge=1)]
    licence: Text


class BankFile(Part):
    """A question bank: one YAML file."""

    bank: BankHeader
    questions: Annotated[list[QuestionModel], Field(min_length=1)]


class EvidenceModel(Part):
    """What a dimension is computed from."""

    kinds: list[Kind] = Field(default=[], description="Key points of questions of these kinds count.")
    phases: list[str] = Field(default=[], description="Key points of these design phases count.")
    core_only: bool = Field(default=False, description="Only `must` points count.")
    linchpins: bool = Field(default=False, description="The share of linchpin facts asked for counts.")
    probes: bool = Field(default=False, description="The share of probes answered counts.")
    twists: bool = Field(default=False, description="The reply to the changed requirement counts.")
    accuracy: bool = Field(default=False, description="Answers free of misconceptions count.")
    breadth: bool = Field(default=False, description="The share of questions with a solid answer counts.")
    star: list[Literal["situation", "task", "action", "result", "learning"]] = Field(
        default=[], description="These story sections count."
    )


class DimensionModel(Part):
    """One of the four things a round is judged by."""

    id: Id
    title: Text
    advice: Text = Field(description="A concrete next step for someone weak here.")
    evidence: EvidenceModel
    anchors: AnchorsModel


class StageRubricModel(Part):
    """How one kind of round is judged."""

    id: Id = Field(description="screen, coding, fundamentals, rapid-fire, system-design or behavioral.")
    version: Annotated[int, Field(ge=1)]
    pass_rate: Annotated[int, Field(ge=0, le=100)] = Field(description="Usual pass rate in percent, for context.")
    dimensions: Annotated[list[DimensionModel], Field(min_length=4, max_length=4)]


class RubricFile(Part):
    """Stage rubrics: one YAML file."""

    rubrics: Annotated[list[StageRubricModel], Field(min_length=1)]

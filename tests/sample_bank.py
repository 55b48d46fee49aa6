"""A small bank for tests: questions with a rubric that a short sentence can meet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.banks.loader import Reading, bank_of, read
from bot.config import shipped_content
from bot.core.model import (
    Bank,
    DeepDive,
    Fact,
    FollowUp,
    KeyPoint,
    Kind,
    Level,
    Misconception,
    Phase,
    Question,
    Stage,
    Twist,
    When,
)

RUBRICS = Path(__file__).parent.parent / "content" / "rubrics"
PHASES = ("requirements", "data", "model", "serving", "monitoring", "trade-offs")

CORE = "Entropy measures the uncertainty of a distribution."
UNIFORM = "It is largest when all outcomes are equally likely."
FULL_ANSWER = f"{CORE} {UNIFORM}"
WRONG = "Entropy is always negative."
REFINED = "The difference is the Kullback-Leibler divergence."
STORY = (
    "Last year our payment service failed every night, and I was asked to find out why. My task was to stop the "
    "failures within a month. I wrote down every failure and I asked the on-call engineers what they had seen. "
    "I decided to rewrite the retry logic and I tested it against recorded traffic. As a result failures fell by "
    "90 percent, from 30 a week to 3. I learned to write down the failures first before I touch the code."
)

CORE_POINT = KeyPoint(
    "core",
    "Entropy measures uncertainty.",
    (("measures uncertainty", "measure of uncertainty", "how uncertain"),),
    weight=2,
    must=True,
    hint="What does it say about a coin?",
    follow_up="What is it a measure of?",
)
UNIFORM_POINT = KeyPoint(
    "uniform",
    "It is largest for the uniform distribution.",
    (("outcomes equally likely", "uniform distribution"),),
    follow_up="When is it largest?",
)
NEGATIVE = Misconception(
    "negative",
    "Entropy is negative.",
    (("always negative", "below zero"),),
    penalty=0.4,
    feedback="The entropy of a discrete distribution is never negative.",
    challenge="Take a fair coin. What is its entropy?",
)
HARDER = FollowUp(
    When.STRONG,
    "How does cross-entropy differ from it?",
    key_points=(KeyPoint("kl", "By the KL divergence.", (("kullback leibler", "kl divergence"),)),),
    sample=REFINED,
)
FACTS = (
    Fact(
        "discrete",
        "Is the distribution discrete?",
        "Yes, over ten outcomes.",
        ("discrete or continuous",),
        linchpin=True,
    ),
    Fact("base", "Which base has the logarithm?", "Base two.", ("what log base",)),
)
HINTS = ("Think of a coin.", "Compare a fair coin with a bent one.", "It is about how unsure you are.")


def theory(name: str, kind: Kind = Kind.THEORY, stage: Stage = Stage.FUNDAMENTALS) -> Question:
    """A question about entropy under another topic."""
    return Question(
        id=f"{name}-entropy",
        stage=stage,
        kind=kind,
        topic=name,
        prompt=f"What does the idea behind {name} tell you about a random variable?",
        key_points=(CORE_POINT, UNIFORM_POINT),
        levels=(Level.JUNIOR, Level.MID, Level.SENIOR),
        facts=FACTS,
        misconceptions=(NEGATIVE,),
        follow_ups=(HARDER,),
        hints=HINTS,
        model_answer="Entropy is a measure of uncertainty; it is largest for a uniform distribution.",
        sources=("Cover and Thomas, Elements of Information Theory, 2nd ed. (2006), section 2.1",),
        bank_id="sample",
        bank_version=3,
    )


def coding(name: str) -> Question:
    """A coding question without an exercise; its points carry the rubric's dimensions."""
    points = tuple(
        KeyPoint(dimension, statement, (phrasings,), must=dimension == "approach", dimension=dimension,
                 hint="Think.", follow_up=f"What about {dimension}?")
        for dimension, statement, phrasings in (
            ("understanding", "Asks about empty input.", ("empty list", "empty input")),
            ("approach", "Uses a hash map.", ("hash map", "dictionary")),
            ("correctness", "Looks up before inserting.", ("check before inserting", "look up before")),
            ("analysis", "Linear time.", ("linear time", "o(n)")),
        )
    )  # fmt: skip
    return Question(
        id=f"{name}-pairs", stage=Stage.CODING, kind=Kind.CODING, topic=name,
        prompt="Write two_sum(numbers, target) that returns the indices of two numbers with that sum.",
        key_points=points, facts=FACTS, hints=HINTS, minutes=45, sources=("Our own.",),
        model_answer="```python\ndef two_sum(numbers, target): ...\n```",
    )  # fmt: skip


def design(name: str) -> Question:
    """A design question in six phases; each phase is about a word of its own."""
    phases = tuple(
        Phase(
            phase, minutes, f"Part about {phase}: what would you do?",
            (KeyPoint(f"{phase}-point", f"Covers {phase}.", ((f"plan the {phase} carefully",),), must=True,
                      hint="Think.", follow_up=f"What is missing in the {phase}?"),),
            f"Nothing about a plan for {phase} yet.",
        )
        for phase, minutes in zip(PHASES, (5, 10, 15, 10, 10, 10), strict=True)
    )  # fmt: skip
    return Question(
        id=f"{name}-design", stage=Stage.SYSTEM_DESIGN, kind=Kind.DESIGN, topic=name,
        prompt=f"Design a {name} system.", phases=phases,
        key_points=tuple(point for phase in phases for point in phase.key_points),
        facts=(Fact("scale", "How many users are there?", "Ten million a day.", ("what scale",), linchpin=True),),
        twists=(Twist("cheaper", "The budget is halved.",
                      (KeyPoint("cut", "Uses a smaller model.", (("smaller model",),)),), "A smaller model."),),
        deep_dives=(DeepDive("deep", "data", "How would you find label noise?",
                             (KeyPoint("noise", "By relabelling a sample.", (("relabel a sample",),)),),
                             "I relabel a sample."),),
        hints=HINTS, minutes=60, sources=("Our own.",), model_answer="Plan every phase.",
    )  # fmt: skip


def story(name: str) -> Question:
    """A behavioral question about one competency."""
    return Question(
        id=f"{name}-story", stage=Stage.BEHAVIORAL, kind=Kind.STORY, topic=name,
        prompt=f"Tell me about a time you showed {name}.",
        key_points=(KeyPoint("asked", "Asks others.", (("asked the on-call", "asked colleagues"),),
                             must=True, dimension="ownership", hint="Who helped?", follow_up="Whom did you talk to?"),),
        hints=HINTS, minutes=7, sources=("Our own.",), model_answer="A story.",
    )  # fmt: skip


@cache
def sample_bank() -> Bank:
    """The bank, with the shipped rubrics."""
    questions = [
        *(theory(name) for name in ("entropy", "coding-theory", "gambling", "physics", "language")),
        *(theory(name, Kind.DEBUGGING) for name in ("broken-coin", "lost-bits", "stuck-dice")),
        *(theory(name, Kind.JUDGEMENT) for name in ("choice", "trade")),
        *(theory(name, Kind.BASICS, Stage.SCREEN) for name in ("basics-a", "basics-b", "basics-c", "basics-d")),
        theory("project-a", Kind.PROJECT, Stage.SCREEN),
        theory("motive-a", Kind.MOTIVATION, Stage.SCREEN),
        coding("hashing"),
        coding("arrays"),
        design("lending"),
        design("parking"),
        *(story(name) for name in ("ownership", "conflict", "failure", "learning", "focus")),
    ]
    return Bank({q.id: q for q in questions}, bank_of(read([RUBRICS])).rubrics)


@cache
def shipped_files() -> Reading:
    """The files that come with the program, which take a second to read."""
    return read([shipped_content()])


@cache
def shipped_bank() -> Bank:
    """The questions that come with the program."""
    return bank_of(shipped_files())

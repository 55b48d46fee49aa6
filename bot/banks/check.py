"""What a bank must fulfil beyond its shape: references, distinct questions, nothing given away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rapidfuzz import fuzz, process

from bot.banks import loader
from bot.banks.passed import Passed
from bot.banks.recognition import advice_on, advice_on_all, own_points
from bot.banks.schema import WrittenQuestion
from bot.banks.source import Path_, Placed, Problem
from bot.core.model import Claim, DeepDive, FollowUp, KeyPoint, Kind, PhaseId, Question, Stage, Twist, When
from bot.core.scoring import assess

KINDS = {
    Stage.SCREEN: {Kind.PROJECT, Kind.MOTIVATION, Kind.BASICS},
    Stage.CODING: {Kind.CODING},
    Stage.FUNDAMENTALS: {Kind.THEORY, Kind.DEBUGGING, Kind.JUDGEMENT},
    Stage.SYSTEM_DESIGN: {Kind.DESIGN},
    Stage.BEHAVIORAL: {Kind.STORY},
}
PHASES = get_args(PhaseId)
# Prompts that share nine tenths of their letters in order, once words are sorted, were one prompt reworded in every
# pair of the shipped banks that was tried; different questions on one topic stay below .75.
NEAR_DUPLICATE = 90
FULL, PARTIAL, WRONG, ECHO = 0.8, (0.25, 0.75), 0.25, 0.1


@loader.without_collector()
def check(
    paths: Sequence[Path], cache: Path | None = None, lexicon: Path | None = None
) -> tuple[int, tuple[Problem, ...]]:
    """Read everything under `paths`; the number of questions, all problems and all advice, in the order of the files.

    Samples that passed before are not scored again while neither question nor scorer has changed (see `Passed`).
    Questions may name the concepts of the `lexicon` beside their own.
    """
    passed = Passed(cache)
    reading = loader.read(paths, lexicon)
    problems = list(reading.problems)
    problems += near_duplicates(reading.questions)
    for placed in reading.questions:
        problems += _of_question(placed)
        problems += _samples(placed, passed)
    problems += advice_on_all(reading.questions)
    passed.keep()
    return len(reading.questions), tuple(sorted(problems))


def near_duplicates(questions: Sequence[Placed[WrittenQuestion]]) -> Iterator[Problem]:
    """A problem for every question that asks what an earlier one of the same stage asks."""
    prompts = [" ".join(sorted(placed.noun.prompt.lower().split())) for placed in questions]
    for index, placed in enumerate(questions):
        earlier = [
            prompt if questions[i].noun.stage is placed.noun.stage else None for i, prompt in enumerate(prompts[:index])
        ]
        found = process.extractOne(prompts[index], earlier, scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE)
        if found:
            twin = questions[found[2]].noun.id
            yield placed.problem(("prompt",), f"asks nearly the same as `{twin}`: drop one or make them differ")


def _of_question(placed: Placed[WrittenQuestion]) -> Iterator[Problem]:
    question = placed.noun
    yield from _kind(placed, question)
    yield from _references(placed, question)
    yield from _probes(placed, question)
    for path, point in _all_points(question):
        yield from _claim(placed, path, point, question.prompt)
    for index, misconception in enumerate(question.misconceptions):
        yield from _claim(placed, ("misconceptions", index), misconception, question.prompt)
    if question.stage is Stage.SYSTEM_DESIGN:
        yield from _design(placed, question)
    if question.stage is Stage.CODING and question.exercise is None:
        yield placed.problem((), "a coding question needs an `exercise`: add signature, tests and solution")


def _kind(placed: Placed[WrittenQuestion], question: Question) -> Iterator[Problem]:
    if question.kind not in KINDS[question.stage]:
        allowed = ", ".join(sorted(KINDS[question.stage]))
        yield placed.problem(("kind",), f"kind {question.kind} does not belong to {question.stage}: use {allowed}")
    if not question.key_points:
        yield placed.problem((), "has no key points: say what a good answer claims")


def _references(placed: Placed[WrittenQuestion], question: Question) -> Iterator[Problem]:
    claims = [p.id for p in question.key_points] + [m.id for m in question.misconceptions]
    known = set(claims)
    for claim_id in sorted({c for c in claims if claims.count(c) > 1}):
        yield placed.problem((), f"the id `{claim_id}` is used for two claims: rename one")
    for index, follow_up in enumerate(question.follow_ups):
        if follow_up.about and follow_up.about not in known:
            yield placed.problem(
                ("follow_ups", index, "about"), f"`{follow_up.about}` is no key point or misconception here: fix the id"
            )
    for index, dive in enumerate(question.deep_dives):
        if dive.phase not in {phase.id for phase in question.phases}:
            yield placed.problem(("deep_dives", index, "phase"), f"there is no phase `{dive.phase}`: fix the id")


def _probes(placed: Placed[WrittenQuestion], question: Question) -> Iterator[Problem]:
    for path, point in own_points(question):
        if point.must and not (point.follow_up and point.hint):
            yield placed.problem(path, f"the must point `{point.id}` needs a `follow_up` and a `hint`: add them")
    for index, follow_up in enumerate(question.follow_ups):
        if follow_up.when is When.STRONG and not (follow_up.key_points and follow_up.sample):
            yield placed.problem(("follow_ups", index), "a strong follow-up needs `key_points` and a `sample`")


def _claim(placed: Placed[WrittenQuestion], path: Path_, claim: Claim, prompt: str) -> Iterator[Problem]:
    if claim.any_n is not None and claim.any_n > len(claim.all_of):
        yield placed.problem(
            (*path, "any_n"), f"`{claim.id}` asks for {claim.any_n} of {len(claim.all_of)} groups: lower it"
        )
    spoken = f" {_flat(prompt)} "
    for g, group in enumerate(claim.all_of):
        for p, phrasing in enumerate(group):
            if f" {_flat(phrasing)} " in spoken:
                yield placed.problem(
                    (*path, "all", g, p), f"the phrasing {phrasing!r} stands in the prompt: an echo would be credited"
                )


def _flat(text: str) -> str:
    return " ".join(word.strip(".,:;?!()\"'`") for word in text.lower().split())


def _design(placed: Placed[WrittenQuestion], question: Question) -> Iterator[Problem]:
    if tuple(phase.id for phase in question.phases) != PHASES:
        yield placed.problem(("phases",), f"a design question has the phases {', '.join(PHASES)}, in this order")
    if not question.twists:
        yield placed.problem((), "a design question needs a twist: change one requirement midway")


def _all_points(question: Question) -> Iterator[tuple[Path_, KeyPoint]]:
    yield from own_points(question)
    owners: dict[str, Sequence[FollowUp | Twist | DeepDive]] = {
        "follow_ups": question.follow_ups,
        "twists": question.twists,
        "deep_dives": question.deep_dives,
    }
    for part, of_part in owners.items():
        for index, owner in enumerate(of_part):
            for p, point in enumerate(owner.key_points):
                yield (part, index, "key_points", p), point


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer of known quality: where it stands, what it is called in a message, and between what it must score."""

    path: Path_
    name: str
    question: Question
    answer: str
    low: float = 0
    high: float = 1


def _samples(placed: Placed[WrittenQuestion], passed: Passed) -> list[Problem]:
    question = placed.noun
    if not question.key_points or passed.holds(question):
        return []
    problems = [placed.problem(sample.path, fault) for sample in samples_of(question) if (fault := _fault(sample))]
    problems += advice_on(placed)
    if not problems:
        passed.add(question)
    return problems


def _fault(sample: Sample) -> str:
    score = assess(sample.question, sample.answer).score
    if sample.low <= score <= sample.high:
        return ""
    return f"{sample.name} scores {score:.2f}, it must score {_limits(sample)}: mend phrasings or sample"


def _limits(sample: Sample) -> str:
    if sample.high == 1:
        return f"at least {sample.low}"
    return f"{sample.low} to {sample.high}" if sample.low else f"at most {sample.high}"


def samples_of(question: WrittenQuestion) -> Iterator[Sample]:
    """All answers a question is checked with: its samples, those of its parts, its prompt, and "I don't know"."""
    bounds = {"full": (FULL, 1), "partial": PARTIAL, "wrong": (0, WRONG)}
    for kind, (low, high) in bounds.items():
        for index, answer in enumerate(getattr(question.samples, kind)):
            yield Sample(("samples", kind, index), f"this {kind} sample", question, answer, low, high)
    for path, part, answer in _parts(question):
        yield Sample(path, "its own sample", part, answer, FULL)
    if not question.kind.is_told:
        yield Sample(("model_answer",), "the model answer", question, question.model_answer, FULL)
    yield Sample(("prompt",), "the prompt itself", question, question.prompt, 0, ECHO)
    yield Sample((), '"I don\'t know"', question, "I don't know", 0, 0)


def _parts(question: Question) -> Iterator[tuple[Path_, Question, str]]:
    for index, follow_up in enumerate(question.follow_ups):
        if follow_up.sample:
            part = question.narrowed_to(follow_up.ask, follow_up.key_points)
            yield ("follow_ups", index, "sample"), part, follow_up.sample
    for index, twist in enumerate(question.twists):
        yield ("twists", index, "sample"), question.narrowed_to(twist.text, twist.key_points), twist.sample
    for index, dive in enumerate(question.deep_dives):
        yield ("deep_dives", index, "sample"), question.narrowed_to(dive.ask, dive.key_points), dive.sample

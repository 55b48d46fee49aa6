"""What a rubric must recognise of its own texts, and what its phrasings must not fire on; all as advice to authors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from bot.banks.schema import WrittenQuestion
from bot.banks.source import Path_, Placed, Problem
from bot.core.assessment import Assessment
from bot.core.model import KeyPoint, Question
from bot.core.scoring import assess, phrasing_fires

SOUNDING = 3  # samples of each sound that a question needs
RIGHT_SOUNDING, WRONG_SOUNDING = 0.65, 0.25
# With its concepts spelt out. On unseen answers groups of about twenty recognised plain words that nine missed.
FEWEST_WORDINGS, MOST_WORDINGS = 5, 60
# Of the good answers to other questions, the share from which a phrasing says nothing any more; measured on blind
# answers, where phrasings above it brought bluffs and those below brought credit.
FIRES_TOO_OFTEN = 0.05
FIRES_OFTEN = 0.03
_FEWEST_TEXTS = 60  # fewer good answers to other questions say nothing of a share


def advice_on(placed: Placed[WrittenQuestion]) -> Iterator[Problem]:
    """What the scorer does not recognise, or takes for wrong, among the texts of one question."""
    question = placed.noun
    if not question.kind.is_told:
        yield from _samples_that_sound(placed)
        yield from _model_answer(placed)
        yield from _own_statements(placed)
        for path, group in _groups(question):
            yield from _group(placed, path, group)
    for path, text in _right_texts(question):
        struck = assess(question, text).misconceptions
        if struck:
            yield placed.advice(path, f"this right text is taken for the misconception `{struck[0].id}`")


def _samples_that_sound(placed: Placed[WrittenQuestion]) -> Iterator[Problem]:
    samples = placed.noun.samples
    for field, low, high in (("right_sounding", RIGHT_SOUNDING, 1.0), ("wrong_sounding", 0.0, WRONG_SOUNDING)):
        answers = getattr(samples, field)
        if len(answers) < SOUNDING:
            yield placed.advice(("samples",), f"has {len(answers)} `{field}` samples: write {SOUNDING}")
        for index, answer in enumerate(answers):
            score = assess(placed.noun, answer).score
            if not low <= score <= high:
                bound = f"at least {low}" if low else f"at most {high}"
                yield placed.advice(
                    ("samples", field, index), f"this {field} sample scores {score:.2f}, it should score {bound}"
                )


def _model_answer(placed: Placed[WrittenQuestion]) -> Iterator[Problem]:
    for missed in _missed(assess(placed.noun, placed.noun.model_answer)):
        yield placed.advice(("model_answer",), f"the model answer does not earn the point `{missed}`")


def _missed(assessment: Assessment) -> Sequence[str]:
    return [credit.id for credit in assessment.points if credit.credit < 1]


def _own_statements(placed: Placed[WrittenQuestion]) -> Iterator[Problem]:
    question = placed.noun
    for path, point in own_points(question):
        if point.id in _missed(assess(question, point.statement)):
            yield placed.advice(path, f"`{point.id}` is not earned by its own statement")
    for index, wrong in enumerate(question.misconceptions):
        assessment = assess(question, wrong.statement)
        if wrong.id not in {found.id for found in assessment.misconceptions}:
            yield placed.advice(("misconceptions", index), f"`{wrong.id}` is not struck by its own statement")
        elif assessment.score > 0:
            yield placed.advice(
                ("misconceptions", index), f"the statement of `{wrong.id}` earns {assessment.score:.2f}"
            )


def own_points(question: Question) -> Iterator[tuple[Path_, KeyPoint]]:
    """The key points of a question and of its phases, each with its path."""
    in_phases = sum(len(phase.key_points) for phase in question.phases)
    for index, point in enumerate(question.key_points[: len(question.key_points) - in_phases]):
        yield ("key_points", index), point
    for p, phase in enumerate(question.phases):
        for index, point in enumerate(phase.key_points):
            yield ("phases", p, "key_points", index), point


def _right_texts(question: WrittenQuestion) -> Iterator[tuple[Path_, str]]:
    for field in ("full", "partial", "right_sounding"):
        for index, text in enumerate(getattr(question.samples, field)):
            yield ("samples", field, index), text
    yield ("model_answer",), question.model_answer
    for path, point in own_points(question):
        yield path, point.statement
    for index, wrong in enumerate(question.misconceptions):
        yield ("misconceptions", index, "feedback"), wrong.feedback


def advice_on_all(questions: Sequence[Placed[WrittenQuestion]]) -> Iterator[Problem]:
    """A line for each phrasing that fires on good answers to other questions."""
    texts = [
        (placed.noun.id, text)
        for placed in questions
        if not placed.noun.kind.is_told
        for text in chain(placed.noun.samples.full, placed.noun.samples.right_sounding)
    ]
    fires = phrasing_fires([text for _, text in texts])
    own: dict[str, set[int]] = defaultdict(set)
    for at, (owner, _) in enumerate(texts):
        own[owner].add(at)
    for placed in questions:
        if placed.noun.kind.is_told:
            continue
        others = len(texts) - len(own[placed.noun.id])
        for path, group in _groups(placed.noun):
            for phrasing in group if others >= _FEWEST_TEXTS else ():
                hits = fires(phrasing, FIRES_OFTEN * others) - own[placed.noun.id]
                if len(hits) > FIRES_OFTEN * others:
                    share = len(hits) / others
                    verb = "drop it or say more" if share > FIRES_TOO_OFTEN else "look at it again"
                    yield placed.advice(
                        path, f"{phrasing!r} fires on {share:.0%} of the good answers to other questions: {verb}"
                    )


def _groups(question: Question) -> Iterator[tuple[Path_, tuple[str, ...]]]:
    for path, point in own_points(question):
        for g, group in enumerate(point.all_of):
            yield (*path, "all", g), group


def _group(placed: Placed[WrittenQuestion], path: Path_, group: tuple[str, ...]) -> Iterator[Problem]:
    if len(group) < FEWEST_WORDINGS:
        yield placed.advice(path, f"a group with {len(group)} wordings: people have more ways to say it")
    if len(group) > MOST_WORDINGS:
        yield placed.advice(path, f"a group with {len(group)} wordings says too many things: split it")
    if not _is_used(placed.noun, group):
        yield placed.advice(path, f"no sample says {group[0]!r} in any of its wordings: add a sample or drop the group")


def _is_used(question: WrittenQuestion, group: tuple[str, ...]) -> bool:
    point = KeyPoint("only", "It is said.", (group,))
    alone = replace(question, key_points=(point,), misconceptions=(), phases=())
    samples = chain(question.samples.full, question.samples.right_sounding, (question.model_answer,))
    return any(assess(alone, text).points[0].credit for text in samples)

"""Which phrasings of a bank no sample answer uses: candidates for a sample, or for dropping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.banks.loader import read
from bot.banks.recognition import own_points
from bot.banks.schema import WrittenQuestion
from bot.banks.source import BankError, Path_, Placed, Problem
from bot.core.model import KeyPoint, Question
from bot.core.scoring import assess


def coverage_of(paths: Sequence[Path], shared: Path | None = None) -> Iterator[str]:
    """Every phrasing that no sample uses, and how many there are of all; BankError when a file is wrong."""
    reading = read(paths, shared)
    if reading.problems:
        raise BankError(tuple(sorted(reading.problems)))
    unused = list(unused_phrasings(reading.questions))
    total = sum(len(_alone(placed.noun)) for placed in reading.questions)
    yield from (str(problem) for problem in sorted(unused))
    yield f"{len(unused)} of {total} phrasings are used by no sample."


def unused_phrasings(questions: Sequence[Placed[WrittenQuestion]]) -> Iterator[Problem]:
    """A line for every phrasing of a key point that none of its question's samples uses."""
    for placed in questions:
        used = _used(placed.noun)
        for name, (path, point) in _alone(placed.noun).items():
            if name not in used:
                yield placed.problem(path, f"no sample uses the phrasing {point.all_of[0][0]!r}")


def _used(question: WrittenQuestion) -> set[str]:
    points = tuple(replace(point, id=name) for name, (_, point) in _alone(question).items())
    rubric = replace(question, key_points=points, misconceptions=())
    samples = (*question.samples.full, *question.samples.partial)
    return {credit.id for sample in samples for credit in assess(rubric, sample).points if credit.credit}


def _alone(question: Question) -> dict[str, tuple[Path_, KeyPoint]]:
    """Each phrasing as a point of its own, under a name of its own, with its path in the question."""
    return {
        f"{p}-{g}-{i}": ((*path, "all", g, i), replace(point, all_of=((phrasing,),), any_n=None))
        for p, (path, point) in enumerate(own_points(question))
        for g, group in enumerate(point.all_of)
        for i, phrasing in enumerate(group)
    }

"""What competencies and company sets must fulfil together: distinct ids, cues and prompts, and no principle astray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.banks.source import Path_, Placed, Problem
from bot.core.stories.competencies import CompanySet, Competency

# As for questions (`check.NEAR_DUPLICATE`): above it two prompts are one prompt reworded.
_NEAR_DUPLICATE = 90
_Noun = TypeVar("_Noun", bound=Competency | CompanySet)


def problems_among(
    competencies: Sequence[Placed[Competency]], companies: Sequence[Placed[CompanySet]]
) -> Iterator[Problem]:
    """A problem for every id, cue and prompt that is used again, and every principle without a competency."""
    yield from _used_twice([(placed, ("id",), placed.noun.id) for placed in competencies], "id")
    yield from _used_twice([(placed, ("id",), placed.noun.id) for placed in companies], "id")
    cues = [(placed, ("cues", i), cue.lower()) for placed in competencies for i, cue in enumerate(placed.noun.cues)]
    yield from _used_twice(cues, "cue")
    yield from _reworded(competencies)
    yield from _unknown(competencies, companies)


def _used_twice(found: Iterable[tuple[Placed[_Noun], Path_, str]], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for placed, path, text in found:
        if text in first:
            yield placed.problem(path, f"the {what} `{text}` is already used in {first[text]}: choose another")
        first.setdefault(text, placed.source.file)


def _reworded(competencies: Sequence[Placed[Competency]]) -> Iterator[Problem]:
    prompts = [(placed, i, text) for placed in competencies for i, text in enumerate(placed.noun.prompts)]
    sorted_words = [" ".join(sorted(text.lower().split())) for _, _, text in prompts]
    for at, (placed, i, _) in enumerate(prompts):
        twin = process.extractOne(sorted_words[at], sorted_words[:at], scorer=fuzz.ratio, score_cutoff=_NEAR_DUPLICATE)
        if twin:
            yield placed.problem(("prompts", i), f"asks nearly the same as {prompts[twin[2]][2]!r}: make them differ")


def _unknown(competencies: Sequence[Placed[Competency]], companies: Sequence[Placed[CompanySet]]) -> Iterator[Problem]:
    """Principles whose competency nobody has written; a company set that is read alone cannot be judged."""
    known = {placed.noun.id for placed in competencies}
    for placed in companies if known else ():
        for p, principle in enumerate(placed.noun.principles):
            for c, competency_id in enumerate(principle.competencies):
                if competency_id not in known:
                    path = ("principles", p, "competencies", c)
                    yield placed.problem(path, f"there is no competency `{competency_id}`: fix the id")

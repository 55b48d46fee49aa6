"""Competencies and company sets: what their files look like, reading them, and checking them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from bot.banks.loader import files_under, validate
from bot.banks.schema import Id, Part, Text
from bot.banks.source import BankError, Path_, Problem, Source, read_source
from bot.core.stories import Seek
from bot.core.stories import competencies as nouns

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=200)]
# The widest name that a grid of competencies still shows on a phone.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
Cue = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=40)]
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
# As for questions (`check.NEAR_DUPLICATE`): above it two prompts are one prompt reworded.
_NEAR_DUPLICATE = 90


def _month(text: str) -> str:
    if not re.match(_MONTH, text):
        raise PydanticCustomError("month", "it must be a year and a month, such as 2021-07")  # noqa: EM101 - its own API
    return text


Month = Annotated[str, AfterValidator(_month), WithJsonSchema({"type": "string", "pattern": _MONTH})]


class ScopeModel(Part):
    """How far a story reaches at each level."""

    junior: Line
    senior: Line
    staff: Line


class ProbesModel(Part):
    """Probes by what they look for; four to six of them. A story that has said it is not asked again."""

    own_action: Line = Field(description="What the person did, as opposed to the team.")
    number: Line = Field(description="A figure: how much before and after.")
    result: Line = Field(description="What came of it.")
    learning: Line = Field(description="What they took from it, or do differently now.")
    dissent: Line | None = Field(default=None, description="Who saw it differently, and what came of that.")
    alternative: Line | None = Field(default=None, description="What else was considered, and why not.")


class CompetencyModel(Part):
    """One of the things a behavioral round looks for."""

    id: Id = Field(description="Unique; the topic of behavioral questions, where there are any.")
    title: Title = Field(description="At most 30 characters: it labels a row of the grid.")
    looks_for: Text = Field(description="What an interviewer looks for, two or three sentences.")
    prompts: Annotated[list[Line], Field(min_length=5, max_length=5)] = Field(
        description="Five different questions, as interviewers ask them."
    )
    scope: ScopeModel = Field(description="What is expected of a junior, senior and staff story, a sentence each.")
    probes: ProbesModel
    red_flags: Annotated[list[Line], Field(min_length=2, max_length=3)] = Field(
        description="What makes an interviewer doubt the story."
    )
    cues: Annotated[list[Cue], Field(min_length=8)] = Field(
        description="Words and phrases by which a story of this competency can be recognised, as a candidate says "
        "them, in lower case. No cue belongs to two competencies."
    )


class CompetencyFile(Part):
    """Competencies: one YAML file."""

    competencies: Annotated[list[CompetencyModel], Field(min_length=1)]


class PrincipleModel(Part):
    """A company's own name for what it looks for."""

    name: Text = Field(description="The official name, letter by letter.")
    looks_for: Line = Field(description="What is looked for, one plain sentence in our own words.")
    competencies: Annotated[list[Id], Field(min_length=1)] = Field(description="Ids of the competencies that show it.")


class CompanyModel(Part):
    """What a company has published on whom it looks for."""

    id: Id
    company: Text
    title: Text = Field(description="What the company calls the list.")
    about: Text = Field(description="Where the list comes from and how far it goes, one or two sentences.")
    as_of: Month = Field(description="Year and month of the list, such as 2021-07.")
    sources: Annotated[list[Text], Field(min_length=1)] = Field(description="Where the list can be looked up.")
    principles: Annotated[list[PrincipleModel], Field(min_length=1)]


class CompanyFile(Part):
    """Company sets: one YAML file."""

    companies: Annotated[list[CompanyModel], Field(min_length=1)]


_Written = TypeVar("_Written", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Placed(Generic[_Written]):
    written: _Written
    source: Source
    path: Path_

    def problem(self, steps: Path_, message: str) -> Problem:
        return self.source.problem(self.path + steps, message)


@dataclass(frozen=True, slots=True)
class _Reading:
    competencies: tuple[_Placed[CompetencyModel], ...]
    companies: tuple[_Placed[CompanyModel], ...]
    problems: tuple[Problem, ...]


def load_competencies(folder: Path) -> tuple[nouns.Competency, ...]:
    """The competencies under `folder`, in the order of its files; BankError with every problem when one is wrong."""
    return tuple(_competency(placed.written) for placed in _right(folder).competencies)


def load_companies(folder: Path) -> tuple[nouns.CompanySet, ...]:
    """The company sets under `folder`, in the order of its files; BankError with every problem when one is wrong."""
    return tuple(_company(placed.written) for placed in _right(folder).companies)


def catalogue_of(sources: Iterable[Source]) -> nouns.Catalogue:
    """All that these files hold; BankError with every problem when one is wrong."""
    reading = _without_problems(_read(sources))
    return nouns.Catalogue(
        tuple(_competency(placed.written) for placed in reading.competencies),
        tuple(_company(placed.written) for placed in reading.companies),
    )


def problems_of(sources: Iterable[Source]) -> tuple[Problem, ...]:
    """Every mistake in these files: of shape, repeated ids, cues and prompts, and principles without a competency."""
    reading = _read(sources)
    return reading.problems + tuple(_among(reading))


def _right(folder: Path) -> _Reading:
    problems: list[Problem] = []
    sources: list[Source] = []
    for file in files_under([folder], problems):
        try:
            sources.append(read_source(file))
        except BankError as error:
            problems += error.problems
    return _without_problems(_read(sources), problems)


def _without_problems(reading: _Reading, met: Iterable[Problem] = ()) -> _Reading:
    problems = (*met, *reading.problems, *_among(reading))
    if problems:
        raise BankError(tuple(sorted(problems)))
    return reading


def _read(sources: Iterable[Source]) -> _Reading:
    competencies: list[_Placed[CompetencyModel]] = []
    companies: list[_Placed[CompanyModel]] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            if isinstance(source.data, dict) and "companies" in source.data:
                of_companies = validate(CompanyFile, source).companies
                companies += [_Placed(one, source, ("companies", i)) for i, one in enumerate(of_companies)]
            else:
                written = validate(CompetencyFile, source).competencies
                competencies += [_Placed(one, source, ("competencies", i)) for i, one in enumerate(written)]
        except BankError as error:
            problems += error.problems
    return _Reading(tuple(competencies), tuple(companies), tuple(problems))


def _among(reading: _Reading) -> Iterator[Problem]:
    yield from _used_twice([(placed, ("id",), placed.written.id) for placed in reading.competencies], "id")
    yield from _used_twice([(placed, ("id",), placed.written.id) for placed in reading.companies], "id")
    cues = [
        (placed, ("cues", i), cue.lower())
        for placed in reading.competencies
        for i, cue in enumerate(placed.written.cues)
    ]
    yield from _used_twice(cues, "cue")
    yield from _reworded(reading.competencies)
    yield from _unknown(reading)


def _used_twice(found: Iterable[tuple[_Placed[_Written], Path_, str]], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for placed, path, text in found:
        if text in first:
            yield placed.problem(path, f"the {what} `{text}` is already used in {first[text]}: choose another")
        first.setdefault(text, placed.source.file)


def _reworded(competencies: Sequence[_Placed[CompetencyModel]]) -> Iterator[Problem]:
    prompts = [(placed, i, text) for placed in competencies for i, text in enumerate(placed.written.prompts)]
    sorted_words = [" ".join(sorted(text.lower().split())) for _, _, text in prompts]
    for at, (placed, i, _) in enumerate(prompts):
        twin = process.extractOne(sorted_words[at], sorted_words[:at], scorer=fuzz.ratio, score_cutoff=_NEAR_DUPLICATE)
        if twin:
            yield placed.problem(("prompts", i), f"asks nearly the same as {prompts[twin[2]][2]!r}: make them differ")


def _unknown(reading: _Reading) -> Iterator[Problem]:
    """Principles whose competency nobody has written; a company set that is read alone cannot be judged."""
    known = {placed.written.id for placed in reading.competencies}
    for placed in reading.companies if known else ():
        for p, principle in enumerate(placed.written.principles):
            for c, competency_id in enumerate(principle.competencies):
                if competency_id not in known:
                    path = ("principles", p, "competencies", c)
                    yield placed.problem(path, f"there is no competency `{competency_id}`: fix the id")


def _competency(written: CompetencyModel) -> nouns.Competency:
    asked = {seeks: getattr(written.probes, seeks.value, None) for seeks in Seek}
    return nouns.Competency(
        id=written.id,
        title=written.title,
        looks_for=written.looks_for,
        prompts=tuple(written.prompts),
        scope=nouns.Scope(written.scope.junior, written.scope.senior, written.scope.staff),
        probes=tuple(nouns.Probe(seeks, ask) for seeks, ask in asked.items() if ask),
        red_flags=tuple(written.red_flags),
        cues=tuple(written.cues),
    )


def _company(written: CompanyModel) -> nouns.CompanySet:
    return nouns.CompanySet(
        id=written.id,
        company=written.company,
        title=written.title,
        about=written.about,
        as_of=written.as_of,
        sources=tuple(written.sources),
        principles=tuple(nouns.Principle(p.name, p.looks_for, tuple(p.competencies)) for p in written.principles),
    )

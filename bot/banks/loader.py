"""From folders of YAML to the nouns of the core; every mistake of every file is reported at once."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cache as once
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.banks import competencies, lexicon
from bot.banks.lexicon import Concept, LexiconFile
from bot.banks.schema import BankFile, CompanyFile, CompetencyFile, File, RubricFile, WrittenQuestion
from bot.banks.source import BankError, Path_, Placed, Problem, Source, read_source
from bot.core.model import FUNCTION_NAME, HYPHENATED, Bank, Question, StageRubric
from bot.core.stories.competencies import MONTH, Catalogue, CompanySet, Competency

_FILES: dict[str, type[File]] = {
    "rubrics": RubricFile,
    "companies": CompanyFile,
    "competencies": CompetencyFile,
    "concepts": LexiconFile,
}
_Noun = TypeVar("_Noun", Question, Competency)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, with its places where a check may point at it, and the problems met on the way."""

    questions: list[Placed[WrittenQuestion]] = field(default_factory=list)
    rubrics: list[StageRubric] = field(default_factory=list)
    competencies: list[Placed[Competency]] = field(default_factory=list)
    companies: list[Placed[CompanySet]] = field(default_factory=list)
    concepts: list[Placed[Concept]] = field(default_factory=list)
    uses: dict[str, list[str]] = field(default_factory=dict)
    """Of each concept, the ids of the questions that name it."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, source: Source) -> None:
        """Take in what a file says; BankError with every field that is wrong."""
        match _validated(source):
            case BankFile() as file:
                questions = [_of_bank(question, file) for question in file.questions]
                self.questions.extend(
                    Placed(question, source, ("questions", index), f"{question.id}: ")
                    for index, question in enumerate(questions)
                )
            case RubricFile(rubrics=rubrics):
                self.rubrics.extend(rubrics)
            case CompetencyFile(competencies=written):
                self.competencies.extend(Placed(one, source, ("competencies", i)) for i, one in enumerate(written))
            case CompanyFile(companies=written):
                self.companies.extend(Placed(one, source, ("companies", i)) for i, one in enumerate(written))
            case LexiconFile(concepts=written):
                self.concepts.extend(Placed(one, source, ("concepts", i)) for i, one in enumerate(written))

    def spell_out(self) -> None:
        """Put the wordings of concepts in place of their names, once all files are read."""
        known = lexicon.lexicon_of(self.concepts)
        for index, placed in enumerate(self.questions):
            named = sorted({name for claim in lexicon.claims_of(placed.noun) for name in lexicon.named_in(claim)})
            for name in named:
                self.uses.setdefault(name, []).append(placed.noun.id)
            unknown = [name for name in named if name not in known]
            self.problems.extend(
                placed.problem((), f"there is no concept `@{name}` in the lexicon: fix the name or add it")
                for name in unknown
            )
            if named and not unknown:
                self.questions[index] = replace(placed, noun=lexicon.spelt_out(placed.noun, known))


def bank_of(reading: Reading) -> Bank:
    """The questions and rubrics that were read; BankError with every problem when any file is wrong."""
    _refuse_problems(reading)
    questions = (_of_core(Question, placed.noun) for placed in reading.questions)
    return Bank({question.id: question for question in questions}, {rubric.id: rubric for rubric in reading.rubrics})


def catalogue_of(reading: Reading) -> Catalogue:
    """The competencies and company sets that were read; BankError as in `bank_of`."""
    _refuse_problems(reading)
    return Catalogue(
        tuple(_of_core(Competency, placed.noun) for placed in reading.competencies),
        tuple(placed.noun for placed in reading.companies),
    )


def _refuse_problems(reading: Reading) -> None:
    if reading.problems:
        raise BankError(tuple(sorted(reading.problems)))


def _of_core(noun: type[_Noun], written: _Noun) -> _Noun:
    """The noun without what only authors and checks need, such as samples."""
    return noun(**{field.name: getattr(written, field.name) for field in fields(noun)})


@contextmanager
def without_collector() -> Iterator[None]:
    """No garbage collection meanwhile: it would walk half a million live YAML nodes again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_collector()
def read(paths: Sequence[Path], shared: Path | None = None) -> Reading:
    """Read and validate all YAML files under `paths` (files or folders).

    Their questions may name the concepts of the lexicon under `shared` beside those of their own.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    files = {file.resolve(): file for file in _files_under(paths, problems)}
    if shared and shared.is_dir():
        files |= {file.resolve(): file for file in _files_under([shared], problems)}
    for file in files.values():
        try:
            sources.append(read_source(file))
        except BankError as error:
            problems += error.problems
    reading = reading_of(sources)
    reading.problems.extend(problems)
    return reading


def reading_of(sources: Iterable[Source]) -> Reading:
    """Validate parsed files, each by itself and all together."""
    reading = Reading()
    for source in sources:
        try:
            reading.add(source)
        except BankError as error:
            reading.problems.extend(error.problems)
    reading.spell_out()
    reading.problems.extend(_duplicate_ids(reading.questions))
    reading.problems.extend(lexicon.problems_among(reading.concepts))
    reading.problems.extend(competencies.problems_among(reading.competencies, reading.companies))
    return reading


def _of_bank(question: WrittenQuestion, file: BankFile) -> WrittenQuestion:
    """The question with its bank; a design question gathers the points of its phases."""
    in_phases = tuple(point for phase in question.phases for point in phase.key_points)
    points = question.key_points + in_phases
    return replace(question, key_points=points, bank_id=file.bank.id, bank_version=file.bank.version)


def _duplicate_ids(questions: Iterable[Placed[WrittenQuestion]]) -> Iterator[Problem]:
    """A problem for every question whose id was already used."""
    first: dict[str, Placed[WrittenQuestion]] = {}
    for placed in questions:
        known = first.setdefault(placed.noun.id, placed)
        if known is not placed:
            yield placed.problem(("id",), f"this id is already used in {known.source.file}: choose another")


def _files_under(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    """The YAML files under `paths`; what is absent becomes one of the `problems`."""
    for path in paths:
        if path.is_dir():
            files = sorted(f for pattern in ("*.yaml", "*.yml") for f in path.rglob(pattern))
            if not files:
                problems.append(Problem(str(path), 1, 1, "holds no .yaml file: name a folder with question banks"))
            yield from files
        elif path.exists():
            yield path
        else:
            problems.append(Problem(str(path), 1, 1, "does not exist: name a bank file or a folder of them"))


def _validated(source: Source) -> File:
    keys = source.data if isinstance(source.data, dict) else {}
    shape = next((shape for key, shape in _FILES.items() if key in keys), BankFile)
    try:
        return shape.model_validate(source.data)
    except ValidationError as error:
        problems = (_problem(source, details, shape) for details in error.errors() if not _is_echo(details))
        raise BankError(tuple(problems)) from error


def _is_echo(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because its entries are wrong, which is said of each."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _problem(source: Source, details: ErrorDetails, shape: type[File]) -> Problem:
    path = details["loc"]
    return source.problem(path, f"`{_dotted(path)}` {_sentence(details, shape)}")


def _dotted(path: Path_) -> str:
    return ".".join(str(step) for step in path) or "the file"


def _sentence(details: ErrorDetails, shape: type[File]) -> str:
    context, given = details.get("ctx", {}), details["input"]
    say = _SENTENCES.get(details["type"])
    if details["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_field(str(details["loc"][-1]), shape)
    return say(context, given) if say else f"is wrong: {details['msg'][0].lower()}{details['msg'][1:]}"


_PATTERNS = {
    HYPHENATED: "must be lower-case words joined by hyphens",
    FUNCTION_NAME: "must be a function's name in lower case, such as two_sum",
    MONTH: "is wrong: it must be a year and a month, such as 2021-07",
}
_NAMED = "must hold fields, each as `name: value`"
_SENTENCES: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "missing": lambda _, __: "is missing: add it",
    "enum": lambda context, given: f"must be one of {context['expected']}, not {given!r}",
    "literal_error": lambda context, given: f"must be one of {context['expected']}, not {given!r}",
    "string_pattern_mismatch": lambda context, given: f"{_PATTERNS[context['pattern']]}, not {given!r}",
    "string_too_long": lambda context, given: f"has {len(str(given))} characters: keep it to {context['max_length']}",
    "string_too_short": lambda context, given: _too_short(len(str(given).strip()), context["min_length"]),
    "too_short": lambda context, given: f"needs at least {context['min_length']} entries, not {len(given)}",
    "tuple_type": lambda _, __: "must be a list, as in [one, two]",
    "dataclass_type": lambda _, __: _NAMED,
    "model_type": lambda _, __: _NAMED,
}


def _too_short(length: int, least: int) -> str:
    return f"has {length} characters: write at least {least}" if length else "is empty: fill it in"


def _unknown_field(name: str, shape: type[File]) -> str:
    near = difflib.get_close_matches(name, _field_names(shape), n=1)
    return f"is not a field of a bank: did you mean `{near[0]}`?" if near else "is not a field of a bank: remove it"


@once
def _field_names(shape: type[File]) -> frozenset[str]:
    whole = shape.model_json_schema()
    parts = (whole, *whole["$defs"].values())
    return frozenset(name for part in parts for name in part.get("properties", ()))

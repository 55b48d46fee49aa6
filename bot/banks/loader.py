"""From folders of YAML to a `Bank`; every mistake of every file is reported at once."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.banks import convert, schema
from bot.banks.source import BankError, Path_, Problem, Source, read_source
from bot.core.model import Bank, Question, StageRubric

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Located:
    """A question and where it was written, so that a check can point at it."""

    question: Question
    source: Source
    path: Path_

    def problem(self, steps: Path_, message: str) -> Problem:
        """A problem within this question."""
        return self.source.problem(self.path + steps, f"{self.question.id}: {message}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: questions with their places, rubrics, and the problems met on the way."""

    questions: tuple[Located, ...]
    rubrics: tuple[StageRubric, ...]
    problems: tuple[Problem, ...]
    others: tuple[Source, ...] = ()  # competencies and company sets, which `bot.banks.competencies` reads


def load_bank(*paths: Path) -> Bank:
    """The questions and rubrics under `paths`; BankError with every problem when any file is wrong."""
    return bank_of(read(paths))


def bank_of(reading: Reading) -> Bank:
    """The questions and rubrics that were read; BankError with every problem when any file is wrong."""
    problems = reading.problems + tuple(duplicate_ids(reading.questions))
    if problems:
        raise BankError(tuple(sorted(problems)))
    return Bank(
        {located.question.id: located.question for located in reading.questions},
        {rubric.id: rubric for rubric in reading.rubrics},
    )


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
def read(paths: Sequence[Path]) -> Reading:
    """Read and validate all YAML files under `paths` (files or folders)."""
    questions: list[Located] = []
    rubrics: list[StageRubric] = []
    problems: list[Problem] = []
    others: list[Source] = []
    for file in files_under(paths, problems):
        try:
            source = read_source(file)
            if isinstance(source.data, dict) and "rubrics" in source.data:
                rubrics += _rubrics(source)
            elif isinstance(source.data, dict) and not {"competencies", "companies"}.isdisjoint(source.data):
                others.append(source)
            else:
                questions += _questions(source)
        except BankError as error:
            problems += error.problems
    return Reading(tuple(questions), tuple(rubrics), tuple(problems), tuple(others))


def duplicate_ids(questions: Iterable[Located]) -> Iterable[Problem]:
    """A problem for every question whose id was already used."""
    first: dict[str, Located] = {}
    for located in questions:
        known = first.setdefault(located.question.id, located)
        if known is not located:
            yield located.problem(("id",), f"this id is already used in {known.source.file}: choose another")


def files_under(paths: Sequence[Path], problems: list[Problem]) -> Iterable[Path]:
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


def _questions(source: Source) -> list[Located]:
    bank = validate(schema.BankFile, source)
    return [
        Located(convert.question(written, bank.bank), source, ("questions", index))
        for index, written in enumerate(bank.questions)
    ]


def _rubrics(source: Source) -> list[StageRubric]:
    return [convert.stage_rubric(written) for written in validate(schema.RubricFile, source).rubrics]


def validate(model: type[_Model], source: Source) -> _Model:
    """The file as `model` reads it; BankError with every field that is wrong."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise BankError(tuple(_problem(source, details) for details in error.errors())) from error


def _problem(source: Source, details: ErrorDetails) -> Problem:
    path = details["loc"]
    return source.problem(path, f"`{_dotted(path)}` {_sentence(details)}")


def _dotted(path: Path_) -> str:
    return ".".join(str(step) for step in path) or "the file"


def _sentence(details: ErrorDetails) -> str:
    context, given = details.get("ctx", {}), details["input"]
    say = _SENTENCES.get(details["type"])
    if details["type"] == "extra_forbidden":
        return _unknown_field(str(details["loc"][-1]))
    return say(context, given) if say else f"is wrong: {details['msg'][0].lower()}{details['msg'][1:]}"


_SENTENCES: dict[str, Callable[[dict[str, Any], object], str]] = {
    "missing": lambda _, __: "is missing: add it",
    "enum": lambda context, given: f"must be one of {context['expected']}, not {given!r}",
    "literal_error": lambda context, given: f"must be one of {context['expected']}, not {given!r}",
    "string_pattern_mismatch": lambda _, given: f"must be lower-case words joined by hyphens, not {given!r}",
    "string_too_long": lambda context, given: f"has {len(str(given))} characters: keep it to {context['max_length']}",
    "string_too_short": lambda _, __: "is empty: fill it in",
    "too_short": lambda context, _: f"needs at least {context['min_length']} entries, not {context['actual_length']}",
}


def _unknown_field(name: str) -> str:
    near = difflib.get_close_matches(name, _field_names(schema.Part), n=1)
    return f"is not a field of a bank: did you mean `{near[0]}`?" if near else "is not a field of a bank: remove it"


def _field_names(part: type[BaseModel]) -> set[str]:
    own = {field.alias or name for name, field in part.model_fields.items()}
    return own.union(*(_field_names(narrower) for narrower in part.__subclasses__()))

"""The shape of the files that authors write: the core's nouns, and what a file must say beyond them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from annotated_types import Ge, Interval, Len, MinLen
from pydantic import BaseModel, BeforeValidator, ConfigDict, GetPydanticSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, SkipJsonSchema
from pydantic_core import PydanticKnownError
from pydantic_core.core_schema import DataclassSchema, no_info_after_validator_function

from bot.core.model import ID, Anchors, Level, Minutes, Question, StageRubric, Text, Texts
from bot.core.stories import Seek
from bot.core.stories.competencies import CompanySet, Competency, Line, Probe


class File(BaseModel):
    """What all files share and their dataclasses take over: an unknown field is an error, often a typing slip."""

    # a phrasing such as -1 or 0.5 is a text to its author, quoted or not
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True)


def _refuse(_: object) -> None:
    raise PydanticKnownError("unexpected_keyword_argument")  # noqa: EM101 - its own API


# A field of the noun that no author writes.
Unwritten = Annotated[Any, BeforeValidator(_refuse), SkipJsonSchema()]


@dataclass(frozen=True, slots=True)
class Samples:
    """Answers of known quality."""

    full: Annotated[Texts, MinLen(1)]
    """Complete answers; score at least .8."""
    partial: Annotated[Texts, MinLen(1)]
    """Half answers; score .25 to .75."""
    wrong: Annotated[Texts, MinLen(1)]
    """Wrong answers; score at most .25."""
    right_sounding: Texts = ()
    """Right answers as people speak: in plain words, by another route, tersely; score at least .65."""
    wrong_sounding: Texts = ()
    """Wrong answers that sound right: confident, with the sides swapped, stuffed with terms; score at most .25."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenQuestion(Question):
    """A question with its rubric."""

    difficulty: Annotated[int, Interval(ge=1, le=5)]
    levels: Annotated[tuple[Level, ...], MinLen(1)]
    minutes: Minutes
    """Time for the answer."""
    hints: Annotated[Texts, Len(3, 3)]
    """Three rungs: where to look, what to consider, nearly the core."""
    model_answer: Text
    anchors: Anchors
    samples: Samples
    sources: Annotated[Texts, MinLen(1)]
    """Where the facts can be looked up."""
    version: Annotated[int, Ge(1)]
    last_verified: date
    bank_id: Unwritten = ""
    bank_version: Unwritten = 1


@dataclass(frozen=True, slots=True)
class BankHeader:
    """Who a bank is and under which terms it may be used."""

    id: str = field(metadata=ID)
    title: Text
    version: Annotated[int, Ge(1)]
    licence: Text


class BankFile(File):
    """A question bank: one YAML file."""

    bank: BankHeader
    questions: Annotated[tuple[WrittenQuestion, ...], MinLen(1)]


class RubricFile(File):
    """Stage rubrics: one YAML file."""

    rubrics: Annotated[tuple[StageRubric, ...], MinLen(1)]


@dataclass(frozen=True, slots=True)
class Probes:
    """Probes by what they look for; four to six of them. A story that has said it is not asked again."""

    own_action: Line
    """What the person did, as opposed to the team."""
    number: Line
    """A figure: how much before and after."""
    result: Line
    """What came of it."""
    learning: Line
    """What they took from it, or do differently now."""
    dissent: Line | None = None
    """Who saw it differently, and what came of that."""
    alternative: Line | None = None
    """What else was considered, and why not."""


def _listed(written: Probes) -> tuple[Probe, ...]:
    asked = ((seeks, getattr(written, seeks.value, None)) for seeks in Seek)
    return tuple(Probe(seeks, ask) for seeks, ask in asked if ask)


@dataclass(frozen=True, slots=True)
class WrittenCompetency(Competency):
    """One of the things a behavioral round looks for."""

    probes: Annotated[
        tuple[Probe, ...],
        GetPydanticSchema(lambda _, handler: no_info_after_validator_function(_listed, handler(Probes))),
    ]


class CompetencyFile(File):
    """Competencies: one YAML file."""

    competencies: Annotated[tuple[WrittenCompetency, ...], MinLen(1)]


class CompanyFile(File):
    """Company sets: one YAML file."""

    companies: Annotated[tuple[CompanySet, ...], MinLen(1)]


class _ForEditors(GenerateJsonSchema):
    """Describes each field of a dataclass by the text beneath it."""

    def dataclass_schema(self, schema: DataclassSchema) -> JsonSchemaValue:
        described = super().dataclass_schema(schema)
        names = {of.name: of.metadata.get("alias", of.name) for of in fields(schema["cls"])}
        for name, text in _texts_beneath_fields(schema["cls"]):
            described["properties"][names[name]]["description"] = text
        return described


def _texts_beneath_fields(noun: type) -> Iterator[tuple[str, str]]:
    for base in noun.__mro__[-2::-1]:
        (definition,) = ast.parse(inspect.getsource(base)).body
        for statement, below in pairwise(getattr(definition, "body", ())):
            match statement, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    yield name, " ".join(text.split())


def for_editors(file: type[File]) -> dict[str, Any]:
    """The JSON Schema of a file."""
    return file.model_json_schema(schema_generator=_ForEditors)

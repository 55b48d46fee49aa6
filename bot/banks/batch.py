"""Answers to score as JSON lines: by a question of the bank, by a reference answer, or by a rubric of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Gt, MinLen
from pydantic import BaseModel, ConfigDict, ValidationError, with_config

from bot.banks.schema import File
from bot.core.model import Bank, KeyPoint, Kind, Misconception, Question, Stage, Texts
from bot.core.refusal import Refusal


class BadLineError(Refusal):
    """A line that cannot be scored."""


Groups = Annotated[tuple[Annotated[Texts, MinLen(1)], ...], MinLen(1)]


@with_config(File.model_config)
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeyPoint(KeyPoint):
    """A key point of a rubric that is only scored by: any id and weight will do, and it need not be told."""

    id: str
    statement: str = ""
    all_of: Groups = field(metadata={"alias": "all"})
    weight: Annotated[float, Gt(0)] = 1.0


@with_config(File.model_config)
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMisconception(Misconception):
    """A misconception of such a rubric: what is said about it may be left out."""

    id: str
    statement: str = ""
    all_of: Groups = field(metadata={"alias": "all"})
    feedback: str = ""
    challenge: str = ""


class Line(BaseModel):
    """One line; it names a question of the bank, or brings its own with a reference answer or key points."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    answer: str
    question_id: str = ""
    question: str = ""
    reference: str = ""
    key_points: tuple[OwnKeyPoint, ...] = ()
    misconceptions: tuple[OwnMisconception, ...] = ()
    allow_list: bool = False


@dataclass(frozen=True, slots=True)
class ToScore:
    """An answer and the question it is scored by."""

    question: Question
    answer: str


def read_line(text: str, bank: Callable[[], Bank]) -> ToScore:
    """What a line asks to be scored; `bank` is opened only when a line names one of its questions.

    Raises BadLineError with one sentence.
    """
    try:
        line = Line.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        message = f"is no JSON object: {error.msg} at column {error.colno}"
        raise BadLineError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        message = f"`{'.'.join(str(step) for step in first['loc'])}` is wrong: {first['msg']}"
        raise BadLineError(message) from error
    return ToScore(_question(line, bank), line.answer)


def _question(line: Line, bank: Callable[[], Bank]) -> Question:
    if line.question_id:
        try:
            return bank().questions[line.question_id]
        except KeyError as error:
            message = f"there is no question {line.question_id!r} in the bank"
            raise BadLineError(message) from error
    if not (line.reference or line.key_points):
        message = "needs `question_id`, or `reference` or `key_points`"
        raise BadLineError(message)
    return Question(
        id="",
        stage=Stage.FUNDAMENTALS,
        kind=Kind.THEORY,
        topic="",
        prompt=line.question,
        key_points=line.key_points,
        misconceptions=line.misconceptions,
        model_answer=line.reference,
        allow_list=line.allow_list,
    )

"""What issue and authoring guide promise of the shipped questions."""

import json
from collections import Counter

import pytest

from bot.banks.lexicon import LexiconFile
from bot.banks.schema import BankFile, File, RubricFile, WrittenQuestion, for_editors
from bot.config import shipped_content
from bot.core.model import Kind, Stage
from sample_bank import shipped_files

QUESTIONS = tuple(placed.noun for placed in shipped_files().questions)


def of(stage: Stage) -> list[WrittenQuestion]:
    return [question for question in QUESTIONS if question.stage is stage]


@pytest.mark.parametrize(
    ("stage", "count", "topics"),
    [
        (Stage.SCREEN, 12, 1),
        (Stage.CODING, 12, 8),
        (Stage.FUNDAMENTALS, 60, 20),
        (Stage.SYSTEM_DESIGN, 8, 8),
        (Stage.BEHAVIORAL, 24, 12),
    ],
)
def test_each_stage_has_enough_questions_over_enough_topics(stage: Stage, count: int, topics: int) -> None:
    assert len(of(stage)) >= count
    assert len({question.topic for question in of(stage)}) >= topics


def test_fundamentals_hold_twelve_debugging_scenarios() -> None:
    assert Counter(question.kind for question in of(Stage.FUNDAMENTALS))[Kind.DEBUGGING] >= 12


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_field_is_filled(question: WrittenQuestion) -> None:
    assert question.facts
    assert question.misconceptions
    assert question.follow_ups
    assert all(question.anchors[level] for level in (1, 2, 3, 4))
    assert any(point.must for point in question.key_points)
    assert question.sources
    assert "!" not in question.prompt.replace("!=", "")


def same(found: object, expected: object, tolerance: float) -> bool:
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(same(f, e, tolerance) for f, e in zip(found, expected, strict=True))
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return abs(found - expected) <= tolerance
    return found == expected


@pytest.mark.parametrize("question", of(Stage.CODING), ids=lambda question: question.id)
def test_every_reference_solution_passes_its_own_tests(question: WrittenQuestion) -> None:
    exercise = question.exercise
    assert exercise
    scope: dict = {}
    exec(exercise.solution, scope)  # noqa: S102 - our own reference solution
    for case in (*exercise.visible, *exercise.hidden):
        found = json.loads(json.dumps(scope[exercise.function](*json.loads(json.dumps(case.args)))))
        if exercise.any_order:
            assert sorted(map(repr, found)) == sorted(map(repr, case.expected))
        else:
            assert same(found, case.expected, exercise.tolerance or 0)


@pytest.mark.parametrize(("name", "file"), [("bank", BankFile), ("rubric", RubricFile), ("lexicon", LexiconFile)])
def test_the_schema_files_for_editors_are_current(name: str, file: type[File]) -> None:
    written = json.loads((shipped_content() / f"{name}.schema.json").read_text())
    assert written == for_editors(file)

"""The hostile set: right answers in many forms above bluffs of many kinds, over the shipped questions.

The set was written and frozen before the scorer was tuned on it. Its first run gave 94.8 % of pairs in the right order,
two bluffs of 88 above one half (.86 at most) and 85.5 % of complete answers at .65 or more; the script in `tests/bench`
prints the figures of today.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.core.assessment import Flag
from bot.core.scoring import assess
from sample_bank import shipped_bank

CASES = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text("utf-8"))
KINDS = ("complete", "partial", "attacks")


@cache
def scored():
    """Every case with its score: question, part of the set, kind, score, flags."""
    questions = shipped_bank().questions
    rows = []
    for entry in CASES:
        question = questions[entry["question"]]
        for part in KINDS:
            for case in entry.get(part, []):
                assessment = assess(question, case["answer"].replace("{prompt}", question.prompt))
                rows.append((question.id, part, case["kind"], assessment.score, assessment.flags))
    return rows


def of(part):
    return [row for row in scored() if row[1] == part]


def test_the_set_is_large_and_broad():
    assert len(scored()) >= 150
    assert len({row[0] for row in scored()}) >= 25
    kinds = {row[2] for row in scored()}
    assert kinds >= {"gold", "paraphrase", "terse", "typos", "partial", "right-negation"}
    assert kinds >= {"echo", "stuffing", "swapped", "negated", "false-that", "off-topic", "hedging", "injection"}
    assert kinds >= {"other-language", "empty", "emoji", "opposite"}


def test_right_answers_rank_above_bluffs_to_the_same_question():
    pairs = [
        right[3] > bluff[3]
        for right in of("complete") + of("partial")
        for bluff in of("attacks")
        if right[0] == bluff[0]
    ]
    assert sum(pairs) / len(pairs) >= 0.97


def test_no_bluff_reaches_half():
    assert [row for row in of("attacks") if row[3] >= 0.5] == []


def test_nine_of_ten_complete_answers_reach_065():
    reached = [row[3] >= 0.65 for row in of("complete")]
    assert sum(reached) / len(reached) >= 0.9


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        ("echo", Flag.ECHO),
        ("injection", Flag.INSTRUCTIONS),
        ("other-language", Flag.OTHER_LANGUAGE),
        ("hedging", Flag.HEDGING),
        ("empty", Flag.EMPTY),
    ],
)
def test_bluffs_are_called_by_their_name(kind, flag):
    assert [row for row in of("attacks") if row[2] == kind and flag not in row[4]] == []


def test_right_answers_raise_no_flag():
    assert [row for row in of("complete") + of("partial") if row[4] and row[4] != (Flag.DONT_KNOW,)] == []

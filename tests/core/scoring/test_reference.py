"""Questions that have only a reference answer."""

from dataclasses import replace

import pytest
from questions import PENALTIES

from bot.core.scoring import assess
from bot.core.scoring.coefficients import WEIGHTS
from bot.core.scoring.features import NAMES

REFERENCE = (
    "A hash table computes the slot from the hash of the key, so a lookup takes constant time on average. "
    "It is not thread safe without a lock."
)
QUESTION = replace(
    PENALTIES,
    key_points=(),
    misconceptions=(),
    prompt="Why is a dictionary quick, and may several threads write to it?",
    model_answer=REFERENCE,
)


def score(answer):
    return assess(QUESTION, answer).score


def test_every_feature_has_a_coefficient():
    assert len(WEIGHTS) == len(NAMES)


def test_better_answers_score_higher():
    paraphrase = (
        "The slot is computed from the hash of the key, so lookups are constant time; without a lock it isn't safe."
    )
    partial = "It uses the hash of the key."
    unrelated = "Bananas are yellow when they are ripe."
    assert score(REFERENCE) > score(paraphrase) > score(partial) > score(unrelated)
    assert score(REFERENCE) > 0.9
    assert score(unrelated) < 0.2


def test_the_contrary_in_the_same_words_is_no_match():
    contrary = (
        "A hash table does not compute the slot from the hash of the key, so a lookup never takes constant time on "
        "average. It is thread safe without a lock."
    )
    assert score(contrary) <= score(REFERENCE) / 2 + 0.05


def test_slips_are_forgiven():
    assert score(REFERENCE.replace("computes", "computs").replace("average", "avrage")) == pytest.approx(
        score(REFERENCE), abs=0.1
    )


def test_repeating_a_part_earns_nothing():
    part = "It uses the hash of the key."
    assert score(f"{part} " * 5) <= score(part) + 0.01

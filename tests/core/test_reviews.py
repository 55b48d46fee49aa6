import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.daily.reviews import Grade, grade_of, review

DAY = 86_400
MORNING = 1_795_336_200  # a morning at 08:30 UTC
PAST = st.lists(st.tuples(st.sampled_from(Grade), st.integers(0, 400 * DAY)), min_size=1, max_size=12)


def after(*grades: Grade) -> tuple[list[int], str]:
    """The days of rest after each of these reviews, each made on the day it was due, and the last card."""
    card, at, rests = None, MORNING, []
    for grade in grades:
        card, due = review(card, grade, at)
        rests.append((due - at) // DAY)
        at = due
    assert card is not None
    return rests, card


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (0.0, Grade.AGAIN),
        (0.45, Grade.AGAIN),
        (0.5, Grade.HARD),
        (0.69, Grade.HARD),
        (0.7, Grade.GOOD),
        (0.9, Grade.EASY),
        (1.0, Grade.EASY),
    ],
)
def test_a_score_becomes_a_grade(score: float, grade: Grade) -> None:
    assert grade_of(score) is grade


@settings(deadline=None)
@given(one=st.floats(0, 1), two=st.floats(0, 1))
def test_a_better_score_never_gets_a_lower_grade(one: float, two: float) -> None:
    order = list(Grade)
    low, high = sorted((one, two))
    assert order.index(grade_of(low)) <= order.index(grade_of(high))


@settings(deadline=None)
@given(past=PAST)
def test_a_card_is_never_due_before_the_next_day_nor_later_than_half_a_year(past: list[tuple[Grade, int]]) -> None:
    card, at = None, MORNING
    for grade, later in past:
        at += later
        card, due = review(card, grade, at)
        assert at + DAY <= due <= at + 180 * DAY
        assert (due - at) % DAY == 0


@settings(deadline=None)
@given(past=PAST)
def test_the_same_reviews_give_the_same_card(past: list[tuple[Grade, int]]) -> None:
    cards = []
    for _ in range(2):
        card, at = None, MORNING
        for grade, later in past:
            at += later
            card, _due = review(card, grade, at)
        cards.append(card)
    assert cards[0] == cards[1]


def test_a_better_grade_rests_longer() -> None:
    rests = [after(grade)[0][0] for grade in Grade]
    assert rests == sorted(rests)
    assert rests[0] == 1
    assert rests[-1] >= 7


def test_rests_grow_while_a_question_is_remembered() -> None:
    rests, _ = after(*[Grade.GOOD] * 5)
    assert rests == sorted(set(rests))


def test_a_forgotten_question_comes_back_soon() -> None:
    rests, _ = after(Grade.GOOD, Grade.GOOD, Grade.GOOD, Grade.AGAIN)
    assert rests[-1] < rests[-2] / 4


def test_an_evening_and_the_next_morning_are_two_days() -> None:
    evening, _ = review(None, Grade.GOOD, MORNING + 11 * 3600)
    _, due = review(evening, Grade.GOOD, MORNING + DAY)
    morning, _ = review(None, Grade.GOOD, MORNING)
    _, usual = review(morning, Grade.GOOD, MORNING + DAY)
    assert due == usual


def test_a_clock_that_went_back_does_no_harm() -> None:
    card, _ = review(None, Grade.GOOD, MORNING)
    _, due = review(card, Grade.GOOD, MORNING - 30 * DAY)
    assert due >= MORNING - 29 * DAY


def test_a_card_is_plain_json_that_reads_no_clock() -> None:
    card, due = review(None, Grade.GOOD, MORNING)
    assert json.loads(card)["card_id"] == 0
    assert due == MORNING + 2 * DAY

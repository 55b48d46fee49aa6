"""Streaks count a person's own days, and nobody is blamed for a day off."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.daily.streaks import FREEZES, Streak, streak
from bot.core.text import daily_text

ALL = frozenset(range(7))
WORKDAYS = frozenset(range(5))
START = date(2026, 6, 1)  # a Monday


def day(number: int) -> date:
    return START + timedelta(days=number)


def after(pattern: str, days: frozenset[int] = ALL, vacations: tuple = ()) -> Streak:
    """The streak after days answered (x) or not (.), from a Monday on; the last one is today."""
    answered = {day(number) for number, mark in enumerate(pattern) if mark == "x"}
    return streak(answered, days, vacations, START, day(len(pattern) - 1))


@pytest.mark.parametrize(
    ("pattern", "days", "longest", "left"),
    [
        (".", 0, 0, 2),
        ("x", 1, 1, 2),
        ("xxx", 3, 3, 2),
        ("xxx.", 3, 3, 2),
        ("xx.x", 3, 3, 1),
        ("xx..x", 3, 3, 0),
        ("xxx...x", 1, 3, 0),
        ("xxx....", 0, 3, 0),
        ("....x", 1, 1, 2),
    ],
)
def test_missed_days_take_the_freezes_of_the_month_and_then_end_the_streak(pattern, days, longest, left) -> None:
    found = after(pattern)
    assert (found.days, found.longest, found.freezes_left) == (days, longest, left)


def test_a_new_month_has_its_own_freezes() -> None:
    june = "x" * 28 + ".."
    assert after(june).freezes_left == 1  # today is not over
    assert after(june + ".").freezes_left == 2
    found = after(june + "..x")
    assert (found.days, found.freezes_left) == (29, 0)
    assert found.frozen == {day(number) for number in (28, 29, 30, 31)}


def test_days_on_which_nothing_was_due_neither_count_nor_break() -> None:
    found = after("xxxxx..xxxxx..x", WORKDAYS)
    assert (found.days, found.freezes_left) == (11, 2)
    assert after("xxxxxxx", WORKDAYS).days == 5


def test_a_vacation_breaks_neither_days_nor_weeks() -> None:
    away = ((day(7), day(28)),)
    found = after("xxxxxxx" + "." * 21 + "x", vacations=away)
    assert (found.days, found.weeks, found.freezes_left) == (8, 2, 2)
    assert after("xxxxxxx" + "." * 22 + "x", vacations=away).freezes_left == 1


def test_a_skipped_date_is_a_vacation_of_one_day() -> None:
    assert after("x.x", vacations=((day(1), day(2)),)) == Streak(2, 1, 2, 2, frozenset())


def test_weeks_go_on_with_one_answer_each_and_the_present_one_is_not_over() -> None:
    assert after("x......" * 3).weeks == 3
    assert after("x......" * 3 + "...").weeks == 3
    assert after("x......" * 2 + "......." + "...").weeks == 0
    assert after("x......" * 2 + "......." + "..x").weeks == 1


def test_a_week_whose_missed_days_were_all_frozen_does_not_break() -> None:
    found = after("x......" + "......." + "x......", frozenset({0}))
    assert (found.days, found.weeks, found.freezes_left) == (2, 2, 1)


def test_nothing_can_be_missed_before_the_first_prompt() -> None:
    found = streak({day(-30), day(1)}, ALL, (), START + timedelta(days=1), day(1))
    assert (found.days, found.frozen) == (2, frozenset())


def test_a_day_answered_ahead_of_a_flight_west_stays_answered() -> None:
    assert streak({day(0), day(1), day(2)}, ALL, (), START, day(1)).days == 3
    assert streak({day(0), day(2)}, ALL, (), START, day(1)) == Streak(2, 1, 2, 2, frozenset())


MARKS = st.text("x.", min_size=1, max_size=120)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
VACATIONS = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 30)).map(lambda v: (day(v[0]), day(v[0] + v[1]))), max_size=3
).map(tuple)


@settings(deadline=None)
@given(pattern=MARKS, days=DAYS, vacations=VACATIONS)
def test_a_streak_keeps_its_bounds(pattern, days, vacations) -> None:
    found = after(pattern, days, vacations)
    months = [(frozen.year, frozen.month) for frozen in found.frozen]
    assert 0 <= found.days <= found.longest <= pattern.count("x")
    assert 0 <= found.weeks <= len(pattern) // 7 + 1
    assert 0 <= found.freezes_left <= FREEZES
    assert all(months.count(month) <= FREEZES for month in months)
    assert not any(start <= frozen < back for frozen in found.frozen for start, back in vacations)


@settings(deadline=None)
@given(pattern=MARKS, days=DAYS, vacations=VACATIONS)
def test_an_answer_today_never_makes_a_streak_shorter(pattern, days, vacations) -> None:
    without, answered = after(pattern + ".", days, vacations), after(pattern + "x", days, vacations)
    assert answered.days in {without.days, without.days + 1}
    assert answered.weeks in {without.weeks, without.weeks + 1}


@settings(deadline=None)
@given(pattern=MARKS, days=DAYS, length=st.integers(1, 60))
def test_a_vacation_from_tomorrow_on_changes_nothing(pattern, days, length) -> None:
    before = after(pattern + "x", days)
    tomorrow = day(len(pattern) + 1)
    back = after(pattern + "x" + "." * length, days, ((tomorrow, tomorrow + timedelta(days=length)),))
    assert (back.days, back.weeks, back.frozen) == (before.days, before.weeks, before.frozen)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Streak(5, 1, 5, 1, frozenset()), "You answered on 5 of your days in a row; 1 freeze is left this month."),
        (
            Streak(12, 3, 12, 2, frozenset()),
            (
                "You answered on 12 of your days in a row; 2 freezes are left this month. "
                "You answered in each of 3 weeks in a row."
            ),
        ),
        (Streak(1, 1, 4, 0, frozenset()), "Your streak has begun; no freezes are left this month."),
        (Streak(0, 0, 0, 2, frozenset()), "Your next answer starts a streak."),
        (Streak(0, 0, 9, 0, frozenset()), "Your next answer starts a new streak."),
    ],
)
def test_a_streak_is_said_plainly(found, words) -> None:
    assert daily_text.streak(found) == words


@settings(deadline=None)
@given(st.builds(Streak, *[st.integers(0, 400)] * 3, st.integers(0, FREEZES), st.just(frozenset[date]())))
def test_no_sentence_shames(found: Streak) -> None:
    words = daily_text.streak(found).lower()
    assert not any(word in words for word in ("miss", "lost", "lose", "broke", "fail", "only", "sorry", "!", "should"))

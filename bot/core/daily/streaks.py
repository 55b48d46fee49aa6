"""Streaks: the days and weeks in a row in which somebody answered, by their own calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

FREEZES = 2  # missed days of a calendar month that do not end a streak


@dataclass(frozen=True, slots=True)
class Streak:
    """Answered days and weeks in a row up to today, and the most days there ever were.

    `frozen` are the missed days that a freeze covered; `freezes_left` is what remains for this month.
    """

    days: int
    weeks: int
    longest: int
    freezes_left: int
    frozen: frozenset[date]


def streak(
    answered: Collection[date],
    days: frozenset[int],
    vacations: Sequence[tuple[date, date]],
    since: date,
    today: date,
) -> Streak:
    """The streak of somebody who answered on these own days and is asked on the weekdays `days` since `since`.

    A vacation goes from its first date to the one on which prompts come again; a skipped date is one of a single day.
    A day on which nothing was due neither counts nor breaks, and today is not over. A missed day takes a freeze of its
    month while there is a streak to keep. A week counts with any answer, and breaks when a day in it stayed missed.
    """
    kept = frozenset(answered)
    due = list(_due(kept, days, vacations, since, today))
    runs, frozen = _runs(due, kept)
    missed = {_week(day) for day in due if day not in kept | frozen} - {_week(day) for day in kept}
    broken = max(missed - {_week(today)}, default=date.min)
    weeks = {_week(day) for day in kept if _week(day) > broken}
    return Streak(runs[-1], len(weeks), max(runs), _left(frozen, today), frozen)


def _due(
    kept: AbstractSet[date],
    days: frozenset[int],
    vacations: Sequence[tuple[date, date]],
    since: date,
    today: date,
) -> Iterator[date]:
    """The days on which something was due and that are answered or over, earliest first."""
    first, end = min((since, *kept)), max((today, *(day + timedelta(1) for day in kept)))
    for day in map(date.fromordinal, range(first.toordinal(), end.toordinal())):
        on_vacation = any(start <= day < back for start, back in vacations)
        if day.weekday() in days and not on_vacation and (day in kept or since <= day < today):
            yield day


def _runs(due: Sequence[date], kept: AbstractSet[date]) -> tuple[list[int], frozenset[date]]:
    """How many days were kept in each run, the last one still open, and the days that a freeze covered."""
    runs, frozen = [0], set[date]()
    for day in due:
        if day in kept:
            runs[-1] += 1
        elif runs[-1] and _left(frozen, day):
            frozen.add(day)
        elif runs[-1]:
            runs.append(0)
    return runs, frozenset(frozen)


def _left(frozen: AbstractSet[date], day: date) -> int:
    return FREEZES - sum((day.year, day.month) == (other.year, other.month) for other in frozen)


def _week(day: date) -> date:
    return day - timedelta(day.weekday())

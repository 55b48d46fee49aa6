"""Spaced repetition: when an answered question comes back, by FSRS-6 in whole days and without chance.

A card is what FSRS remembers of one person and one question, as JSON text; its times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fsrs import Card, Rating, Scheduler


class Grade(StrEnum):
    """How well a question was remembered, in FSRS's four words; all but `again` mean that it was."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


# FSRS takes Hard for a success and lets the card rest longer after it. So an answer that lacks half of its points is
# Again, and so is one with a misconception, whose score the scorer caps at 0.45. Easy rests for eight days at the
# first time, which only an answer with next to nothing missing can bear.
_LEAST = ((0.9, Grade.EASY), (0.7, Grade.GOOD), (0.5, Grade.HARD))
_RATINGS = {Grade.AGAIN: Rating.Again, Grade.HARD: Rating.Hard, Grade.GOOD: Rating.Good, Grade.EASY: Rating.Easy}
_LONGEST = 180  # days; an interview is prepared for within months, so a longer rest would be a farewell
# FSRS counts the days between two reviews by rounding down, so that an evening's answer and the next morning's would
# fall on one day. A review dated half a day back makes it round to the nearest day.
_HALF_A_DAY = timedelta(hours=12)
# Without steps of minutes every card rests for whole days from its first review on.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=_LONGEST, enable_fuzzing=False)


def grade_of(score: float) -> Grade:
    """The grade that an answer's score, from 0 to 1, stands for."""
    return next((grade for least, grade in _LEAST if score >= least), Grade.AGAIN)


def review(card: str | None, grade: Grade, at: int) -> tuple[str, int]:
    """The card after a review at `at` (None: its first one), and when it is due next, a day later at the soonest."""
    when = datetime.fromtimestamp(at, UTC)
    before = Card.from_json(card) if card else Card(card_id=0, due=when)
    after, _ = _SCHEDULER.review_card(before, _RATINGS[grade], when)
    after.last_review = when - _HALF_A_DAY
    return after.to_json(), int(after.due.timestamp())

"""Which questions somebody is asked today."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from bot.core.daily.subscription import Subscription
from bot.core.model import Bank, Kind, Level, Question, Stage
from bot.core.session import History

# A question that is not due for review comes again after a week at the soonest, so that `days mon` may repeat it.
RESTS = timedelta(days=7)
# In a weak topic it comes again before anything new, so it rests longer, or a few weak topics would be all there is.
WEAK_RESTS = timedelta(days=21)
WEAK = 0.55  # below the score of a solid answer (see scoring.band)
_KINDS = {
    Stage.FUNDAMENTALS: frozenset({Kind.THEORY, Kind.DEBUGGING, Kind.JUDGEMENT, Kind.BASICS}),
    Stage.SCREEN: frozenset({Kind.BASICS}),
}
# Monday's difficulty and Sunday's, on the bank's scale of 1 to 5; without a ramp every day takes all between.
_WEEK = {Level.JUNIOR: (1.0, 3.0), Level.MID: (2.0, 4.0), Level.SENIOR: (2.5, 5.0), Level.STAFF: (3.0, 5.0)}


def topics_of(bank: Bank) -> tuple[str, ...]:
    """The topics a daily question can be about."""
    return tuple(sorted({question.topic for question in _pool(bank)}))


def choose(  # noqa: PLR0913, PLR0917 - the day, and what is known of the person and of what was asked
    bank: Bank,
    subscription: Subscription,
    due_reviews: Sequence[str],
    history: History,
    day: date,
    asked_today: Collection[str] = (),
    last_asked: Mapping[str, date] | None = None,
) -> tuple[str, ...]:
    """The ids of the questions of `day`, in order: due reviews (most overdue first), weak topics, then new questions.

    No question comes twice on a day. Reviews above the count wait for the next days. `last_asked` says on which of
    the person's days a question was asked last; when all were seen, the one unseen for longest comes again.
    """
    pool = {q.id: q for q in _pool(bank, subscription.topics) if q.id not in asked_today}
    due = [pool.pop(review) for review in dict.fromkeys(due_reviews) if review in pool]
    chosen = due[: subscription.count]
    draw = _Draw(subscription, history, day, last_asked or {})
    rested = [question for question in pool.values() if draw.rest_of(question) >= RESTS]
    while rested and len(chosen) < subscription.count:
        best = min(rested, key=partial(draw.rank, used={question.topic for question in chosen}))
        rested.remove(best)
        chosen.append(best)
    return tuple(question.id for question in chosen)


def _pool(bank: Bank, topics: Collection[str] = ()) -> Iterable[Question]:
    """What may be asked without an interview around it, about these topics, or any."""
    return [
        question
        for stage, kinds in _KINDS.items()
        for question in bank.of_stage(stage)
        if question.kind in kinds and not question.reserve and (not topics or question.topic in topics)
    ]


@dataclass(frozen=True, slots=True)
class _Draw:
    """One person's draw of one day."""

    subscription: Subscription
    history: History
    day: date
    last_asked: Mapping[str, date]

    def rest_of(self, question: Question) -> timedelta:
        """How long ago the question was asked; very long, when that is not known."""
        return self.day - self.last_asked.get(question.id, date.min)

    def rank(self, question: Question, used: Collection[str]) -> tuple[bool | float | str, ...]:
        """Sort key: a topic not used today, a weak one, new, long unseen, of the level, of the day, chance."""
        seen = bool(self.history.seen.get(question.id)) or question.id in self.last_asked
        return (
            question.topic in used,
            not self._is_weak(question, seen=seen),
            seen,
            -self.rest_of(question).days if seen else 0,
            self.subscription.level not in question.levels,
            self._off(question.difficulty),
            self._chance(question),
        )

    def _is_weak(self, question: Question, *, seen: bool) -> bool:
        """Whether it is about a weak topic, and has rested if it was seen."""
        weak = self.history.topic_scores.get(question.topic, 1.0) < WEAK
        return weak and (not seen or self.rest_of(question) >= WEAK_RESTS)

    def _off(self, difficulty: int) -> float:
        """How far a difficulty lies from what this day asks for."""
        low, high = _WEEK[self.subscription.level]
        if self.subscription.ramp:
            low = high = low + (high - low) * self.day.weekday() / 6
        return max(low - difficulty, difficulty - high, 0.0)

    def _chance(self, question: Question) -> str:
        drawn = f"{self.subscription.person}:{self.day}:{question.id}"
        return hashlib.blake2b(drawn.encode(), digest_size=8).hexdigest()

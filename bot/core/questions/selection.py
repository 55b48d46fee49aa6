"""Which question next: unseen first, then weak topics and the level, then chance from a seed.

The order is a weighted draw without replacement (Efraimidis and Spirakis, 2006: sort by u to the power 1/w),
with u taken from a hash of seed and question, so that the same seed and history give the same interview.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Sequence

from bot.core.model import Level, Question
from bot.core.session import History, Setup

# The middle difficulty each level is asked at, on the bank's scale of 1 to 5.
_TARGET = {Level.JUNIOR: 2.0, Level.MID: 3.0, Level.SENIOR: 3.75, Level.STAFF: 4.25}
_OTHER_LEVEL = 0.15  # a question not written for the level comes up about one time in seven
_WEAKEST = 3.0  # a topic scored 0 weighs three times one that is mastered or new
_TOPIC_AGAIN = 0.02  # a topic already in this round returns only when the others are used up


def draw(
    candidates: Iterable[Question], count: int, setup: Setup, history: History, topics: Collection[str] = ()
) -> tuple[Question, ...]:
    """Up to `count` questions in the order they should be asked; `topics` were already asked in this round."""
    pool = list(candidates)
    used = list(topics)
    chosen: list[Question] = []
    while pool and len(chosen) < count:
        best = min(pool, key=lambda q: _rank(q, setup, history, used))
        pool.remove(best)
        used.append(best.topic)
        chosen.append(best)
    return tuple(chosen)


def _rank(question: Question, setup: Setup, history: History, used: Sequence[str]) -> tuple[int, int, float, str]:
    """Sort key: how often seen, then off the wished topic, then the weighted draw."""
    off_topic = int(bool(setup.topic) and question.topic != setup.topic)
    weight = _weight(question, setup, history)
    if not setup.topic:
        weight *= _TOPIC_AGAIN ** used.count(question.topic)
    draw_key = -math.log(_chance(setup.seed, question.id)) / weight
    return off_topic, history.seen.get(question.id, 0), draw_key, question.id


def _weight(question: Question, setup: Setup, history: History) -> float:
    level = 1.0 if setup.level in question.levels else _OTHER_LEVEL
    difficulty = 1 / (1 + abs(question.difficulty - _TARGET[setup.level]))
    weakness = 1 + (_WEAKEST - 1) * (1 - history.topic_scores.get(question.topic, 1.0))
    return level * difficulty * weakness


def _chance(seed: int, question_id: str) -> float:
    """A number in (0, 1) that depends on the seed and the question only."""
    digest = hashlib.blake2b(f"{seed}:{question_id}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 1) / (2**64 + 2)

"""Half credit for what was said in other words, judged by a similarity that the caller brings.

Similarity cannot tell a fact from its opposite: swapped facts tie with right ones in four of five pairs under every
measure that was tried. So it is asked last, gives half at most, and never where a negation, a confused subject or a
misconception speaks against it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.scoring.binding import Binding
from bot.core.scoring.claims import Judged
from bot.core.scoring.index import Index
from bot.core.scoring.matching import Match
from bot.core.scoring.phrasing import ReadyClaim
from bot.core.scoring.polarity import Polarity
from bot.core.scoring.text import read

Similarity = Callable[[str, str], float]

ENOUGH = 0.7
HALF = 0.5
_FEWEST_WORDS = 3  # content words; a clause of fewer is too little to be likened to a claim


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of an answer that may be likened to a claim, and what is known of them."""

    index: Index
    polarity: Polarity
    barred: AbstractSet[int]

    def __iter__(self) -> Iterator[Match]:
        """All clauses that hold enough words and are not barred, in the order of the answer."""
        reading = self.index.reading
        for clause, (start, end) in reading.clause_spans.items():
            first, last = bisect_left(reading.clause, clause), bisect_right(reading.clause, clause) - 1
            if clause not in self.barred and last - first + 1 >= _FEWEST_WORDS:
                yield Match(first, last, start, end)


def likened(
    claims: Sequence[ReadyClaim], judged: Sequence[Judged], clauses: Clauses, similar: Similarity
) -> list[Judged]:
    """`judged`, with half credit where a clause says nearly what an uncredited claim states."""
    return [
        _likened(claim, clauses, similar) or known if not known.credit and not known.against else known
        for claim, known in zip(claims, judged, strict=True)
    ]


def _likened(claim: ReadyClaim, clauses: Clauses, similar: Similarity) -> Judged | None:
    statement = claim.claim.statement
    negative = len(read(statement).negators) % 2 == 1
    binding = Binding(claim, clauses.index)
    text = clauses.index.reading.text
    for clause in clauses:
        if binding.confuses(clause) or _is_vetoed(clause, clauses.polarity, negative=negative):
            continue
        if similar(text[clause.start : clause.end], statement) >= ENOUGH:
            return Judged(HALF, (clause,), ())
    return None


def _is_vetoed(clause: Match, polarity: Polarity, *, negative: bool) -> bool:
    return polarity.doubts(clause) or polarity.denies(clause) != negative


def barred_clauses(misconceptions: Sequence[Judged], echoed: AbstractSet[int], index: Index) -> frozenset[int]:
    """The clauses that state a misconception or repeat the prompt."""
    clause = index.reading.clause
    wrong = {clause[match.first] for judged in misconceptions for match in judged.support}
    return frozenset(wrong | {clause[position] for position in echoed})

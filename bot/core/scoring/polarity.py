"""Who denies what: negators and their reach, "it is false that", "that is a myth", "people think"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.scoring.denials import (
    ATTRIBUTED,
    CLAIM_DENIED,
    DENIED_AHEAD,
    DENIED_BEHIND,
    HOLLOW,
    OF_NO_USE,
    REGRETTED,
    SET_ASIDE,
    SUPPOSED,
    WOULD,
)
from bot.core.scoring.matching import Match
from bot.core.scoring.text import Negator, Reading

REACH = 4  # content words a plain negator reaches over
REACH_OF_A_NAME = 1  # "no leak": what a phrasing denies itself must be what the answer denies
_REACH_BACK = 2  # "labels are not needed": how far behind a phrase a negator may stand
_REACH_INSTEAD = 3
_DENIALS = 3  # fewer may be what the question asks for
CONTRARY = 0.5  # share of denied segments from which an answer is read as a denial


@dataclass(frozen=True, slots=True)
class Polarity:
    """The denials of an answer as ranges of content positions, and its plain negators in order."""

    reading: Reading
    negators: tuple[Negator, ...]
    negator_places: tuple[int, ...]
    denied: tuple[tuple[int, int], ...]
    replaced: tuple[tuple[int, int], ...]
    attributed: tuple[tuple[int, int], ...]
    supposed: tuple[tuple[int, int], ...]
    rejected: tuple[int, ...]
    contrary: frozenset[int]

    def opposes(self, match: Match) -> bool:
        """Whether `match` stands in a denied part of an answer that denies most of what it says."""
        return self.reading.segment[match.first] in self.contrary

    def denies(self, match: Match, named: AbstractSet[int] = frozenset(), reach: int = REACH) -> bool:
        """Whether a word such as "not" denies what stands at `match`; those `named` belong to a name and do not."""
        near = self._near(match.first - reach, match.last, match)
        return sum(1 for place in near if place not in named) % 2 == 1

    def disowns(self, match: Match) -> bool:
        """Whether the sentence as a whole is called false: "it is wrong that ...", "... is a myth"."""
        return _covering(self.denied, match) > 0

    def denies_after(self, match: Match) -> bool:
        """Whether a negator follows closely: "labels are not needed"."""
        return any(
            0 < place - match.last <= _REACH_BACK
            for place in self._near(match.last + 1, match.last + _REACH_BACK, match)
        )

    def sets_aside(self, match: Match) -> bool:
        """Whether `match` is only what something else is preferred to, or named in a clause that says nothing."""
        return _covering(self.replaced, match) > 0

    def rejects(self, match: Match) -> bool:
        """Whether what follows `match` at once calls it of no use: "more data will not help"."""
        at = bisect_right(self.rejected, match.last)
        return at < len(self.rejected) and self.rejected[at] - match.last <= 1

    def attributes(self, match: Match) -> bool:
        """Whether the answer reports the view of others, a mistake, or what would go wrong."""
        return _covering(self.attributed, match) > 0

    def supposes(self, match: Match) -> bool:
        """Whether `match` is only supposed: "if I kept the rate, it would ...", "raising it would ..."."""
        return _covering(self.supposed, match) > 0

    def doubts(self, match: Match) -> bool:
        """Whether any part of `match` is called false, reported as the view of others, or set aside."""
        ranges = (*self.denied, *self.attributed, *self.replaced)
        return any(begin <= match.last and match.first < end for begin, end in ranges)

    def _near(self, low: int, high: int, match: Match) -> Iterator[int]:
        reading = self.reading
        begin, end = bisect_left(self.negator_places, low), bisect_right(self.negator_places, high)
        for negator in self.negators[begin:end]:
            inside = match.first < negator.before <= match.last
            same_reach = negator.reach in (reading.reach[match.first], reading.reach[match.last])
            if negator.clause == reading.clause[match.first] and (inside or same_reach):
                yield negator.before


def polarity(reading: Reading) -> Polarity:
    """Find the denials of an answer."""
    plain = reading.plain
    ahead, behind = tuple(DENIED_AHEAD.spans(plain)), tuple(DENIED_BEHIND.spans(plain))
    negators = _apart_from(ahead + behind, reading)
    denied = [_to_clause_end(reading, end) for _, end in ahead]
    denied += [_before(reading, start) for start, _ in behind]
    denied += [_between(reading, start, end) for start, end in CLAIM_DENIED.spans(plain)]
    return Polarity(
        reading,
        negators,
        tuple(negator.before for negator in negators),
        tuple(denied),
        (
            *(_following(reading, end, _REACH_INSTEAD) for _, end in SET_ASIDE.spans(plain)),
            *(_segment_of(reading, start) for start, _ in HOLLOW.spans(plain)),
        ),
        tuple(_attributions(reading)),
        tuple(_suppositions(reading)),
        tuple(bisect_left(reading.starts, start) for start, _ in OF_NO_USE.spans(plain)),
        _contrary(reading, negators),
    )


def _contrary(reading: Reading, negators: tuple[Negator, ...]) -> frozenset[int]:
    """The denied segments of an answer, if they are most of it.

    In 232 full sample answers at most .40 of the segments held a negator, in right ones negated sentence by sentence at
    least .56; in the latter a denial also reaches back: "the softmax over all words is not expensive".
    """
    if not len(reading):
        return frozenset()
    denied = frozenset(reading.segment[_place(reading, negator)] for negator in negators)
    most = len(denied) >= max(_DENIALS, CONTRARY * len(set(reading.segment)))
    return denied if most else frozenset()


def _place(reading: Reading, negator: Negator) -> int:
    """The content word that a negator stands by: the one before it where it ends its clause."""
    at = min(negator.before, len(reading) - 1)
    return at if at == 0 or reading.clause[at] == negator.clause else at - 1


def _apart_from(phrases: tuple[tuple[int, int], ...], reading: Reading) -> tuple[Negator, ...]:
    """The negators that stand for themselves; the "not" of "it is not true that" belongs to the phrase."""
    taken = {
        negator.start
        for start, end in phrases
        for negator in reading.negators[_first(reading, start) : _first(reading, end)]
    }
    return tuple(negator for negator in reading.negators if negator.start not in taken)


def _first(reading: Reading, offset: int) -> int:
    return bisect_left(reading.negators, offset, key=lambda negator: negator.start)


def _attributions(reading: Reading) -> Iterator[tuple[int, int]]:
    for _, end in ATTRIBUTED.spans(reading.plain):
        yield _to_clause_end(reading, end)
    for idiom in (REGRETTED, OF_NO_USE):
        for start, _ in idiom.spans(reading.plain):
            yield _before(reading, start)


def _suppositions(reading: Reading) -> Iterator[tuple[int, int]]:
    for start, end in SUPPOSED.spans(reading.plain):
        begin = bisect_left(reading.starts, start)
        first = bisect_left(reading.clause, reading.clause[begin]) if begin < len(reading) else begin
        yield first, _to_clause_end(reading, end)[1]
    for start, _ in WOULD.spans(reading.plain):
        first, here = _before(reading, start)
        at = bisect_left(reading.first_person, first)
        speaks = at < len(reading.first_person) and reading.first_person[at] <= here
        if not speaks and first < here and here < len(reading) and reading.clause[here] == reading.clause[first]:
            yield first, here


def _between(reading: Reading, start: int, end: int) -> tuple[int, int]:
    return bisect_left(reading.starts, start), bisect_left(reading.starts, end)


def _to_clause_end(reading: Reading, offset: int) -> tuple[int, int]:
    begin = bisect_left(reading.starts, offset)
    end = bisect_right(reading.clause, reading.clause[begin]) if begin < len(reading) else begin
    return begin, end


def _following(reading: Reading, offset: int, words: int) -> tuple[int, int]:
    begin, end = _to_clause_end(reading, offset)
    return begin, min(end, begin + words)


def _before(reading: Reading, offset: int) -> tuple[int, int]:
    """The clause that "that is wrong" at `offset` speaks of: the one it ends, else the one before it."""
    end = bisect_left(reading.starts, offset)
    if end == 0:
        return 0, 0
    return bisect_left(reading.clause, reading.clause[end - 1]), end


def _segment_of(reading: Reading, offset: int) -> tuple[int, int]:
    """The segment in which `offset` stands."""
    at = max(bisect_right(reading.starts, offset) - 1, 0)
    return bisect_left(reading.segment, reading.segment[at]), bisect_right(reading.segment, reading.segment[at])


def _covering(ranges: tuple[tuple[int, int], ...], match: Match) -> int:
    return sum(1 for begin, end in ranges if begin <= match.first < end)

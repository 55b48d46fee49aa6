"""Finding a phrasing in an answer: its words close together in one clause, or its symbols in a row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from bot.core.scoring.index import Index
from bot.core.scoring.phrasing import Phrasing
from bot.core.scoring.text import Reading

SLACK = 3  # content words that may stand between those of a phrasing
_PAIR = 2
_MOST_ANCHORS = 128  # places of the rarest word that are tried; more of the same add nothing


@dataclass(frozen=True, slots=True)
class Match:
    """Content positions `first`..`last` say what a phrasing says; `start`..`end` is the same in characters.

    `ordered` tells whether the words stand in the order of the phrasing.
    """

    first: int
    last: int
    start: int
    end: int
    ordered: bool = True


def find(phrasing: Phrasing, index: Index, slack: int = SLACK) -> list[Match]:
    """All places (up to a limit) where the answer uses `phrasing`, whatever it denies or speaks of."""
    said = phrasing.stems and all(map(index.stems.__contains__, phrasing.stems))
    found = list(_windows(phrasing, index, slack)) if said else []
    if phrasing.symbols:
        found += _rows(phrasing.symbols, index)
        found.sort(key=attrgetter("first"))
    return found


def _windows(phrasing: Phrasing, index: Index, slack: int) -> Iterator[Match]:
    stems = phrasing.stems
    places = [index.stems[stem] for stem in stems]
    width = len(stems) + slack if len(stems) > 1 else 1
    seen: set[tuple[int, ...]] = set()
    for anchor in min(places, key=len)[:_MOST_ANCHORS]:
        for chosen in _around(anchor, places, index.reading, width):
            if tuple(chosen) not in seen and _holds(phrasing, chosen, index.reading):
                seen.add(tuple(chosen))
                yield _match(chosen, index.reading)


def _holds(phrasing: Phrasing, chosen: list[int], reading: Reading) -> bool:
    if _crossed(phrasing, chosen, reading):
        return False
    return not phrasing.personal or _personal(chosen, reading)


def _match(chosen: list[int], reading: Reading) -> Match:
    first, last = min(chosen), max(chosen)
    return Match(first, last, reading.starts[first], reading.ends[last], chosen == sorted(chosen))


def _around(anchor: int, places: list[list[int]], reading: Reading, width: int) -> Iterator[list[int]]:
    """The places of all words near `anchor`, in the order of the phrasing: nearest, then for pairs on either side."""
    near = [_near(anchor, known, reading, width) for known in places]
    if not all(near):
        return
    nearest = [min(p, key=lambda at: (reading.segment[at] != reading.segment[anchor], abs(at - anchor))) for p in near]
    if max(nearest) - min(nearest) < width:
        yield nearest
    if len(places) == _PAIR:
        for side in (min, max):
            yield [side(p) for p in near]


def _near(anchor: int, known: list[int], reading: Reading, width: int) -> list[int]:
    """The places of one word within reach on either side of `anchor`: at most one before and one after."""
    at = bisect_left(known, anchor)
    if at < len(known) and known[at] == anchor:
        return [anchor]
    clause = reading.clause
    return [p for p in known[max(at - 1, 0) : at + 1] if abs(p - anchor) < width and clause[p] == clause[anchor]]


def _crossed(phrasing: Phrasing, chosen: list[int], reading: Reading) -> bool:
    """Whether a word of direction belongs to something else: "bias falls and variance rises" is no "variance falls"."""
    if not phrasing.directions or len(chosen) == 1:
        return False
    wanted = {direction for _, direction in phrasing.directions}
    first, last = min(chosen), max(chosen)
    between = {reading.direction[p] for p in range(first, last + 1) if p not in chosen}
    if len(wanted) == 1 and -next(iter(wanted)) in between:
        return True
    return any(_torn(at, chosen, reading) for at in chosen if reading.direction[at])


def _torn(at: int, chosen: list[int], reading: Reading) -> bool:
    """Whether the direction at `at` stands alone in its segment while the other words have one of their own."""
    segment = reading.segment
    others = [p for p in chosen if p != at]
    if any(segment[p] == segment[at] for p in others):
        return False
    begin, end = bisect_left(segment, segment[others[0]]), bisect_right(segment, segment[others[0]])
    return any(reading.direction[p] and p not in chosen for p in range(begin, min(end, begin + 32)))


def _personal(chosen: list[int], reading: Reading) -> bool:
    """Whether the speaker acts: "I" or "my" nearby, or a clause without any person that opens with the deed."""
    first, last = min(chosen), max(chosen)
    me, others = reading.first_person, reading.other_persons
    begin = bisect_left(reading.clause, reading.clause[first])
    low = max(begin, first - 2)
    at = bisect_left(me, low)
    if at < len(me) and me[at] <= last + 1:
        return True
    at = bisect_left(others, begin)
    return first == begin and not (at < len(others) and others[at] <= last)


def _rows(symbols: tuple[str, ...], index: Index) -> Iterator[Match]:
    reading = index.reading
    size = len(symbols)
    for at in index.symbols.get(symbols[0], ()):
        if len(reading) and tuple(reading.symbols[at : at + size]) == symbols:
            start, end = reading.symbol_starts[at], reading.symbol_ends[at + size - 1]
            first = min(bisect_left(reading.starts, start), len(reading) - 1)
            last = max(bisect_left(reading.starts, end) - 1, first)
            yield Match(first, last, start, end)

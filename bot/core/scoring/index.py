"""Where the words of a rubric stand in an answer."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.scoring.irregular import IRREGULAR
from bot.core.scoring.lexicon import VAGUE
from bot.core.scoring.phrasing import Rubric
from bot.core.scoring.text import Reading

_MOST_PLACES = 256  # of one word; a text that repeats a word more often says nothing new with it
_SAFE_STEM = 7


@dataclass(frozen=True, slots=True)
class Index:
    """The places of every stem and symbol of a rubric in one answer, in ascending order."""

    reading: Reading
    stems: dict[str, list[int]]
    symbols: dict[str, list[int]]


def index(reading: Reading, rubric: Rubric, echoed: AbstractSet[int] = frozenset()) -> Index:
    """Look up every word of the answer in the rubric once; words `echoed` from the prompt are passed over."""
    places: dict[str, list[int]] = {}
    meant: dict[str, tuple[str, ...]] = {}
    for position, raw in enumerate(reading.raw):
        if position in echoed:
            continue
        if raw not in meant:
            meant[raw] = _meant(raw, reading.stems[position], rubric)
        for stem in meant[raw]:
            _add(places, stem, position)
    for stem, position in _written_apart(reading, rubric):
        if position not in echoed:
            _add(places, stem, position)
    spans = {reading.starts[position] for position in echoed}
    return Index(reading, places, _symbols(reading, rubric, spans))


def _add(places: dict[str, list[int]], key: str, position: int) -> None:
    known = places.setdefault(key, [])
    if len(known) < _MOST_PLACES and (not known or known[-1] != position):
        known.append(position)


def _meant(raw: str, stem: str, rubric: Rubric) -> tuple[str, ...]:
    if raw in rubric.joined and raw not in rubric.spelt:
        return rubric.joined[raw]
    if stem in rubric.vocabulary or raw in rubric.spelt:
        return (stem,)
    if raw in IRREGULAR or stem in VAGUE:
        return ()  # "taken" and "think" are words of their own, no slips of "token" and "thank"
    # Short stems of different words lie too close to each other: "logist" (logistic) and "logit".
    intended = rubric.slips.intended(raw) or (len(stem) >= _SAFE_STEM and rubric.slips.intended(stem)) or ""
    return (rubric.spelt.get(intended, intended),) if intended else ()


def _written_apart(reading: Reading, rubric: Rubric) -> Iterator[tuple[str, int]]:
    """Words of the rubric that the answer writes as two: "over fitting", "hash-map"."""
    for position in range(len(reading) - 1):
        whole = reading.raw[position] + reading.raw[position + 1]
        stem = rubric.spelt.get(whole)
        if stem and reading.clause[position] == reading.clause[position + 1]:
            yield stem, position


def _symbols(reading: Reading, rubric: Rubric, echoed: AbstractSet[int]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for position, symbol in enumerate(reading.symbols):
        if symbol in rubric.symbols and reading.symbol_starts[position] not in echoed:
            _add(places, symbol, position)
    return places

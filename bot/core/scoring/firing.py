"""How often a phrasing fires on a body of texts, for authors who want to know what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.core.scoring.index import Index
from bot.core.scoring.matching import find
from bot.core.scoring.phrasing import phrasing
from bot.core.scoring.text import read


def phrasing_fires(texts: Sequence[str]) -> Callable[[str, float], frozenset[int]]:
    """Where among `texts` a phrasing is said; texts are looked at only where more than `least` hold all its words."""
    known = [_index(text) for text in texts]
    holding: dict[str, set[int]] = defaultdict(set)
    for at, index in enumerate(known):
        for stem in index.stems:
            holding[stem].add(at)

    def fires(text: str, least: float) -> frozenset[int]:
        said = phrasing(text)
        if not said.stems:
            return frozenset()
        candidates = set.intersection(*(holding.get(stem, set()) for stem in said.stems))
        if len(candidates) <= least:
            return frozenset()
        return frozenset(at for at in candidates if find(said, known[at]))

    return fires


def _index(text: str) -> Index:
    """The places of all words of a text, as they are spelt."""
    reading = read(text)
    places: dict[str, list[int]] = defaultdict(list)
    for position, stem in enumerate(reading.stems):
        places[stem].append(position)
    return Index(reading, dict(places), {})

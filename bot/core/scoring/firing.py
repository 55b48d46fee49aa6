"""How often a phrasing fires on a body of texts, for authors who want to know what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.core.scoring.index import index
from bot.core.scoring.matching import find
from bot.core.scoring.phrasing import Rubric, phrasing
from bot.core.scoring.text import read
from bot.core.scoring.typos import Speller


def phrasing_fires(texts: Sequence[str]) -> Callable[[str, float], frozenset[int]]:
    """Where among `texts` a phrasing is said; texts are looked at only where more than `least` hold all its words."""
    readings = [read(text) for text in texts]
    holding: dict[str, set[int]] = defaultdict(set)
    for at, reading in enumerate(readings):
        for stem in reading.stems:
            holding[stem].add(at)

    def fires(text: str, least: float) -> frozenset[int]:
        said = phrasing(text)
        if not said.stems:
            return frozenset()
        candidates = set.intersection(*(holding.get(stem, set()) for stem in said.stems))
        if len(candidates) <= least:
            return frozenset()
        words = Rubric((), (), (), frozenset(said.stems), frozenset(), {}, Speller([]), {})
        return frozenset(at for at in candidates if find(said, index(readings[at], words)))

    return fires

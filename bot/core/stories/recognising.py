"""A story known again when it is told in other words, and a title for one that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from bot.core.scoring.lexicon import STOP, VAGUE
from bot.core.scoring.story_cues import LABEL
from bot.core.scoring.words import root

# Most retold stories share two thirds and more of the content words of the shorter telling, other stories from the
# same job at most 56 % (tests/core/star_retold.yaml). To miss one costs less than to take one story for another.
ALIKE = 0.6
_FEWEST_SHARED = 8
KNOWN_BY = 1200  # characters; what makes a story that story comes early
_TITLE_WORDS, _LONGEST_TITLE = 6, 60
_WORD = re.compile(r"\w+(?:'\w+)?")


class Numbered(Protocol):
    """A story of a bank: its number and its text."""

    @property
    def number(self) -> int:
        """Which of the person's stories it is."""

    @property
    def text(self) -> str:
        """What was told."""


Own = TypeVar("Own", bound=Numbered)


def recognised(text: str, stories: Sequence[Own]) -> Own | None:
    """The story of the bank that this is, told again; None where that is not sure."""
    said = _content(text)
    likeness = {own.number: _likeness(said, _content(own.text)) for own in stories}
    best = max(stories, key=lambda own: likeness[own.number], default=None)
    return best if best and likeness[best.number] >= ALIKE else None


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter one's words that both have."""
    shared = len(one & other)
    return shared / min(len(one), len(other)) if shared >= _FEWEST_SHARED else 0.0


@lru_cache(maxsize=128)  # within one turn the same stories are compared several times
def _content(text: str) -> frozenset[str]:
    words = {word for word in _WORD.findall(text[:KNOWN_BY].lower()) if word not in STOP}
    stems = {root(word) for word in words} - VAGUE
    return frozenset(found for found in stems if len(found) > 2 or found.isdigit())  # noqa: PLR2004 - letters


def title_of(text: str) -> str:
    """The first words of a story, to list it by until it is named; it ends with no small word."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for label in LABEL.values():
        first = label.sub("", first, count=1)
    words = first.split()[:_TITLE_WORDS]
    while len(words) > 1 and words[-1].lower() in STOP:
        words.pop()
    title = " ".join(words)[:_LONGEST_TITLE].rstrip(" .,;:!?-")
    return title[:1].upper() + title[1:]

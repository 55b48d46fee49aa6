"""Telling a bag of terms from a terse answer: by small words, sentences, and how much of it is bare phrasings.

Measured on the shipped banks: in terse right answers the share covered by phrasings exceeds that of small words and
relations ("glue") by .57 at most, in bags of their phrasings by .67 at least; right answers of forty words or more are
covered to .67 at most, bags from .85 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.scoring.claims import Judged
from bot.core.scoring.text import Reading

_FEWEST = 8  # content words; below, only a plain list of terms is called one
_FEWEST_TERMS = 6
_LONG = 40
_COVERED_LONG, _COVERED_STORY = 0.85, 0.8
_COVERED_ABOVE_GLUE = 0.62
_LITTLE_GLUE = 0.28
_FEWEST_ARTICLES = 4
# Of 807 right answers 2 % were as thick as this, of 129 that string terms together 83 %.
_FEWEST_OWN, _FLUENT = 12, 0.3
_LONG_WORD, _THICK_LONG, _THICK_LETTERS = 8, 0.28, 6.4
_STRANDED = 0.25  # of all articles; non-native speakers leave articles out but do not write "the of"


@dataclass(frozen=True, slots=True)
class Shape:
    """The build of an answer: its content words, segments and sentences, and the shares of glue and of phrasings."""

    size: int
    segments: int
    sentences: int
    glue: float
    covered: float


def is_bag(reading: Reading, points: Sequence[Judged], *, story: bool) -> bool:
    """Whether an answer strings terms together and says nothing with them; stories hold few phrasings by nature."""
    shape = _shape(reading, points)
    if _is_shuffled(reading) or _is_plain_list(shape):
        return True
    if shape.size < _FEWEST:
        return False
    if shape.covered >= (_COVERED_STORY if story else _COVERED_LONG) and (story or shape.size >= _LONG):
        return True
    return _lacks_sentences(shape) and _lacks_glue(shape)


def is_thick(reading: Reading, asked: AbstractSet[str]) -> bool:
    """Whether fluent sentences are so full of long words, beyond those `asked`, that they hardly speak."""
    own = [raw for raw, stem in zip(reading.raw, reading.stems, strict=True) if stem not in asked and raw.isalpha()]
    if len(own) < _FEWEST_OWN or _glue(reading) < _FLUENT:
        return False
    letters = sum(map(len, own)) / len(own)
    return letters >= _THICK_LETTERS and sum(len(raw) >= _LONG_WORD for raw in own) >= _THICK_LONG * len(own)


def _glue(reading: Reading) -> float:
    return (reading.small_words + len(reading.negators) + reading.relations) / (reading.words or 1)


def _shape(reading: Reading, points: Sequence[Judged]) -> Shape:
    covered = {
        position for judged in points for match in judged.hits for position in range(match.first, match.last + 1)
    }
    size = len(reading)
    return Shape(
        size,
        len(set(reading.segment)),
        len(set(reading.sentence)),
        _glue(reading),
        len(covered) / (size or 1),
    )


def _is_shuffled(reading: Reading) -> bool:
    """Words in random order leave articles before "of", "is" or "and"."""
    return reading.articles >= _FEWEST_ARTICLES and reading.stranded >= _STRANDED * reading.articles


def _is_plain_list(shape: Shape) -> bool:
    """Six terms or more between commas and nothing else."""
    if shape.size < _FEWEST_TERMS or shape.sentences > 1:
        return False
    return shape.segments >= 4 and shape.size <= 2 * shape.segments and shape.glue <= 0.1  # noqa: PLR2004


def _lacks_sentences(shape: Shape) -> bool:
    """One endless row of terms, or a full stop after every term."""
    rows = shape.segments >= 6 * shape.sentences or shape.size >= 12 * shape.segments
    return rows or shape.size <= 3.2 * shape.sentences


def _lacks_glue(shape: Shape) -> bool:
    a_segment = shape.size / shape.segments
    return any(
        (
            shape.covered - shape.glue >= _COVERED_ABOVE_GLUE and shape.glue <= _LITTLE_GLUE,
            shape.covered >= 0.6 and shape.glue <= 0.3 and shape.size >= 2 * _LONG,  # noqa: PLR2004
            a_segment <= 2.2 and shape.glue <= 0.12,  # noqa: PLR2004
            a_segment <= 1.8 and shape.glue <= 0.2,  # noqa: PLR2004
            shape.glue <= 0.04 and shape.size > 2 * _FEWEST,  # noqa: PLR2004
        )
    )

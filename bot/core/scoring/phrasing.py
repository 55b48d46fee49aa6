"""Rubrics made ready for matching: phrasings and aliases as stems or symbols, and the vocabulary they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from math import log

from bot.core.model import Claim, KeyPoint
from bot.core.scoring.lexicon import LIGHT, VAGUE
from bot.core.scoring.text import Reading, read
from bot.core.scoring.typos import Speller

_FORMULA_SIGNS = frozenset("=/+*^<>[]{}_|\u2211\u221a\u00b2\u00b3\u2264\u2265()\\~")

_LONG_WORD = re.compile(r"[A-Za-z]{4,}")  # longer than a variable


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to say a part of a claim: content stems within a window, or symbols in a row.

    `negative` if it denies, `personal` if it says "I" or "my"; `directions` are its words of rising (1) and falling
    (-1); `spelt` holds its content words with their stems.
    """

    text: str
    stems: tuple[str, ...]
    symbols: tuple[str, ...]
    negative: bool
    directions: tuple[tuple[str, int], ...]
    personal: bool
    spelt: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReadyClaim:
    """A claim with its phrasings and aliases prepared."""

    claim: Claim
    groups: tuple[tuple[Phrasing, ...], ...]
    subject: tuple[Phrasing, ...]
    confusable: tuple[Phrasing, ...]
    opposite: tuple[Phrasing, ...]
    plain: tuple[Phrasing, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The words that tell a point from the others of its question, with their weights, and its wordings as words."""

    weights: dict[str, float]
    wordings: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The prepared claims of a question, what its points mean, and all words that occur in them."""

    points: tuple[ReadyClaim, ...]
    meanings: tuple[Meaning, ...]
    misconceptions: tuple[ReadyClaim, ...]
    vocabulary: frozenset[str]
    symbols: frozenset[str]
    joined: dict[str, tuple[str, str]]
    slips: Speller
    spelt: dict[str, str]


@lru_cache(maxsize=1024)
def prepared(points: tuple[Claim, ...], misconceptions: tuple[Claim, ...]) -> Rubric:
    """The rubric of a question, prepared once for as long as the bank is in use."""
    ready = tuple(_ready(claim) for claim in points)
    wrong = tuple(_ready(claim, strict=True) for claim in misconceptions)
    phrasings = [phrasing for claim in ready + wrong for phrasing in _phrasings(claim)]
    spelt = dict(pair for phrasing in phrasings for pair in phrasing.spelt)
    return Rubric(
        ready,
        tuple(_meanings(ready)),
        wrong,
        frozenset(stem for phrasing in phrasings for stem in phrasing.stems),
        frozenset(phrasing.symbols[0] for phrasing in phrasings if phrasing.symbols),
        dict(pair for phrasing in phrasings for pair in _joined(phrasing.spelt)),
        Speller([*spelt, *spelt.values()]),
        spelt,
    )


def _meanings(claims: tuple[ReadyClaim, ...]) -> Iterator[Meaning]:
    stems = [{*read(claim.claim.statement).stems, *_stems_of(claim)} for claim in claims]
    in_claims = Counter(chain.from_iterable(stems))
    for claim, own in zip(claims, stems, strict=True):
        wordings = (frozenset(p.stems) for p in (*chain(*claim.groups), *claim.plain) if len(p.stems) > 1)
        yield Meaning({stem: log(1 + len(claims) / in_claims[stem]) for stem in own}, tuple(dict.fromkeys(wordings)))


def _stems_of(claim: ReadyClaim) -> Iterator[str]:
    return chain.from_iterable(phrasing.stems for phrasing in (*chain(*claim.groups), *claim.plain))


@lru_cache(maxsize=16384)
def _ready(claim: Claim, *, strict: bool = False) -> ReadyClaim:
    """Prepare a claim; in a `strict` one, phrasings with one word left of several must be said literally."""
    return ReadyClaim(
        claim,
        tuple(tuple(phrasing(text, strict=strict) for text in group) for group in claim.all_of),
        tuple(phrasing(alias) for alias in claim.subject),
        tuple(phrasing(alias) for alias in claim.confusable),
        tuple(phrasing(text) for text in claim.opposite),
        tuple(phrasing(text) for text in claim.plain) if isinstance(claim, KeyPoint) else (),
    )


def phrasing(text: str, *, strict: bool = False) -> Phrasing:
    """Prepare one phrasing or alias."""
    reading = read(text)
    stems = tuple(dict.fromkeys(reading.stems))
    if _must_be_literal(stems, reading, strict=strict):
        stems = ()
    heavy = tuple(stem for stem in stems if stem not in LIGHT)
    is_formula = not stems or not _FORMULA_SIGNS.isdisjoint(text)
    words_suffice = len(set(_LONG_WORD.findall(text))) > 1
    return Phrasing(
        text,
        () if is_formula and not words_suffice else heavy if len(heavy) > 1 else stems,
        tuple(reading.symbols) if is_formula else (),
        len(reading.negators) % 2 == 1,
        tuple((s, d) for s, d in zip(reading.stems, reading.direction, strict=True) if d),
        bool(reading.first_person),
        tuple(zip(reading.raw, reading.stems, strict=True)),
    )


def _must_be_literal(stems: tuple[str, ...], reading: Reading, *, strict: bool) -> bool:
    """Whether too little is left of a phrasing ("in the end", "just a cache") to recognise it by its stems."""
    if len(stems) != 1 or reading.words - len(reading.negators) == 1:
        return False
    return strict or (stems[0] in VAGUE and not reading.negators)


def _phrasings(claim: ReadyClaim) -> Iterator[Phrasing]:
    for group in claim.groups:
        yield from group
    yield from claim.subject
    yield from claim.confusable
    yield from claim.opposite
    yield from claim.plain


def _joined(spelt: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Neighbouring words written as one: "hashmap" for "hash map"."""
    for (raw, stem), (next_raw, next_stem) in pairwise(spelt):
        if raw.isalpha() and next_raw.isalpha():
            yield raw + next_raw, (stem, next_stem)

"""What an answer has in common with a reference answer, in numbers between 0 and 1.

Of some forty lexical features tried on graded answers (see `coefficients`) these few did best on questions the fit had
not seen; more of them fitted the sets and not the next question. None of them counts a phrase twice, so repeating earns
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from bot.core.scoring.text import Reading, read
from bot.core.scoring.typos import Speller

NAMES = ("root_recall", "recall", "token_set", "all_words", "numbers", "size")
_IN_QUESTION = 0.15  # of the weight of a word: what the question says already proves little
_LONG, _MIDDLING = 7, 4  # letters; longer stems are rarer and say more
_LONG_WEIGHT, _MIDDLING_WEIGHT = 2.0, 1.5
_NO_NUMBERS = 0.5
_DENIED_WITHIN = 4  # content words after a negator
_MOST_WORDS = 2000  # compared as one set of tokens


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference answer taken apart once; `asked` are the stems of the question."""

    reading: Reading
    asked: frozenset[str]
    weights: dict[str, float]
    numbers: frozenset[str]
    spelt: dict[str, str]
    slips: Speller


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer beside its reference: the features, the share of new words found, and whether it denies them."""

    values: tuple[float, ...]
    recall: float
    contrary: bool


@lru_cache(maxsize=512)
def reference(question: str, answer: str) -> Reference:
    """Prepare the reference `answer` to `question`."""
    reading = read(answer)
    asked = frozenset(read(question).stems)
    spelt = dict(zip(reading.raw, reading.stems, strict=True))
    return Reference(
        reading,
        asked,
        {stem: _weight(stem, asked) for stem in dict.fromkeys(reading.stems)},
        _numbers(reading.stems),
        spelt,
        Speller([*spelt, *reading.stems]),
    )


def compare(known: Reference, reading: Reading) -> Compared:
    """Measure an answer against the reference; `values` stand in the order of `NAMES`."""
    said = _said(known, reading)
    found = dict.fromkeys(stem for stem in said if stem in known.weights)
    weighted = sum(known.weights[stem] for stem in found) / (sum(known.weights.values()) or 1.0)
    values = (
        weighted**0.5,
        len(found) / (len(known.weights) or 1),
        fuzz.token_set_ratio(" ".join(said[:_MOST_WORDS]), " ".join(known.reading.stems[:_MOST_WORDS])) / 100,
        _shared(known.reading.symbols, reading.symbols),
        len(known.numbers.intersection(said)) / len(known.numbers) if known.numbers else _NO_NUMBERS,
        min(1.0, _letters(reading.symbols) / (_letters(known.reading.symbols) or 1)),
    )
    return Compared(values, weighted, _is_contrary(known, reading, said))


def _weight(stem: str, asked: frozenset[str]) -> float:
    size = _LONG_WEIGHT if len(stem) >= _LONG else _MIDDLING_WEIGHT if len(stem) >= _MIDDLING else 1.0
    return size * (_IN_QUESTION if stem in asked else 1.0)


def _said(known: Reference, reading: Reading) -> list[str]:
    """The stems of the answer, misspelt words of the reference set right."""
    meant: dict[str, str] = {}
    for raw, stem in zip(reading.raw, reading.stems, strict=True):
        if raw not in meant:
            slip = "" if stem in known.weights or stem in known.asked else known.slips.intended(raw)
            meant[raw] = known.spelt.get(slip, slip) or stem
    return [meant[raw] for raw in reading.raw]


def _shared(wanted: Iterable[str], found: Iterable[str]) -> float:
    whole = set(wanted)
    return len(whole.intersection(found)) / len(whole) if whole else 0.0


def _letters(words: Sequence[str]) -> int:
    """The length of a text without what it repeats: every pair of neighbours counts once."""
    return sum(len(word) + 1 for _, word in {*pairwise(["", *words])})


def _numbers(stems: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for stem in stems if stem[:1].isdigit())


def _is_contrary(known: Reference, reading: Reading, said: list[str]) -> bool:
    """Whether most of what the answer shares with the reference is denied in one and affirmed in the other."""
    ours, theirs = _denials(known.reading, known.reading.stems), _denials(reading, said)
    shared = [stem for stem in theirs if stem in ours and stem not in known.asked] or [s for s in theirs if s in ours]
    turned = sum(theirs[stem].isdisjoint(ours[stem]) for stem in shared)
    return 2 * turned > len(shared)


def _denials(reading: Reading, stems: list[str]) -> dict[str, set[bool]]:
    """For every stem, whether it stands under a negator, without one, or both."""
    denied = set()
    for negator in reading.negators:
        for at in range(negator.before, min(negator.before + _DENIED_WITHIN, len(stems))):
            if reading.clause[at] == negator.clause:
                denied.add(at)
    found: dict[str, set[bool]] = {}
    for at, stem in enumerate(stems):
        found.setdefault(stem, set()).add(at in denied)
    return found

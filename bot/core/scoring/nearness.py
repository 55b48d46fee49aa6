"""Whether a point without credit may have been said all the same, in words its author did not think of.

Per sentence, half the weight of its words that the point's statement and wordings use, and half the best share of the
words of one wording. Measured between points said and not said among those without credit: area under the curve .71 to
.90, depending on who labels them: good enough to steer a follow-up and a debrief, not to give credit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

from bot.core.scoring.index import Index
from bot.core.scoring.phrasing import Meaning

MAYBE = 0.45
_FEWEST_WORDS = 3  # content words of a sentence that may say something
_FEWEST_SHARED = 2


def maybe_said(meanings: Sequence[Meaning | None], index: Index, asked: AbstractSet[str]) -> list[str]:
    """For each point the sentence that may say it, or ''; None stands for one that is not looked for.

    What the prompt `asked` proves nothing.
    """
    if not any(meanings):
        return [""] * len(meanings)
    sentences = {number: said - asked for number, said in _sentences(index).items() if len(said) >= _FEWEST_WORDS}
    return [_quoted(_nearest(meaning, sentences), index) if meaning else "" for meaning in meanings]


def _sentences(index: Index) -> dict[int, set[str]]:
    """The stems of each sentence, as typed and as the rubric understands them."""
    reading = index.reading
    said: dict[int, set[str]] = defaultdict(set)
    for sentence, stem in zip(reading.sentence, reading.stems, strict=True):
        said[sentence].add(stem)
    for stem, places in index.stems.items():
        for place in places:
            said[reading.sentence[place]].add(stem)
    return said


def _nearest(meaning: Meaning, sentences: dict[int, set[str]]) -> int | None:
    best, where = MAYBE, None
    for number, said in sentences.items():
        shared = said & meaning.weights.keys()
        if len(shared) >= _FEWEST_SHARED and (near := _near(meaning, said, shared)) >= best:
            best, where = near, number
    return where


def _near(meaning: Meaning, said: Collection[str], shared: AbstractSet[str]) -> float:
    told = sum(meaning.weights[stem] for stem in shared)
    recall = max((len(words & shared) / len(words) for words in meaning.wordings), default=0.0)
    return told / (2 * (told + len(said) - len(shared))) + recall / 2


def _quoted(sentence: int | None, index: Index) -> str:
    if sentence is None:
        return ""
    places = [place for place, number in enumerate(index.reading.sentence) if number == sentence]
    return index.reading.text[index.reading.starts[places[0]] : index.reading.ends[places[-1]]]

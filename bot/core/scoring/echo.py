"""What an answer merely repeats from the prompt, and which words belong to a question at all."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from bot.core.model import Question
from bot.core.scoring.text import Reading, read

_SCRAP = 2  # content words; "On a circle." states nothing
_MANY_SCRAPS = 3
_CODE = "```"
_LONG = 400  # content words; longer than any model answer
_RUN = 4  # content words in the order of the prompt are no coincidence


def echoed(prompt: str, reading: Reading) -> frozenset[int]:
    """The content positions of `reading` that repeat a run of words of the prompt."""
    asked = content_stems(prompt)
    size = min(_RUN, len(asked))
    if not size:
        return frozenset()
    runs = {asked[at : at + size] for at in range(len(asked) - size + 1)}
    found: set[int] = set()
    for at in range(len(reading) - size + 1):
        if tuple(reading.stems[at : at + size]) in runs:
            found.update(range(at, at + size))
    return frozenset(found)


def said_before(reading: Reading) -> frozenset[int]:
    """The content positions of sentences that the answer has already said word for word."""
    seen: set[tuple[str, ...]] = set()
    repeated: set[int] = set()
    for positions in _sentences(reading):
        words = tuple(reading.stems[positions[0] : positions[-1] + 1])
        if words in seen:
            repeated.update(positions)
        seen.add(words)
    return frozenset(repeated)


def _sentences(reading: Reading) -> list[list[int]]:
    """The content positions of each sentence."""
    sentences: dict[int, list[int]] = {}
    for position, sentence in enumerate(reading.sentence):
        sentences.setdefault(sentence, []).append(position)
    return list(sentences.values())


def said_once(reading: Reading, repeated: AbstractSet[int]) -> Reading:
    """The answer without the sentences at the `repeated` positions; a long one gains nothing by them as it is."""
    if not repeated or len(reading) > _LONG:
        return reading
    kept, end = [], 0
    for position in sorted(repeated):
        kept.append(reading.text[end : max(end, reading.ends[position - 1])])
        end = reading.ends[position]
    return read("\n".join(filter(None, [*kept, reading.text[end:]])))


def scraps(reading: Reading) -> frozenset[int]:
    """The content positions of sentences of a word or two, in an answer without code that mostly consists of such."""
    if _CODE in reading.text:
        return frozenset()
    sentences = _sentences(reading)
    short = [positions for positions in sentences if len(positions) <= _SCRAP]
    if len(short) < _MANY_SCRAPS or 2 * len(short) < len(sentences):
        return frozenset()
    return frozenset(position for positions in short for position in positions)


def vocabulary(question: Question) -> frozenset[str]:
    """The stems of everything that the bank says about a question."""
    return _vocabulary("\n".join(_written(question)))


def _written(question: Question) -> Iterator[str]:
    yield question.prompt
    yield question.model_answer
    for claim in (*question.key_points, *question.misconceptions):
        yield claim.statement
        for group in claim.all_of:
            yield from group
    for fact in question.facts:
        yield fact.ask
        yield fact.answer


@lru_cache(maxsize=1024)
def content_stems(text: str) -> tuple[str, ...]:
    """The stems of the content words of a text of the bank."""
    return tuple(read(text).stems)


@lru_cache(maxsize=1024)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))

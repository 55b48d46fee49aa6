"""Clarifying questions: telling them from answers, and finding the fact that answers them.

Only the fact sheet answers. A question it does not hold gets none, so nothing is ever invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import snowballstemmer
from rapidfuzz import fuzz

from bot.core.model import Fact

_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_OPENING = re.compile(
    r"^(?:(?:and|but|ok|okay|so|also|well|sorry|hi|hello|thanks|first|then|one question|quick question)[,:]?\s+)*"
    r"(?:what|which|who|whose|where|when|why|how|is|are|am|was|were|do|does|did|has|have|had|can|could|may|might|"
    r"should|shall|would|will|any|let me ask|tell me)\b",
    re.IGNORECASE,
)
_WORDS_AT_MOST = 40
_NEAR = 0.3  # share of a wording's weighted words that a question has to touch
_STRAY = 0.5  # what is left of a match when nearly all of the question is about something else
_SAME_WORD = 80  # Indel similarity of two stems that a typing slip may separate
# fmt: off
_SMALL_WORDS = frozenset({
    "a", "an", "and", "are", "be", "been", "can", "could", "do", "does", "did", "for", "from", "had", "has", "have",
    "how", "i", "if", "in", "is", "it", "its", "may", "me", "my", "of", "on", "or", "our", "shall", "should", "so",
    "some", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "us", "was", "we",
    "were", "what", "when", "where", "which", "who", "will", "with", "would", "you", "your", "any", "about",
    "assume", "know", "say", "tell", "expect", "need", "want", "get", "got", "use", "used", "using",
})
# fmt: on
_STEMMER = snowballstemmer.stemmer("english")
_MEASURES = frozenset(
    _STEMMER.stemWords(["many", "much", "long", "often", "fast", "large", "big", "old", "late", "type"])
)


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """The part of a message that is an answer, and the clarifying questions in it, both as typed."""
    if "```" in text:
        return text, ()
    sentences = [match.group() for match in _SENTENCE.finditer(text)]
    questions = tuple(s.strip() for s in sentences if _asks(s.strip()))
    if not questions:
        return text, ()
    answer = "".join(s for s in sentences if s.strip() not in questions).strip()
    return answer, questions


def find_fact(question: str, facts: Sequence[Fact]) -> Fact | None:
    """The fact that a clarifying question is after, or None; of two equally near, the linchpin."""
    asked = _stems(question)
    rarity = _rarity(tuple(facts))
    nearness = {fact.id: _closeness(asked, fact, rarity) for fact in facts}
    best = max(facts, key=lambda fact: (nearness[fact.id], fact.linchpin), default=None)
    return best if best and nearness[best.id] >= _NEAR else None


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") and len(sentence.split()) <= _WORDS_AT_MOST and _OPENING.match(sentence) is not None


def _closeness(asked: frozenset[str], fact: Fact, rarity: Counter[str]) -> float:
    return max(_overlap(asked, _stems(wording), rarity) for wording in (fact.ask, *fact.aliases))


def _overlap(asked: frozenset[str], wording: frozenset[str], rarity: Counter[str]) -> float:
    """Weighted share of the wording's words found in the question, less for each stray word of the question.

    Words such as "how many" fit many facts: alone they find none, unless the wording has no others.
    """
    weights = {word: 1 / rarity[word] for word in wording}
    found = {word for word in wording if any(_same(word, other) for other in asked)}
    if not found or (found <= _MEASURES and not wording <= _MEASURES):
        return 0.0
    recall = sum(weights[word] for word in found) / sum(weights.values())
    return recall * (_STRAY + (1 - _STRAY) * len(found) / len(asked))


def _same(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) > 4 and fuzz.ratio(word, other) >= _SAME_WORD)  # noqa: PLR2004


@lru_cache(maxsize=256)
def _rarity(facts: tuple[Fact, ...]) -> Counter[str]:
    """In how many facts of the sheet a word stands: common words say little about which is meant."""
    return Counter(word for fact in facts for word in _all_stems((fact.ask, *fact.aliases)))


def _all_stems(wordings: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(_stems(wording) for wording in wordings))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    return frozenset(_STEMMER.stemWords([word for word in words if word not in _SMALL_WORDS]))

"""Typing slips: which word of the rubric a misspelt word of the answer stands for.

Symmetric deletion (Garbe's SymSpell): two words within one edit share a form with a letter left out, so a look-up in a
table of such forms replaces comparing every word with every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from bot.core.scoring.lexicon import NOT_A_SLIP
from bot.core.scoring.words import LONGEST_WORD

_SHORTEST_FOR_ONE = 5
_LONGEST_FOR_ONE = 10


class Speller:
    """The words of a rubric, ready to be found under a slip of the keyboard."""

    def __init__(self, words: Iterable[str]) -> None:
        """Prepare for `words`; short ones and names with digits are never guessed."""
        self._forms: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            for form in _forms(word):
                self._forms.setdefault(form, []).append(word)

    def intended(self, word: str) -> str:
        """The word of the rubric that `word` is a slip of, or ''."""
        for form in _forms(word):
            for candidate in self._forms.get(form, ()):
                if _is_slip(word, candidate):
                    return candidate
        return ""


def _allowed(word: str) -> int:
    if not word.isalpha() or not _SHORTEST_FOR_ONE <= len(word) <= LONGEST_WORD:
        return 0
    return 1 if len(word) <= _LONGEST_FOR_ONE else 2


def _forms(word: str) -> Iterator[str]:
    allowed = _allowed(word)
    if not allowed:
        return
    once = dict.fromkeys(word[:i] + word[i + 1 :] for i in range(len(word)))  # in order, or chance would decide ties
    yield word
    yield from once
    if allowed > 1:
        yield from dict.fromkeys(form[:i] + form[i + 1 :] for form in once for i in range(len(form)))


def _is_slip(word: str, candidate: str) -> bool:
    if word[0] != candidate[0] or frozenset((word, candidate)) in NOT_A_SLIP:
        return False
    allowed = min(_allowed(word), _allowed(candidate))
    return OSA.distance(word, candidate, score_cutoff=allowed) <= allowed

"""One word at a time: British and American spelling, irregular forms, Snowball stems."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

from bot.core.scoring.everyday import swapped_freely
from bot.core.scoring.irregular import IRREGULAR

LONGEST_WORD = 40  # longer runs of letters are no English words; stemming them would cost time for nothing

_SPELLINGS = (
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|er|ing)$"), r"yz\1"),
    (re.compile(r"our(s|ed|ing|al|able|ite|hood|ly)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{3}el)l(ed|ing|er)$"), r"\1"),
    (re.compile(r"([bt])re(s|d)?$"), r"\1er\2"),
    (re.compile(r"ogue(s)?$"), r"og\1"),
)
_SHORTEST_RESPELT = 5


@lru_cache(maxsize=16384)
def spelling(word: str) -> str:
    """The word in lower case and one spelling, whichever side of the Atlantic it came from."""
    plain = word.lower().replace("\u2019", "'")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain).replace("\u2019", "'")
    if len(plain) < _SHORTEST_RESPELT or len(plain) > LONGEST_WORD or plain in IRREGULAR:
        return plain
    for pattern, replacement in _SPELLINGS:
        folded, count = pattern.subn(replacement, plain, count=1)
        if count:
            return folded
    return plain


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """What is compared of a word: the stem of its usual form, "sparsity" and "sparse" alike, "large" for "huge"."""
    own = root(word)
    return _groups().get(own, own)


@cache
def _groups() -> dict[str, str]:
    return {root(word): root(group[0]) for group in swapped_freely() for word in group}


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """The stem of a word alone, without the everyday words that stand for it."""
    folded = spelling(word).removesuffix("'s")
    folded = IRREGULAR.get(folded, folded)
    if len(folded) > LONGEST_WORD or not folded.isascii():
        return folded
    if any(letter.isdigit() for letter in folded):
        return folded
    # A stemmer keeps the word it works on, so every call gets its own: threads must not share one.
    found: str = EnglishStemmer().stemWord(folded)
    return _nominal(found)


def _nominal(found: str) -> str:
    for ending in ("iti", "ness"):
        if found.endswith(ending) and len(found) > len(ending) + 3:
            return found.removesuffix(ending)
    return found

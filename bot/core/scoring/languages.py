"""Whether an answer is in English; an answer in another language is asked for again, never failed."""

from __future__ import annotations

from bot.core.scoring.lexicon import listed
from bot.core.scoring.text import Reading

# The commonest short words of other languages that are no English words; they betray a language first.
_FOREIGN = listed(
    """aber adalah al ale alla als ama anche ao att au auch auf aus aux av avec az bei bij bir bu ce cette che co com
    come comme como cuando da dan dans dari das dass dat de dei del della dem den dengan der des det deze di
    dit dla donc dos du durch een egy ein eine einen einer eines el elle em en er es est esta este esto et ett
    ezt för für gibi gli haben hat hay het hogy ich ikke il ile ini inte isso ist itu için jak je jeg jest
    kann który las le les lo los ma maar mais mas med mehr met mit muy más na naar nach ne nel nem nicht nie
    niet nos nous nur não o och oder og olan omdat ook os ou par para pas perché pero più plus por porque pour
    przez på quando que questa questo qui se si sich sie sind się som son sono sont su sur sus são są tidak
    til um uma una und une untuk van ve von voor vous weil wenn werden wij wir wird worden wordt y yang zij
    zijn zu zum zur är çok é és że"""
)
_ENGLISH = listed(
    """all an and are as at be because but by can do does each for from has have how i if in into is it its more no
    not of on one only or so than that the then there they this to was we were what when which will with would
    you"""
)
_LEAST_WORDS = 4
_LEAST_FOREIGN_SHARE = 0.12
_LEAST_OTHER_LETTERS = 0.4
_LAST_LATIN = "\u024f"
_GREEK = ("\u0370", "\u03ff")  # symbols of formulas


def is_foreign(reading: Reading) -> bool:
    """Whether the answer is written in another script, or in the small words of another language."""
    return _other_script(reading.text) or _other_words(reading.text)


def _other_script(text: str) -> bool:
    if text.isascii():
        return False
    letters = sum(map(str.isalpha, text))
    other = sum(letter > _LAST_LATIN and not _GREEK[0] <= letter <= _GREEK[1] and letter.isalpha() for letter in text)
    return letters >= _LEAST_WORDS and other >= _LEAST_OTHER_LETTERS * letters


def _other_words(text: str) -> bool:
    words = [word.strip(".,;:!?()\"'\u00ab\u00bb\u201e\u201c") for word in text.lower().split()]
    words = [word for word in words if word]
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return len(words) >= _LEAST_WORDS and foreign > max(english, 1) and foreign >= _LEAST_FOREIGN_SHARE * len(words)

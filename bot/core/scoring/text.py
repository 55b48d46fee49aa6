"""An answer taken apart: words with their places, sentences, clauses and segments, negators and symbols.

Positions count content words only. A sentence ends at a full stop or a line; a clause also at a contrast ("but",
"whereas"); a segment also at a comma or "and". All spans point into the answer as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from bot.core.scoring.idioms import plainly
from bot.core.scoring.lexicon import (
    ABBREVIATIONS,
    AFTER_IDLE_NEGATOR,
    ARTICLES,
    BARRIERS,
    BEFORE_IDLE_NEGATOR,
    CAN_BE_IDLE,
    COMPARISONS,
    CONTRASTS,
    FAILING,
    FALLING,
    FIRST_PERSON,
    GLUED,
    NEGATORS,
    NEVER_AFTER_ARTICLES,
    OTHER_PERSONS,
    PREPOSITIONS,
    RELATIVES,
    RISING,
    SILENT_SYMBOLS,
    SPOKEN_SYMBOLS,
    STOP,
)
from bot.core.scoring.words import spelling, stem

_TOKEN = re.compile(
    r"""(?P<abbreviation>\b(?:e\.g|i\.e|etc|vs|approx|resp|cf)\.)
      | (?P<number>\d+(?:[.,]\d+)*(?!\w))
      | (?P<word>(?:\b[Nn]on-)?[^\W_]+(?:['\u2019][^\W_]+)*)
      | (?P<symbol>\(\)|->|=>|<=|>=|==|!=|:=|\*\*|\.{2,}|[^\w\s])
      | (?P<line>\n\s*)""",
    re.VERBOSE,
)
_SENTENCE_ENDS = frozenset(".!?;\u2026\u3002")
_WRAPPED_LINE = 60  # a line this long that breaks before a lower-case word was wrapped by an editor, not ended
_POWER = re.compile(r"^([^\W\d_]|sigma|tau|theta|lambda)([23])$")
_NAMES_WITH_A_DIGIT = frozenset({"l1", "l2", "l0", "f1", "f2", "r2", "p2", "b2", "s3", "h2", "c2", "h3"})
_RELATIONS = frozenset({"->", "=>", "=", "==", "<", ">", "<=", ">=", ":", "\u2192", "~", "\u2248", "+"})
_GOVERNED_WORDS = 2  # "in one process": a preposition reaches over its noun and a word before it
_CLOSING = frozenset(")]}\"'\u2019\u201d%")
_ENDS_COMPARISON = frozenset(",)+:->=")
_REPLY = "no"
_AFTER_A_REPLY = frozenset(
    {",", ":", ".", ";", "!", "-", "\u2013", "\u2014"}
)  # "No: ..." replies and denies nothing behind it
_COMPARED_WORDS = 3  # "compared with the ridge": a comparison reaches over this many words


@dataclass(frozen=True, slots=True)
class Negator:
    """A word that denies what follows; it stands before the content word at `before`."""

    before: int
    clause: int
    reach: int
    start: int


@dataclass(slots=True)
class Reading:
    """All that matching needs to know of an answer; `raw` to `direction` have one entry for each content word."""

    text: str
    plain: str
    raw: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    reach: list[int] = field(default_factory=list)
    compared: list[bool] = field(default_factory=list)
    oblique: list[bool] = field(default_factory=list)
    direction: list[int] = field(default_factory=list)
    openers: list[str] = field(default_factory=lambda: [""])
    first_person: list[int] = field(default_factory=list)
    other_persons: list[int] = field(default_factory=list)
    negators: list[Negator] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    symbol_starts: list[int] = field(default_factory=list)
    symbol_ends: list[int] = field(default_factory=list)
    clause_spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    segment_spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    words: int = 0
    small_words: int = 0
    relations: int = 0
    articles: int = 0
    stranded: int = 0

    def __len__(self) -> int:
        """How many content words there are."""
        return len(self.stems)


def read(text: str) -> Reading:
    """Take `text` apart."""
    return _Reader(text).read()


class _Reader:
    """One pass over a text from left to right."""

    def __init__(self, text: str) -> None:
        self._reading = Reading(text, plainly(text))
        self._sentence = self._clause = self._segment = self._reach = 0
        self._compared = 0
        self._previous = ""
        self._governed = 0

    def read(self) -> Reading:
        tokens = list(_TOKEN.finditer(self._reading.text))
        for index, token in enumerate(tokens):
            following = tokens[index + 1].group().lower() if index + 1 < len(tokens) else ""
            match token.lastgroup:
                case "word" | "number":
                    self._word(token, following)
                case "symbol":
                    self._symbol(token)
                case "line":
                    self._line(token)
        return self._reading

    def _word(self, token: re.Match[str], following: str) -> None:
        lexeme = _lexeme(token.group())
        word = lexeme.word
        self._reading.words += 1
        if self._previous in ARTICLES:
            self._reading.articles += 1
            self._reading.stranded += word in NEVER_AFTER_ARTICLES
        self._compared = max(self._compared - 1, 0)
        if lexeme.special:
            self._structure(word)
        elif not self._reading.openers[-1]:
            self._reading.openers[-1] = word
        if lexeme.special and self._is_negator(token.group(), word, following):
            self._reading.negators.append(Negator(len(self._reading), self._clause, self._reach, token.start()))
        elif lexeme.small or word == _REPLY:
            self._reading.small_words += 1
        else:
            for piece, stemmed in zip(lexeme.pieces, lexeme.stems, strict=True):
                self._content(piece, stemmed, token)
        for sign in lexeme.spoken:
            self._spoken(sign, token)
        if word not in CONTRASTS and word != "and":
            self._extend(token)
        self._previous = word

    def _extend(self, token: re.Match[str]) -> None:
        reading = self._reading
        for spans, key in ((reading.clause_spans, self._clause), (reading.segment_spans, self._segment)):
            spans[key] = (spans.get(key, token.span())[0], token.end())

    def _structure(self, word: str) -> None:
        if word in CONTRASTS:
            self._end_clause()
        elif word in BARRIERS:
            self._reach += 1
            self._segment += word == "and"
            self._governed = 0
        elif not self._reading.openers[-1]:
            self._reading.openers[-1] = word
        if word in RELATIVES:
            self._uncompare()
        if word in COMPARISONS:
            self._compared = _COMPARED_WORDS
        if word in PREPOSITIONS and self._segment == self._last_segment:
            self._governed = _GOVERNED_WORDS
        if word in FIRST_PERSON:
            self._reading.first_person.append(len(self._reading))
        elif word in OTHER_PERSONS:
            self._reading.other_persons.append(len(self._reading))

    def _uncompare(self) -> None:
        """In "unlike batch norm, which averages over ..." what was only compared becomes the subject."""
        compared = self._reading.compared
        for at in range(len(compared) - 1, max(len(compared) - _COMPARED_WORDS, 0) - 1, -1):
            compared[at] = False
        self._compared = 0

    @property
    def _last_segment(self) -> int:
        return self._reading.segment[-1] if self._reading.segment else -1

    def _is_negator(self, typed: str, word: str, following: str) -> bool:
        if word in FAILING:
            return following == "to"
        if word not in NEGATORS or self._previous in BEFORE_IDLE_NEGATOR:
            return False
        if word in CAN_BE_IDLE and (
            following in AFTER_IDLE_NEGATOR or (word == _REPLY and following in _AFTER_A_REPLY)
        ):
            return False
        return typed != "None" or following == "of"

    def _content(self, piece: str, stemmed: str, token: re.Match[str]) -> None:
        reading = self._reading
        reading.raw.append(piece)
        reading.stems.append(stemmed)
        reading.starts.append(token.start())
        reading.ends.append(token.end())
        reading.sentence.append(self._sentence)
        reading.clause.append(self._clause)
        reading.segment.append(self._segment)
        reading.reach.append(self._reach)
        reading.compared.append(self._compared > 0)
        reading.oblique.append(self._governed > 0)
        reading.direction.append((stemmed in RISING) - (stemmed in FALLING))
        self._governed = max(self._governed - (piece not in PREPOSITIONS), 0)

    def _symbol(self, token: re.Match[str]) -> None:
        sign = token.group()
        self._reading.relations += sign in _RELATIONS
        if sign == ",":
            self._segment += 1
            self._reach += 1
            self._governed = 0
        if sign in _ENDS_COMPARISON:
            self._compared = self._governed = 0
        spoken = SPOKEN_SYMBOLS.get(sign, sign)
        if spoken not in SILENT_SYMBOLS:
            self._spoken(spoken, token)
        if sign in _CLOSING and self._clause in self._reading.clause_spans:
            self._extend(token)
        if sign[0] in _SENTENCE_ENDS and self._ends_sentence(token):
            self._end_sentence()
        self._previous = sign

    def _spoken(self, sign: str, token: re.Match[str]) -> None:
        self._reading.symbols.append(sign)
        self._reading.symbol_starts.append(token.start())
        self._reading.symbol_ends.append(token.end())

    def _ends_sentence(self, token: re.Match[str]) -> bool:
        following = self._reading.text[token.end() : token.end() + 1]
        return token.group() != "." or not following or not following.isalnum()

    def _line(self, token: re.Match[str]) -> None:
        text = self._reading.text
        begin = text.rfind("\n", 0, token.start()) + 1
        wrapped = (
            token.group().count("\n") == 1
            and token.start() - begin >= _WRAPPED_LINE
            and text[token.end() : token.end() + 1].islower()
        )
        if not wrapped:
            self._end_sentence()

    def _end_clause(self) -> None:
        self._clause += 1
        self._reading.openers.append("")
        self._governed = 0
        self._segment += 1
        self._reach += 1

    def _end_sentence(self) -> None:
        self._sentence += 1
        self._end_clause()
        self._compared = 0


_SPECIAL = (
    RELATIVES | CONTRASTS | BARRIERS | COMPARISONS | PREPOSITIONS | FIRST_PERSON | OTHER_PERSONS | NEGATORS | FAILING
)


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """What is known of a word before its place: spelling, pieces with their stems, and how it sounds as a sign."""

    word: str
    pieces: tuple[str, ...]
    stems: tuple[str, ...]
    spoken: tuple[str, ...]
    small: bool
    special: bool


@lru_cache(maxsize=16384)
def _lexeme(typed: str) -> _Lexeme:
    word = spelling(typed)
    pieces = _pieces(word)
    stems = tuple(stem(piece) for piece in pieces)
    full = ABBREVIATIONS.get(word, pieces)
    signs = (SPOKEN_SYMBOLS.get(piece) or stemmed for piece, stemmed in zip(pieces, stems, strict=True))
    return _Lexeme(
        word,
        full,
        tuple(stem(piece) for piece in full),
        tuple(sign for sign in signs if sign not in SILENT_SYMBOLS),
        word in STOP or word in CONTRASTS,
        word in _SPECIAL,
    )


def _pieces(word: str) -> tuple[str, ...]:
    if word in GLUED:
        return GLUED[word]
    power = _POWER.match(word) if word not in _NAMES_WITH_A_DIGIT else None
    return (power[1], power[2]) if power else (word.replace(",", "") if word[0].isdigit() else word.replace("-", ""),)

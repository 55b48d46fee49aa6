"""Flags for answers that earn less than their words suggest, and what each flag caps the score at."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.assessment import Flag
from bot.core.model import Question
from bot.core.scoring.bluffs import (
    ABOUT_ORDERS,
    BOTH_WAYS,
    DEMANDS,
    GIVING_UP,
    HEDGES,
    ORDERS,
    PASSING,
)
from bot.core.scoring.claims import Judged
from bot.core.scoring.echo import content_stems, vocabulary
from bot.core.scoring.languages import is_foreign
from bot.core.scoring.stuffing import is_bag
from bot.core.scoring.text import Reading

_CAPS = {
    Flag.EMPTY: 0.0,
    Flag.DONT_KNOW: 0.0,
    Flag.OTHER_LANGUAGE: 0.0,
    Flag.ECHO: 0.1,
    Flag.KEYWORD_LIST: 0.2,
    Flag.OFF_TOPIC: 0.2,
    Flag.INSTRUCTIONS: 0.2,
    Flag.HEDGING: 0.25,
}
_ECHO_SHARE = 0.8  # of the answer
_PROMPT_SHARE = 0.4
_WORDS_OF_GIVING_UP = 3
_WORDS_OF_AN_ATTEMPT = 8
_ENOUGH_TO_TELL = 25
_ON_TOPIC_SHARE = 0.12  # right answers to the shipped questions share at least .28
_HEDGED_SHARE = 0.05  # of all words; a person who thinks aloud stays below
_MANY_HEDGES = 3
_MOSTLY_EARNED = 0.6


@dataclass(frozen=True, slots=True)
class Scored:
    """What the guards look at: the question, the answer taken apart, and what its claims earned."""

    question: Question
    reading: Reading
    echoed: AbstractSet[int]
    points: Sequence[Judged]
    misconceptions: Sequence[Judged]


def cap(raised: Sequence[Flag]) -> float:
    """The most an answer with these flags can earn."""
    return min((_CAPS[flag] for flag in raised), default=1.0)


def flags(scored: Scored) -> tuple[Flag, ...]:
    """All flags that apply, in the order of `Flag`."""
    if not scored.reading.words:
        return (Flag.EMPTY,)
    if is_foreign(scored.reading):
        return (Flag.OTHER_LANGUAGE,)
    return tuple(flag for flag, applies in _GUARDS if applies(scored))


def _earned(scored: Scored) -> float:
    """The share of the points that were earned: who says so much does not dodge."""
    return sum(judged.credit for judged in scored.points) / (len(scored.points) or 1)


def _echoes(scored: Scored) -> bool:
    """Nearly nothing but the prompt, and a good part of it: five words of a prompt may well be an answer."""
    if _earned(scored) > 0:
        return False
    echoed = len(scored.echoed)
    asked = len(content_stems(scored.question.prompt))
    return echoed > 0 and echoed >= _ECHO_SHARE * len(scored.reading) and echoed >= _PROMPT_SHARE * asked


def _lists_keywords(scored: Scored) -> bool:
    if scored.question.allow_list:
        return False
    return is_bag(scored.reading, scored.points, story=scored.question.kind.is_told)


def _off_topic(scored: Scored) -> bool:
    """A long answer that shares hardly a word with the question, its rubric and its model answer."""
    reading = scored.reading
    if len(reading) < _ENOUGH_TO_TELL or scored.question.kind.is_told or _earned(scored) > 0:
        return False
    known = vocabulary(scored.question)
    shared = sum(stem in known for stem in reading.stems)
    return shared < _ON_TOPIC_SHARE * len(reading)


def _gives_up(scored: Scored) -> bool:
    plain = scored.reading.plain
    if not (PASSING.fullmatch(plain) or GIVING_UP.occurs(plain)):
        return False
    size = len(scored.reading)
    if not scored.question.key_points:
        return size < _WORDS_OF_AN_ATTEMPT
    return size <= _WORDS_OF_GIVING_UP or not any(judged.credit for judged in scored.points)


def _instructs(scored: Scored) -> bool:
    plain = scored.reading.plain
    if DEMANDS.occurs(plain):
        return True
    return ORDERS.occurs(plain) and vocabulary(scored.question).isdisjoint(ABOUT_ORDERS)


def _hedges(scored: Scored) -> bool:
    """Claiming a thing and its opposite, or hedging so densely that nothing is claimed."""
    plain = scored.reading.plain
    both = BOTH_WAYS.count(plain)
    hedges = HEDGES.count(plain) + both
    torn = any(judged.support and judged.against for judged in scored.points)
    if (both and _earned(scored) < _MOSTLY_EARNED) or (torn and hedges > 1):
        return True
    return hedges >= _MANY_HEDGES and hedges >= _HEDGED_SHARE * scored.reading.words


_GUARDS = (
    (Flag.ECHO, _echoes),
    (Flag.KEYWORD_LIST, _lists_keywords),
    (Flag.OFF_TOPIC, _off_topic),
    (Flag.DONT_KNOW, _gives_up),
    (Flag.INSTRUCTIONS, _instructs),
    (Flag.HEDGING, _hedges),
)

"""A told story taken apart: its sections by the person's own sentences, who acted, its numbers, and its length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.core.assessment import Section, StarReading, StarSection
from bot.core.scoring.story_cues import FILLERS, ME, NO_NUMBER, NUMBER, QUANTITY, US
from bot.core.scoring.story_sections import Part, deeds_in, is_supposed, parts

WORDS_A_MINUTE = 150  # of unhurried speech
SHORTEST, LONGEST = 2.0, 4.0  # minutes; interviewers ask for about three
_WORTH = {
    Section.SITUATION: 0.15,
    Section.TASK: 0.15,
    Section.ACTION: 0.35,
    Section.RESULT: 0.25,
    Section.LEARNING: 0.10,
}
_VAGUE_CAP = 0.2
_UNQUANTIFIED = 0.6  # of the worth of a result told without any number


def read_story(answer: str) -> StarReading:
    """Recognise the sections of a story, labelled or not, in any order."""
    told = parts(answer)
    sections = tuple(_sections(told))
    shown = {section.name for section in sections}
    quantity = _quantity([part.text for part in told if part.shows(Section.RESULT)])
    words = sum(part.words for part in told)
    minutes = words / WORDS_A_MINUTE
    return StarReading(
        sections=sections,
        missing=tuple(section for section in Section if section not in shown),
        singular=len(ME.findall(answer)),
        plural=len(US.findall(answer)),
        quantified=bool(quantity),
        quantity=quantity,
        fillers_per_100=round(100 * len(fillers(answer)) / words, 2) if words else 0.0,
        words=words,
        minutes=round(minutes, 2),
        pace="short" if minutes < SHORTEST else "long" if minutes > LONGEST else "right",
        hypothetical=is_supposed([part.text for part in told]),
        own_deeds=any(deeds_in(part.text) for part in told),
    )


def numbers(sentence: str) -> tuple[str, ...]:
    """The counts and amounts in a sentence, as they were typed."""
    idle = [found.span() for found in NO_NUMBER.finditer(sentence)]
    found = (match for match in NUMBER.finditer(sentence))
    return tuple(
        match.group().strip() for match in found if not any(start <= match.start() < end for start, end in idle)
    )


def _quantity(results: Sequence[str]) -> str:
    """The number that a result is told with: an amount with its unit or a change where there is one."""
    counted = [sentence for sentence in results if numbers(sentence)]
    measured = (found.group() for sentence in counted if (found := QUANTITY.search(sentence)))
    return next(measured, numbers(counted[0])[0] if counted else "")


def fillers(answer: str) -> tuple[str, ...]:
    """The filler words of an answer, as they were typed."""
    return tuple(found.group() for found in FILLERS.finditer(answer))


def completeness(star: StarReading) -> float:
    """How much of a story was told, 0..1, and nothing where nobody acted; length, accent and fillers play no part."""
    if Section.ACTION in star.missing and not star.own_deeds:
        return 0.0
    worth = {**_WORTH, Section.RESULT: _WORTH[Section.RESULT] * (1.0 if star.quantified else _UNQUANTIFIED)}
    return sum(worth[section] for section in Section if star.earns(section))


def story_cap(star: StarReading) -> float:
    """The most that an answer without a story of one's own can earn: one told as "we only", or as what one would do."""
    return 1.0 if star.own_deeds and not star.hypothetical else _VAGUE_CAP


def _sections(told: Sequence[Part]) -> Iterator[StarSection]:
    """The sections that are shown, each by its clearest sentence."""
    total = sum(part.words for part in told) or 1
    placed = _placed(told)
    for section in Section:
        showing = [part for part in told if part.shows(section)]
        if showing:
            words = sum(part.words for part in placed if part.section is section)
            yield StarSection(section, max(showing, key=lambda part: part.weight).text, words / total)


def _placed(told: Sequence[Part]) -> list[Part]:
    """The sentences that show their section, and those that show nothing but stand in the middle of one."""
    shown = [part.section if part.weight else None for part in told]
    before = list(accumulate(shown, _latest))
    after = list(accumulate(reversed(shown), _latest))[::-1]
    return [part for part, came, comes in zip(told, before, after, strict=True) if came is comes is part.section]


def _latest(earlier: Section | None, own: Section | None) -> Section | None:
    return own or earlier

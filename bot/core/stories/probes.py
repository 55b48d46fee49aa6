"""What an interviewer would ask next: never what was already said, and never the same twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.assessment import Section
from bot.core.scoring.story_cues import CHANGE
from bot.core.scoring.story_learning import DIFFERENTLY
from bot.core.scoring.story_reading import numbers
from bot.core.scoring.story_sections import Part, deeds_in, parts

_STEPS = 2  # who told two own steps has said what came next
_UNITS = {"%": "percent", "ms": "millisecond", "s": "second", "min": "minute", "h": "hour"}


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# How dissent and a choice between ways sound in a story.
DISSENT = _any(
    r"\bdisagree\w*|\bdid(?: not|n['\u2019]t) (?:agree|like|believe|want|trust)\b|\bdo(?:es)? not (?:agree|"
    r"believe)\b",
    r"\bobject(?:ed|s|ion\w*)\b|\b(?:was|were|is|are) (?:\w+ )?(?:against|opposed|sceptical|skeptical|not convinced|"
    r"unconvinced|reluctant|worried)\b|\bagainst (?:it|the (?:wish|will|advice)|my|his|her|their)\b",
    r"\b(?:argued|insisted|protested|refused|resisted|doubted|feared|preferred|pushed back|push-?back|"
    r"contradicted)\b",
    r"\b(?:would have|had) preferred\b|\bwanted to \w+ .{0,60}\binstead\b|\b(?:wanted|insisted) (?:to|"
    r"on) keep(?:ing)?\b",
    r"\b(?:found|thought|called) (?:it|this|that|the \w+)(?: was)? (?:an? )?(?:\w+ )?(?:waste|childish|wrong|too|"
    r"stupid|"
    r"silly|unnecessary|bad|risky|nonsense|overkill)\b|\bopposition\b|\bresistance\b|\bsaid (?:it|this|"
    r"that) could not\b",
    r"\b(?:wanted|favou?red) .{1,40} and I (?:wanted|favou?red)\b|\bdecided to go on regardless\b|\bhad doubts\b",
)
ALTERNATIVE = _any(
    r"\balternatives?\b|\bconsidered\b|\bweighed\b|\b(?:other|another|two|three|each|several) (?:options?|ways?|"
    r"approach\w*)\b",
    r"\binstead of\b|\brather than\b|\bcould have (?:also|either)\b|\btrade-?offs?\b",
)


class Seek(StrEnum):
    """What a probe looks for; the probes of a competency in `content/competencies` are keyed by it too."""

    OWN_ACTION = "own_action"
    NUMBER = "number"
    DIFFERENTLY = "differently"
    DISSENT = "dissent"
    LEARNING = "learning"
    ALTERNATIVE = "alternative"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Probe:
    """A follow-up question, what it looks for, and the person's own words that it goes on from."""

    seeks: Seek
    question: str
    quote: str = ""


def next_probe(
    text: str, said: Sequence[str], asked: Collection[Seek], others: Sequence[tuple[Seek, str]] = ()
) -> Probe | None:
    """The next follow-up to a story, or None when all was said; `said` are the answers to earlier probes.

    `others` are questions of the competency, asked when the usual four are used up.
    """
    told = parts(text)
    known = already_said(text, said) | frozenset(asked)
    probes = (*_usual(told), *(Probe(seeks, question) for seeks, question in others))
    return next((probe for probe in probes if probe.seeks not in known), None)


def already_said(text: str, said: Sequence[str] = ()) -> frozenset[Seek]:
    """What a person said of all that a probe could look for."""
    told = parts(text)
    whole = "\n".join((text, *said))
    shown = {section for section in Section if any(part.shows(section) for part in told)}
    found = {
        Seek.OWN_ACTION: _own_steps(told) >= _STEPS or any(map(deeds_in, said)),
        Seek.NUMBER: _before_and_after(told, said),
        Seek.DIFFERENTLY: bool(DIFFERENTLY.search(whole)),
        Seek.DISSENT: bool(DISSENT.search(whole)),
        Seek.LEARNING: Section.LEARNING in shown or bool(DIFFERENTLY.search(whole)),
        Seek.ALTERNATIVE: bool(ALTERNATIVE.search(whole)),
        Seek.RESULT: Section.RESULT in shown,
    }
    return frozenset(seek for seek, was_said in found.items() if was_said)


def _usual(told: Sequence[Part]) -> Iterator[Probe]:
    """The four that interviewers ask of any story."""
    action, result = _last(Section.ACTION, told), _last(Section.RESULT, told)
    alone = "What did you do next?" if _own_steps(told) else "What did you do yourself?"
    yield Probe(Seek.OWN_ACTION, alone, action)
    ending = "What was the number before and after?" if result else "How did it end, in numbers before and after?"
    yield Probe(Seek.NUMBER, ending, result)
    yield Probe(Seek.DIFFERENTLY, "What would you do differently?")
    yield Probe(Seek.DISSENT, "Who disagreed, and how did you deal with it?")


def _last(section: Section, told: Sequence[Part]) -> str:
    return next((part.text for part in reversed(told) if part.shows(section)), "")


def _own_steps(told: Sequence[Part]) -> int:
    return sum(deeds_in(part.text) for part in told if part.section is not Section.LEARNING)


def _before_and_after(told: Sequence[Part], said: Sequence[str]) -> bool:
    """Whether the result has two numbers of one kind, or one that the story had before with another value."""
    results = [part.text for part in told if part.shows(Section.RESULT)]
    if any(map(CHANGE.search, (*results, *said))) or any(len(numbers(answer)) > 1 for answer in said):
        return True
    after = [unit for sentence in results for unit in _units(sentence)]
    before = {unit for part in told if part.text not in results for unit in _units(part.text)}
    return len(set(after)) < len(after) or not before.isdisjoint(after)


def _units(sentence: str) -> Iterator[str]:
    """What each number of a sentence counts: "percent", "hour"."""
    at = 0
    for number in numbers(sentence):
        at = sentence.index(number, at) + len(number)
        glued = "".join(sign for sign in number if sign.isalpha() or sign == "%") if number[0].isdigit() else ""
        following = sentence[at:].split(maxsplit=1)[:1]
        unit = glued or (following[0].lower().strip(".,;:!?()") if following else "")
        if unit:
            yield _UNITS.get(unit, unit.removesuffix("s"))

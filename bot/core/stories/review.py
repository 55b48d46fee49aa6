"""What a told story shows and lacks: every section by the person's own sentence, and one thing to rewrite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.assessment import Section
from bot.core.plurals import plural
from bot.core.scoring.story_reading import fillers, read_story
from bot.core.scoring.story_sections import Part, parts
from bot.core.stories.probes import ALTERNATIVE

TARGET_WORDS = 300  # two minutes of speech
# The usual advice of career services: a fifth for the situation, a tenth for the task, most of it for what you did.
USUAL_SHARES = {Section.SITUATION: 20, Section.TASK: 10, Section.ACTION: 60, Section.RESULT: 10}
_FEWEST_WORDS = 15
_FEW_WORDS, _FEW_SECTIONS = 30, 3  # notes may be shorter, if they show three sections
_TOO_LONG = 1.25
_TOO_MUCH_BEFORE = 45  # per cent of the words before the first thing that was done
_TOO_LITTLE_ACTION = 35  # per cent
_MANY_FILLERS = 3  # in a hundred words
_QUOTED_WORDS = 12

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Review:
    """One telling of a story: its sections, its numbers of words, who acted, and what to rewrite first.

    `quotes` has the sentence that shows each section best, `shares` each section's per cent of the words, `number` a
    number of the result as it was typed. `about` are the person's words that the rewrite `target` quotes.
    """

    enough: bool
    quotes: Mapping[Section, str] = field(default_factory=dict)
    missing: tuple[Section, ...] = ()
    shares: Mapping[Section, int] = field(default_factory=dict)
    singular: int = 0
    plural: int = 0
    own_deeds: bool = True
    number: str = ""
    words: int = 0
    target_words: int = TARGET_WORDS
    fillers: tuple[str, ...] = ()
    target: str = ""
    about: str = ""

    @property
    def mostly_we(self) -> bool:
        """Whether a listener would not learn what the person did alone."""
        return self.plural > self.singular


def review(text: str, target_words: int = TARGET_WORDS) -> Review:
    """Look at one telling of a story; nothing is shown but the person's own words."""
    star = read_story(text)
    if star.words < _FEWEST_WORDS or (star.words < _FEW_WORDS and len(star.sections) < _FEW_SECTIONS):
        return Review(enough=False, words=star.words, target_words=target_words, target=_TOO_SHORT)
    percent = {section.name: round(100 * section.share) for section in star.sections}
    seen = Review(
        enough=True,
        quotes={section.name: section.evidence for section in star.sections},
        missing=star.missing,
        shares={section: percent.get(section, 0) for section in Section},
        singular=star.singular,
        plural=star.plural,
        own_deeds=star.own_deeds,
        number=star.quantity,
        words=star.words,
        target_words=target_words,
        fillers=fillers(text),
    )
    return _with_target(seen, parts(text))


_TOO_SHORT = "Write a sentence each on what happened, your task, what you did, how it ended and what you learned."


def _with_target(seen: Review, told: Sequence[Part]) -> Review:
    """The review with the one rewrite that would help most: what is missing first, then how it is told."""
    target, about = _missing_target(seen, told) or _telling_target(seen, told)
    about = _opening(about)
    return replace(seen, target=target.format(quote=f'"{about}"'), about=about)


def _missing_target(seen: Review, told: Sequence[Part]) -> Line | None:
    """What to add to a story that lacks something, with the place in it; the gravest gap first."""
    first = told[0].text
    quote = {section: seen.quotes.get(section, first) for section in Section}
    set_up = quote[Section.SITUATION] if Section.TASK in seen.missing else quote[Section.TASK]
    ours = seen.mostly_we or not seen.own_deeds
    rows = (
        (Section.ACTION in seen.missing, "Say what you did yourself, step by step, after {quote}.", set_up),
        (ours, "Say which part of {quote} you did yourself, with I in place of we.", quote[Section.ACTION]),
        (Section.RESULT in seen.missing, "Say how it ended, and what had changed, after {quote}.", _last_action(told)),
        (not seen.number, "Put a number, before and after, into {quote}.", quote[Section.RESULT]),
        (Section.SITUATION in seen.missing, "Say where this was, and what was going wrong, before {quote}.", first),
        (Section.TASK in seen.missing, "Say in one sentence what was expected of you, after {quote}.", set_up),
        (Section.LEARNING in seen.missing, "Say what you do differently since then, after {quote}.", told[-1].text),
    )
    return next(((target, about) for applies, target, about in rows if applies), None)


def _telling_target(seen: Review, told: Sequence[Part]) -> Line:
    shares = seen.shares
    if seen.words > _TOO_LONG * seen.target_words:
        widest = max(USUAL_SHARES, key=lambda section: shares[section] - USUAL_SHARES[section])
        spare = plural(seen.words - seen.target_words, "word")
        return f"Cut about {spare}, most of them from the {widest}, such as {{quote}}.", seen.quotes[widest]
    if shares[Section.SITUATION] + shares[Section.TASK] > _TOO_MUCH_BEFORE:
        return "Say {quote} in half the words, so that what you did comes sooner.", seen.quotes[Section.SITUATION]
    if shares[Section.ACTION] < _TOO_LITTLE_ACTION:
        return "Add two more steps that you took yourself after {quote}.", seen.quotes[Section.ACTION]
    if len(seen.fillers) * 100 > _MANY_FILLERS * seen.words:
        return "Tell it once more, with a short pause in place of {quote}.", seen.fillers[0]
    if any(ALTERNATIVE.search(part.text) for part in told):
        return "Tell it once more from memory, and keep this as short as it is: {quote}.", seen.quotes[Section.RESULT]
    return "Tell it once more, and say why you chose this over something else: {quote}.", seen.quotes[Section.ACTION]


def _last_action(told: Sequence[Part]) -> str:
    return next((part.text for part in reversed(told) if part.shows(Section.ACTION)), "")


def _opening(sentence: str) -> str:
    """The first words of a sentence, enough for its person to recognise it."""
    words = list(re.finditer(r"\S+", sentence))[:_QUOTED_WORDS]
    return sentence[: words[-1].end()].rstrip(".,;:!?") if words else ""

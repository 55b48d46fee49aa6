"""The sixty told stories: sections found, missing ones named, nothing asked that was said; dev and held-out apart."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.core.assessment import Section
from bot.core.stories import Seek, next_probe, review

LETTERS = {section.name[0]: section for section in Section}
USUAL = (Seek.OWN_ACTION, Seek.NUMBER, Seek.DIFFERENTLY, Seek.DISSENT)
NAMES = {"own_action": Seek.OWN_ACTION, "number": Seek.NUMBER, "learning": Seek.DIFFERENTLY, "dissent": Seek.DISSENT}


@dataclass(frozen=True)
class Answer:
    """A told story with what a careful reader finds in it."""

    id: str
    held: bool
    shape: str
    text: str
    gold: dict[Section, tuple[str, ...]]
    number: bool
    we: bool
    short: bool
    said: frozenset[Seek]

    @property
    def missing(self):
        return {section for section in Section if not self.gold[section]}


def _answer(raw):
    lines = [line.split("|", 1) for line in raw["told"].strip().split("\n")]
    told = [(tags, sentence.strip()) for tags, sentence in lines]
    return Answer(
        id=raw["id"],
        held=raw["set"] == "held",
        shape=raw["shape"],
        text=raw.get("glue", " ").join(sentence for _, sentence in told),
        gold={section: tuple(text for tags, text in told if letter in tags) for letter, section in LETTERS.items()},
        number=raw["number"],
        we=raw.get("we", False),
        short=raw.get("short", False),
        said=frozenset(NAMES[name] for name in raw["said"]),
    )


ANSWERS = tuple(map(_answer, yaml.safe_load(Path(__file__).with_name("star_answers.yaml").read_text(encoding="utf-8"))))
LONG_ENOUGH = tuple(answer for answer in ANSWERS if not answer.short)
COMPLETE = tuple(answer for answer in LONG_ENOUGH if not answer.missing)
INCOMPLETE = tuple(answer for answer in LONG_ENOUGH if answer.missing)


def _sections_found(answer):
    """Whether every section is shown by a sentence that a careful reader counts to it."""
    quotes = review(answer.text).quotes
    return all(
        section in quotes and any(quotes[section] in line or line in quotes[section] for line in lines)
        for section, lines in answer.gold.items()
        if lines
    )


def _missing_named(answer):
    return answer.missing <= set(review(answer.text).missing)


def _probes(answer):
    asked = []
    while probe := next_probe(answer.text, (), asked):
        asked.append(probe.seeks)
    return asked


def _asks_nothing_said(answer):
    return answer.said.isdisjoint(_probes(answer))


def _asks_what_is_open(answer):
    return set(USUAL) - answer.said <= set(_probes(answer))


def _number_told(answer):
    return bool(review(answer.text).number) == answer.number


def _share(answers, holds: Callable[[Answer], bool], bar, what):
    for name, some in (("dev", [a for a in answers if not a.held]), ("held out", [a for a in answers if a.held])):
        failing = [answer.id for answer in some if not holds(answer)]
        sys.stdout.write(f"{what}, {name}: {len(some) - len(failing)} of {len(some)} {' '.join(failing)}\n")
    assert sum(map(holds, answers)) >= bar * len(answers), what


def test_there_are_sixty_answers_of_which_twenty_are_held_out():
    assert len({answer.id for answer in ANSWERS}) == len(ANSWERS) == 60
    assert sum(answer.held for answer in ANSWERS) == 20


@pytest.mark.parametrize(
    ("answers", "holds", "bar"),
    [
        pytest.param(COMPLETE, _sections_found, 0.90, id="every section of a complete story is quoted"),
        pytest.param(INCOMPLETE, _missing_named, 0.90, id="the missing section is named"),
        pytest.param(INCOMPLETE, _sections_found, 0.90, id="the sections of an incomplete story are quoted"),
        pytest.param(ANSWERS, _asks_nothing_said, 0.95, id="no probe asks for what was said"),
        pytest.param(ANSWERS, _asks_what_is_open, 0.85, id="what is open is asked"),
        pytest.param(LONG_ENOUGH, _number_told, 0.95, id="a number in the result is seen"),
        pytest.param(LONG_ENOUGH, lambda a: review(a.text).mostly_we == a.we, 0.95, id="a story told as we is seen"),
        pytest.param(ANSWERS, lambda a: review(a.text).enough is not a.short, 1.0, id="too little is said to be so"),
    ],
)
def test_the_bars_are_held(answers, holds, bar, request):
    _share(answers, holds, bar, request.node.callspec.id)


@pytest.mark.parametrize("answer", [a for a in LONG_ENOUGH if a.we], ids=lambda a: a.id)
def test_a_story_told_as_we_is_asked_for_the_own_part_first(answer):
    seen = review(answer.text)
    assert seen.target.startswith("Say which part of")
    assert seen.about in answer.text
    assert next_probe(answer.text, (), ()).question == "What did you do yourself?"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a.id)
def test_everything_quoted_was_typed(answer):
    seen = review(answer.text)
    probe = next_probe(answer.text, (), ())
    quoted = [*seen.quotes.values(), seen.about, seen.number, *seen.fillers, probe.quote if probe else ""]
    assert all(quote in answer.text for quote in quoted)

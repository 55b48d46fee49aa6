"""Stories labelled by their writers, and what the reader of stories makes of them.

Each story is a text with the sections that are missing, the sentence that shows each present section best, and the
competency that it shows best.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.assessment import Section, StarReading
from bot.core.scoring.story_reading import read_story
from bot.core.stories import Seek, next_probe
from sample_stories import shipped_catalogue

# What a writer calls a competency, where the catalogue has another name for it or none.
OTHERWISE_NAMED: Mapping[str, tuple[str, ...]] = {
    "teamwork": ("collaboration",),
    "influence": ("leadership", "communication"),
    "integrity": ("ethics",),
    "adaptability": ("learning", "delivering-under-pressure", "ambiguity"),
}
SAID_WITH = {Section.ACTION: Seek.OWN_ACTION, Section.RESULT: Seek.RESULT, Section.LEARNING: Seek.LEARNING}
LONG = ("complete", "missing")
Row = tuple[str, Sequence[bool], float | None]


@dataclass(frozen=True)
class Story:
    """A labelled story with what the reader makes of it."""

    kind: str
    text: str
    gold: Mapping[Section, str]
    missing: Collection[Section]
    competency: tuple[str, ...]
    reading: StarReading

    @property
    def quotes(self) -> Mapping[Section, str]:
        """The sentence that the reader quotes for each section it finds."""
        return {section.name: section.evidence for section in self.reading.sections}


def story_of(raw: Mapping[str, Any]) -> Story:
    """A story as it stands in a file."""
    name = raw["competency"]
    return Story(
        kind=raw["kind"],
        text=raw["text"],
        gold={Section(section): quote for section, quote in raw["quotes"].items()},
        missing=[Section(section) for section in raw["missing"]],
        competency=OTHERWISE_NAMED.get(name, (name.replace(" ", "-"),)),
        reading=read_story(raw["text"]),
    )


def rows(stories: Sequence[Story]) -> Iterator[Row]:
    """What is measured, each with its single outcomes and its bar."""
    complete = [story for story in stories if story.kind == "complete"]
    long = [story for story in stories if story.kind in LONG]
    lacking = [story for story in stories if story.kind == "missing"]
    for section in Section:
        yield f"{section} found, complete stories", [section in story.quotes for story in complete], None
    yield "sections found, complete stories", [s in story.quotes for story in complete for s in Section], 0.92
    yield "complete stories of which every section is found", [len(s.quotes) == len(Section) for s in complete], None
    for section in Section:
        yield f"missing {section} named", [section not in s.quotes for s in lacking if section in s.missing], None
    yield "missing section named", [s not in story.quotes for story in lacking for s in story.missing], 0.90
    for section in Section:
        yield f"{section} quoted by a sentence that shows it", list(_shown(long, (section,))), None
    yield "quotes that show their section", list(_shown(long, tuple(Section))), 0.92
    yield "quotes that are the writer's own choice", list(_chosen(long)), None
    yield "said, and not asked for again", list(_not_asked(long)), 0.95
    yield (
        "hypothetical stories taken as evidence of nothing",
        [not story.quotes for story in stories if story.kind == "hypothetical"],
        1.0,
    )
    yield from _suggestions(stories)


def _shown(stories: Iterable[Story], sections: Collection[Section]) -> Iterator[bool]:
    """A quote is wrong where the section is missing, or where it is what another section is best shown by."""
    for story in stories:
        for section in sections:
            if section in story.quotes and section in story.gold:
                quote = story.quotes[section]
                others = (gold for other, gold in story.gold.items() if other is not section)
                yield _same(quote, story.gold[section]) or not any(_same(quote, gold) for gold in others)
            elif section in story.quotes:
                yield False


def _chosen(stories: Iterable[Story]) -> Iterator[bool]:
    for story in stories:
        for section, quote in story.quotes.items():
            yield section in story.gold and _same(quote, story.gold[section])


def _same(one: str, other: str) -> bool:
    return one in other or other in one


def _not_asked(stories: Iterable[Story]) -> Iterator[bool]:
    more = tuple((seeks, "?") for seeks in Seek)
    for story in stories:
        asked: list[Seek] = []
        while probe := next_probe(story.text, (), asked, more):
            asked.append(probe.seeks)
        yield from (seeks not in asked for section, seeks in SAID_WITH.items() if section in story.gold)


def _suggestions(stories: Iterable[Story]) -> Iterator[Row]:
    told = [story for story in stories if story.kind != "hypothetical"]
    right = [(s.kind == "short", bool(set(s.competency) & set(shipped_catalogue().suggested(s.text)))) for s in told]
    yield "competency among three suggestions, short stories", [hit for short, hit in right if short], 0.80
    yield "competency among three suggestions, long stories", [hit for short, hit in right if not short], None


def stories_in(path: Path) -> tuple[Story, ...]:
    """The stories of a file."""
    return tuple(map(story_of, yaml.safe_load(path.read_text(encoding="utf-8"))))

"""A person's bank of stories: which competencies they cover, how fresh and how strong they are, and what comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.assessment import Section

GOAL_STORIES, GOAL_COMPETENCIES, POLISHED = 8, 20, 4
OFTEN_TOLD = 3  # from then on an interviewer has another one asked for
STALE_DAYS = 30
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Version:
    """A story as it was written at some moment (UTC seconds); told by section, it carries labels."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Rating:
    """How clear a person found the own story, and how much impact it shows, each 1 to 5."""

    clarity: int
    impact: int
    at: int

    @property
    def strength(self) -> int:
        """A story is as strong as the weaker of the two."""
        return min(self.clarity, self.impact)


@dataclass(frozen=True, slots=True)
class Told:
    """How many times a story was told, and when it was told last (UTC seconds)."""

    times: int = 0
    last_at: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A story of the bank: a title, the ids of its competencies, its versions and ratings, the newest last."""

    id: str
    title: str
    competencies: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    ratings: tuple[Rating, ...] = ()
    told: Told = Told()

    @property
    def strength(self) -> int:
        """The latest rating, or 0 before the first."""
        return self.ratings[-1].strength if self.ratings else 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A story that covers a competency: whole days since it was told (None: never told), and its strength."""

    competency: str
    story: Story
    days: int | None

    @property
    def stale(self) -> bool:
        """Whether it was last told so long ago that it needs practice."""
        return self.days is None or self.days >= STALE_DAYS


@dataclass(frozen=True, slots=True)
class Grid:
    """Competencies (id to title) by stories; `cells` has for every competency the stories that cover it."""

    competencies: Mapping[str, str]
    stories: tuple[Story, ...]
    cells: Mapping[str, tuple[Cell, ...]]

    @property
    def covered(self) -> int:
        """How many competencies have a story."""
        return sum(1 for cells in self.cells.values() if cells)

    @property
    def polished(self) -> int:
        """How many stories are rated 4 or more for both clarity and impact."""
        return sum(1 for story in self.stories if story.strength >= POLISHED)


def with_labels(by_section: Mapping[Section, str]) -> str:
    """A story that was told section by section as one text, with the labels that a reader takes at their word."""
    return "\n".join(f"{section.capitalize()}: {by_section[section]}" for section in Section if section in by_section)


def over_used(story: Story) -> bool:
    """Whether it was told so often that another one should be heard."""
    return story.told.times >= OFTEN_TOLD


def coverage(stories: Sequence[Story], competencies: Mapping[str, str], now: int) -> Grid:
    """Which of the competencies (id to title) each story covers, and how fresh it is."""
    cells = {
        competency: tuple(
            Cell(competency, story, _days(story, now)) for story in stories if competency in story.competencies
        )
        for competency in competencies
    }
    return Grid(dict(competencies), tuple(stories), cells)


def _days(story: Story, now: int) -> int | None:
    return None if story.told.last_at is None else max(now - story.told.last_at, 0) // _DAY


def next_competency(grid: Grid, history: Sequence[str], seed: int) -> str:
    """The competency to rehearse: least covered, then asked least, then stale, then told with an over-used story.

    `history` are the ids asked so far, the latest last; the same is not asked twice in a row while there is another.
    """
    latest = history[-1] if history else ""
    candidates = [competency for competency in grid.competencies if competency != latest] or list(grid.competencies)
    return min(candidates, key=lambda competency: _need(grid.cells[competency], competency, history, seed))


def _need(
    cells: Sequence[Cell], competency: str, history: Sequence[str], seed: int
) -> tuple[int, int, bool, bool, bytes]:
    """Sort key, the neediest first."""
    fresh = not all(cell.stale for cell in cells)
    rested = not all(over_used(cell.story) for cell in cells)
    chance = hashlib.blake2b(f"{seed}:{competency}".encode(), digest_size=8).digest()
    return len(cells), history.count(competency), fresh, rested, chance

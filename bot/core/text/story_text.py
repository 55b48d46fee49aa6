"""Every sentence about the bank of stories: listing and showing them, the grid, tags, companies and help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.core import stories as bank
from bot.core.document import Block, Bullets, Heading, Paragraph, Verbatim
from bot.core.plurals import plural
from bot.core.stories import Cell, Grid, Story
from bot.core.stories.competencies import CompanySet
from bot.core.text.rehearsal_text import often

ORDERS: Mapping[str, str] = {
    "new": "tell a new story, section by section",
    "list": "your stories",
    "show": "a story with its versions and ratings",
    "practice": "tell a story again",
    "edit": "write a story anew, or one section of it",
    "tag": "which competencies a story shows",
    "name": "give a story a title",
    "grid": "which competencies your stories cover",
    "companies": "what companies look for",
    "share": "show a story to everybody here",
    "delete": "delete a story",
    "help": "all of this",
}
_SHOWN = 6  # versions and ratings; the export has all
_DAY = 86_400
_NUMBERED = frozenset({"show", "practice", "edit", "tag", "name", "share", "delete"})
_MORE = {"tag": " ownership", "name": " The login outage"}

EMPTY_BANK = "Your bank is empty. /star guides you through a first story in about five minutes."
NO_CATALOGUE = "There are no competencies in the content of this bot, so /star has nothing to ask."
IN_PRIVATE = "We rehearse in private, in your direct messages with me."
NOT_IN_PRIVATE = "Stories are told in private, and I cannot write to you there. Send me a message in private first."
REHEARSAL_OPEN = "A story is still being told, so we go on with that one. /stop ends it and keeps what you told."
NO_COMPANIES = "There are no companies in the content of this bot."


def _help() -> str:
    lines = [f"/star {_example(order)}: {meaning}" for order, meaning in ORDERS.items()]
    return "\n".join(
        [
            "Behavioral rounds are decided by your own stories. Here you tell them, get asked back, and keep them.",
            "/star: rehearse for the competency that needs it most, or name one, as in /star ownership",
            *lines,
            "Your stories are yours alone: I show them to nobody unless you share one.",
        ]
    )


def _example(order: str) -> str:
    if order == "grid":
        return "grid, or grid amazon"
    return f"{order}{' 3' * (order in _NUMBERED)}{_MORE.get(order, '')}"


HELP = _help()


def listed(stories: Sequence[Story], titles: Mapping[str, str], now: int) -> str:
    """All stories, one line each, and how far the goal is."""
    if not stories:
        return EMPTY_BANK
    head = f"Your {plural(len(stories), 'story', 'stories', {1: 'story'})}:"
    first = stories[0].id
    how = f"/star show {first} shows one, /star practice {first} tells it again."
    return "\n".join([head, *(_line(story, titles, now) for story in stories), _goal(stories), how])


def _line(story: Story, titles: Mapping[str, str], now: int) -> str:
    return f"{story.id}. {story.title}: {_shows(story.competencies, titles)}; {_rated(story)}, {_told(story, now)}."


def _shows(competencies: Sequence[str], titles: Mapping[str, str]) -> str:
    return _joined(_names(competencies, titles), "and") or "not tagged yet"


def _names(competencies: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Titles as they stand within a sentence."""
    named = [titles[id_] for id_ in competencies if id_ in titles]
    return [f"{title[:1].lower()}{title[1:]}" for title in named]


def _joined(names: Sequence[str], word: str) -> str:
    *others, last = names or ("",)
    return f"{', '.join(others)} {word} {last}" if others else last


def _rated(story: Story) -> str:
    return f"rated {story.strength} of 5" if story.ratings else "not rated yet"


def _told(story: Story, now: int) -> str:
    if story.told.last_at is None:
        return "not told yet"
    return f"told {often(story.told.times)}, last {_ago(story.told.last_at, now)}"


def _ago(at: int, now: int) -> str:
    return _days_ago(max(0, now - at) // _DAY)


def _days_ago(days: int) -> str:
    return plural(days, "", "days ago", {0: "today", 1: "yesterday"})


def _goal(stories: Sequence[Story]) -> str:
    polished = [story for story in stories if story.strength >= bank.POLISHED]
    covered = {id_ for story in polished for id_ in story.competencies}
    return (
        f"Rated {bank.POLISHED} or more: {len(polished)}, over {plural(len(covered), 'competency', 'competencies')}. "
        f"The goal is {bank.GOAL_STORIES} over {bank.GOAL_COMPETENCIES}."
    )


def shown(story: Story, titles: Mapping[str, str], now: int) -> tuple[Block, ...]:
    """One story as it stands, with what it shows, its versions, and its ratings over time."""
    told = _told(story, now)
    return (
        Heading(3, f"Story {story.id}, {story.title}"),
        Paragraph(f"Competencies: {_shows(story.competencies, titles)}. {told[:1].upper()}{told[1:]}."),
        *_text(story),
        *_history("Versions", [_version(number, v, now) for number, v in enumerate(story.versions, 1)]),
        *_history(
            "Your ratings",
            [f"{_date(r.at)}, {_ago(r.at, now)}: clarity {r.clarity}, impact {r.impact}" for r in story.ratings],
        ),
        Paragraph(f"/star practice {story.id} tells it again, /star edit {story.id} changes it."),
    )


def _text(story: Story) -> Iterator[Block]:
    if story.versions:
        yield Verbatim("The story", story.versions[-1].text)


def _history(title: str, lines: Sequence[str]) -> Iterator[Block]:
    if lines:
        left_out = len(lines) - _SHOWN
        earlier = f", and {left_out} earlier" if left_out > 0 else ""
        yield Paragraph(f"{title}{earlier}")
        yield Bullets(tuple((line, "") for line in lines[-_SHOWN:]))


def _version(number: int, version: bank.Version, now: int) -> str:
    count = len(version.text.split())
    return f"Version {number}, {_date(version.at)}, {_ago(version.at, now)}: {plural(count, 'word')}"


def _date(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def shared(story: Story) -> tuple[Block, ...]:
    """A story for everybody to read, because its person shared it."""
    return (Heading(3, f"A shared story: {story.title}"), *_text(story))


def grid_text(grid: Grid, company: CompanySet | None = None) -> str:
    """Which competencies the stories cover, or which of a company's principles."""
    if company is None:
        return as_text(grid)
    told = sum(any(grid.cells.get(id_) for id_ in principle.competencies) for principle in company.principles)
    head = (
        f"{company.company}, {company.title}, as of {company.as_of}: stories for {told} of {len(company.principles)}."
    )
    lines = [f"{principle.name}: {_stories_for(principle.competencies, grid)}." for principle in company.principles]
    return "\n".join([head, *lines])


def as_text(grid: Grid) -> str:
    """The grid line by line, as a screen reader would read it."""
    head = (
        f"{grid.covered} of {len(grid.competencies)} competencies {'has' if grid.covered == 1 else 'have'} a story. "
        f"{_goal_reached(grid)} "
        f"The goal is {bank.GOAL_STORIES} {'such ' * bool(grid.stories)}stories over {bank.GOAL_COMPETENCIES} "
        f"competencies{'' if grid.stories else f', each rated {bank.POLISHED} or more'}."
    )
    told = [
        f"{title}: {'; '.join(map(_cell, grid.cells[id_]))}."
        for id_, title in grid.competencies.items()
        if grid.cells[id_]
    ]
    bare = [title for id_, title in grid.competencies.items() if not grid.cells[id_]]
    return "\n".join((head, *told, *([f"No story yet: {', '.join(bare)}."] if bare else [])))


def _goal_reached(grid: Grid) -> str:
    if not grid.stories:
        return "Your bank is empty; the first story takes five minutes."
    if len(grid.stories) == 1:
        return f"Your one story is {'' if grid.polished else 'not yet '}rated {bank.POLISHED} or more."
    are = "is" if grid.polished == 1 else "are"
    return (
        f"{grid.polished} of your {plural(len(grid.stories), 'story', 'stories')} {are} rated {bank.POLISHED} or more."
    )


def _cell(cell: Cell) -> str:
    rated = f"rated {cell.story.strength}" if cell.story.ratings else "not rated yet"
    more = f", told {plural(cell.story.told.times, 'time')} so far" if bank.over_used(cell.story) else ""
    ago = "not told yet" if cell.days is None else f"told {_days_ago(cell.days)}"
    return f"{cell.story.title}, {rated}, {ago}{more}"


def _stories_for(competencies: Sequence[str], grid: Grid) -> str:
    cells = [cell for id_ in competencies for cell in grid.cells.get(id_, ())]
    by_story: dict[str, Cell] = {cell.story.id: cell for cell in cells}
    if by_story:
        return "; ".join(f"{cell.story.title}, {_rated(cell.story)}" for cell in by_story.values())
    named = _joined(_names(competencies, grid.competencies), "or")
    return f"no story yet; it asks for {named}" if named else "no story yet"


def companies(sets: Sequence[CompanySet]) -> str:
    """The companies, what their lists are called, and how old each list is."""
    if not sets:
        return NO_COMPANIES
    lines = [f"{one.company}: {one.title}, {len(one.principles)} in all, as of {one.as_of}." for one in sets]
    return "\n".join([*lines, f"/star grid {sets[0].id} shows which of them your stories speak to."])


def tagged(story: Story, competencies: Sequence[str], titles: Mapping[str, str]) -> str:
    """What a story shows from now on."""
    return f"Story {story.id}, {story.title}, shows {_shows(competencies, titles)}."


def tag_asks(story: Story, suggested: Sequence[str], titles: Mapping[str, str]) -> str:
    """What a story shows so far, and what its words sound like."""
    now = f"Story {story.id}, {story.title}: {_shows(story.competencies, titles)}."
    new = [id_ for id_ in suggested if id_ not in story.competencies]
    if new:
        suggested = f"From its words it may also show {_shows(new, titles)}."
        return f"{now} {suggested} To say so: /star tag {story.id} {', '.join([*story.competencies, *new])}"
    return f"{now} Name all that it shows, as in /star tag {story.id} ownership, failure"


def named(number: int, title: str) -> str:
    """A story has another title."""
    return f"Story {number} is called {title} now."


def delete_asks(story: Story) -> str:
    """Whether it shall really be deleted."""
    count = len(story.versions)
    versions = plural(count, "", "versions and its ", {1: ""})
    all_of_it = f"with its {versions}ratings"
    sure = f"Send /star delete {story.id} yes to go ahead."
    return f"This deletes story {story.id}, {story.title}, {all_of_it}, for good. {sure}"


def deleted(number: int) -> str:
    """It is gone."""
    return f"Story {number} is deleted."

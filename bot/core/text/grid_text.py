"""Which competencies a person's stories cover, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.stories import GOAL_COMPETENCIES, GOAL_STORIES, POLISHED, Cell, Grid, over_used
from bot.core.text.plurals import plural


def as_text(grid: Grid) -> str:
    """The grid line by line, as a screen reader would read it."""
    head = (
        f"{grid.covered} of {len(grid.competencies)} competencies {'has' if grid.covered == 1 else 'have'} a story. "
        f"{_rated(grid)} "
        f"The goal is {GOAL_STORIES} {'such ' * bool(grid.stories)}stories over {GOAL_COMPETENCIES} competencies"
        f"{'' if grid.stories else f', each rated {POLISHED} or more'}."
    )
    told = [_row(title, grid.cells[id_]) for id_, title in grid.competencies.items() if grid.cells[id_]]
    bare = [title for id_, title in grid.competencies.items() if not grid.cells[id_]]
    return "\n".join((head, *told, *([f"No story yet: {', '.join(bare)}."] if bare else [])))


def _rated(grid: Grid) -> str:
    if not grid.stories:
        return "Your bank is empty; the first story takes five minutes."
    if len(grid.stories) == 1:
        return f"Your one story is {'' if grid.polished else 'not yet '}rated {POLISHED} or more."
    are = "is" if grid.polished == 1 else "are"
    return f"{grid.polished} of your {plural(len(grid.stories), 'story', 'stories')} {are} rated {POLISHED} or more."


def _row(title: str, cells: Sequence[Cell]) -> str:
    return f"{title}: {'; '.join(map(_told, cells))}."


def _told(cell: Cell) -> str:
    rated = f"rated {cell.story.strength}" if cell.story.ratings else "not rated yet"
    often = f", told {plural(cell.story.told.times, 'time')} so far" if over_used(cell.story) else ""
    return f"{cell.story.title}, {rated}, {_ago(cell.days)}{often}"


def _ago(days: int | None) -> str:
    if days is None:
        return "not told yet"
    return f"told {plural(days, '', 'days ago', {0: 'today', 1: 'yesterday'})}"

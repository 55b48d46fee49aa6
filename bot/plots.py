"""Pictures of a person's stories, as PNG. Draw them off the event loop: each takes a third of a second.

matplotlib is imported when the first picture is drawn: that alone takes two seconds and sixty megabytes. A picture has
a background of its own, so that it looks the same in light and dark chats, and says nothing by colour alone.
"""

from __future__ import annotations

import io
import logging
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.stories import Cell, Grid, Story, over_used
from bot.core.stories.bank import GOAL_STORIES, OFTEN_TOLD, POLISHED, STALE_DAYS
from bot.core.stories.competencies import CompanySet

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

WIDTH = 1080  # pixels; what a phone shows across
TEXT = 30  # pixels from line to line of the smallest text; a phone shows less than 28 too small to read
MOST_COLUMNS = 10  # stories side by side; with more their marks would be too small
_HEADING, _TITLE = 32, 46
_DPI = 100
_POINT = 72  # to the inch, by which matplotlib measures text
_MARGIN, _GAP = 40, 20
_LABELS = 466  # width of the names of rows
_ROW, _LINE = 56, 38  # height of a row with one line, and of each further line
_MARK = 42  # side of a mark
_WIDEST = 84.0  # column
_GROUND, _BAND, _INK, _FAINT, _RULE, _ACCENT = "#fbfaf7", "#efede6", "#1d1d1b", "#5c5a54", "#8d8a82", "#1f4b7a"
_ELLIPSIS, _UNRATED = "…", "?"
NO_TITLE = "a title I cannot draw; /star list shows it"


class _Look(Enum):
    """How a mark is framed and filled: by when the story was told last."""

    FRESH = "solid", _ACCENT, _GROUND
    STALE = "solid", _GROUND, _INK
    NEVER = "dashed", _GROUND, _INK

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        return {
            _Look.FRESH: f"told within the last {STALE_DAYS} days",
            _Look.STALE: f"told {STALE_DAYS} days ago or earlier",
            _Look.NEVER: "not told yet",
        }[self]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a field of the grid shows of a story: its rating, when it was told, and whether too often."""

    text: str
    look: _Look
    often: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the grid: what it is about, and what covers it, by the ids of the stories."""

    title: str
    cells: Mapping[str, Cell]


def grid(shown: Grid, company: CompanySet | None = None) -> bytes:
    """Competencies, or the principles of a company, by stories, as a picture for a phone."""
    sheet, rows = _Sheet(), _rows(shown, company)
    stories = _chosen(shown.stories, rows)
    more = len(shown.stories) > len(stories)
    _head(sheet, shown, rows, company)
    _table(sheet, rows, stories, more=more)
    if stories:
        _legend(sheet, [_mark_of(cell) for row in rows for cell in row.cells.values()], more=more)
        _titles(sheet, stories)
    return sheet.png()


def _rows(shown: Grid, company: CompanySet | None) -> Sequence[_Row]:
    if company is None:
        return [_Row(title, _by_story(shown.cells[name])) for name, title in shown.competencies.items()]
    return [
        _Row(principle.name, _by_story(cell for name in principle.competencies for cell in shown.cells.get(name, ())))
        for principle in company.principles
    ]


def _by_story(cells: Iterable[Cell]) -> Mapping[str, Cell]:
    return {cell.story.id: cell for cell in cells}


def _chosen(stories: Sequence[Story], rows: Sequence[_Row]) -> Sequence[Story]:
    """The stories that get a column: all, or else those that cover most rows together, the stronger ones first."""
    if len(stories) <= MOST_COLUMNS:
        return stories
    chosen: set[str] = set()
    bare = list(rows)
    while len(chosen) < MOST_COLUMNS - 1:
        left = [story for story in stories if story.id not in chosen]
        best = max(left, key=lambda story: (sum(story.id in row.cells for row in bare), story.strength)).id
        chosen.add(best)
        bare = [row for row in bare if best not in row.cells]
    return [story for story in stories if story.id in chosen]


def _head(sheet: _Sheet, shown: Grid, rows: Sequence[_Row], company: CompanySet | None) -> None:
    covered, of = sum(1 for row in rows if row.cells), "principles" if company else "competencies"
    sheet.line(f"Your stories for {company.company}" if company else "Your stories", _TITLE)
    sheet.line(f"{covered} of {len(rows)} {of} have a story.")
    sheet.line(f"Stories rated {POLISHED} or more: {shown.polished}. The goal is {GOAL_STORIES}.")
    sheet.y += _GAP


def _table(sheet: _Sheet, rows: Sequence[_Row], stories: Sequence[Story], *, more: bool) -> None:
    headings = [*(story.id for story in stories), *("+" * more)]
    width = min(_WIDEST, (WIDTH - 2 * _MARGIN - _LABELS) / max(len(headings), 1))
    across = [_MARGIN + _LABELS + width * (column + 0.5) for column in range(len(headings))]
    for x, heading in zip(across, headings, strict=True):
        sheet.text(x, sheet.y + _ROW / 2, heading, _HEADING, bold=True, align="center")
    sheet.y += _ROW * bool(headings)
    for number, row in enumerate(rows):
        _draw(sheet, row, dict(zip((story.id for story in stories), across, strict=False)), across, number)
    sheet.y += _GAP


def _draw(sheet: _Sheet, row: _Row, columns: Mapping[str, float], across: Sequence[float], number: int) -> None:
    lines = sheet.wrapped(row.title, _LABELS - _GAP)
    height = _ROW + _LINE * (len(lines) - 1)
    middle = sheet.y + height / 2
    if number % 2 == 0:
        sheet.box(_MARGIN / 2, sheet.y, WIDTH - _MARGIN, height, fill=_BAND)
    for at, line in enumerate(lines):
        sheet.text(_MARGIN, middle + _LINE * (at - (len(lines) - 1) / 2), line)
    if not row.cells:
        sheet.text(_MARGIN + _LABELS, middle, "no story yet", color=_FAINT)
    for story, cell in row.cells.items():
        if story in columns:
            _draw_mark(sheet, columns[story], middle, _mark_of(cell))
    if hidden := len(row.cells.keys() - columns.keys()):
        sheet.text(across[-1], middle, f"+{hidden}", align="center")
    sheet.y += height


def _mark_of(cell: Cell) -> _Mark:
    look = _Look.NEVER if cell.days is None else _Look.STALE if cell.stale else _Look.FRESH
    return _Mark(str(cell.story.strength or _UNRATED), look, over_used(cell.story))


def _draw_mark(sheet: _Sheet, x: float, y: float, mark: _Mark) -> None:
    left, top = x - _MARK / 2, y - _MARK / 2
    style, fill, ink = mark.look.value
    sheet.box(left, top, _MARK, _MARK, fill=fill, edge=_ACCENT, style=style)
    sheet.text(x, y, mark.text, _HEADING, bold=True, color=ink, align="center")
    if mark.often:
        sheet.flag(left + _MARK, top)


def _legend(sheet: _Sheet, marks: Sequence[_Mark], *, more: bool) -> None:
    """What the marks mean, of those that are there."""
    often = _Mark("", _Look.STALE, often=True), f"told {OFTEN_TOLD} times or more: have another one ready"
    there = [(_Mark("", look), look.meaning) for look in _Look if any(mark.look is look for mark in marks)]
    for mark, meaning in (*there, *([often] if any(mark.often for mark in marks) else [])):
        _draw_mark(sheet, _MARGIN + _MARK / 2, sheet.y + _ROW / 2, mark)
        sheet.text(_MARGIN + _MARK + _GAP, sheet.y + _ROW / 2, meaning)
        sheet.y += _ROW
    sheet.y += _GAP / 2
    sheet.line("1 to 5: your rating, the lower of clarity and impact")
    if any(mark.text == _UNRATED for mark in marks):
        sheet.line(f"{_UNRATED}: not rated yet")
    if more:
        sheet.line("+: further stories; /star list shows them all")
    sheet.y += _GAP


def _titles(sheet: _Sheet, stories: Sequence[Story]) -> None:
    start = _MARGIN + max(sheet.width(story.id, bold=True) for story in stories)
    for story in stories:
        middle = sheet.y + _LINE / 2
        sheet.text(start, middle, story.id, bold=True, align="right")
        title = sheet.drawable(story.title) or NO_TITLE
        sheet.text(start + _GAP, middle, sheet.cut(title, WIDTH - _MARGIN - start - _GAP))
        sheet.y += _LINE + 4


class _Sheet:
    """A sheet of paper on which pixels are counted from the upper left; `y` is how far down it is written."""

    def __init__(self) -> None:
        logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns of the state of its own font cache
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see the module
        from matplotlib.figure import Figure  # noqa: PLC0415 - see the module

        self._figure = Figure(figsize=(WIDTH / _DPI, 1), dpi=_DPI, facecolor=_GROUND)
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call] # matplotlib has no types there
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self.y = float(_MARGIN)

    def line(self, text: str, size: int = TEXT) -> None:
        """A line below what is there."""
        height = size * _LINE / TEXT
        self.text(_MARGIN, self.y + height / 2, text, size, bold=size > TEXT)
        self.y += height + 6

    def text(  # noqa: PLR0913 - each is one thing a text has
        self,
        x: float,
        y: float,
        text: str,
        size: int = TEXT,
        *,
        bold: bool = False,
        color: str = _INK,
        align: str = "left",
    ) -> None:
        """A text beside, around or before `x`, with its middle at `y`."""
        font = _font(size, bold=bold)
        self._axes.text(x, y, text, color=color, ha=align, va="center_baseline", fontproperties=font, parse_math=False)

    def box(  # noqa: PLR0913 - as above
        self, x: float, y: float, width: float, height: float, *, fill: str, edge: str = "none", style: str = "solid"
    ) -> None:
        """A filled box, framed where it has an edge."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - see the module

        line = 2.4 if edge != "none" else 0
        self._axes.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, ls=style, lw=line))

    def flag(self, right: float, top: float) -> None:
        """A small triangle over the upper right corner of a mark."""
        from matplotlib.patches import Polygon  # noqa: PLC0415 - see the module

        corners = [(right - 14, top - 7), (right + 7, top - 7), (right + 7, top + 14)]
        self._axes.add_patch(Polygon(corners, facecolor=_INK, edgecolor=_GROUND, lw=1.5))

    def width(self, text: str, *, bold: bool = False) -> float:
        """How wide a text of the usual size is."""
        width, _, _ = self._renderer.get_text_width_height_descent(text, _font(TEXT, bold=bold), ismath=False)
        return float(width)

    def cut(self, text: str, room: float) -> str:
        """The text, or as much of its beginning as fits."""
        if self.width(text) <= room:
            return text
        fitting = bisect_right(range(len(text)), room, key=lambda end: self.width(text[:end] + _ELLIPSIS))
        return text[: max(fitting - 1, 0)].rstrip() + _ELLIPSIS

    def wrapped(self, text: str, room: float) -> Sequence[str]:
        """The text in one line, or in two, of which the last is cut."""
        words = text.split()
        fitting = [n for n in range(1, len(words) + 1) if self.width(" ".join(words[:n])) <= room]
        first = max(fitting, default=1)
        lines = [" ".join(words[:first]), " ".join(words[first:])]
        return [self.cut(line, room) for line in lines if line]

    def drawable(self, text: str) -> str:
        """The text, with dots for what the font has no shapes for; nothing when that is all of it."""
        letters = ((letter, ord(letter) in _shapes()) for letter in " ".join(text.split()))
        runs = groupby(letters, key=lambda letter: letter[1])
        drawn = "".join("".join(letter for letter, _ in run) if known else _ELLIPSIS for known, run in runs)
        return drawn if any(letter.isalnum() for letter in drawn) else ""

    def png(self) -> bytes:
        """The sheet, cut off below the last line."""
        height = int(self.y) + _MARGIN
        self._figure.set_size_inches(WIDTH / _DPI, height / _DPI)
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self.box(1, 1, WIDTH - 2, height - 2, fill="none", edge=_RULE)
        with io.BytesIO() as file:
            self._figure.savefig(file, format="png")
            return file.getvalue()


def _file(*, bold: bool) -> Path:
    """A font that comes with matplotlib, so that every machine draws alike."""
    from matplotlib import get_data_path  # noqa: PLC0415 - see the module

    return Path(get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' * bold}.ttf")


@lru_cache
def _font(size: int, *, bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - see the module

    return FontProperties(fname=_file(bold=bold), size=size * _POINT / _DPI)


@lru_cache
def _shapes() -> frozenset[int]:
    """The code points that the font can draw."""
    from matplotlib.font_manager import get_font  # noqa: PLC0415 - see the module

    return frozenset(get_font(_file(bold=False)).get_charmap())

"""Pictures: what they hold is looked at by people; here only that they can be drawn, fit, and say all they say."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from bot import plots
from bot.core.stories import Grid, Rating, Story, Told, coverage
from bot.core.stories.competencies import CompanySet, Principle

NOW, DAY = 1_800_000_000, 86_400
TITLES = {f"c{number}": title for number, title in enumerate(["Ownership", "Conflict", "Deciding with data"] * 7)}
COMPANY = CompanySet(
    "acme", "Acme", "Principles", "", "2026-01", (),
    (Principle("Success and Scale Bring Broad Responsibility", "", ("c1", "c2")), Principle("Frugality", "", ("c9",))),
)  # fmt: skip
LOOKS = cycle([Told(), Told(1, NOW - 3 * DAY), Told(2, NOW - 45 * DAY), Told(5, NOW)])


def story(number: int, title: str = "The index that was missing", *competencies: str) -> Story:
    ratings = (Rating(number % 5 + 1, 4, NOW),) if number % 4 else ()
    return Story(str(number), title, competencies or (f"c{number % 21}", f"c{number % 4}"), (), ratings, next(LOOKS))


def grid_of(*stories: Story) -> Grid:
    return coverage(stories, TITLES, NOW)


class FakeSheet(plots._Sheet):
    """Keeps what is written, and where, and paints nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[float, float, str]] = []
        type(self).last = self

    last: FakeSheet

    def text(self, x: float, y: float, text: str, *more: object, **how: object) -> None:
        super().text(x, y, text, *more, **how)  # type: ignore[arg-type]
        self.texts.append((x, y, text))

    def png(self) -> bytes:
        """To paint what is only read would take half a second."""
        return b""

    def painted(self) -> bytes:
        return super().png()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> type[FakeSheet]:
    monkeypatch.setattr(plots, "_Sheet", FakeSheet)
    return FakeSheet


def words(sheet: FakeSheet) -> list[str]:
    return [text for _, _, text in sheet.texts]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize("count", [0, 1, 8, 20, 40])
def test_a_bank_of_any_size_is_drawn_at_the_width_of_a_phone(count: int) -> None:
    width, height = size(plots.grid(grid_of(*(story(number) for number in range(1, count + 1)))))
    assert width == plots.WIDTH
    assert width < height < 2.2 * width


def test_nothing_is_written_smaller_than_a_phone_can_show_or_beyond_the_edge() -> None:
    sheet = plots._Sheet()
    plots._head(sheet, grid_of(story(1)), [], COMPANY)
    plots._table(sheet, plots._rows(grid_of(*map(story, range(1, 10))), COMPANY), [story(1)], more=True)
    plots._legend(sheet, [plots._Mark("?", look, often=True) for look in plots._Look], more=True)
    plots._titles(sheet, [story(1_000_000, "A long title " * 30)])
    sheet.png()
    for text in sheet._axes.texts:
        box = text.get_window_extent(sheet._renderer)
        assert text.get_fontsize() * plots._DPI / 72 >= 28
        assert 0 < box.x0 <= box.x1 < plots.WIDTH, text.get_text()


def test_an_empty_bank_shows_every_competency_without_a_story(written: type[FakeSheet]) -> None:
    plots.grid(grid_of())
    assert words(written.last).count("no story yet") == len(TITLES)
    assert "0 of 21 competencies have a story." in words(written.last)
    assert not any("days" in text for text in words(written.last))


def test_a_mark_says_without_colour_when_a_story_was_told_how_it_is_rated_and_that_it_is_over_used() -> None:
    told = [Told(), Told(1, NOW - DAY), Told(1, NOW - 31 * DAY), Told(3, NOW - DAY)]
    base = Story("1", "x", ("c0",), ratings=(Rating(4, 3, NOW),))
    cells = [coverage([replace(base, told=one)], TITLES, NOW).cells["c0"][0] for one in told]
    marks = [plots._mark_of(cell) for cell in cells]
    assert [mark.look for mark in marks] == [
        plots._Look.NEVER,
        plots._Look.FRESH,
        plots._Look.STALE,
        plots._Look.FRESH,
    ]
    assert [mark.often for mark in marks] == [False, False, False, True]
    assert {mark.text for mark in marks} == {"3"}
    assert len({(look.value[0], look.value[1]) for look in plots._Look}) == 3


def test_the_legend_explains_what_is_there_and_nothing_else(written: type[FakeSheet]) -> None:
    fresh = Story("1", "x", ("c0",), ratings=(Rating(4, 3, NOW),), told=Told(1, NOW))
    plots.grid(grid_of(fresh))
    assert "told within the last 30 days" in words(written.last)
    assert not {"not told yet", "?: not rated yet"} & set(words(written.last))
    plots.grid(grid_of(replace(fresh, ratings=(), told=Told(7, NOW - 40 * DAY))))
    assert {"told 30 days ago or earlier", "?: not rated yet"} <= set(words(written.last))
    assert "told 3 times or more: have another one ready" in words(written.last)


def test_of_many_stories_those_are_shown_that_cover_most_and_the_others_are_counted(
    written: type[FakeSheet],
) -> None:
    wide = [story(number, f"Story {number}", *[f"c{number * 2 + i}" for i in range(2)]) for number in range(1, 9)]
    narrow = [story(number, f"Story {number}", "c2") for number in range(9, 21)]
    plots.grid(grid_of(*narrow, *wide))
    shown = words(written.last)
    assert {f"Story {number}" for number in range(1, 9)} <= set(shown)
    assert len([text for text in shown if text.startswith("Story")]) == plots.MOST_COLUMNS - 1
    assert "+11" in shown
    assert "+: further stories; /star list shows them all" in shown


def test_for_a_company_the_rows_are_its_principles(written: type[FakeSheet]) -> None:
    plots.grid(grid_of(story(1, "Both", "c1", "c2")), COMPANY)
    shown = words(written.last)
    assert shown[:2] == ["Your stories for Acme", "1 of 2 principles have a story."]
    assert {"Success and Scale Bring", "Broad Responsibility", "Frugality"} <= set(shown)
    assert shown.count("2") == 1


def test_a_long_title_is_cut_with_an_ellipsis(written: type[FakeSheet]) -> None:
    plots.grid(grid_of(story(1, "How we moved everything " * 20)))
    assert words(written.last)[-1].startswith("How we moved everything")
    assert words(written.last)[-1].endswith("…")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Cost $x^2$ and \\frac{1}{2} of _it_", "Cost $x^2$ and \\frac{1}{2} of _it_"),
        ("The 数据 outage", "The … outage"),
        ("中文标题", plots.NO_TITLE),
        ("\N{PILE OF POO}\U000e0041", plots.NO_TITLE),
        ("two\nlines\t\x00 here", "two lines … here"),
        ("\ud800", plots.NO_TITLE),
        ("", plots.NO_TITLE),
        ("שלום עולם", "שלום עולם"),
        ("a\u0301e\u0308" * 3, "a\u0301e\u0308" * 3),
    ],
)
def test_any_title_is_drawn_as_far_as_there_are_shapes_for_it(written: type[FakeSheet], title: str, shown: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plots.grid(grid_of(story(1, title)))
        assert written.last.painted()
    assert words(written.last)[-1] == shown


def test_nothing_is_said_where_no_font_cache_can_be_kept(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    code = (
        "import logging; logging.basicConfig(); from bot import plots; from bot.core.stories import coverage; "
        "plots.grid(coverage([], {'a': 'A'}, 0))"
    )
    env = {"MPLCONFIGDIR": str(nowhere), "HOME": str(nowhere), "PYTHONPATH": ":".join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_matplotlib_is_not_loaded_before_the_first_picture() -> None:
    code = "import sys; from bot import plots; sys.exit('matplotlib' in sys.modules)"
    env = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0


def test_a_picture_is_the_same_however_often_it_is_drawn() -> None:
    stories: Sequence[Story] = [story(number) for number in range(1, 6)]
    assert plots.grid(grid_of(*stories)) == plots.grid(grid_of(*stories))


def test_what_matplotlib_would_log_of_itself_is_kept_quiet() -> None:
    plots.grid(grid_of())
    assert logging.getLogger("matplotlib.font_manager").getEffectiveLevel() >= logging.ERROR

"""The report as its reader meets it: one file opened in a real browser of a phone's width, light and dark.

With `MOCKBOT_NO_BROWSER` set these tests are left out.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, async_playwright

from bot.core.debrief.debrief import debrief
from bot.core.document import Block, Bullets, Folded, Heading, Paragraph, Verbatim
from bot.core.text.blocks import page
from bot.core.text.report import document
from playing import started
from sample_bank import FULL_ANSWER, sample_bank

pytestmark = pytest.mark.asyncio(loop_scope="module")
light_and_dark = pytest.mark.parametrize("look_at", ["light", "dark"], indirect=True)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
WIDTH, HEIGHT = 360, 740  # a small phone, upright
FINGER = 44  # pixels: WCAG 2.2, target size, level AAA
PATIENCE = 10_000  # milliseconds
READABLE = 4.5  # to one: WCAG 2.2, contrast, level AA

LONG_CODE = (
    f"First a table.\n\n```python\ndef f(table):\n    return {' + '.join(f'table[{n}]' for n in range(99))}\n```\n"
)
HOSTILE = {
    "markup": "</pre></blockquote></details><script>window.owned = 1</script><img src=x onerror='window.owned = 1'>",
    "a closing fence": "```\n</code></pre><script>window.owned = 1</script>\n```\n</main><style>*{display:none}",
    "entities": "&lt;b&gt; &amp;amp; &#x3c; \" ' {body} {0} %s",
    "Markdown": "**bold** `code` # [x](javascript:window.owned=1) ~~~",
    "an override of direction": "\u202eevil\u202c \u2066left\u2069 שלום, world \u200f!",
    "nothing wide": "zero\u200b\u200c\u200d\ufeffwidth",
    "many wide ones": "\U0001f600" * 4096,
    "one long word": "x" * 4096,
    "line breaks and spaces": "\n\n  two before\n\tand a tab,   three spaces\n\n",
    "an open fence": "```\nnever closed",
}

CONTRASTS = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return parts(colour)[3] === 0 ? ground(element.parentElement) : colour;
  };
  const contrast = (element, pseudo) => {
    const [dark, bright] = [getComputedStyle(element, pseudo).color, ground(element)].map(light).sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const all = [...document.querySelectorAll("main *")];
  return all.flatMap(e => [[e.tagName.toLowerCase(), contrast(e)], [e.tagName + "::before", contrast(e, "::before")]]);
}"""


@dataclass
class Look:
    """A page as it is looked at, with what it asked the network for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Looking = Callable[[Sequence[Block]], Awaitable[Look]]


def installed_browser() -> str:
    if os.environ.get("MOCKBOT_NO_BROWSER"):
        pytest.skip("MOCKBOT_NO_BROWSER is set")
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return found
    pytest.fail("Install Chromium (on Debian: apt-get install chromium), or set MOCKBOT_NO_BROWSER=1 to skip this.")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Look]:
    program = installed_browser()
    size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=QUIET)
        seen = Look(await browser.new_page(viewport=size, has_touch=True, is_mobile=True))
        seen.page.set_default_timeout(PATIENCE)
        seen.page.on("request", lambda asked: seen.requests.append(asked.url))
        seen.page.on("console", lambda said: seen.complaints.append(said.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        yield seen
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def look_at(request: pytest.FixtureRequest, tab: Look, tmp_path: Path) -> Looking:
    await tab.page.emulate_media(media="screen", color_scheme=getattr(request, "param", "light"))
    tab.requests.clear()
    tab.complaints.clear()

    async def look(blocks: Sequence[Block]) -> Look:
        file = tmp_path / "report.html"
        file.write_text(page(blocks, "Mock interview 1"), encoding="utf-8")
        await tab.page.goto(file.as_uri())
        return tab

    return look


def report() -> list[Block]:
    play = started()
    play.send(FULL_ANSWER, "/done", "/stop", "3")
    return [*document(debrief(play.session, sample_bank())), Verbatim("Your code", LONG_CODE), Paragraph(LONG_CODE)]


async def open_all(page: Page) -> None:
    await page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


@light_and_dark
async def test_it_never_scrolls_sideways_even_with_long_code(look_at: Looking) -> None:
    seen = await look_at(report())
    await open_all(seen.page)
    assert await seen.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert await seen.page.evaluate("document.querySelector('pre code').scrollWidth") > WIDTH


@light_and_dark
async def test_it_asks_the_network_for_nothing_and_complains_of_nothing(look_at: Looking) -> None:
    seen = await look_at(report())
    await open_all(seen.page)
    assert seen.requests == [seen.page.url]
    assert seen.complaints == []


@light_and_dark
async def test_all_words_stand_out_from_their_ground(look_at: Looking) -> None:
    seen = await look_at(report())
    await open_all(seen.page)
    contrasts = await seen.page.evaluate(CONTRASTS)
    assert {"p", "li", "blockquote", "BLOCKQUOTE::before", "summary", "pre", "code"} <= {name for name, _ in contrasts}
    assert [(name, ratio) for name, ratio in contrasts if ratio < READABLE] == []


@light_and_dark
async def test_the_page_follows_the_light_or_dark_of_the_phone(look_at: Looking) -> None:
    seen = await look_at(report())
    dark = await seen.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = await seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(21, 24, 27)" if dark else "rgb(255, 255, 255)")


@light_and_dark
async def test_the_verdict_is_the_largest_line_of_the_first_screen(look_at: Looking) -> None:
    seen = await look_at(report())
    verdict = seen.page.locator("h2 strong").first
    assert (await verdict.inner_text()).lower() == "not enough evidence"
    box = await verdict.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < HEIGHT
    sizes = await seen.page.evaluate(
        "[...document.querySelectorAll('main *')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert sizes.count(max(sizes)) == 1
    assert min(sizes) >= 15
    assert await verdict.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == max(sizes)


@light_and_dark
async def test_a_model_answer_is_folded_until_it_is_tapped(look_at: Looking) -> None:
    blocks = report()
    wanted = next(block.prose for block in blocks if isinstance(block, Folded))
    seen = await look_at(blocks)
    assert await seen.page.locator("details[open]").count() == 0
    folded = seen.page.locator("details").filter(has_text="Model answer").first
    assert not await folded.locator("p").first.is_visible()
    await folded.locator("summary").tap()
    assert await folded.locator("p").first.is_visible()
    assert (await folded.locator("p").first.text_content()).split() == wanted.split()


async def test_what_can_be_tapped_is_as_large_as_a_finger(look_at: Looking) -> None:
    seen = await look_at(report())
    boxes = [await summary.bounding_box() for summary in await seen.page.locator("summary").all()]
    assert boxes
    assert all(box and min(box["height"], box["width"]) >= FINGER for box in boxes)


async def test_paper_shows_what_the_screen_folds(look_at: Looking) -> None:
    seen = await look_at(report())
    shown = "[...document.querySelectorAll('details > pre')].map(pre => pre.checkVisibility())"
    assert set(await seen.page.evaluate(shown)) == {False}
    await seen.page.emulate_media(media="print")
    assert set(await seen.page.evaluate(shown)) == {True}


async def test_a_screen_reader_finds_its_way(look_at: Looking) -> None:
    seen = await look_at(report())
    assert await seen.page.locator("html").get_attribute("lang") == "en"
    assert await seen.page.title() == "Mock interview 1"
    assert [await seen.page.locator(tag).count() for tag in ("main", "main h1", "table")] == [1, 1, 0]
    levels = await seen.page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_was_typed_is_shown_as_typed_and_runs_nothing(look_at: Looking, typed: str) -> None:
    seen = await look_at([Heading(1, typed), Bullets(((typed, typed),)), Verbatim("Your answer", typed)])
    await open_all(seen.page)
    assert await seen.page.locator("blockquote").text_content() == typed
    assert await seen.page.locator("details > pre").text_content() == typed
    assert await seen.page.evaluate("[window.owned, document.scripts.length, document.images.length]") == [None, 0, 0]
    assert await seen.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert (seen.requests, seen.complaints) == ([seen.page.url], [])


async def test_words_that_run_from_right_to_left_do_so_alone(look_at: Looking) -> None:
    seen = await look_at([Bullets((("Made: a greeting.", "שלום"),)), Verbatim("Your answer", "שלום\nx = 1")])
    directions = "[...document.querySelectorAll('li, blockquote, pre')].map(e => getComputedStyle(e).direction)"
    assert await seen.page.evaluate(directions) == ["ltr", "rtl", "rtl"]


async def test_a_script_would_be_refused_even_if_one_got_in(look_at: Looking) -> None:
    seen = await look_at(report())
    async with seen.page.expect_console_message() as refusal:
        await seen.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'owned = 1'}))"
        )
    assert "Content Security Policy" in (await refusal.value).text
    assert await seen.page.evaluate("window.owned") is None


async def test_prompts_show_their_code_as_code(look_at: Looking) -> None:
    seen = await look_at([Paragraph("Write `f`, **fast**:\n\n```python\ndef f(x):\n    ...\n```\n\nThen test it.")])
    assert await seen.page.locator("main").inner_text() == "Write f, fast:\n\ndef f(x):\n    ...\n\nThen test it."
    assert await seen.page.locator("p code").inner_text() == "f"

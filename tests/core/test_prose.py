"""How prose is read, laid out and cut."""

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.document import Bullets, Heading, Paragraph, Verbatim
from bot.core.text.prose import LABELS, Segment, Style, is_visible, lay_out, read, shown, split, units

PLAIN, BOLD, CODE, FENCE, QUOTE, HIDDEN = Style
SCRAPS = st.sampled_from(
    [
        "`",
        "``",
        "```",
        "```python\n",
        "\n```\n",
        "**",
        "*",
        " ",
        "\n",
        "\n\n",
        "word",
        "End. ",
        "é",
        "👩‍👩‍👧",
        "🇩🇪",
        "e\u0301",
        "\u202e",
    ]
)
EMPTY_FENCE = re.compile(r"`{3,}\S+\s+`{3}")
TEXTS = st.one_of(st.text(), st.lists(SCRAPS, max_size=80).map("".join))
SEGMENTS = st.lists(st.builds(Segment, TEXTS, st.sampled_from(Style), st.sampled_from(["", "python"])), max_size=8)


def cost(segment):
    return units(segment.text) + (0 if segment.style is PLAIN else 10)


def cut(text, limit):
    return ["".join(s.text for s in chunk) for chunk in split(read(text), limit, cost)]


def letters(text):
    return [c for c in text if c not in "`* \r\n"]


def test_words_without_marks_are_one_plain_segment():
    assert read("Why is 2 * 3 ** 4 <b> _not_ # a heading?") == [Segment("Why is 2 * 3 ** 4 <b> _not_ # a heading?")]


def test_code_and_bold_are_taken_out_of_their_marks():
    assert read("Call `f(**k)` and **mind the\ngap**, please") == [
        Segment("Call "),
        Segment("f(**k)", CODE),
        Segment(" and "),
        Segment("mind the\ngap", BOLD),
        Segment(", please"),
    ]


def test_code_inside_bold_is_code():
    assert read("**use `x` here**") == [Segment("use ", BOLD), Segment("x", CODE), Segment(" here", BOLD)]


def test_code_may_hold_backticks_between_more_of_them():
    assert read("`` `x` ``") == [Segment("`x`", CODE)]


def test_a_fence_has_a_language_and_keeps_its_lines():
    assert read("See:\n```python\ndef f():\n\n    return `1`\n```\nDone?") == [
        Segment("See:\n"),
        Segment("def f():\n\n    return `1`", FENCE, "python"),
        Segment("\nDone?"),
    ]


def test_a_fence_without_lines_shows_nothing():
    assert read("a\n```python\n```\nb") == [Segment("a\n\nb")]


def test_two_fences_in_a_row_stay_two():
    assert read("```\na\n```\n```\nb\n```") == [Segment("a", FENCE), Segment("\n"), Segment("b", FENCE)]


@pytest.mark.parametrize(
    "text",
    [
        "```python\nno end",
        "`open",
        "**open",
        "a`",
        "```",
        "`" * 10_000,
        "** spaced **",
        "2**3 and 4**5",
        "f(*a, **b)",
        "`one\n\ntwo`",
        "``` what is this\nx\n```"[:16],
    ],
)
def test_marks_without_a_partner_are_plain(text):
    assert read(text) == [Segment(text)]


def test_any_line_end_is_a_line_end():
    assert read("a\r\nb\rc") == [Segment("a\nb\nc")]


@given(TEXTS)
def test_reading_drops_marks_alone(text):
    assume(not EMPTY_FENCE.search(text))
    kept = letters("".join(s.text + s.language for s in read(text)))
    assert sorted(kept) == sorted(letters(text))


@given(st.text(st.characters(exclude_characters="`*\r")).filter(bool))
def test_text_without_marks_is_read_as_it_is(text):
    assert read(text) == [Segment(text)]


@pytest.mark.parametrize(
    "text", ["```a\n" * 20_000, "**a " * 20_000, "`a ``b " * 10_000, "```\n" * 20_001, "`" * 99_999]
)
def test_marks_in_great_number_are_read_in_no_time(text):
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 2


@given(SEGMENTS, st.integers(20, 90))
@settings(max_examples=300)
def test_cutting_loses_nothing_keeps_the_order_and_stays_within_the_limit(segments, limit):
    chunks = split(segments, limit, cost)
    pieces = [(c, s.style, s.language) for chunk in chunks for s in chunk for c in s.text]
    assert pieces == [(c, s.style, s.language) for s in segments for c in s.text]
    assert all(0 < sum(map(cost, chunk)) <= limit for chunk in chunks)


def test_cutting_ends_even_when_nothing_fits():
    assert [[s.text for s in chunk] for chunk in split([Segment("abc", BOLD)], 5, cost)] == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize(
    ("text", "limit", "first"),
    [
        ("First one.\n\nSecond line\nthird line", 23, "First one.\n\n"),
        ("Little\n\nthen one long line\nand another", 30, "Little\n\nthen one long line\n"),
        ("One sentence. Two sentences here. Three", 36, "One sentence. Two sentences here. "),
        ("some words without any end", 14, "some words "),
        ("一二三四五六七八九。一二三四", 12, "一二三四五六七八九。"),
        ("unbreakable", 6, "unbrea"),
        ("aaa👩‍👩‍👧", 9, "aaa"),
        ("aaaaaaaae\u0301", 9, "aaaaaaaa"),
        ("🇩🇪🇫🇷🇮🇹", 10, "🇩🇪🇫🇷"),
        ("👍🏽👍🏽👍🏽", 10, "👍🏽👍🏽"),
        ("😀" * 9, 7, "😀" * 3),
    ],
)
def test_the_cut_comes_where_it_disturbs_least(text, limit, first):
    assert cut(text, limit)[0] == first


def test_a_fence_that_fits_into_the_next_chunk_stays_whole():
    text = "Here is a sentence of words.\n```\none\n\ntwo\nthree\n```"
    assert [[s.style for s in c] for c in split(read(text), 45, cost)] == [[PLAIN], [FENCE]]


def test_a_long_fence_is_cut_between_lines_and_goes_on_in_its_language():
    code = "\n".join(f"line_{n} = {n}" for n in range(20))
    chunks = split([Segment(code, FENCE, "python")], 100, cost)
    assert len(chunks) > 2
    assert {(s.style, s.language) for c in chunks for s in c} == {(FENCE, "python")}
    assert all(c[-1].text.endswith("\n") for c in chunks[:-1])


def test_cutting_a_long_text_takes_no_time():
    start = time.process_time()
    split(read("e\u0301" * 50_000 + "🇩🇪" * 20_000), 4000, cost)
    assert time.process_time() - start < 5


def test_what_shows_nothing_is_left_out_and_indented_code_keeps_its_indent():
    chunks = [(Segment(" \n\n"), Segment("\n    x = 1\n", FENCE)), (Segment("\u2060\u200b \u3164", QUOTE),)]
    assert shown(chunks) == [[Segment("    x = 1", FENCE)]]


@pytest.mark.parametrize(
    ("text", "seen"), [("", False), (" \n\u00a0\u200b\u2060\u2800", False), ("\u0301", True), (".", True)]
)
def test_text_is_visible_when_it_has_ink(text, seen):
    assert is_visible(text) is seen


def test_length_is_counted_in_utf_16_units():
    assert units("a😀\ud800") == 4


def test_a_document_is_laid_out_with_quotes_and_hidden_text_as_typed():
    blocks = (
        Heading(2, "Went `well`"),
        Bullets((("You said `x`", "I'd **use**\n`x`\n"), ("More", " "))),
        Paragraph("Read **this**."),
        Verbatim("Model answer", "```\nx\n```"),
    )
    assert lay_out(blocks) == [
        Segment("Went `well`", BOLD),
        Segment("\n"),
        Segment("• "),
        Segment("You said "),
        Segment("x", CODE),
        Segment("\n"),
        Segment("I'd **use**\n`x`", QUOTE),
        Segment("\n• "),
        Segment("More"),
        Segment("\n\n"),
        Segment("Read "),
        Segment("this", BOLD),
        Segment("."),
        Segment("\n\n"),
        Segment("Model answer", BOLD),
        Segment("\n"),
        Segment("```\nx\n```", HIDDEN),
    ]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("system-design", "System design"),
        ("done", "Done"),
        ("seen", "Seen it"),
        ("time", "Time left"),
        ("3", "3"),
        ("on", "on"),
    ],
)
def test_a_button_says_what_it_does(what, words):
    assert LABELS.get(what, what) == words

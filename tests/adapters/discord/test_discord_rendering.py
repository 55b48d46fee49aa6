"""What Discord gets, read back the way its clients read Markdown."""

import re
import time

import pytest
from discord import ButtonStyle
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.rendering import (
    CONTENT_LIMIT,
    DESCRIPTION_LIMIT,
    EMBEDS_LIMIT,
    NOTHING,
    TITLE_LIMIT,
    TOTAL_LIMIT,
    Chunk,
    escaped,
    render,
)
from bot.core.document import Bullets, Heading, Paragraph, Verbatim
from bot.core.effects import Tone
from bot.core.events import Command
from bot.core.session import Format
from bot.core.text.prose import units
from bot.service.ports.messages import File, Message

DUE = 1_732_208_700
HOSTILE = [
    "<b>not bold</b> &amp; <script>alert(1)</script>",
    "_not_ *this* __nor__ ***this*** ~~gone~~ ||hidden|| [masked](http://x.example)",
    "# big\n## bigger\n-# small\n> quote\n>>> quotes\n- item\n* item\n1. one\n 2) two\n  - deep",
    "@everyone @here <@123456789012345678> <@!1234> <@&123> <#123> </mock:1> <id:guide>",
    "<t:0:R> <:pepe:123456789012345678> <a:pepe:123456789012345678> :tada: std::vector::size",
    "http://x.example/a_b?c=*d* https://discord.gg/abc discord.gg/abc <https://x.example> steam://run",
    "\u202eevil\u202c \u2067abc\u2069 \u200f\u05d0\u05d1\u05d2 @everyone",
    "👩‍👩‍👧 🏳️‍🌈 👍🏽 🇩🇪 e\u0301\u0301",
    "a\u200bb\u2060c\ufeffd",
    "\\* \\\\* C:\\new\\path \\",
    "😀" * 4096,
    "`" * 10_000,
    "```python\nnever closed",
    "**" * 3000,
    "|" * 5000,
    "x" * 10_000,
    "https://x.example/" + "a~" * 3000,
    "line\n" * 3000,
]
MARKS = st.sampled_from(
    [*"\\`*_~|<>@#[]():.-+/ \n\t1a", "https://x.y", "```", "**", "||", ":tada:", "<@1>", "😀", "discord.gg/"]
)
TEXTS = st.one_of(st.text(), st.lists(MARKS, max_size=60).map("".join))

# Discord's own rules: a backslash before what is no letter, digit or white space; an address in angle brackets.
PLAIN = re.compile(r"\\(?P<mark>[^0-9A-Za-z\s])|<(?P<url>https?://[^\s<>]+)>")
LIVE = re.compile(
    r"[*_~|`<]|\[[^\]]*\]\(|\w+://|@(everyone|here)|:[\w+-]+:|discord(app)?\.(gg|com)/"
    r"|^ *(#{1,3}|-#|>|>>>|[-*]|\d+\.) ",
    re.MULTILINE,
)


def message(text="", **more: object):
    return Message(**{"id": 1, "place": "discord:5", "tone": Tone.NOTICE, "text": text, **more})


def seen(markdown):
    """What a reader sees of text that holds no markup."""
    return PLAIN.sub(lambda found: found["mark"] or found["url"], markdown)


def live(markdown):
    """The first thing in a text that Discord would not show as typed."""
    return LIVE.search(PLAIN.sub("\ufffc", markdown))


def everywhere(text):
    """A text where the bot could repeat it: in prose, and in each block."""
    blocks = (Heading(2, text), Paragraph(text), Bullets((("Point", text), (text, ""))), Verbatim("Your answer", text))
    return [message(text), *(message("the same", blocks=(Heading(3, "Title"), block)) for block in blocks)]


def assert_within_limits(chunk):
    assert chunk.content or chunk.embeds
    assert units(chunk.content) <= CONTENT_LIMIT
    assert len(chunk.embeds) <= EMBEDS_LIMIT
    assert sum(embed.size for embed in chunk.embeds) <= TOTAL_LIMIT
    for embed in chunk.embeds:
        assert units(embed.title) <= TITLE_LIMIT
        assert units(embed.description) <= DESCRIPTION_LIMIT
        assert embed.title or embed.description


def test_code_and_bold_stay_markdown_and_the_rest_is_escaped():
    (chunk,) = render(message("Use `a_b` or **c_d**, not e_f:\n```python\n# 1 * 2\n```\n# done"))
    assert chunk == Chunk("Use `a_b` or **c\\_d**, not e\\_f:\n```python\n# 1 * 2\n```\n\\# done")


def test_a_fence_cannot_be_ended_from_inside():
    (chunk,) = render(message("````\n```\n@everyone\n```\n````"))
    assert chunk.content == "```\n`\u200b`\u200b`\n@everyone\n`\u200b`\u200b`\n```"


def test_code_that_holds_a_backtick_is_shown_without_its_box():
    assert render(message("`` a`b ``"))[0].content == "a\\`b"


def test_hidden_text_cannot_be_opened_from_inside():
    (chunk,) = render(message(blocks=(Verbatim("Model answer", "a || b |"),)))
    assert chunk.embeds[0].description == "**Model answer**\n||a \\|\\| b \\|\u200b||"


def test_quotes_stand_behind_bars_on_every_line():
    (chunk,) = render(message(blocks=(Bullets((("Point", "one\n\n# two"), ("Next", ""))),)))
    assert chunk.embeds[0].description == "• Point\n> one\n> \n> \\# two\n• Next"


def test_an_address_stays_a_link_and_gets_no_preview():
    assert escaped("see https://x.example/a_b?c=1.") == "see <https://x.example/a_b?c=1>."
    assert escaped("discord.gg/abc steam://run") == "discord\\.gg/abc steam\\://run"


def test_a_larger_heading_begins_an_embed_and_a_smaller_one_is_a_line():
    blocks = (Heading(2, "Coding: hire"), Paragraph("Good."), Heading(3, "Next"), Paragraph("Read."), Heading(2, "All"))
    (chunk,) = render(message(blocks=blocks))
    assert [(e.title, e.description) for e in chunk.embeds] == [
        ("Coding: hire", "Good.\n\n**Next**\nRead."),
        ("All", ""),
    ]


def test_a_long_document_goes_on_in_further_messages():
    blocks = [b for n in range(30) for b in (Heading(2, f"Part {n}"), Paragraph("word " * 200))]
    chunks = render(message(blocks=tuple(blocks)))
    assert len(chunks) > 3
    assert [e.title for c in chunks for e in c.embeds] == [f"Part {n}" for n in range(30)]
    for chunk in chunks:
        assert_within_limits(chunk)


def test_many_small_parts_are_ten_to_a_message():
    chunks = render(message(blocks=tuple(Heading(1, f"Part {n}") for n in range(23))))
    assert [len(chunk.embeds) for chunk in chunks] == [10, 10, 3]


def test_a_heading_too_long_for_a_title_is_the_first_line():
    (chunk,) = render(message(blocks=(Heading(2, "*" * 200), Paragraph("Good."))))
    assert (chunk.embeds[0].title, chunk.embeds[0].description) == ("", "**" + "\\*" * 200 + "**\nGood.")


def test_a_title_stands_once_when_its_text_is_cut():
    (chunk, *more) = render(message(blocks=(Heading(2, "Title"), Paragraph("word " * 2000))))
    assert [e.title for c in (chunk, *more) for e in c.embeds] == ["Title", "", ""]


def test_a_question_ends_with_its_deadline_in_the_readers_own_words():
    assert render(message("Why?", due=DUE))[0].content == f"Why?\n\nDeadline: <t:{DUE}:R>"


def test_only_the_last_chunk_has_the_deadline_and_the_buttons():
    more = {"tone": Tone.QUESTION, "due": DUE, "commands": (Command.DONE,), "session_id": 1, "mark": "t1"}
    chunks = render(message("word " * 1000, **more))
    assert [bool(chunk.rows) for chunk in chunks] == [False, False, True]
    assert ["Deadline" in chunk.content for chunk in chunks] == [False, False, True]


def test_a_question_that_can_be_done_offers_a_form_first():
    commands = (Command.DONE, Command.HINT, Command.SKIP, Command.SEEN, Command.STOP)
    (chunk,) = render(message("Why?", tone=Tone.QUESTION, commands=commands, session_id=7, mark="t1"))
    found = [[(b.label, b.custom_id, b.style) for b in row] for row in chunk.rows]
    assert found[0][:2] == [
        ("Answer", "a:7:t1", ButtonStyle.primary),
        ("Done", "b:7:t1:done", ButtonStyle.success),
    ]
    assert found[1] == [("Stop", "b:7:t1:stop", ButtonStyle.danger)]


def test_a_notice_offers_no_form():
    (chunk,) = render(message("Paused.", commands=(Command.DONE,), session_id=7, mark="t1"))
    assert [b.label for row in chunk.rows for b in row] == ["Done"]


def test_buttons_keep_discords_limits():
    formats = tuple(format_.value for format_ in Format)
    more = {"choices": formats, "commands": tuple(Command), "session_id": 2**63 - 1, "mark": "t99p3.answering"}
    rows = render(message("Which?", tone=Tone.QUESTION, **more))[-1].rows
    assert len(rows) <= 5
    assert all(1 <= len(row) <= 5 for row in rows)
    assert all(len(b.custom_id) <= 100 and 1 <= len(b.label) <= 80 for row in rows for b in row)
    assert len({b.custom_id for row in rows for b in row}) == sum(map(len, rows))


def test_there_are_no_buttons_without_an_interview():
    assert render(message("Hello.", choices=("coding",)))[0].rows == ()


def test_a_message_that_shows_nothing_is_never_empty():
    assert [chunk.content for chunk in render(message(" \u200b\n"))] == [NOTHING]
    assert render(message("", document=File("report.html", b"x"))) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_typed(text):
    assert seen(escaped(text)) == text
    assert live(escaped(text)) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_within_the_limits_wherever_it_stands(text):
    for each in everywhere(text):
        for chunk in render(each):
            assert_within_limits(chunk)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_shown_as_typed(text):
    assert seen(escaped(text)) == text
    assert live(escaped(text)) is None


@given(TEXTS, st.integers(1, 120))
@settings(max_examples=100, deadline=None)
def test_any_text_stays_within_the_limits_wherever_it_stands(text, times):
    for each in everywhere(text * times):
        for chunk in render(each):
            assert_within_limits(chunk)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_hidden_text_is_hidden_from_its_first_to_its_last_letter(text):
    (chunk,) = render(message(blocks=(Verbatim("Model answer", f"a{text}"),)))
    hidden = chunk.embeds[0].description.removeprefix("**Model answer**\n")
    assert re.match(r"\|\|([\s\S]+?)\|\|", hidden)[0] == hidden


def test_a_long_debrief_is_rendered_in_no_time():
    blocks = tuple(Bullets((("Point", "a quote @x " * 50),)) for _ in range(200))
    start = time.process_time()
    render(message(blocks=blocks))
    assert time.process_time() - start < 2

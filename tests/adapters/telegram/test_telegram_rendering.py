"""What Telegram gets, judged by Telegram's own library."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.rendering import ENTITY_LIMIT, LONG_QUOTE, NOTHING, render
from bot.core.document import Bullets, Heading, Paragraph, Verbatim
from bot.core.effects import Tone
from bot.core.events import Command
from bot.core.session import Format
from bot.core.text.prose import units
from bot.service.ports.messages import File, Message
from botapi.judge import TEXT_LIMIT, Judge

DUE = 1_732_208_700  # 2024-11-21 17:05:00 UTC
JUDGE = Judge()
HOSTILE = [
    "<b>not bold</b> &amp; <script>alert(1)</script>",
    "_not_ *this* [nor](http://x.example) ||this|| > quote",
    "@admin @everyone .@bob (@carol) é@dave @@eve a@b.co tg://user?id=1",
    "/stop /start@other_bot #tag $USD http://x.example +12025550123",
    "\u202eevil\u202c \u2067abc\u2069 \u200f\u05d0\u05d1\u05d2 @admin",
    "👩‍👩‍👧 🏳️‍🌈 👍🏽 🇩🇪 e\u0301\u0301",
    "a\u200bb\u2060c\ufeffd",
    "😀" * 4096,
    "`" * 10_000,
    "```python\nnever closed",
    "**" * 3000,
    "x" * 10_000,
    "`a` " * 1000,
    "**@admin** `@admin` @**admin** @`admin`",
    "\n" * 50 + "word" + " " * 5000,
    "line\n" * 3000,
]
SCRAPS = st.sampled_from(
    ["@", "admin", "`", "**", "```\n", "\n", " ", ".", "é", "_", "1", "/", "😀", "a@b.co", "\u2060", "#"]
)
TEXTS = st.one_of(st.text(), st.lists(SCRAPS, max_size=60).map("".join))


def message(text="", **more: object):
    return Message(**{"id": 1, "place": "telegram:5", "tone": Tone.NOTICE, "text": text, **more})


def judged(chunk):
    """What a reader sees; raises when Telegram would refuse the chunk."""
    return JUDGE.shown(chunk.text, "", json.loads(json.dumps(chunk.entities)), TEXT_LIMIT)


def styles(chunk):
    return [(entity.type, entity.text) for entity in judged(chunk).entities]


def mentions(chunk):
    return [entity.text for entity in judged(chunk).found if entity.type == "mention"]


def as_typed(text):
    return text.replace("\u2060", "")


def squeezed(text):
    """A text without marks, white space, and the two controls that Telegram drops from every text."""
    return "".join(text.translate(dict.fromkeys(map(ord, "`*\u202e\u202c"))).split())


def everywhere(text):
    """A text where the bot could repeat it: in prose, and in each block."""
    blocks = (Heading(2, text), Paragraph(text), Bullets((("Point", text), (text, ""))), Verbatim("Your answer", text))
    return [message(text), *(message("the same", blocks=(Heading(3, "Title"), block)) for block in blocks)]


def test_fences_code_and_bold_become_entities():
    (chunk,) = render(message("Use `x` or **y**:\n\n```python\ndef f(): ...\n```\n😀 **done**"))
    assert chunk.text == "Use x or y:\n\ndef f(): ...\n😀 done"
    assert styles(chunk) == [("code", "x"), ("bold", "y"), ("pre", "def f(): ..."), ("bold", "done")]
    assert chunk.entities[2]["language"] == "python"


def test_commands_in_the_bots_own_words_stay_tappable():
    (chunk,) = render(message("Send /done when the answer is complete, or /hint."))
    assert [(e.type, e.text) for e in judged(chunk).found] == [("bot_command", "/done"), ("bot_command", "/hint")]


def test_a_document_shows_headings_quotes_and_folded_hidden_text():
    blocks = (
        Heading(2, "Coding: hire"),
        Bullets((("Made: a point", "I'd use\na heap"), ("Missing: another", ""))),
        Verbatim("Model answer", "Use a heap.\n\n```python\nx\n```"),
    )
    (chunk,) = render(message("the same", tone=Tone.DEBRIEF, blocks=blocks))
    assert styles(chunk) == [
        ("bold", "Coding: hire"),
        ("blockquote", "I'd use\na heap"),
        ("bold", "Model answer"),
        ("expandable_blockquote", "Use a heap.\n\n```python\nx\n```"),
        ("spoiler", "Use a heap.\n\n```python\nx\n```"),
    ]
    assert chunk.text.startswith("Coding: hire\n• Made: a point\nI'd use\na heap\n• Missing: another\n\nModel answer\n")


def test_a_long_quote_is_folded():
    (chunk,) = render(message(blocks=(Bullets((("Point", "w" * (LONG_QUOTE + 1)),)),)))
    assert styles(chunk) == [("expandable_blockquote", "w" * (LONG_QUOTE + 1))]


def test_hidden_text_stays_hidden_and_folded_in_every_chunk():
    text = "".join(f"Sentence {n}, said by @somebody. " for n in range(400))
    chunks = render(message(blocks=(Verbatim("Model answer", text),)))
    assert len(chunks) > 2
    for chunk in chunks[1:]:
        assert styles(chunk) == [("expandable_blockquote", chunk.text), ("spoiler", chunk.text)]


def test_a_question_ends_with_its_deadline_in_the_readers_own_words():
    (chunk,) = render(message("Why?", tone=Tone.QUESTION, due=DUE))
    entity = chunk.entities[-1]
    assert chunk.text == "Why?\n\nDeadline: 17:05 UTC"
    assert styles(chunk) == [("date_time", "17:05 UTC")]
    assert entity["unix_time"] == DUE
    assert entity["date_time_format"] == "r"


def test_only_the_last_chunk_has_the_deadline_and_the_buttons():
    chunks = render(
        message("😀" * 4096, tone=Tone.QUESTION, due=DUE, commands=(Command.DONE,), session_id=1, mark="t1")
    )
    assert [chunk.keyboard is not None for chunk in chunks] == [False, False, True]
    assert ["Deadline" in chunk.text for chunk in chunks] == [False, False, True]


def rows(**more: object):
    keyboard = render(message("Which?", **{"session_id": 7, "mark": "2.1", **more}))[-1].keyboard
    return [[(button["text"], button["callback_data"]) for button in row] for row in keyboard["inline_keyboard"]]


def test_choices_with_words_stand_in_twos_with_their_titles():
    found = rows(choices=tuple(format_.value for format_ in Format))
    assert [len(row) for row in found] == [2, 2, 2, 2]
    assert found[2] == [("System design", "b:7:2.1:system-design"), ("Behavioral", "b:7:2.1:behavioral")]


def test_digits_stand_in_one_row_and_commands_in_threes_below():
    found = rows(choices=("1", "2", "3", "4"), commands=(Command.DONE, Command.HINT, Command.SKIP, Command.SEEN))
    assert [[text for text, _ in row] for row in found] == [["1", "2", "3", "4"], ["Done", "Hint", "Skip"], ["Seen it"]]
    assert found[1][0] == ("Done", "b:7:2.1:done")


def test_what_a_button_sends_back_fits_into_64_bytes():
    whats = {"choices": tuple(format_.value for format_ in Format), "commands": tuple(Command)}
    for row in rows(session_id=2**63 - 1, mark="t99p3.answering", **whats):
        assert all(len(data.encode()) <= 64 for _, data in row)


def test_there_are_no_buttons_without_an_interview():
    assert render(message("Hello.", choices=("coding",)))[0].keyboard is None
    assert render(message("Hello.", session_id=1, mark="t1"))[0].keyboard is None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_taken_shown_as_typed_and_mentions_nobody(text):
    for each in everywhere(text):
        chunks = render(each)
        assert not [name for chunk in chunks for name in mentions(chunk)]
        assert all(0 < units(chunk.text) <= TEXT_LIMIT and len(chunk.entities) <= ENTITY_LIMIT for chunk in chunks)
        shown = as_typed("".join(judged(chunk).text for chunk in chunks))
        assert squeezed(as_typed(text)) in squeezed(shown)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_whatever_is_repeated_telegram_takes_it_and_nobody_is_mentioned(text):
    for each in everywhere(text):
        for chunk in render(each):
            assert judged(chunk).text.strip()
            assert mentions(chunk) == []


@given(
    st.text(
        st.characters(exclude_characters="`*\r\u030a\u0333\u033f", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"])
    )
)
@settings(max_examples=150, deadline=None)
def test_quoted_words_are_shown_as_typed(words):
    (chunk,) = render(message(blocks=(Bullets((("Point", words),)),)))
    shown = as_typed(judged(chunk).text.removeprefix("• Point"))
    assert shown.strip() == words.strip()


@given(st.lists(st.sampled_from(["`a`", "**b**", "w " * 90, "\n\n", "```\ncode\n```\n"]), max_size=400).map(" ".join))
@settings(max_examples=50, deadline=None)
def test_no_chunk_has_more_entities_than_telegram_takes(text):
    assert all(len(chunk.entities) <= ENTITY_LIMIT for chunk in render(message(text, due=DUE)))


def test_a_message_that_shows_nothing_is_never_empty():
    assert [chunk.text for chunk in render(message(" \u200b\n"))] == [NOTHING]
    assert render(message("", document=File("report.html", b"x"))) == []


def test_a_long_debrief_is_rendered_in_no_time():
    blocks = tuple(Bullets((("Point", "a quote @x " * 50),)) for _ in range(200))
    start = time.process_time()
    render(message(blocks=blocks))
    assert time.process_time() - start < 2

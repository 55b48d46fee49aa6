"""Texts are judged by Telegram's own library."""

import pytest

from botapi.judge import TEXT_LIMIT, Judge, Shown
from botapi.nouns import ApiError, Json

GRIN = "\N{GRINNING FACE}"


def style(kind: str, offset: int, length: int, **extra: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **extra}


def shown(text: str, *entities: Json, mode: str = "") -> Shown:
    return Judge().shown(text, mode, list(entities), TEXT_LIMIT)


def parts(text: Shown) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in text.entities]


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        (style("bold", 0, 9), "entity beginning at UTF-16 offset 0 ends after the end of the text"),
        (style("bold", 0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        (style("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (style("loud", 0, 2), "can't parse MessageEntity: Unsupported type specified"),
        (style("text_link", 0, 2), "can't parse MessageEntity: Can't find field \"url\""),
        (style("text_link", 0, 2, url="javascript:1"), "entity URL 'javascript:1' is invalid: Wrong HTTP URL"),
        (style("date_time", 0, 2), "can't parse MessageEntity: Can't find field \"unix_time\""),
        (
            style("date_time", 0, 2, unix_time=1, date_time_format="Dd"),
            "can't parse MessageEntity: Invalid date format used",
        ),
    ],
)
def test_wrong_entities_are_refused(entity, words):
    with pytest.raises(ApiError) as caught:
        shown(GRIN, entity)
    assert caught.value.description.startswith(f"Bad Request: {words}")


def test_entities_beyond_100_are_refused():
    assert len(shown("a " * 100, *(style("bold", 2 * n, 1) for n in range(100))).entities) == 100
    with pytest.raises(ApiError, match="ENTITIES_TOO_LONG"):
        shown("a " * 101, *(style("bold", 2 * n, 1) for n in range(101)))


def test_overlapping_entities_are_cut_and_put_in_order():
    assert parts(shown("hello world", style("bold", 6, 5), style("code", 0, 8))) == [
        ("code", "hello wo"),
        ("bold", "rld"),
    ]


def test_markdown_in_a_plain_text_stays_as_it_is():
    text = "**a** __b__ ~~c~~ ||d|| `e` [f](https://example.com)"
    assert shown(text, style("italic", 2, 1)).text == text


def test_blanks_at_both_ends_are_cut_but_not_inside_an_entity():
    assert parts(shown(" \n<b> x </b> ", mode="HTML")) == [("bold", " x")]


def test_html_is_parsed_as_telegram_does():
    html = "<tg-spoiler>a</tg-spoiler><blockquote expandable>b</blockquote><tg-time unix='7' format='wDT'>c</tg-time>"
    text = shown(html, mode="HTML")
    assert parts(text) == [("spoiler", "a"), ("expandable_blockquote", "b"), ("date_time", "c")]
    assert text.entities[2].extra == {"unix_time": 7, "date_time_format": "wDT"}


def test_what_telegram_recognises_by_itself_is_told():
    text = shown("Ask @durov, see example.com or /help #now")
    assert [entity.type for entity in text.found] == ["mention", "url", "bot_command", "hashtag"]


def test_nothing_is_recognised_inside_code():
    assert shown("<code>@durov</code> <pre>/help</pre>", mode="HTML").found == ()


def test_a_lenient_judge_only_counts():
    judge = Judge(strict=False)
    assert judge.shown("  @durov ", "", None, TEXT_LIMIT) == Shown("  @durov ")
    with pytest.raises(ApiError, match="message is too long"):
        judge.shown("a" * 4097, "", None, TEXT_LIMIT)

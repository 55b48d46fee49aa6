"""Keyboards are refused for the reasons Telegram has."""

import pytest

from botapi.keyboards import buttons, checked
from botapi.nouns import ApiError, Button


def pressing(**button: str) -> dict[str, object]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (pressing(text="Go", callback_data="\N{GRINNING FACE}" * 17), "BUTTON_DATA_INVALID"),
        (pressing(text="Go", callback_data=""), "Text buttons are unallowed in the inline keyboard"),
        (pressing(text="Go"), "Text buttons are unallowed in the inline keyboard"),
        (pressing(text=" ", callback_data="x"), "button text must be non-empty"),
        (pressing(text="Go", url="example"), "URL is invalid"),
        ({"inline_keyboard": [{"text": "Go"}]}, "must be of type Array of Arrays"),
        ({"inline_keyboard": [[{"text": "Go", "callback_data": "x"}] * 9]}, "reply markup is too long"),
        ({"force_reply": True, "remove_keyboard": True}, "object expected as reply markup"),
        ({"force_reply": True, "input_field_placeholder": "a" * 65}, "placeholder is too long"),
        (["Go"], "object expected as reply markup"),
    ],
)
def test_wrong_keyboards_are_refused(markup, words):
    with pytest.raises(ApiError, match=words):
        checked(markup)


def test_buttons_are_read_row_by_row():
    markup = checked(
        {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}], [{"text": "See", "url": "https://a.b"}]]}
    )
    assert buttons(markup) == ((Button("Go", "g"),), (Button("See", url="https://a.b"),))

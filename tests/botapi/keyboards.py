"""Reply markups: their shape and limits."""

from __future__ import annotations

from botapi.judge import units
from botapi.nouns import Button, Json, refuse

ROW_LIMIT = 8
BUTTON_LIMIT = 100
DATA_LIMIT = 64
PLACEHOLDER_LIMIT = 64
KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked(markup: object) -> Json | None:
    """A reply markup that Telegram takes; raises otherwise."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        refuse("object expected as reply markup")
    kinds = [kind for kind in KINDS if markup.get(kind) not in (None, False)]
    if len(kinds) != 1:
        refuse("object expected as reply markup")
    if units(str(markup.get("input_field_placeholder", ""))) > PLACEHOLDER_LIMIT:
        refuse("reply keyboard placeholder is too long")
    if kinds[0] in {"inline_keyboard", "keyboard"}:
        _rows(markup[kinds[0]], kinds[0])
    return markup


def buttons(markup: Json | None) -> tuple[tuple[Button, ...], ...]:
    """The inline buttons of a markup."""
    rows = (markup or {}).get("inline_keyboard", [])
    return tuple(tuple(Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row) for row in rows)


def _rows(rows: object, kind: str) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse(f'field "{kind}" must be of type Array of Arrays')
    if sum(map(len, rows)) > BUTTON_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        refuse("reply markup is too long")
    for button in (button for row in rows for button in row):
        _inline(button) if kind == "inline_keyboard" else _label(button, "keyboard button")


def _label(button: object, noun: str) -> None:
    text = button.get("text") if isinstance(button, dict) else button
    if not isinstance(text, str):
        refuse(f"can't parse {noun}: Can't find field \"text\"")
    if not text.strip():
        refuse(f"{noun} text must be non-empty")


def _inline(button: object) -> None:
    if not isinstance(button, dict):
        refuse("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    _label(button, "inline keyboard button")
    actions = [name for name in ACTIONS if button.get(name) not in {"", None}]
    if len(actions) != 1:
        why = "Text buttons are unallowed in the inline keyboard" if not actions else "Only one action is allowed"
        refuse(f"can't parse inline keyboard button: {why}")
    data = button.get("callback_data", "")
    if len(str(data).encode()) > DATA_LIMIT:
        refuse("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        refuse("inline keyboard button URL is invalid")

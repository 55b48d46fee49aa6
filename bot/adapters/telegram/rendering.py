"""The bot's words as Telegram shows them: texts with entities, never with a parse mode, and buttons below the last.

Facts about Telegram were measured with TDLib's own parser (tdjson 1.8.69), which its servers share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypedDict

from telegram.constants import MessageEntityDateTimeFormats as TimeFormat
from telegram.constants import MessageEntityType as Kind

from bot.core.text import prose
from bot.core.text.prose import Segment, Style, units
from bot.service.ports.button_codes import ButtonCode
from bot.service.ports.messages import Message

TEXT_LIMIT = 4096  # UTF-16 code units (Bot API, sendMessage)
ENTITY_LIMIT = 100  # entities of one message; Telegram ignores those beyond (Bot API, "Formatting options")
LONG_QUOTE = 250  # code units, about the three lines that a folded quote shows on a phone
DEADLINE = "Deadline: "  # reads well before "in 5 minutes", "5 minutes ago" and "17:05 UTC"
NOTHING = "…"  # Telegram refuses an empty message
_DEADLINE_ROOM = 48
_ROOM = TEXT_LIMIT - _DEADLINE_ROOM
_ENTITY_COST = -(-_ROOM // (ENTITY_LIMIT - 2))  # code units that an entity counts for at least, so that few enough fit
_WORDS_IN_ROW = 2
_COMMANDS_IN_ROW = 3
# TDLib finds a mention where "@" follows no letter, digit or underscore. At the end of a piece a name may follow.
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_]|\Z)")
_WORD_JOINER = "\u2060"
_TYPES = {
    Style.BOLD: (Kind.BOLD,),
    Style.CODE: (Kind.CODE,),
    Style.FENCE: (Kind.PRE,),
    Style.QUOTE: (Kind.BLOCKQUOTE,),
    Style.HIDDEN: (Kind.EXPANDABLE_BLOCKQUOTE, Kind.SPOILER),
}


class Mentioned(TypedDict):
    """Whom an entity mentions, as the Bot API reads it."""

    id: int
    is_bot: bool
    first_name: str


class Entity(TypedDict, total=False):
    """A style of some of a text, as the Bot API reads it (MessageEntity); what is counted are UTF-16 code units."""

    type: str
    offset: int
    length: int
    language: str
    unix_time: int
    date_time_format: str
    user: Mentioned


class Button(TypedDict, total=False):
    """A button as the Bot API reads it: one that is pressed brings `callback_data` back, one with a `url` opens it."""

    text: str
    callback_data: str
    url: str


class Keyboard(TypedDict):
    """Rows of buttons as the Bot API reads them (InlineKeyboardMarkup), without the library's object for each."""

    inline_keyboard: list[list[Button]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message of Telegram."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard | None = None


def render(message: Message) -> list[Chunk]:
    """The message as Telegram's own, in order, none above its limits; only the last one carries buttons.

    A message that shows nothing gives no chunk when it has a document, which goes without words.
    """
    segments = prose.lay_out(message.blocks) if message.blocks else prose.read(message.text)
    chunks = [_chunk(part) for part in prose.shown(prose.split(segments, _ROOM, _cost))]
    if not chunks and message.document:
        return []
    *others, last = chunks or [Chunk(NOTHING)]
    last = last if message.due is None else _with_deadline(last, message.due)
    return [*others, replace(last, keyboard=keyboard(message))]


def keyboard(message: Message) -> Keyboard | None:
    """The buttons of a message; a press tells which interview it belongs to and when it was offered."""
    if not message.mark or not (message.choices or message.commands):
        return None
    choices_in_row = len(message.choices) if "".join(message.choices).isdigit() else _WORDS_IN_ROW
    rows = [*_rows(message.choices, choices_in_row), *_rows(message.commands, _COMMANDS_IN_ROW)]
    return {"inline_keyboard": [[_button(message, what) for what in row] for row in rows]}


def _button(message: Message, what: str) -> Button:
    code = ButtonCode(message.session_id or 0, message.mark, what)
    return {"text": prose.label(what), "callback_data": code.encode()}


def _rows(whats: Sequence[str], width: int) -> Iterator[Sequence[str]]:
    return (whats[start : start + width] for start in range(0, len(whats), width))


def _cost(segment: Segment) -> int:
    return max(units(_text(segment)), _ENTITY_COST * len(_TYPES.get(segment.style, ())))


def _text(segment: Segment) -> str:
    """The text of a piece, in which nobody is mentioned.

    Telegram notifies whoever a plain text mentions, also where it only repeats somebody's words. A code entity would
    prevent that too, but inside a spoiler it lies open, and it counts. A word joiner takes no width and joins what it
    stands between. Commands and links act only for the person who taps them, so they stay as they are.
    """
    if segment.style in {Style.CODE, Style.FENCE}:
        return segment.text
    return _MENTION.sub(f"@{_WORD_JOINER}", segment.text)


def _chunk(segments: Sequence[Segment]) -> Chunk:
    text, offset, entities = "", 0, []
    for segment in segments:
        piece = _text(segment)
        entities += [_entity(kind, segment, offset, units(piece)) for kind in _kinds(segment)]
        text, offset = text + piece, offset + units(piece)
    return Chunk(text, tuple(entities))


def _kinds(segment: Segment) -> Sequence[str]:
    if segment.style is Style.QUOTE and units(segment.text) > LONG_QUOTE:
        return (Kind.EXPANDABLE_BLOCKQUOTE,)
    return _TYPES.get(segment.style, ())


def _entity(kind: str, segment: Segment, offset: int, length: int) -> Entity:
    entity: Entity = {"type": kind, "offset": offset, "length": length}
    if segment.language:
        entity["language"] = segment.language
    return entity


def _with_deadline(chunk: Chunk, due: int) -> Chunk:
    """The chunk with a last line on when time is up, which Telegram puts in words relative to the reader's clock."""
    before, clock = f"{chunk.text}\n\n{DEADLINE}", f"{datetime.fromtimestamp(due, UTC):%H:%M} UTC"
    entity: Entity = {
        "type": Kind.DATE_TIME,
        "offset": units(before),
        "length": units(clock),
        "unix_time": due,
        "date_time_format": TimeFormat.RELATIVE,
    }
    return replace(chunk, text=before + clock, entities=(*chunk.entities, entity))

"""The bot's words as Telegram's messages: texts with entities, never with a parse mode, and buttons below the last.

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

from bot.core.effects import Tone
from bot.core.place import Person, Place, number_of, parse
from bot.core.text import prose
from bot.core.text.prose import LABELS, Segment, Style, units
from bot.service.ports.button_codes import encoded
from bot.service.ports.messages import File, Message

TEXT_LIMIT = 4096  # UTF-16 code units (Bot API, sendMessage)
ENTITY_LIMIT = 100  # entities of one message; Telegram ignores those beyond (Bot API, "Formatting options")
LONG_QUOTE = 250  # code units, about the three lines that a folded quote shows on a phone
DEADLINE = "Deadline: "  # reads well before "in 5 minutes", "5 minutes ago" and "17:05 UTC"
NOTHING = "…"  # Telegram refuses an empty message
ANSWER_HERE = "Reply to this message with your answer."
PLACEHOLDER = "Your answer"
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


class ReplyBox(TypedDict):
    """What opens the reply box, as the Bot API reads it (ForceReply)."""

    force_reply: bool
    selective: bool
    input_field_placeholder: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message of Telegram."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message goes: a chat, perhaps a topic of it, perhaps below the message it answers."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether several people read there; Telegram numbers groups below zero."""
        return self.chat < 0


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Telegram: a text, or a document, which is shown as a photo when it is a picture.

    A part that goes to a person's own chat, although they are in a group, knows where in the `group` they asked; the
    `last` one of these tells them there.
    """

    spot: Spot
    text: str = ""
    entities: tuple[Entity, ...] = ()
    markup: Keyboard | ReplyBox | None = None
    document: File | None = None
    group: Spot | None = None
    last: bool = False


def spot_of(place: Place, reply_to: str = "") -> Spot:
    """The spot that a place and the message to answer there stand for."""
    address = parse(place)
    return Spot(address.chat, address.topic, int(reply_to) if reply_to else None)


def compose(message: Message) -> list[Part]:
    """The message as Telegram's messages, in order."""
    spot = spot_of(message.place, message.reply_to)
    if message.private and spot.is_group and message.person:
        own = [replace(part, group=spot) for part in _parts(message, Spot(number_of(message.person)))]
        return [*own[:-1], replace(own[-1], last=True)]
    parts = _parts(message, spot)
    if message.tone is Tone.QUESTION and spot.is_group and not message.choices:
        parts.append(_reply_box(spot, message.person))
    return parts


def _parts(message: Message, spot: Spot) -> list[Part]:
    """The first part answers the message; repeating that on each would only clutter."""
    below = replace(spot, reply_to=None)
    parts = [Part(below, chunk.text, chunk.entities, chunk.keyboard) for chunk in render(message)]
    if message.document:
        parts.append(Part(below, document=message.document))
    return [replace(parts[0], spot=spot), *parts[1:]]


def _reply_box(spot: Spot, person: Person) -> Part:
    """Opens the reply box of one person: of whom it replies to, or else of whom it mentions (Bot API, ForceReply)."""
    markup: ReplyBox = {"force_reply": True, "selective": True, "input_field_placeholder": PLACEHOLDER}
    if spot.reply_to or not person:
        return Part(spot, ANSWER_HERE, markup=markup)
    mention: Entity = {
        "type": Kind.TEXT_MENTION,
        "offset": ANSWER_HERE.index("your answer"),
        "length": len("your answer"),
        "user": {"id": number_of(person), "is_bot": False, "first_name": ""},
    }
    return Part(spot, ANSWER_HERE, (mention,), markup)


def render(message: Message) -> list[Chunk]:
    """The message as Telegram's own, in order, none above its limits; only the last one carries buttons.

    A message that shows nothing gives no chunk when it has a document, which goes without words.
    """
    chunks = [_chunk(part) for part in prose.chunks(message.text, message.blocks, _ROOM, _cost)]
    if not chunks and message.document:
        return []
    *others, last = chunks or [Chunk(NOTHING)]
    last = last if message.due is None else _with_deadline(last, message.due)
    return [*others, replace(last, keyboard=keyboard(message))]


def keyboard(message: Message) -> Keyboard | None:
    """The buttons of a message; a press tells which interview it belongs to and when it was offered."""
    if not message.mark or not (message.choices or message.commands):
        return None
    whats = (*message.choices, *message.commands)
    codes = encoded(message.session_id or 0, message.mark, whats)
    buttons: list[Button] = [
        {"text": LABELS.get(what, what), "callback_data": code} for what, code in zip(whats, codes, strict=True)
    ]
    choices, commands = buttons[: len(message.choices)], buttons[len(message.choices) :]
    choices_in_row = len(choices) if "".join(message.choices).isdigit() else _WORDS_IN_ROW
    return {"inline_keyboard": [*_rows(choices, choices_in_row), *_rows(commands, _COMMANDS_IN_ROW)]}


def _rows(buttons: Sequence[Button], width: int) -> Iterator[list[Button]]:
    return (list(buttons[start : start + width]) for start in range(0, len(buttons), width))


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
    text, entities = "", []
    for segment in segments:
        piece = _text(segment)
        entities += [_entity(kind, segment, units(text), units(piece)) for kind in _kinds(segment)]
        text += piece
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

"""Composing the bot's messages for Telegram, and sending them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypedDict

from telegram import Bot, InputFile, ReplyParameters
from telegram.constants import ChatAction, MessageEntityType
from telegram.error import BadRequest

from bot.adapters.telegram.errors import is_gateways, translated_errors
from bot.adapters.telegram.rendering import Entity, Keyboard, render
from bot.adapters.telegram.request import call
from bot.adapters.telegram.translate import PLATFORM, Json
from bot.core.effects import Tone
from bot.core.place import Person, Place, chat_of, number_of, parse
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import Budget, MovedError, RefusedError, TryAgainError, UnreachableError

ANSWER_HERE = "Reply to this message with your answer."
PLACEHOLDER = "Your answer"
ANSWERED_IN_PRIVATE = "I answered you in private."
FOR_YOU_ALONE = "That answer is for you alone. Open a chat with me, press Start, and ask again there."
OPEN_CHAT = "Open a chat"
NO_FILES = "I may not send files in this group. Ask an admin to allow it, or ask me for the file in private."
_SUPERGROUPS = -(10**12)  # their numbers are below (Bot API, "Dialog IDs")
_BURST = 3  # messages that may come at once, in place of one each second
_NO_PREVIEW = {"is_disabled": True}
_PICTURE = ".png"
_NO_PICTURE = ("photo", "image")  # as in "PHOTO_INVALID_DIMENSIONS" and "not enough rights to send photos"


class ReplyBox(TypedDict):
    """What opens the reply box, as the Bot API reads it (ForceReply)."""

    force_reply: bool
    selective: bool
    input_field_placeholder: str


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


def budgets(place: Place, rate: int) -> tuple[Budget, ...]:
    """Telegram's rates (Bots FAQ, "My bot is hitting limits"), in slightly longer windows: clocks and ways there vary.

    `rate` is how many messages a second may go out in all.
    """
    spot = spot_of(place)
    everybody, chat = (
        Budget(PLATFORM, rate, 1.01, one_chat=False),
        Budget(chat_of(place), _BURST, _BURST * 1.1),
    )
    return (everybody, chat, Budget(f"{chat.key} a minute", 20, 61)) if spot.is_group else (everybody, chat)


def link(place: Place, message_id: str) -> str:
    """The address of a message in a supergroup; messages of other chats have none."""
    spot = spot_of(place)
    if not message_id or spot.chat > _SUPERGROUPS:
        return ""
    thread = f"{spot.thread}/" if spot.thread else ""
    return f"https://t.me/c/{_SUPERGROUPS - spot.chat}/{thread}{message_id}"


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
        "type": MessageEntityType.TEXT_MENTION,
        "offset": ANSWER_HERE.index("your answer"),
        "length": len("your answer"),
        "user": {"id": number_of(person), "is_bot": False, "first_name": ""},
    }
    return Part(spot, ANSWER_HERE, (mention,), markup)


async def check_reachable(bot: Bot, person: Person) -> None:
    """Find out whether the bot may write to a person, without a message; UnreachableError when it may not."""
    chat = number_of(person)
    with translated_errors(chat):
        await bot.send_chat_action(chat, ChatAction.TYPING)


async def post(bot: Bot, part: Part) -> str:
    """Send a part and return the id of its message; one for a person's own chat ends in the group they asked in."""
    if part.group is None:
        return await _send(bot, part)
    try:
        await _send(bot, part)
    except UnreachableError:
        return await _send(bot, await _invitation(bot, part.group)) if part.last else ""
    return await _point_there(bot, part.group) if part.last else ""


async def _point_there(bot: Bot, group: Spot) -> str:
    """Note in the group that the answer is in private; a failure is ignored, as the answer itself has arrived."""
    try:
        return await _send(bot, Part(group, ANSWERED_IN_PRIVATE))
    except (TryAgainError, UnreachableError, MovedError, RefusedError, OSError):
        return ""


async def _invitation(bot: Bot, group: Spot) -> Part:
    """A message that asks a person to open a chat, since a bot cannot write first."""
    with translated_errors(group.chat):
        await bot.initialize()  # does nothing once the bot knows its own name
    markup: Keyboard = {"inline_keyboard": [[{"text": OPEN_CHAT, "url": f"https://t.me/{bot.username}?start=hello"}]]}
    return Part(group, FOR_YOU_ALONE, markup=markup)


async def _send(bot: Bot, part: Part) -> str:
    with translated_errors(part.spot.chat):
        number = await (_send_file(bot, part, part.document) if part.document else _send_text(bot, part))
    return str(number)


async def _send_text(bot: Bot, part: Part) -> int:
    parameters: Json = {"chat_id": part.spot.chat, "text": part.text, "link_preview_options": _NO_PREVIEW}
    if part.entities:
        parameters["entities"] = part.entities
    if part.markup:
        parameters["reply_markup"] = part.markup
    if part.spot.thread:
        parameters["message_thread_id"] = part.spot.thread
    if part.spot.reply_to:
        parameters["reply_parameters"] = {"message_id": part.spot.reply_to, "allow_sending_without_reply": True}
    sent = await call(bot.request, f"{bot.base_url}/sendMessage", parameters)
    return int(sent["message_id"])


async def _send_file(bot: Bot, part: Part, file: File) -> int:
    """Send a file, a picture as a photo; a photo that is refused is sent as a document."""
    if not file.name.endswith(_PICTURE):
        return await _send_document(bot, part, file)
    content = InputFile(file.content, file.name)
    try:
        sent = await bot.send_photo(
            part.spot.chat, content, message_thread_id=part.spot.thread, reply_parameters=_below(part.spot)
        )
    except BadRequest as error:
        if is_gateways(error) or not any(word in error.message.lower() for word in _NO_PICTURE):
            raise
        return await _send_document(bot, part, file)
    return sent.message_id


async def _send_document(bot: Bot, part: Part, file: File) -> int:
    """Send a document; a group that forbids files is told so, and stays reachable."""
    content = InputFile(file.content, file.name)
    try:
        sent = await bot.send_document(
            part.spot.chat, content, message_thread_id=part.spot.thread, reply_parameters=_below(part.spot)
        )
    except BadRequest as error:
        if "rights to send documents" not in error.message:
            raise
        return await _send_text(bot, Part(part.spot, NO_FILES))
    return sent.message_id


def _below(spot: Spot) -> ReplyParameters | None:
    return ReplyParameters(spot.reply_to, allow_sending_without_reply=True) if spot.reply_to else None

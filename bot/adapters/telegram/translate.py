"""Updates of Telegram, each translated into one `Incoming` or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.core import place
from bot.core.place import NOBODY, Chat, Place
from bot.service.ports.button_codes import ButtonCode
from bot.service.ports.incoming import Attached, Content, Edited, Incoming, Left, Moved, Pressed, Said, Unreadable

PLATFORM = "telegram"
Json = dict[str, Any]  # an object of the Bot API, as its JSON is read

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_AFTER_NAME = " ,:;\n\t"  # what people put between a name and what they say to it
_UNREADABLE = (
    "voice", "audio", "video", "video_note", "photo", "sticker", "animation", "venue", "location", "contact", "poll",
    "dice", "game", "story", "paid_media", "checklist",
)  # fmt: skip  # an animation comes with a document and a venue with a location, so they are looked up first


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is on Telegram."""

    id: int
    username: str


def translate(update: Json, me: Me, now: int) -> Incoming | None:
    """The `Incoming` of an update, or nothing when it is not for the bot. A press has no time of its own, so `now`."""
    key = f"{PLATFORM}:{update['update_id']}"
    if message := update.get("message"):
        return _message(key, message, me)
    if message := update.get("edited_message"):
        return _edited(key, message, me)
    if query := update.get("callback_query"):
        return _pressed(key, query, now)
    if change := update.get("my_chat_member"):
        return _left(key, change)
    return None


def _message(key: str, message: Json, me: Me) -> Incoming | None:
    if moved := _moved(message):
        return _incoming(key, message, moved, moved.old)
    if not _by_a_person(message):
        return None
    what = _what(message)
    return _addressed(_incoming(key, message, what), message, me) if what else None


def _edited(key: str, message: Json, me: Me) -> Incoming | None:
    if not _by_a_person(message) or "text" not in message:
        return None
    what = Edited(message["text"], str(message["message_id"]))
    return _addressed(_incoming(key, message, what), message, me)


def _pressed(key: str, query: Json, now: int) -> Incoming | None:
    button = ButtonCode.parse(query.get("data", ""))
    message = query.get("message")
    if not button or not message:
        return None
    what = Pressed(button.session_id, button.mark, button.what)
    sender = query["from"]
    incoming = _incoming(key, {**message, "from": sender}, what)
    return replace(incoming, at=now, ticket=query["id"])


def _left(key: str, change: Json) -> Incoming | None:
    member = change["new_chat_member"]
    silenced = member["status"] == "restricted" and not (member.get("is_member") and member.get("can_send_messages"))
    if member["status"] not in {"kicked", "left"} and not silenced:
        return None
    return _incoming(key, change, Left(), _chat(change["chat"]["id"]))


def _incoming(key: str, message: Json, what: Content, at: Place | None = None) -> Incoming:
    sender = message.get("from", {})
    return Incoming(
        key,
        at or _place(message, sender),
        place.person(PLATFORM, sender["id"]) if sender else NOBODY,
        message.get("date", 0),
        what,
        private=message["chat"]["type"] == "private",
        locale=sender.get("language_code", ""),
        name=sender.get("first_name", ""),
    )


def _chat(number: int) -> Chat:
    return place.chat(PLATFORM, number)


def _place(message: Json, sender: Json) -> Place:
    chat = _chat(message["chat"]["id"])
    if message["chat"]["type"] == "private":
        return chat
    if message.get("is_topic_message"):
        return place.topic(chat, message["message_thread_id"])
    return place.replies(chat, sender["id"])


def _moved(message: Json) -> Moved | None:
    """The move of a group that became a supergroup, which is reported in the old chat and in the new one."""
    if new := message.get("migrate_to_chat_id"):
        return Moved(_chat(message["chat"]["id"]), _chat(new))
    if old := message.get("migrate_from_chat_id"):
        return Moved(_chat(old), _chat(message["chat"]["id"]))
    return None


def _by_a_person(message: Json) -> bool:
    """Whether a person wrote it, rather than a bot, a channel or an anonymous admin."""
    sender = message.get("from", {"is_bot": True})
    return not sender.get("is_bot") and "sender_chat" not in message


def _what(message: Json) -> Content | None:
    source, reply_to = str(message["message_id"]), str(_answered(message).get("message_id", ""))
    if "text" in message:
        return Said(message["text"], source, reply_to)
    kind = next((kind for kind in _UNREADABLE if kind in message), "")
    if not kind and (document := message.get("document")):
        name, size = document.get("file_name", ""), document.get("file_size", 0)
        return Attached(document["file_id"], name, size, source, message.get("caption", ""), reply_to)
    if kind and (caption := message.get("caption")):
        return Said(caption, source, reply_to)
    return Unreadable(kind.replace("_", " "), reply_to) if kind else None


def _answered(message: Json) -> Json:
    """The message that is replied to; in a topic, "replying" to its first service message is just writing there."""
    replied: Json = message.get("reply_to_message", {})
    return {} if "forum_topic_created" in replied else replied


def _addressed(incoming: Incoming, message: Json, me: Me) -> Incoming | None:
    """The message marked as meant for the bot or not; a mention of the bot in front is removed."""
    if incoming.private:
        return incoming
    kind, name, length = _opening(message)
    if kind == "bot_command" and "@" in name:
        return incoming if name.partition("@")[2].lower() == me.username.lower() else None
    if kind == "mention" and name[1:].lower() == me.username.lower():
        return _without_name(incoming, length)
    to_us = _answered(message).get("from", {}).get("id") == me.id
    return replace(incoming, addressed=kind == "bot_command" or to_us)


def _opening(message: Json) -> tuple[str, str, int]:
    """The kind and text of what Telegram found at the very start; ASCII there, so its units are characters."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    for entity in entities:
        if entity["offset"] == 0 and entity["type"] in {"bot_command", "mention"}:
            return entity["type"], text[: entity["length"]], entity["length"]
    return "", "", 0


def _without_name(incoming: Incoming, length: int) -> Incoming | None:
    match incoming.content:
        case Said(text) | Edited(text):
            said = text[length:].lstrip(_AFTER_NAME)
            return replace(incoming, content=replace(incoming.content, text=said)) if said else None
        case Attached(caption=caption):
            return replace(incoming, content=replace(incoming.content, caption=caption[length:].lstrip(_AFTER_NAME)))
    return incoming

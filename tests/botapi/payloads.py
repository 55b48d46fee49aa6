"""The JSON of the Bot API: users, chats, messages and updates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from botapi.nouns import Attachment, Entity, Json, Sent, User

if TYPE_CHECKING:
    from botapi.world import Chat

MEDIA: dict[str, Json] = {
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "audio": {"duration": 3, "mime_type": "audio/mpeg"},
    "video": {"width": 320, "height": 240, "duration": 3},
    "video_note": {"length": 240, "duration": 3},
    "animation": {"width": 320, "height": 240, "duration": 3},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "\N{THUMBS UP SIGN}",
    },
}


def user(who: User) -> Json:
    """A user object."""
    payload: Json = {"id": who.id, "is_bot": who.is_bot, "first_name": who.first_name}
    if who.username:
        payload["username"] = who.username
    if who.language and not who.is_bot:
        payload["language_code"] = who.language
    return payload


def me(bot: User) -> Json:
    """The bot's own user object, as getMe gives it."""
    flags = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    more = {"can_connect_to_business": False, "has_main_web_app": False, "has_topics_enabled": False}
    return user(bot) | flags | more | {"allows_users_to_create_topics": False, "can_manage_bots": False}


def chat(place: Chat) -> Json:
    """A chat object."""
    payload: Json = {"id": place.id, "type": place.kind}
    if place.person is not None:
        payload["first_name"] = place.person.first_name
        if place.person.username:
            payload["username"] = place.person.username
        return payload
    payload["title"] = place.title
    if place.is_forum:
        payload["is_forum"] = True
    return payload


def full_chat(place: Chat) -> Json:
    """A chat object as getChat gives it."""
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    return chat(place) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def entity(part: Entity, people: dict[int, User]) -> Json:
    """A message entity object."""
    payload: Json = {"type": part.type, "offset": part.offset, "length": part.length, **part.extra}
    if "user_id" in payload:
        who = payload.pop("user_id")
        payload["user"] = user(people.get(who, User(who, "?")))
    return payload


def entities(parts: Iterable[Entity], people: dict[int, User]) -> list[Json]:
    """Entity objects in the order of the text."""
    return [entity(part, people) for part in sorted(parts, key=lambda e: (e.offset, -e.length))]


def envelope(message_id: int, place: Chat, who: User, at: float, thread: int | None = None) -> Json:
    """What every message has, before its content."""
    payload: Json = {"message_id": message_id, "from": user(who), "chat": chat(place), "date": int(at)}
    if thread is not None:
        payload |= {"message_thread_id": thread, "is_topic_message": True}
    return payload


def texts(text: str, parts: Iterable[Entity], people: dict[int, User], *, caption: bool = False) -> Json:
    """The text or caption of a message, with its entities."""
    if not text:
        return {}
    found = entities(parts, people)
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    return {names[0]: text} | ({names[1]: found} if found else {})


def media(file: Attachment) -> Json:
    """The field of a message that carries a file."""
    base: Json = {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": file.size}
    if file.kind == "photo":
        return {"photo": [base | {"width": side, "height": side} for side in (90, 320)]}
    if file.kind == "document":
        return {"document": base | {"file_name": file.name, "mime_type": file.mime}}
    return {file.kind: base | MEDIA[file.kind]}


def bare(message: Json) -> Json:
    """A message as another one quotes it: without what it replied to itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def sent(message: Sent, place: Chat, bot: User, people: dict[int, User]) -> Json:
    """A message of the bot."""
    payload = envelope(message.message_id, place, bot, message.at, message.thread)
    parts = (*message.entities, *message.found)
    payload |= texts(message.text, parts, people, caption=message.document is not None)
    if message.document is not None:
        payload |= media(message.document)
    if message.markup is not None and "inline_keyboard" in message.markup:
        payload["reply_markup"] = message.markup
    if message.reply_to is not None and message.reply_to in place.log:
        payload["reply_to_message"] = bare(place.log[message.reply_to])
    return payload


def member(who: User, status: str) -> Json:
    """A chat member object."""
    payload: Json = {"user": user(who), "status": status}
    if status == "kicked":
        payload["until_date"] = 0
    if status == "administrator":
        payload |= {"can_be_edited": False} | dict.fromkeys(_RIGHTS, False)
    if status == "restricted":
        payload |= {"is_member": True, "until_date": 0} | dict.fromkeys(_PERMISSIONS, False)
    if status == "creator":
        payload["is_anonymous"] = False
    return payload


_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_PERMISSIONS = (
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_edit_tag",
    "can_react_to_messages",
)

"""Events of Discord, translated into `Incoming`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import discord

from bot.adapters.discord.places import PLATFORM, person_of, place_of, place_of_channel
from bot.core.place import NOBODY, Chat
from bot.service.ports.button_codes import ButtonCode, FormCode
from bot.service.ports.incoming import Attached, Content, Edited, Incoming, Left, Pressed, Said, Submitted, Unreadable

ANSWER_FIELD = "answer"
_SAYING = frozenset({discord.MessageType.default, discord.MessageType.reply})


def from_message(message: discord.Message, me: int) -> tuple[Incoming, ...]:
    """The `Incoming` of a person's message: its text, each file, and each part that cannot be read.

    Outside direct messages Discord shows a bot only messages that mention or answer it; others arrive empty.
    """
    if not _is_from_person(message):
        return ()
    return tuple(
        _from_message(message, me, what, f"{PLATFORM}:{message.id}" + (f"/{number}" if number else ""))
        for number, what in enumerate(_whats(message, me))
    )


def from_edit(message: discord.Message, me: int) -> Incoming | None:
    """The new text of a message; nothing when only its link previews changed."""
    text = _without_mention(message.content, me)
    if message.edited_at is None or not text or not _is_from_person(message):
        return None
    moment = round(message.edited_at.timestamp() * 1000)
    return _from_message(message, me, Edited(text, str(message.id)), f"{PLATFORM}:{message.id}@{moment}")


def _is_from_person(message: discord.Message) -> bool:
    return not message.author.bot and message.webhook_id is None and message.type in _SAYING


def _from_message(message: discord.Message, me: int, what: Content, key: str) -> Incoming:
    private = isinstance(message.channel, discord.DMChannel)
    return Incoming(
        key=key,
        place=place_of(message.channel, message.channel.id, message.author.id, private=private),
        person=person_of(message.author.id),
        at=int((message.edited_at or message.created_at).timestamp()),
        content=what,
        private=private,
        addressed=private or any(user.id == me for user in message.mentions),
        within=_within(message.channel, message.guild.id if message.guild else None),
        name=message.author.display_name,
    )


def _whats(message: discord.Message, me: int) -> Iterator[Content]:
    text = _without_mention(message.content, me)
    source, reply_to = str(message.id), _answered(message)
    kinds = [(attachment, _kind(attachment)) for attachment in message.attachments]
    files = [attachment for attachment, kind in kinds if not kind]
    if text and not files:
        yield Said(text, source, reply_to)
    for number, file in enumerate(files):
        yield Attached(str(file.id), file.filename, file.size, source, "" if number else text, reply_to)
    for kind in dict.fromkeys([*(kind for _, kind in kinds if kind), *_extras(message)]):
        yield Unreadable(kind, reply_to)


def _answered(message: discord.Message) -> str:
    """The message it replies to; a forwarded message refers to another one, too, and answers nothing."""
    replied = message.reference if message.type is discord.MessageType.reply else None
    return str(replied.message_id) if replied and replied.message_id else ""


def _without_mention(text: str, me: int) -> str:
    return text.replace(f"<@{me}>", "").replace(f"<@!{me}>", "").strip()


def _kind(attachment: discord.Attachment) -> str:
    """A word for what is no text, or nothing for what may be."""
    if attachment.is_voice_message():
        return "voice"
    family = (attachment.content_type or "").partition("/")[0]
    return {"image": "photo", "audio": "audio", "video": "video"}.get(family, "")


def _extras(message: discord.Message) -> Iterator[str]:
    if message.stickers:
        yield "sticker"
    if message.poll:
        yield "poll"
    if message.message_snapshots:
        yield "forward"


def from_command(interaction: discord.Interaction[Any], line: str) -> Incoming | None:
    """A slash command as the line that a person would have typed."""
    return _from_interaction(interaction, Said(line))


def from_press(interaction: discord.Interaction[Any]) -> Incoming | None:
    """A press of one of our buttons; nothing for any other."""
    button = ButtonCode.parse(_custom_id(interaction))
    return _from_interaction(interaction, Pressed(button.session_id, button.mark, button.what)) if button else None


def from_form(interaction: discord.Interaction[Any]) -> Incoming | None:
    """An answer sent off in our form; nothing for any other form."""
    form = FormCode.parse(_custom_id(interaction))
    if not form:
        return None
    text = _typed(_data(interaction).get("components", []))
    return _from_interaction(interaction, Submitted(form.session_id, form.mark, text))


def form_wanted(interaction: discord.Interaction[Any]) -> str:
    """The id of the form that a press asks for, unique to the press; empty when it asks for none.

    discord.py keeps open forms by their id alone, so two people who share one would lose an answer.
    """
    form = FormCode.parse_opening(_custom_id(interaction))
    return form.encode(interaction.id) if form else ""


def _custom_id(interaction: discord.Interaction[Any]) -> str:
    return str(_data(interaction).get("custom_id", ""))


def _data(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", interaction.data or {})


def _from_interaction(interaction: discord.Interaction[Any], what: Content) -> Incoming | None:
    channel_id = interaction.channel_id
    if channel_id is None:
        return None
    private = _is_direct(interaction)
    return Incoming(
        key=f"{PLATFORM}:{interaction.id}",
        place=place_of(interaction.channel, channel_id, interaction.user.id, private=private),
        person=person_of(interaction.user.id),
        at=int(interaction.created_at.timestamp()),
        content=what,
        private=private,
        ticket=str(interaction.id),
        locale=str(interaction.locale),
        name=interaction.user.display_name,
        within=_within(interaction.channel, interaction.guild_id),
    )


def _within(channel: object, guild_id: int | None) -> tuple[Chat, ...]:
    """The channel a thread hangs on, and the server."""
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return tuple(place_of_channel(number) for number in (parent, guild_id) if number is not None)


def _is_direct(interaction: discord.Interaction[Any]) -> bool:
    """Whether it happened in the direct messages between one person and the bot, not between two people."""
    if interaction.guild_id is not None or interaction.context.private_channel:
        return False
    return isinstance(interaction.channel, discord.DMChannel)


def _typed(components: Sequence[Mapping[str, Any]]) -> str:
    for component in components:
        if component.get("custom_id") == ANSWER_FIELD:
            return str(component.get("value") or "")
        inner = component.get("components") or ([component["component"]] if component.get("component") else [])
        if found := _typed(inner):
            return found
    return ""


def left(channel_id: int, at: int) -> Incoming:
    """A channel or thread that is gone, or that the bot was taken out of."""
    return Incoming(
        f"{PLATFORM}:left/{channel_id}/{at}",
        place_of_channel(channel_id),
        NOBODY,
        at,
        Left(),
        private=False,
        addressed=False,
    )

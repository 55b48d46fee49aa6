"""Composing the bot's messages for Discord, and sending them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.adapters.discord import failures
from bot.adapters.discord.client import Client
from bot.adapters.discord.pending import PendingInteraction, PendingInteractions
from bot.adapters.discord.places import PLATFORM, channel_of, place_of_channel
from bot.adapters.discord.rendering import Button, Chunk, render
from bot.adapters.discord.rooms import begin_below
from bot.core.effects import Tone
from bot.core.place import NOBODY, Person, Place, chat_of, home_of, is_chain_of_replies, parse
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import Budget, RefusedError, UnreachableError

FOR_YOU_ALONE = (
    "I have an answer that is for you alone, and your direct messages are closed to me. "
    "Ask again with a slash command: then only you see what I say."
)
ALT_LIMIT = 1024  # characters
_PICTURE = ".png"


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Discord; `nonce` tells a repeated one, `alt` says in words what a picture shows.

    A private part is for the eyes of `person` alone; where that cannot be, the `last` one says so. `begins` is the
    title of the thread to open below it, `within` the message in whose thread it belongs.
    """

    place: Place
    nonce: str
    chunk: Chunk
    person: Person = NOBODY
    private: bool = False
    reply_to: str = ""
    document: File | None = None
    alt: str = ""
    last: bool = True
    begins: str = ""
    within: str = ""


def compose(message: Message) -> list[Part]:
    """The message in order: the first part answers what it replies to, the last one carries the document."""
    chunks = render(message) or [Chunk()]
    last = len(chunks) - 1
    return [
        Part(
            place=message.place,
            nonce=f"{message.id}.{number}",
            chunk=chunk,
            person=message.person,
            private=message.private,
            reply_to="" if number else message.reply_to,
            document=message.document if number == last else None,
            alt=message.text if message.document and message.document.name.endswith(_PICTURE) else "",
            last=number == last,
            begins="" if number or message.reply_to else message.thread,
            within=message.reply_to if message.thread else "",
        )
        for number, chunk in enumerate(chunks)
    ]


def budgets(place: Place) -> tuple[Budget, ...]:
    """What Discord lets pass: five messages in five seconds in a channel, fifty requests a second in all.

    discord.py obeys the limits that each answer names; keeping below them spares the answers that say no.
    """
    return (Budget(chat_of(place), 5, 5.0), Budget(PLATFORM, 40, 1.0, one_chat=False))


async def notify(pending: PendingInteraction, notice: str) -> None:
    """Answer an interaction with a private notice, which may quote a whole answer that came too late."""
    for chunk in render(Message(0, pending.incoming.place, Tone.NOTICE, notice)):
        await pending.reply_privately(_content(chunk))


class Sender:
    """Sends parts through a client; a private one answers a pending interaction, else goes into direct messages."""

    def __init__(self, client: Client, pending: PendingInteractions) -> None:
        self._client = client
        self._pending = pending

    async def post(self, part: Part) -> str:
        """Send a part and return the id of its message, if there is one."""
        send = self._send_privately if part.private else self._send_in_thread if part.within else self._send
        sent = await send(part)
        if sent and part.begins:
            await begin_below(self._known(part.place), sent.id, part.begins)
        return str(sent.id) if sent else ""

    async def _send_in_thread(self, part: Part) -> discord.Message:
        """Send into the thread below a message, which has the number of that message; if there is none, the channel."""
        try:
            return await self._send(replace(part, place=place_of_channel(int(part.within)), reply_to=""))
        except (UnreachableError, RefusedError):
            return await self._send(part)

    async def _send(self, part: Part) -> discord.Message:
        missing = " and ".join(_missing(self._known(part.place), part))
        with failures.translated_errors(f"Ask an admin to allow me {missing} in this channel."):
            channel = await channel_at(self._client, part.place)
            try:
                return await _into(channel, part)
            except discord.HTTPException as error:
                if error.code != failures.ARCHIVED:
                    raise
            thread = await self._client.fetch_channel(channel.id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
            return await _into(channel, part)

    async def _send_privately(self, part: Part) -> discord.Message | None:
        """Send so that only the person sees it; where that fails, say in the shared place how to be answered."""
        pending = self._pending.of_person(part.place, part.person)
        if pending and not pending.incoming.private:
            try:
                with failures.translated_errors(""):
                    return await pending.reply_privately(_content(part.chunk, part.document, part.alt))
            except (UnreachableError, RefusedError):  # the right to answer ended early
                self._pending.remove(pending.incoming.ticket)
        try:
            return await self._send(replace(part, place=home_of(part.person), reply_to=""))
        except UnreachableError:
            if not is_chain_of_replies(part.place) and not isinstance(self._known(part.place), discord.Thread):
                raise  # it is the private talk itself
        how = Part(part.place, part.nonce, Chunk(FOR_YOU_ALONE), reply_to=part.reply_to)
        return await self._send(how) if part.last else None

    def _known(self, place: Place) -> object:
        channel_id = channel_of(place)
        return None if channel_id is None else self._client.get_channel(channel_id)


async def channel_at(client: Client, place: Place) -> discord.PartialMessageable:
    """Where one writes to be read in a place; direct messages are opened."""
    channel_id = channel_of(place)
    return client.get_partial_messageable(channel_id or await client.open_direct(parse(place).chat))


async def _into(channel: discord.PartialMessageable, part: Part) -> discord.Message:
    content = _content(part.chunk, part.document, part.alt)
    if part.reply_to:
        content["reference"] = discord.MessageReference(
            message_id=int(part.reply_to), channel_id=channel.id, fail_if_not_exists=False
        )
    return await channel.send(**content, nonce=part.nonce)


def _content(chunk: Chunk, document: File | None = None, alt: str = "") -> dict[str, Any]:
    content: dict[str, Any] = {"content": chunk.content or None, "suppress_embeds": not chunk.embeds}
    if chunk.embeds:
        content["embeds"] = [
            discord.Embed(title=e.title or None, description=e.description or None) for e in chunk.embeds
        ]
    if chunk.rows:
        content["view"] = _buttons(chunk.rows)
    if document:
        alt = alt if len(alt) <= ALT_LIMIT else f"{alt[: ALT_LIMIT - 1]}…"
        content["files"] = [discord.File(io.BytesIO(document.content), document.name, description=alt or None)]
    return content


def _buttons(rows: Sequence[Sequence[Button]]) -> discord.ui.View:
    """The rows of buttons under a message.

    The view is stopped at once so that discord.py keeps none in memory: a press is read from the interaction itself, as
    it must be after a restart anyway.
    """
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(
                discord.ui.Button(style=button.style, label=button.label, custom_id=button.custom_id, row=number)
            )
    view.stop()
    return view


def _missing(channel: object, part: Part) -> Sequence[str]:
    """The permissions that a part needs and the bot has not, as Discord's settings name them."""
    needed = {"view_channel": "'View Channel'", "send_messages": "'Send Messages'"}
    if isinstance(channel, discord.Thread):
        needed = {"view_channel": "'View Channel'", "send_messages_in_threads": "'Send Messages in Threads'"}
    if part.chunk.embeds:
        needed["embed_links"] = "'Embed Links'"
    if part.document:
        needed["attach_files"] = "'Attach Files'"
    if part.reply_to:
        needed["read_message_history"] = "'Read Message History'"
    if not isinstance(channel, discord.Thread | discord.abc.GuildChannel):
        return list(needed.values())[:2]
    allowed = channel.permissions_for(channel.guild.me)
    missing = [title for name, title in needed.items() if not getattr(allowed, name)]
    return missing or list(needed.values())[:2]

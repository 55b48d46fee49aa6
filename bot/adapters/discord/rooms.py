"""Rooms for interviews: a thread, else direct messages, else where it was asked for; and the thread below a message."""

from __future__ import annotations

import logging

import discord

from bot.adapters.discord import failures
from bot.adapters.discord.client import Client
from bot.adapters.discord.places import channel_of, person_of, place_of_channel
from bot.core.place import Place, home_of, is_chain_of_replies, number_of
from bot.service.ports.incoming import Incoming
from bot.service.ports.platform import RefusedError, TryAgainError, UnreachableError

IN_A_THREAD = "<@{}> Your interview runs here. Use the buttons, or reply to my messages: Discord shows me no others."
IN_DIRECT_MESSAGES = "I cannot open a thread in <#{}>, so your interview runs here, between the two of us."
STORIES_RUN_HERE = "Your stories are between the two of us, so we rehearse here."
LONGEST_TITLE = 100  # characters of a thread
_NO = (UnreachableError, RefusedError, TryAgainError)  # try another place
_LOGGER = logging.getLogger(__name__)


async def room_for(client: Client, incoming: Incoming, title: str, *, public: bool) -> Place:
    """The place for an interview that somebody asked for; a thread or direct message is one already.

    A channel that is unknown is on a server where a person brought the bot along and it cannot write.
    """
    channel_id = channel_of(incoming.place)
    if incoming.private or channel_id is None:
        return incoming.place
    channel, person = client.get_channel(channel_id), discord.Object(number_of(incoming.person))
    if channel is not None and not is_chain_of_replies(incoming.place):
        return incoming.place
    if isinstance(channel, discord.TextChannel) and _may_open(channel, public=public):
        try:
            return await _thread(channel, person, title[:LONGEST_TITLE], public=public)
        except _NO:
            pass
    try:
        return await _direct_messages(client, person, IN_DIRECT_MESSAGES.format(channel_id))
    except _NO:
        return incoming.place


async def private_room(client: Client, incoming: Incoming) -> Place:
    """The direct messages of the person; UnreachableError when they are closed."""
    if incoming.private:
        return incoming.place
    try:
        return await _direct_messages(client, discord.Object(number_of(incoming.person)), STORIES_RUN_HERE)
    except TryAgainError:
        raise UnreachableError(failures.LATER) from None


async def manages(client: discord.Client, incoming: Incoming) -> bool:
    """Whether the person may manage the channel something was said in."""
    channel = client.get_channel(channel_of(incoming.place) or 0)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    try:
        with failures.translated_errors(""):
            member = await channel.guild.fetch_member(number_of(incoming.person))
    except _NO:
        return False
    return channel.permissions_for(member).manage_channels


async def _thread(channel: discord.TextChannel, person: discord.Object, title: str, *, public: bool) -> Place:
    """A new thread, with the person added to it and notified once."""
    called = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=[person])
    with failures.translated_errors(""):
        if public:
            thread = await channel.create_thread(
                name=title,
                type=discord.ChannelType.news_thread if channel.is_news() else discord.ChannelType.public_thread,
            )
        else:
            thread = await channel.create_thread(name=title, type=discord.ChannelType.private_thread, invitable=False)
        await thread.add_user(person)
        await thread.send(IN_A_THREAD.format(person.id), allowed_mentions=called)
    return place_of_channel(thread.id)


async def _direct_messages(client: Client, person: discord.Object, greeting: str) -> Place:
    """The person's direct messages; only a message tells whether they are open."""
    with failures.translated_errors(failures.OPEN_DIRECT_MESSAGES):
        channel = client.get_partial_messageable(await client.open_direct(person.id))
        await channel.send(greeting)
    return home_of(person_of(person.id))


def _may_open(channel: discord.TextChannel, *, public: bool) -> bool:
    """Whether the bot may open a thread and speak in it; news channels have public ones only."""
    allowed = channel.permissions_for(channel.guild.me)
    opens = allowed.create_public_threads if public else allowed.create_private_threads and not channel.is_news()
    return opens and allowed.send_messages_in_threads


async def begin_below(channel: object, message_id: int, title: str) -> None:
    """Open a public thread below a message that was sent; where that fails, the message stays without one.

    Such a thread has the number of its message, so a second one is refused and the first stays as it is.
    """
    if not isinstance(channel, discord.TextChannel) or not _may_open(channel, public=True):
        return
    try:
        with failures.translated_errors(""):
            message = channel.get_partial_message(message_id)
            await message.create_thread(name=title[:LONGEST_TITLE], auto_archive_duration=1440)  # minutes: a day
    except (*_NO, OSError) as error:
        _LOGGER.info("message %d has no thread of its own: %s", message_id, type(error).__name__)

"""Files that somebody sends as an answer: their text, when they are text."""

from __future__ import annotations

import discord

from bot.adapters.discord import failures
from bot.adapters.discord.places import channel_of
from bot.core import replies
from bot.service import textfile
from bot.service.heard import Attached, UnreadableError
from bot.service.ports import RefusedError, UnreachableError


async def read(client: discord.Client, place: str, file: Attached) -> str:
    """The caption and the text of a file; UnreadableError when it is too large or no text."""
    textfile.check(file)
    return textfile.text_of(file, await _content(client, place, file))


async def _content(client: discord.Client, place: str, file: Attached) -> bytes:
    """Through the message, since the addresses of files expire after a day."""
    try:
        with failures.in_our_words(replies.FILE_GONE):
            channel = client.get_partial_messageable(channel_of(place) or 0)
            message = await channel.fetch_message(int(file.source))
            attachments = [a for a in message.attachments if str(a.id) == file.file]
            return await attachments[0].read()
    except (UnreachableError, RefusedError, IndexError):
        raise UnreadableError(replies.FILE_GONE) from None

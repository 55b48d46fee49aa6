"""Files that somebody sends as an answer: their text, when they are text."""

from __future__ import annotations

from bot.adapters.discord import failures, sending
from bot.adapters.discord.client import Client
from bot.core.place import Place
from bot.core.text import replies
from bot.service import textfile
from bot.service.ports.incoming import Attached, UnreadableError
from bot.service.ports.platform import RefusedError, UnreachableError


async def read(client: Client, place: Place, file: Attached) -> str:
    """The caption and the text of a file; UnreadableError when it is too large or no text."""
    textfile.check(file)
    return textfile.text_of(file, await _content(client, place, file))


async def _content(client: Client, place: Place, file: Attached) -> bytes:
    """The bytes of a file, found through its message, since addresses of files expire after a day."""
    try:
        with failures.translated_errors(replies.FILE_GONE):
            channel = await sending.channel_at(client, place)
            message = await channel.fetch_message(int(file.source))
            attachments = [a for a in message.attachments if str(a.id) == file.file]
            return await attachments[0].read()
    except (UnreachableError, RefusedError, IndexError):
        raise UnreadableError(replies.FILE_GONE) from None

"""Files that somebody sends as an answer: their text, when they are text."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.adapters.telegram.errors import is_gateways
from bot.core.text import replies
from bot.service import textfile
from bot.service.ports.incoming import Attached, UnreadableError


async def read(bot: Bot, file: Attached) -> str:
    """The caption and the text of a file; UnreadableError when it is too large or no text."""
    textfile.check(file)
    return textfile.text_of(file, await _content(bot, file.file))


async def _content(bot: Bot, file_id: str) -> bytes:
    try:
        found = await bot.get_file(file_id)
        return bytes(await found.download_as_bytearray())
    except TelegramError as error:
        if isinstance(error, BadRequest) and not is_gateways(error):
            raise UnreadableError(replies.FILE_GONE) from None
        message = "Telegram could not be asked for a file."
        raise OSError(message) from None

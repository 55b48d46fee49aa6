"""Threads: whether one may be opened, and opening one below a message."""

from __future__ import annotations

import logging

import discord

from bot.adapters.discord import failures
from bot.service.ports.platform import RefusedError, TryAgainError, UnreachableError

LONGEST_TITLE = 100  # characters
_NO = (UnreachableError, RefusedError, TryAgainError, OSError)
_LOGGER = logging.getLogger(__name__)


def may_open(channel: discord.TextChannel, *, public: bool) -> bool:
    """Whether the bot may open a thread and speak in it; news channels have public ones only."""
    allowed = channel.permissions_for(channel.guild.me)
    opens = allowed.create_public_threads if public else allowed.create_private_threads and not channel.is_news()
    return opens and allowed.send_messages_in_threads


async def begin_below(channel: object, message_id: int, title: str) -> None:
    """Open a public thread below a message that was sent; where that fails, the message stays without one.

    Such a thread has the number of its message, so a second one is refused and the first stays as it is.
    """
    if not isinstance(channel, discord.TextChannel) or not may_open(channel, public=True):
        return
    try:
        with failures.translated_errors(""):
            message = channel.get_partial_message(message_id)
            await message.create_thread(name=title[:LONGEST_TITLE], auto_archive_duration=1440)  # minutes: a day
    except _NO as error:
        _LOGGER.info("message %d has no thread of its own: %s", message_id, type(error).__name__)

"""Errors of Telegram, translated into those of the platform port, without any text of Telegram's or the network's.

A request's address carries the token, and a gateway may put that address into its error page: hence `from None`
wherever these errors are raised, and sentences of our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.adapters.telegram.translate import PLATFORM
from bot.core import place
from bot.service.ports.platform import MovedError, NotSentError, RefusedError, TryAgainError, UnreachableError

BAD_TOKEN = "Telegram does not accept the bot token. Compare it with the one that @BotFather shows."  # noqa: S105
_AGAIN = "Telegram does not let me write there any more. Open a chat with me and press Start, or add me to the group."
# How Telegram words it (lower case, since the library changes the case), and what would mend it.
_ADVICE = {
    "blocked by the user": "Unblock me in Telegram and press Start.",
    "can't initiate conversation": "Open a chat with me and press Start.",
    "user is deactivated": "This Telegram account no longer exists.",
    "not a member": "Ask an admin to add me to the group again.",
    "bot was kicked": "Ask an admin to add me to the group again.",
    "group chat was deleted": "This group no longer exists.",
    "group chat was deactivated": "This group no longer exists.",
    "chat not found": _AGAIN,
    "peer_id_invalid": "Open a chat with me and press Start.",
    "thread not found": "This topic no longer exists; go on in another one.",
    "topic_deleted": "This topic no longer exists; go on in another one.",
    "topic_closed": "This topic is closed; an admin can open it again.",
    "rights to send": "Ask an admin to let me send messages in this group.",
    "chat_write_forbidden": "Ask an admin to let me send messages in this group.",
    "chat_restricted": "Ask an admin to let me send messages in this group.",
}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # nothing of the request went out


@contextmanager
def translated_errors(chat: int) -> Iterator[None]:
    """Translate errors of Telegram that are raised inside, about one chat."""
    try:
        yield
    except TelegramError as error:
        raise _translated(error, chat) from None


def _translated(error: TelegramError, chat: int) -> Exception:  # noqa: PLR0911 - one line for each kind
    match error:
        case _ if is_gateways(error):
            return OSError("A gateway answered in place of Telegram.")
        case RetryAfter():
            return TryAgainError(seconds_of(error))
        case ChatMigrated():
            return MovedError(place.chat(PLATFORM, chat), place.chat(PLATFORM, error.new_chat_id))
        case Forbidden():
            return UnreachableError(_advice(error) or _AGAIN)
        case BadRequest() if advice := _advice(error):
            return UnreachableError(advice, only_here="topic" in advice)
        case BadRequest():
            return RefusedError(f"Telegram refused a message: {error.message}")
        case _ if isinstance(error.__cause__, _NOT_SENT):
            return NotSentError("Telegram could not be reached.")
        case TimedOut():
            return TimeoutError("Telegram did not answer in time.")
        case InvalidToken():
            return OSError(BAD_TOKEN)
        case _:
            return OSError("Telegram could not be reached.")


def is_gateways(error: TelegramError) -> bool:
    """Whether an answer that is not the Bot API's JSON was read: a page of a proxy, whose status says nothing.

    The library notes the failed reading, a plain TelegramError, as the cause, and wraps some errors once more.
    """
    cause = error.__cause__
    return type(cause) is TelegramError or (isinstance(cause, TelegramError) and is_gateways(cause))


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait; the library is about to change the type."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _advice(error: TelegramError) -> str:
    said = error.message.lower()
    return next((advice for words, advice in _ADVICE.items() if words in said), "")

"""Errors of Discord and of the network, translated into those of the platform port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.service.ports.platform import RefusedError, TryAgainError, UnreachableError

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
ARCHIVED = 50083
_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _LOCKED = 10003, 10004, 160005
_MISSING_ACCESS, _MISSING_PERMISSIONS = 50001, 50013
_CANNOT_MESSAGE_USER, _NO_SHARED_SERVER, _DIRECT_MESSAGES_TOO_FAST = 50007, 50278, 40003

GONE = "The channel of this interview is gone; /mock starts one in another place."
OPEN_DIRECT_MESSAGES = (
    "I cannot write to you in private. Allow direct messages from members of a server that we share, then try again."
)
LATER = "Discord asks me to wait before I write to you in private. Try again in a minute."
UNLOCK = "This thread is locked. Ask an admin to unlock it, or start with /mock in another place."
_ADVICE = {
    _UNKNOWN_CHANNEL: GONE,
    _UNKNOWN_GUILD: GONE,
    ARCHIVED: UNLOCK,
    _LOCKED: UNLOCK,
    _CANNOT_MESSAGE_USER: OPEN_DIRECT_MESSAGES,
    _NO_SHARED_SERVER: OPEN_DIRECT_MESSAGES,
    _DIRECT_MESSAGES_TOO_FAST: OPEN_DIRECT_MESSAGES,
}
_PAUSE = 30.0  # seconds, when Discord does not say how long
_UNAUTHORIZED, _TOO_MANY, _SERVER_ERRORS = 401, 429, 500


@contextmanager
def translated_errors(advice: str) -> Iterator[None]:
    """Translate errors that are raised inside; `advice` tells a person what a missing permission needs."""
    try:
        yield
    except discord.RateLimited as error:
        raise TryAgainError(error.retry_after) from None
    except discord.HTTPException as error:
        raise _translated(error, advice) from error
    except aiohttp.ClientError as error:
        message = f"Discord could not be reached ({type(error).__name__})."
        raise OSError(message) from error


def _translated(error: discord.HTTPException, advice: str) -> Exception:
    if error.status == _TOO_MANY:
        return TryAgainError(_pause(error))
    if error.status == _UNAUTHORIZED or error.status >= _SERVER_ERRORS:  # a token may be about to be replaced
        return OSError(f"Discord answered {error.status}.")
    if error.code in {_MISSING_ACCESS, _MISSING_PERMISSIONS}:
        return UnreachableError(advice)
    if error.code in _ADVICE:
        return UnreachableError(_ADVICE[error.code])
    return RefusedError(f"Discord refused a message ({error.status}, code {error.code}).")


def _pause(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", _PAUSE))
    except ValueError:
        return _PAUSE

"""Long polling for updates, and retrying calls while Telegram is down."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.adapters.telegram.request import BAD_TOKEN, call, is_gateways, seconds_of
from bot.adapters.telegram.translate import ALLOWED_UPDATES, Json
from bot.core.refusal import Refusal

Sleep = Callable[[float], Awaitable[None]]
Result = TypeVar("Result")

ELSEWHERE = "Another program takes the messages of this bot with the same token; I wait until it stops."
LONGEST_PAUSE = 30.0
_FIRST_TURN = 2.0  # seconds to wait for another program that polls
_BATCH = 100  # the most that getUpdates gives
_GRACE = 10.0  # seconds that an answer may take beyond the long poll itself
_LOGGER = logging.getLogger("mockbot.telegram")


def doubling(first: float) -> Iterator[float]:
    """Growing pauses, up to the longest."""
    pause = first
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)


async def retry_while_down(call: Callable[[], Awaitable[Result]], sleep: Sleep) -> Result:
    """The result of a call to Telegram, however often it takes; Refusal when the token is wrong."""
    pauses, turns = doubling(1), doubling(_FIRST_TURN)
    while True:
        try:
            return await call()
        except RetryAfter as error:
            pause = seconds_of(error)
            _LOGGER.warning("Telegram asks to wait %d s.", pause)
        except Conflict:
            pause = next(turns)
            if pause == _FIRST_TURN:
                _LOGGER.warning(ELSEWHERE)
        except TelegramError as error:
            if isinstance(error, InvalidToken) and not is_gateways(error):
                raise Refusal(BAD_TOKEN) from None
            pause = next(pauses)
            _LOGGER.warning("Telegram cannot be reached (%s); the next try is in %d s.", type(error).__name__, pause)
        await sleep(pause)


class Polling:
    """Long polls for updates in raw JSON; those taken are confirmed by the next call, and Telegram forgets them."""

    def __init__(self, base_url: str, request: BaseRequest, seconds: int, sleep: Sleep) -> None:
        self._url = f"{base_url}/getUpdates"
        self._request = request
        self._seconds = seconds
        self._sleep = sleep
        self._offset = 0

    async def run(self, take: Callable[[Sequence[Json]], Awaitable[None]]) -> None:
        """Poll for updates, commit them with `take`, then confirm them; what is not confirmed is delivered again."""
        pauses = doubling(1)
        while True:
            updates = await retry_while_down(self._next, self._sleep)
            try:
                await take(updates)
            except Exception:
                _LOGGER.exception("What Telegram brought could not be kept; it will be brought again.")
                await self._sleep(next(pauses))
                continue
            self._offset = max((update["update_id"] + 1 for update in updates), default=self._offset)
            pauses = doubling(1)

    async def _next(self) -> list[Json]:
        """The next updates, none when nothing came for a while; with POST, as aiohttp itself repeats a failed GET."""
        query: Json = {"timeout": self._seconds, "limit": _BATCH, "allowed_updates": ALLOWED_UPDATES}
        query |= {"offset": self._offset} if self._offset else {}
        updates: list[Json] = await call(self._request, self._url, query, self._seconds + _GRACE)
        return updates

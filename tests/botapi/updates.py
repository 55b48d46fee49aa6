"""The queue of updates: long polling, or a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from botapi.nouns import ApiError, Json

DEFAULT_EXCLUDES = {"chat_member", "message_reaction", "message_reaction_count"}
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: float = 0


class Updates:
    """Updates not yet confirmed, oldest first."""

    def __init__(self, clock: Callable[[], float], retry: float = 0.05) -> None:
        self.clock = clock
        self.retry = retry
        self.webhook = Webhook()
        self.pending: dict[int, tuple[Json, int]] = {}
        self.changed = asyncio.Event()
        self._allowed: list[str] = []
        self._numbers = itertools.count(1)
        self._poll: asyncio.Future[None] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    def add(self, kind: str, payload: Json, chat_id: int) -> None:
        """Something happened: queue it, if the bot wants this kind."""
        if kind in self._allowed if self._allowed else kind not in DEFAULT_EXCLUDES:
            number = next(self._numbers)
            self.pending[number] = ({"update_id": number, kind: payload}, chat_id)
            self._wake()

    async def fetch(self, offset: int, limit: int, wait: float, allowed: list[str] | None) -> list[Json]:
        """The next updates; waits for one up to `wait` seconds. Ends any other poll."""
        if self.webhook.url:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self.interrupt(OTHER_POLL)
        if allowed is not None:
            self._allowed = allowed
        self._confirm(offset)
        if not self.pending and wait > 0 and not self._closed:
            await self._something(wait)
        return [update for update, _ in itertools.islice(self.pending.values(), limit)]

    def interrupt(self, why: str) -> None:
        """End the poll that waits now."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(409, why))

    def set_webhook(self, webhook: Webhook, allowed: list[str] | None, *, drop: bool) -> None:
        """Push updates from now on; an empty address goes back to polling."""
        if webhook.url:
            self.interrupt("Conflict: terminated by setWebhook request")
        if drop:
            self.pending.clear()
        if allowed is not None:
            self._allowed = allowed
        self.webhook = webhook
        self._stop_pump()
        if webhook.url:
            self._pump = asyncio.create_task(self._push(webhook))

    def info(self) -> Json:
        """What getWebhookInfo tells."""
        hook = self.webhook
        told: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(self.pending)}
        if hook.url:
            told |= {"max_connections": hook.max_connections}
        if hook.last_error:
            told |= {"last_error_date": int(hook.last_error_at), "last_error_message": hook.last_error}
        return told | ({"allowed_updates": self._allowed} if self._allowed else {})

    async def close(self) -> None:
        """End polls and pushing."""
        self._closed = True
        self._wake()
        pump = self._pump
        self._stop_pump()
        if pump is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await pump

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = next(reversed(self.pending), 0) + offset + 1
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]

    def _wake(self) -> None:
        self.changed.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def _something(self, wait: float) -> None:
        self._poll = poll = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await poll

    def _stop_pump(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None

    async def _push(self, webhook: Webhook) -> None:
        """Push in parallel, but one after the other within a chat."""
        busy: set[int] = set()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            while True:
                self.changed.clear()
                for number, (_, chat_id) in self.pending.items():
                    if chat_id not in busy and len(busy) < webhook.max_connections:
                        busy.add(chat_id)
                        group.create_task(self._deliver(session, webhook, number, busy))
                await self.changed.wait()

    async def _deliver(self, session: aiohttp.ClientSession, webhook: Webhook, number: int, busy: set[int]) -> None:
        """Push one update until it is taken."""
        update, chat_id = self.pending[number]
        while not await self._posted(session, webhook, update):
            webhook.last_error_at = self.clock()
            await asyncio.sleep(self.retry)
        self.pending.pop(number, None)
        busy.discard(chat_id)
        self.changed.set()

    async def _posted(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers, allow_redirects=False) as response:
                if response.status // 100 == 2:
                    return True
                webhook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError):
            webhook.last_error = "Connection refused"
        return False

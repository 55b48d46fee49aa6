"""Telegram on a strict local Bot API server, and what stands behind the adapter in these tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from bot.adapters.telegram.platform import Access, TelegramPlatform
from bot.adapters.telegram.webhook import Webhook
from bot.service.ports.incoming import Incoming
from botapi.server import BotApi
from fakes import FakeKept

NOW = 1_800_000_000
told_to_wait = pytest.mark.filterwarnings(  # the library warns of its own future whenever Telegram asks to wait
    "ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning"
)


class FakeInbox:
    """Takes what is heard; refuses the next `failures` batches as a broken database would."""

    def __init__(self) -> None:
        self.batches: list[Sequence[Incoming]] = []
        self.failures = 0
        self._came = asyncio.Event()

    async def receive(self, incoming: Sequence[Incoming]) -> None:
        if self.failures:
            self.failures -= 1
            message = "the disk is full"
            raise RuntimeError(message)
        self.batches.append(incoming)
        self._came.set()

    @property
    def incoming(self) -> list[Incoming]:
        return [incoming for batch in self.batches for incoming in batch]

    async def first(self, count: int = 1) -> list[Incoming]:
        """The first `count` things heard, waited for."""
        async with asyncio.timeout(20):
            while len(self.incoming) < count:
                self._came.clear()
                await self._came.wait()
        return self.incoming[:count]


class FakeSleep:
    """Keeps the pauses that were wanted, and passes none of them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._passed = asyncio.Condition()

    async def __call__(self, seconds: float) -> None:
        async with self._passed:
            self.pauses.append(seconds)
            self._passed.notify_all()

    async def reached(self, count: int) -> None:
        """Wait until so many pauses were wanted."""
        async with asyncio.timeout(20), self._passed:
            await self._passed.wait_for(lambda: len(self.pauses) >= count)


class Rig:
    """A platform on a server, with fakes behind it."""

    def __init__(self, server: BotApi, token: str = "", webhook: Webhook | None = None) -> None:
        self.server = server
        self.inbox = FakeInbox()
        self.kept = FakeKept()
        self.sleep = FakeSleep()
        access = Access(token or server.token, server.url, webhook, seconds=5)
        self.platform = TelegramPlatform(access, self.inbox.receive, self.kept, lambda: NOW, self.sleep)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The platform hears."""
        task = asyncio.create_task(self.platform.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

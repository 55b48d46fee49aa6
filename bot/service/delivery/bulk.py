"""Bulk messages, which many people get: they stay in their rows until their turn comes, behind all other messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.service.concurrency import retry_while_down
from bot.service.delivery.pacing import SendSlots
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock, Message, Outbox
from bot.service.ports.platform import Platform

BATCH = 100  # messages read at once
TRIED = 4  # of these noted as tried together, before they are sent: so many may be lost when the program is killed
ON_THE_WAY = 16  # messages whose turn came, and which have not arrived

Enqueue = Callable[[Message, Platform[Any], float | None], None]


class Bulk:
    """Reads bulk messages from their rows in order, and enqueues each when the platform's pace allows.

    `goes_on` says whether this replica still sends on a platform. `enqueue` puts a message into the queue of its chat,
    with the time when its turn came; `done` must be called when it is done there. `drop_expired` takes one that came
    too late.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        outbox: Outbox,
        platforms: Platforms,
        clock: Clock,
        turns: SendSlots,
        goes_on: Callable[[str], bool],
        enqueue: Enqueue,
        drop_expired: Callable[[Message], None],
    ) -> None:
        self._outbox = outbox
        self._platforms = platforms
        self._clock = clock
        self._turns = turns
        self._goes_on = goes_on
        self._enqueue = enqueue
        self._drop_expired = drop_expired
        self._free = asyncio.Semaphore(ON_THE_WAY)

    def done(self) -> None:
        """Note that an enqueued message is done with."""
        self._free.release()

    async def send_all(self, name: str) -> None:
        """Send all bulk messages of a platform; none twice where the platform cannot tell a repeated one."""
        after = 0
        while batch := await self._next(name, after):
            after = batch[-1].id
            for start in range(0, len(batch), TRIED):
                for message in await self._try(name, batch[start : start + TRIED]):
                    await self._send(message)

    async def _next(self, name: str, after: int) -> list[Message]:
        if not self._goes_on(name):
            return []
        return await retry_while_down(partial(self._outbox.unsent_bulk, name, after, BATCH))

    async def _try(self, name: str, messages: Sequence[Message]) -> list[Message]:
        """Those of the messages that are still to be sent, noted as tried."""
        now = self._clock()
        if not self._goes_on(name):
            return []
        fresh = {}
        for message in messages:
            if message.expires_at is None or message.expires_at > now:
                fresh[message.id] = message
            else:
                self._drop_expired(message)
        ours = await retry_while_down(partial(self._outbox.try_bulk, list(fresh), now)) if fresh else set()
        return [message for number, message in fresh.items() if number in ours]

    async def _send(self, message: Message) -> None:
        platform = self._platforms.of(message.place)
        if platform is None:
            return
        await self._free.acquire()
        self._enqueue(message, platform, await self._turns.bulk(platform.budgets(message.place)))

"""What many people get: it stays in its rows until its turn comes, and waits for whoever talks with the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.service.concurrency import retry_while_down
from bot.service.delivery.pacing import SendSlots
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock, Message
from bot.service.ports.store import Store

BATCH = 100  # messages read at once
TRIED = 4  # of these noted as tried together, before they are sent: so many may be lost when the program is killed
ON_THE_WAY = 16  # messages whose turn came, and which have not arrived

HandOn = Callable[[Message, float | None], None]


class Bulk:
    """Takes messages out of their rows, one after the other, and hands each on when its turn comes.

    `goes_on` says whether we still send on a platform. `hand_on` puts a message into the lane of its chat, with the
    time when its turn came; when it is done there, `done` has to be told. `let_go` is for one that came too late.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        store: Store,
        platforms: Platforms,
        clock: Clock,
        turns: SendSlots,
        goes_on: Callable[[str], bool],
        hand_on: HandOn,
        let_go: Callable[[Message], None],
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._turns = turns
        self._goes_on = goes_on
        self._hand_on = hand_on
        self._let_go = let_go
        self._free = asyncio.Semaphore(ON_THE_WAY)

    def done(self) -> None:
        """A message that was handed on is done with."""
        self._free.release()

    async def send_all(self, name: str) -> None:
        """Send all that waits in the rows of a platform; none twice, if the platform could not tell."""
        after = 0
        while batch := await self._next(name, after):
            after = batch[-1].id
            for start in range(0, len(batch), TRIED):
                for message in await self._try(name, batch[start : start + TRIED]):
                    await self._send(message)

    async def _next(self, name: str, after: int) -> list[Message]:
        if not self._goes_on(name):
            return []
        return await retry_while_down(lambda: self._store.unsent_bulk(name, after, BATCH))

    async def _try(self, name: str, messages: Sequence[Message]) -> list[Message]:
        """Those of the messages that are still to be sent, noted as tried."""
        now = self._clock()
        if not self._goes_on(name):
            return []
        fresh = [message for message in messages if not message.has_expired(now)]
        for message in messages:
            if message.has_expired(now):
                self._let_go(message)
        ours = (
            await retry_while_down(lambda: self._store.try_bulk([message.id for message in fresh], now))
            if fresh
            else set()
        )
        return [message for message in fresh if message.id in ours]

    async def _send(self, message: Message) -> None:
        platform = self._platforms.of(message.place)
        if platform is None:
            return
        await self._free.acquire()
        self._hand_on(message, await self._turns.bulk(platform.budgets(message.place)))

"""Delivery where nothing can come in between."""

from __future__ import annotations

from collections.abc import Sequence

from bot.service.ports.messages import Clock, Message
from bot.service.ports.platform import Messenger
from bot.service.ports.store import Store


class DirectDelivery:
    """Delivery on a surface that shows a message the moment it is said."""

    def __init__(self, store: Store, messenger: Messenger, clock: Clock) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Show the messages in order."""
        for message in messages:
            await self._messenger.send(message)
        await self._store.settle({message.id: "" for message in messages}, [], self._clock())

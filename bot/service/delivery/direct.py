"""Delivery to a surface that shows messages at once, as a terminal does."""

from __future__ import annotations

from collections.abc import Sequence

from bot.service.ports.messages import Clock, Message, Outbox
from bot.service.ports.platform import Messenger


class DirectDelivery:
    """Shows messages at once, one after the other."""

    def __init__(self, outbox: Outbox, messenger: Messenger, clock: Clock) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Show the messages in order."""
        for message in messages:
            await self._messenger.send(message)
        await self._outbox.settle({message.id: "" for message in messages}, [], self._clock())

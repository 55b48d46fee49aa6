"""What is to be said, kept until it arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.core.place import Place
from bot.service.ports.messages import File, Message


class Outbox(Protocol):
    """The messages that wait to be sent, and what became of those that were."""

    async def unsent_talk(self, platform: str, after: int) -> list[Message]:
        """The unsent messages of a platform with a number above `after`, oldest first, without bulk messages.

        Messages to places out of reach are left out.
        """

    async def unsent_bulk(self, platform: str, after: int, limit: int) -> list[Message]:
        """The bulk messages of a platform with a number above `after` that were not tried yet, oldest first."""

    async def try_bulk(self, ids: Sequence[int], now: int) -> set[int]:
        """Note, before they are sent, that messages are tried; the ids of those that nobody tried before."""

    async def settle_tried(self, platform: str, now: int, *, again: bool) -> None:
        """Requeue, or else fail, the bulk messages that were in flight when their sender failed."""

    async def sent_since(self, platform: str, since: int) -> list[tuple[Place, int]]:
        """The place and time of every message sent since then, oldest first."""

    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        """Note which messages arrived, with the platform's ids of them, and which never will.

        A cancel counts only after the commit.
        """

    async def document(self, name: str) -> File | None:
        """The page of an interview as `report:<id>`, or all about a person as `export:<person>`."""

"""What several replicas on one database need kept to share the work, as narrow protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.service.ports.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Share:
    """The part of due things that one of several replicas sees to; what nobody saw to in time is everybody's."""

    number: int = 0
    of: int = 1


EVERYTHING = Share()


class Inbox(Protocol):
    """What was heard, kept until it is done."""

    async def keep_incoming(
        self, incoming: Sequence[Incoming], now: int, owner: str = "", lease_until: int = 0, room: int | None = None
    ) -> list[Incoming]:
        """Commit what was heard; those that are for `owner` to work on until `lease_until`.

        These are new, or were kept before for the same owner, who may not have learned of it. What exceeds its `room`,
        or comes after something that another one works on in the same place, is for whoever claims it.
        """

    async def claim_incoming(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
    ) -> list[Incoming]:
        """Take over what was heard on these platforms and nobody works on, oldest first, in order in each place."""

    async def renew_incoming(self, owner: str, keys: Sequence[str], lease_until: int) -> None:
        """Whoever works on something goes on with it."""

    async def owners_waited_for(self) -> list[str]:
        """Who works, or worked, on what is not done yet."""

    async def waiting(self) -> list[Incoming]:
        """What was heard and is not done yet, oldest first."""


class Leases(Protocol):
    """What only one of several replicas may do, and who they are; by the clock of the database."""

    async def now(self) -> float:
        """The time, in UTC epoch seconds."""

    async def hold(self, name: str, owner: str, seconds: int) -> bool:
        """Take or renew a lease; False when somebody else has it."""

    async def holder(self, name: str) -> str | None:
        """Who took a lease last."""

    async def release(self, name: str, owner: str) -> None:
        """Give a lease back early."""

    async def announce(self, owner: str) -> None:
        """Note that a replica is alive."""

    async def alive(self, seconds: int) -> list[str]:
        """The replicas that were alive within so many seconds, in order of their names."""

    async def leave(self, owner: str) -> None:
        """A replica is gone: what it held, and what it had still to work on, is free."""

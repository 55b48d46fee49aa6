"""What replicas on one database keep to share the work, each protocol as narrow as its one caller."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.place import Place
from bot.service.ports.daily import Planned, Prompt
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import DueTimer


@dataclass(frozen=True, slots=True)
class Share:
    """The part of due rows that one of several replicas handles; rows nobody handled in time are everybody's."""

    number: int = 0
    of: int = 1


EVERYTHING = Share()


class InboxRows(Protocol):
    """What came in, kept until it is done."""

    async def keep(
        self, incoming: Sequence[Incoming], now: int, owner: str = "", lease_until: int = 0, room: int | None = None
    ) -> list[Incoming]:
        """Commit what came in; return what `owner` is to work on until `lease_until`.

        That is what is new, or was kept before for the same owner, who may not have learned of it. What exceeds its
        `room`, or follows something that another replica works on in the same place, is left for whoever claims it.
        A cancel counts only after the commit.
        """

    async def claim(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
    ) -> list[Incoming]:
        """Take over what came in on these platforms and nobody works on, oldest first, in order in each place."""

    async def renew(self, owner: str, keys: Sequence[str], lease_until: int) -> None:
        """Extend the owner's leases on these keys."""

    async def owners(self) -> list[str]:
        """The owners of everything that is not done yet."""


class Leases(Protocol):
    """What only one of several replicas may do, and which replicas are alive; by the clock of the database."""

    async def now(self) -> float:
        """The time, in UTC epoch seconds."""

    async def hold(self, name: str, owner: str, seconds: int) -> bool:
        """Take or renew a lease; False when somebody else has it."""

    async def holder(self, name: str) -> str | None:
        """The owner who took a lease last."""

    async def release(self, name: str, owner: str) -> None:
        """Give a lease back early."""

    async def announce(self, owner: str) -> None:
        """Note that a replica is alive."""

    async def alive(self, seconds: int) -> list[str]:
        """The replicas that were alive within so many seconds, in order of their names."""

    async def leave(self, owner: str) -> None:
        """Remove a replica: free its leases and what it had still to work on."""


class Schedule(Protocol):
    """The rows that come due."""

    async def due_timers(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[DueTimer]:
        """The timers of these platforms due at `now`, earliest first."""

    async def due_subscriptions(self, now: int, lease: int, limit: int, platforms: Collection[str]) -> list[Planned]:
        """The subscriptions on these platforms whose prompt is due, claimed for `lease` seconds."""

    async def due_prompts(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[Prompt]:
        """The prompts on these platforms that are to come once more by now."""

    async def drop_timer(self, timer: DueTimer, now: int) -> None:
        """Close a due timer that cannot be rung."""

    async def drop_prompt(self, prompt_id: int) -> None:
        """Let a prompt that cannot be asked again come no more."""


class Heartbeat(Protocol):
    """When the program was alive, and what it has to resume after a time in which it was not."""

    async def beat(self, now: int) -> None:
        """Note that the program is alive; a clock that was set back does not make that earlier.

        Keys of the inbox that no platform will repeat are dropped as well. A cancel counts only after the commit.
        """

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""

    async def running(self) -> list[Place]:
        """The places in which a question is open, without those out of reach."""

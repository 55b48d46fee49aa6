"""An examiner of answers, and the answers that wait for one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.assessment import Assessment
from bot.core.effects import Examine
from bot.core.place import Place


@dataclass(frozen=True, slots=True)
class OpenExamination:
    """An answer that is to be examined, and the interview that waits for it."""

    number: int
    session_id: int
    place: Place
    asked: Examine


class Examiner(Protocol):
    """Examines answers, for as long as that takes: it runs code, or asks a model."""

    async def examine(self, asked: Examine) -> Assessment:
        """Assess an answer. This may be cancelled at any time, and is repeated when the program ends meanwhile."""


class Examinations(Protocol):
    """The answers that are to be examined, kept until they are."""

    async def claim(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Collection[str]
    ) -> list[OpenExamination]:
        """Take over, until `lease_until`, what is to be examined on these platforms and nobody examines, oldest first.

        A cancel counts only after the commit.
        """

    async def renew(self, owner: str, numbers: Sequence[int], lease_until: int) -> set[int]:
        """Extend the owner's leases on these examinations; the numbers of those that are still wanted from it."""

    async def owners(self) -> list[str]:
        """The owners of everything that is being examined."""

"""The rows of a person's own bank of stories, within one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.core.place import Person
from bot.core.stories import Story


class Stories(Protocol):
    """The rows of stories, within one transaction; a person's are numbered from 1, and the id of one is its number."""

    async def all(self, person: Person) -> list[Story]:
        """The person's stories by number, with versions, ratings and how often each was told."""

    async def next_number(self, person: Person) -> int:
        """The number of the next new story; that of a deleted one, or of one being told, is not used again."""

    async def asked(self, person: Person) -> Sequence[str]:
        """The ids of the competencies asked for in rehearsals so far, as often as each was asked, the latest last."""

    async def tag(self, person: Person, number: int, competencies: Sequence[str]) -> None:
        """Let a story cover these competencies and no others."""

    async def rename(self, person: Person, number: int, title: str) -> None:
        """Give a story another title."""

    async def delete(self, person: Person, number: int) -> None:
        """Delete a story for good, with its versions and ratings, and the rehearsals in which it was told."""

"""What is to be said: kept until it arrived, on its way to a platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.document import Block
from bot.core.effects import Tone
from bot.core.events import Command
from bot.core.place import NOBODY, Person, Place

Clock = Callable[[], int]  # UTC epoch seconds


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: its name, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say in a place; `id` orders the messages of a place and tells a repeated one.

    `person` is whom it addresses (empty: nobody in particular); `private` keeps it from everybody else in the place.
    `blocks`, when there are any, say the same as `text` with its structure. `choices` and `commands` are offered as
    buttons, which come back with `session_id` and `mark`. `due` is the deadline (epoch seconds). `document` is a file
    that goes with it, kept under `document_name`. `reply_to` is the platform's id of the message it answers. `bulk` is
    one of many alike, which waits for all others and is not sent any more from `expires_at` on. `thread` is the title
    of a talk of its own, which it begins, or goes on with below the message it answers.
    """

    id: int
    place: Place
    tone: Tone
    text: str
    choices: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    blocks: tuple[Block, ...] = ()
    person: Person = NOBODY
    private: bool = False
    session_id: int | None = None
    mark: str = ""
    due: int | None = None
    document: File | None = None
    document_name: str = ""
    reply_to: str = ""
    bulk: bool = False
    expires_at: int | None = None
    thread: str = ""


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

"""What is to be said, on its way to a platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

    def has_expired(self, now: int) -> bool:
        """Whether it need not be sent any more."""
        return self.expires_at is not None and self.expires_at <= now

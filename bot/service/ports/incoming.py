"""What people do on a platform, as the adapters report it to the service: one row of the inbox each.

How places and people are written is said in `core/place.py`. The `type` of a content tells how its row is to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.place import Chat, Person, Place
from bot.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Said:
    """A message or a typed command; `source` is the platform's id of it, `reply_to` of the message it answers."""

    text: str
    source: str = ""
    reply_to: str = ""
    type: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Edited:
    """A message was changed after it was sent."""

    text: str
    source: str
    type: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `what` is a command or a choice, `session_id` and `mark` say when it was offered."""

    session_id: int
    mark: str
    what: str
    type: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class Submitted:
    """An answer typed into a form that was opened from a question."""

    session_id: int
    mark: str
    text: str
    type: Literal["submitted"] = "submitted"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file sent as an answer; `file` is the platform's own name for it, `size` is in bytes."""

    file: str
    name: str
    size: int
    source: str = ""
    caption: str = ""
    reply_to: str = ""
    type: Literal["attached"] = "attached"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no text: `kind` is a word such as voice, photo or sticker."""

    kind: str
    reply_to: str = ""
    type: Literal["unreadable"] = "unreadable"


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was blocked, removed, or may not write there any more."""

    type: Literal["left"] = "left"


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat lives on under another name: places that begin with `old` now begin with `new`."""

    old: Chat
    new: Chat
    type: Literal["moved"] = "moved"


Content = Said | Edited | Pressed | Submitted | Attached | Unreadable | Left | Moved


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened in a place.

    `key` is the platform's own number of it, by which a repeated delivery is known. `at` is the platform's time (epoch
    seconds). `private` says that nobody else reads the place. `addressed` says that it was meant for the bot: a
    command, a press, a reply to it, or anything in private. `ticket` is what the platform needs to acknowledge it.
    `within` names what the chat itself is part of, such as a server; `name` is what the person is called there.
    """

    key: str
    place: Place
    person: Person
    at: int
    content: Content
    private: bool = True
    addressed: bool = True
    ticket: str = ""
    locale: str = ""
    within: tuple[Chat, ...] = ()
    name: str = ""


class UnreadableError(Refusal):
    """A file that cannot be taken as an answer; the message is one sentence for the person."""

"""What the server keeps, as tests read it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

Json = dict[str, Any]


class ApiError(Exception):
    """The server refuses: HTTP status, Telegram's wording, and its response parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def refuse(why: str, **parameters: int) -> NoReturn:
    """Refuse a wrong request."""
    raise ApiError(400, f"Bad Request: {why}", **parameters)


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot itself."""

    id: int
    first_name: str
    language: str = "en"
    username: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled or recognised part of a text; `text` is what it covers, offsets count UTF-16 units."""

    type: str
    offset: int
    length: int
    text: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: its label, and what a press sends back or opens."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent, with its bytes."""

    id: str
    kind: str
    name: str
    content: bytes
    mime: str = "application/octet-stream"
    size: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot as people see it now; for a file `text` is the caption.

    `entities` are what the bot asked for, `found` what Telegram recognises by itself: mentions, commands, links.
    """

    message_id: int
    chat_id: int
    text: str
    entities: tuple[Entity, ...]
    found: tuple[Entity, ...]
    buttons: tuple[tuple[Button, ...], ...]
    markup: Json | None
    reply_to: int | None
    thread: int | None
    document: Attachment | None
    at: float
    kind: str = "text"
    silent: bool = False
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons, row by row."""
        return [button.text for row in self.buttons for button in row]

    @property
    def mentions(self) -> list[str]:
        """Whom the message would notify, as written."""
        return [e.text for e in (*self.found, *self.entities) if e.type in {"mention", "text_mention"}]

    def button(self, label: str) -> Button:
        """The inline button with this label."""
        found = [button for row in self.buttons for button in row if button.text == label]
        assert found, f"no button {label!r} among {self.labels} of {self.text!r}"
        return found[0]


@dataclass(frozen=True, slots=True)
class Post:
    """A message of a person, as the server stored it."""

    message_id: int
    chat_id: int
    payload: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """How the bot answered a press."""

    text: str
    alert: bool
    url: str
    at: float


@dataclass(slots=True)
class Press:
    """A press of an inline button, and the answers it got."""

    id: str
    label: str
    data: str
    at: float
    answers: list[Answer] = field(default_factory=list)
    expired: bool = False
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    async def answered(self, timeout: float = 5) -> Answer:  # noqa: ASYNC109 - it reads as a sentence in tests
        """The bot's first answer, waited for."""
        async with asyncio.timeout(timeout):
            await self.acknowledged.wait()
        return self.answers[0]


@dataclass(frozen=True, slots=True)
class Call:
    """One request the bot made, and how it ended: 200 or the error's code, 0 when the connection was dropped."""

    method: str
    params: Mapping[str, Any]
    at: float
    code: int
    description: str = ""

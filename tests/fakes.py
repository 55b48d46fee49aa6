"""One hand-written fake per port, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.assessment import Assessment
from bot.core.effects import Examine
from bot.core.session import Session
from bot.service.ports.incoming import Attached, Incoming, Said
from bot.service.ports.messages import Message
from bot.service.ports.platform import Budget, UnreachableError


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = 1_800_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += seconds


class FakeMessenger:
    """Keeps what was sent; fails when told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.broken = False

    async def send(self, message: Message) -> None:
        if self.broken:
            raise ConnectionError
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]

    @property
    def last(self) -> str:
        return self.sent[-1].text


class FakeKept:
    """Small facts in memory."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    async def load(self, name: str) -> str | None:
        return self.facts.get(name)

    async def keep(self, name: str, value: str) -> None:
        self.facts[name] = value


class FakeExaminer:
    """Finds the same in every answer, or breaks, as soon as it may end."""

    def __init__(self, found: Assessment | Exception) -> None:
        self.found = found
        self.asked: list[Examine] = []
        self.cancelled = 0
        self.may_end = asyncio.Event()

    async def examine(self, asked: Examine) -> Assessment:
        self.asked.append(asked)
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


class FakePlatform:
    """A platform that keeps what was sent; `failing` holds the errors of the next sends, None for one that works."""

    def __init__(self, name: str = "telegram", budgets: tuple[Budget, ...] = ()) -> None:
        self.name = name
        self.sent: list[Message] = []
        self.failing: list[Exception | None] = []
        self.notices: list[tuple[str, str]] = []
        self.files: dict[str, str | Exception] = {}
        self.rooms: dict[str, str] = {}
        self.admins: set[str] = set()
        self.closed: dict[str, str] = {}
        self.resends_safely = False
        self.anywhere = True
        self.up = True
        self._budgets = budgets

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass

    def compose(self, message: Message) -> list[Message]:
        return [message]

    async def post(self, part: Message) -> str:
        error = self.failing.pop(0) if self.failing else None
        if error:
            raise error
        self.sent.append(part)
        return f"m{part.id}"

    def budgets(self, place: str) -> tuple[Budget, ...]:
        return self._budgets

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        self.notices.append((incoming.ticket, notice))

    async def read(self, incoming: Incoming, file: Attached) -> str:
        found = self.files[file.file]
        if isinstance(found, Exception):
            raise found
        return found

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> str:
        return self.rooms.get(incoming.place, incoming.place)

    async def private_room(self, incoming: Incoming) -> str:
        if incoming.person in self.closed:
            raise UnreachableError(self.closed[incoming.person])
        return incoming.person

    async def is_admin(self, incoming: Incoming) -> bool:
        return incoming.person in self.admins

    def link(self, place: str, message_id: str) -> str:
        return f"https://example.org/{place}/{message_id}"

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]


def with_setup(session: Session, **changes: object) -> Session:
    """The session with some of its setup changed."""
    return replace(session, setup=replace(session.setup, **changes))  # type: ignore[arg-type]


def said(text: str, place: str, person: str) -> Incoming:
    """A line that somebody typed in a terminal."""
    return Incoming("", place, person, 0, Said(text))

"""Metrics and health as the database tells them, on connections of their own and without taking a lock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Executable, case, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage import leases, tables
from bot.storage.database import foreign_errors
from bot.storage.opening import revision

_box, _in, _timer = tables.outbox.c, tables.inbox.c, tables.timers.c
_LOST = select(tables.unreachable.c.chat)
QUEUES = ("inbox", "interactive", "bulk", "timers")
_REVISION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in a queue: how many rows, and for how many seconds the oldest."""

    depth: int
    age: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A role, who holds it, and until when."""

    name: str
    owner: str
    until: int


async def revision_of(url: str) -> str | None:
    """The revision of a database, None when it is empty or absent, and then it stays so; StoreError when not ours."""
    with foreign_errors(url):
        return await revision(url)


class Watch:
    """Reads the database at `url`, each time on a new connection, so that it sees whether one can be had."""

    def __init__(self, url: str) -> None:
        self._url = url
        with foreign_errors(url):
            self._engine = create_async_engine(url, poolclass=NullPool)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """A reading of it; StoreError when it cannot be used."""
        with foreign_errors(self._url):
            async with self._engine.connect() as connection:
                yield Reading(connection)


class Reading:
    """What one connection reads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def revision(self) -> str | None:
        """The revision the database is at."""
        return (await self._connection.execute(_REVISION)).scalar()

    async def now(self) -> float:
        """The time by the clock of the database's machine."""
        return float((await self._connection.execute(leases.TIME[self._connection.dialect.name])).scalar_one())

    async def leases(self) -> list[Lease]:
        """All leases, those that ran out among them, by name."""
        rows = await self._connection.execute(select(tables.leases).order_by(tables.leases.c.name))
        return [Lease(row.name, row.owner, row.until) for row in rows]

    async def heartbeats(self) -> dict[str, int]:
        """When each program and replica was last known to be alive."""
        rows = await self._connection.execute(select(tables.heartbeats.c.name, tables.heartbeats.c.at))
        return {row.name: row.at for row in rows}

    async def queues(self, now: int) -> dict[str, Queue]:
        """What waits in each queue, without messages to chats out of reach."""
        rows = await self._connection.execute(_waiting(self._connection.dialect.name, now))
        found = {queue: Queue(depth, max(0, now - oldest)) for queue, depth, oldest in rows if depth}
        return {queue: found.get(queue, Queue(0, 0)) for queue in QUEUES}


def _waiting(dialect: str, now: int) -> Executable:
    """Queue, number of rows, and time of the oldest: all queues in one statement, each table read once."""
    queue = case((_box.bulk, "bulk"), else_="interactive")
    unsent = _box.sent_at.is_(None), *_in_reach(dialect)
    return union_all(
        select(literal("inbox"), func.count(), func.min(_in.received_at)).where(_in.done_at.is_(None)),
        select(queue, func.count(), func.min(_box.created_at)).where(*unsent).group_by(_box.bulk),
        select(literal("timers"), func.count(), func.min(_timer.due_at)).where(_timer.due_at <= now),
    )


def _in_reach(dialect: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether neither a message's place nor its chat, which `chat_of` names, is out of reach."""
    find = func.strpos if dialect == "postgresql" else func.instr
    chat = func.substr(_box.place, 1, find(_box.place.concat("/"), "/") - 1)
    return _box.place.not_in(_LOST), chat.not_in(_LOST)

"""Everything that is kept in one SQL database, in pieces as narrow as their callers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select

from bot.storage import tables
from bot.storage.database import Database
from bot.storage.examinations import SqlExaminations
from bot.storage.inbox import SqlInbox
from bot.storage.leases import SqlLeases
from bot.storage.outbox import SqlOutbox
from bot.storage.program import SqlHeartbeat, SqlKept
from bot.storage.schedule import SqlSchedule
from bot.storage.snapshots import Snapshots
from bot.storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The pieces of the store, all on one database."""

    database: Database
    inbox: SqlInbox
    outbox: SqlOutbox
    examinations: SqlExaminations
    leases: SqlLeases
    schedule: SqlSchedule
    heartbeat: SqlHeartbeat
    kept: SqlKept
    snapshots: Snapshots

    @classmethod
    def on(cls, database: Database, program: str = "mockbot") -> Self:
        """The store on a database; `program` is the one whose heartbeat is kept there."""
        return cls(
            database,
            SqlInbox(database),
            SqlOutbox(database),
            SqlExaminations(database),
            SqlLeases(database),
            SqlSchedule(database),
            SqlHeartbeat(database, program),
            SqlKept(database),
            Snapshots(),
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTransaction]:
        """A transaction: committed at the end of the block, rolled back when it raises."""
        async with self.database.connected() as connection:
            yield SqlTransaction(connection, self.snapshots)

    async def close(self) -> None:
        """Close all connections."""
        await self.database.close()

    async def unmatched(self, question_id: str = "") -> list[tuple[str, str]]:
        """Question and text of every answer kept for authors, by question and age."""
        row = tables.unmatched.c
        query = select(row.question_id, row.text).order_by(row.question_id, row.id)
        if question_id:
            query = query.where(row.question_id == question_id)
        async with self.database.connected() as connection:
            return [(found.question_id, found.text) for found in await connection.execute(query)]

"""What the tables hold, for tests that ask what no part of the program needs to know."""

from __future__ import annotations

from sqlalchemy import select

from bot.core.place import is_within
from bot.service.ports.incoming import Incoming
from bot.service.ports.messages import Message
from bot.service.ports.shared_work import EVERYTHING, Share
from bot.service.ports.store import DueTimer
from bot.storage import SqlStore, tables
from bot.storage.inbox import read
from bot.storage.records import UNSENT, readable

EVERYWHERE = ("console", "discord", "telegram")


async def left_unsent(store: SqlStore) -> list[Message]:
    """All messages not sent yet, oldest first, without those to places out of reach."""
    async with store.database.connected() as connection:
        rows = await connection.execute(UNSENT.order_by(tables.outbox.c.id))
        lost = (await connection.execute(select(tables.unreachable.c.chat))).scalars()
        reached = [row for row in rows.rows if not any(is_within(row.place, chat) for chat in lost)]
        return await readable(connection, reached)


async def waiting(store: SqlStore) -> list[Incoming]:
    """What came in and is not done yet, oldest first."""
    row = tables.inbox.c
    async with store.database.connected() as connection:
        found = await connection.execute(select(row.key, row.heard).where(row.done_at.is_(None)).order_by(row.id))
    return [incoming for one in found.rows if (incoming := read(one.key, one.heard))]


async def due_timers(store: SqlStore, now: int, limit: int = 100, share: Share = EVERYTHING) -> list[DueTimer]:
    """The timers of all platforms due at `now`."""
    return await store.schedule.due_timers(now, limit, EVERYWHERE, share)

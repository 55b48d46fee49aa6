"""What the program keeps about itself: when it was alive, and small facts."""

from __future__ import annotations

from sqlalchemy import delete, select, text
from typing_extensions import override

from bot.core.place import Place
from bot.core.rules.table import open_states
from bot.service.concurrency import shielded
from bot.service.ports.platform import Kept
from bot.service.ports.shared_work import Heartbeat
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.places import is_lost, lost_chats
from bot.storage.records import SET

_PROGRAM = ""  # settings of nobody are the program's own
_KEYS_KEPT = 2 * 24 * 3600  # seconds a done key is known; Telegram keeps an unconfirmed update for a day
_ASKING = tuple(state.value for state in open_states())
_BEAT_AT = text(
    "INSERT INTO heartbeats (name, at) VALUES (:name, :now) "
    "ON CONFLICT (name) DO UPDATE SET at = CASE WHEN heartbeats.at > :now THEN heartbeats.at ELSE :now END"
)


class SqlHeartbeat(Heartbeat):
    """The heartbeat of `program`: that of a terminal tells nothing of a bot's on the same database."""

    def __init__(self, database: Database, program: str) -> None:
        self._database = database
        self._program = program

    @override
    @shielded
    async def beat(self, now: int) -> None:
        done_at = tables.inbox.c.done_at
        async with self._database.connected() as connection:
            await connection.execute(_BEAT_AT, {"name": self._program, "now": now})
            await connection.execute(delete(tables.inbox).where(done_at < now - _KEYS_KEPT))

    @override
    async def last_beat(self) -> int | None:
        query = select(tables.heartbeats.c.at).where(tables.heartbeats.c.name == self._program)
        async with self._database.connected() as connection:
            at: int | None = (await connection.execute(query)).scalar()
            return at

    @override
    async def running(self) -> list[Place]:
        row = tables.sessions.c
        query = select(row.place).where(row.ended_at.is_(None), row.state.in_(_ASKING)).order_by(row.id)
        async with self._database.connected() as connection:
            places = (await connection.execute(query)).scalars()
            lost = await lost_chats(connection)
        return [place for place in places if not is_lost(place, lost)]


class SqlKept(Kept):
    """Small facts, among the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def load(self, name: str) -> str | None:
        row = tables.settings.c
        query = select(row.value).where(row.person == _PROGRAM, row.name == name)
        async with self._database.connected() as connection:
            value: str | None = (await connection.execute(query)).scalar()
            return value

    @override
    async def keep(self, name: str, value: str) -> None:
        async with self._database.connected() as connection:
            await connection.execute(SET, {"person": _PROGRAM, "name": name, "value": value})

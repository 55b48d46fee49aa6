"""Leases: rows that one process works on for a while, claimed by the same statement on SQLite and PostgreSQL.

Leases of roles go by the database's own clock: those of two machines may differ by more than a lease lasts. PostgreSQL
skips rows that another process is just claiming; SQLite lets one process write at a time, so nothing is to be skipped.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, TextClause, bindparam, delete, or_, select, text, update
from typing_extensions import override

from bot.service.ports.shared_work import Leases
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.places import on_platforms

FAR = 600  # seconds; a lease beyond was taken before the clock was set back
_REPLICA = "replica:"  # before the name of a replica, among the heartbeats
_FORGOTTEN = 3600  # seconds after which a replica that fell silent is no longer listed
_NOW = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER)",
    "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp())) AS BIGINT)",
}


def _by_database(statement: str) -> dict[str, TextClause]:
    """The statement for each database, with its own word for the time in place of NOW."""
    return {dialect: text(statement.replace("NOW", now)) for dialect, now in _NOW.items()}


# A lease that would last far too long was taken before the clock was set back.
_HOLD = _by_database(
    "INSERT INTO leases (name, owner, until) VALUES (:name, :owner, NOW + :seconds) "
    "ON CONFLICT (name) DO UPDATE SET owner = :owner, until = NOW + :seconds "
    "WHERE leases.owner = :owner OR leases.until <= NOW OR leases.until > NOW + 2 * :seconds"
)
_RELEASE = text("DELETE FROM leases WHERE name = :name AND owner = :owner")
_ANNOUNCE = _by_database(
    "INSERT INTO heartbeats (name, at) VALUES (:name, NOW) ON CONFLICT (name) DO UPDATE SET at = NOW"
)
_ALIVE = _by_database("SELECT name FROM heartbeats WHERE name LIKE 'replica:%' AND ABS(at - (NOW)) < :seconds")
TIME = _by_database("SELECT NOW")
_FORGET = _by_database("DELETE FROM heartbeats WHERE name LIKE 'replica:%' AND ABS(at - (NOW)) > :seconds")


class SqlLeases(Leases):
    """The rows of leases, and of the replicas that are alive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def now(self) -> float:
        async with self._database.connected(urgent=True) as connection:
            return float((await connection.execute(TIME[connection.dialect])).scalar())

    @override
    async def hold(self, name: str, owner: str, seconds: int) -> bool:
        values = {"name": name, "owner": owner, "seconds": seconds}
        async with self._database.connected(urgent=True) as connection:
            return bool((await connection.execute(_HOLD[connection.dialect], values)).rowcount)

    @override
    async def holder(self, name: str) -> str | None:
        query = select(tables.leases.c.owner).where(tables.leases.c.name == name)
        async with self._database.connected(urgent=True) as connection:
            owner: str | None = (await connection.execute(query)).scalar()
            return owner

    @override
    async def release(self, name: str, owner: str) -> None:
        async with self._database.connected(urgent=True) as connection:
            await connection.execute(_RELEASE, {"name": name, "owner": owner})

    @override
    async def announce(self, owner: str) -> None:
        async with self._database.connected(urgent=True) as connection:
            await connection.execute(_ANNOUNCE[connection.dialect], {"name": f"{_REPLICA}{owner}"})
            await connection.execute(_FORGET[connection.dialect], {"seconds": _FORGOTTEN})

    @override
    async def alive(self, seconds: int) -> list[str]:
        async with self._database.connected(urgent=True) as connection:
            names = (await connection.execute(_ALIVE[connection.dialect], {"seconds": seconds})).scalars()
        return sorted(name.removeprefix(_REPLICA) for name in names)

    @override
    async def leave(self, owner: str) -> None:
        row = tables.inbox.c
        theirs = update(tables.inbox).where(row.owner == owner, row.done_at.is_(None))
        examined = update(tables.examinations).where(tables.examinations.c.owner == owner)
        async with self._database.connected(urgent=True) as connection:
            await connection.execute(delete(tables.leases).where(tables.leases.c.owner == owner))
            await connection.execute(delete(tables.heartbeats).where(tables.heartbeats.c.name == f"{_REPLICA}{owner}"))
            for rows in (theirs, examined):
                await connection.execute(rows.values(owner="", lease_until=0))


@cache
def claiming(table: Table, platforms: tuple[str, ...], due: ColumnElement[bool], order: ColumnElement[Any]) -> Any:  # noqa: ANN401 - SQLAlchemy's type of an UPDATE that returns rows names every column
    """The statement that claims up to `:limit` due rows of some platforms in order and returns them whole.

    Built once, as it runs every second. Rows are free when no lease lasts at `:now`; they are leased until `:until`, to
    `:its_owner` where one is kept. They are picked beforehand, as PostgreSQL would otherwise be free to pick anew for
    each row.
    """
    (key,), row, now = table.primary_key, table.c, bindparam("now", type_=BigInteger)
    free = or_(row.lease_until <= now, row.lease_until > now + FAR) & on_platforms(row.place, platforms)
    picked = select(key).where(due, free).order_by(order).limit(bindparam("limit")).with_for_update(skip_locked=True)
    chosen = picked.cte("chosen")
    leased: dict[str, object] = {"lease_until": bindparam("until")}
    if "owner" in row:
        leased["owner"] = bindparam("its_owner")
    return update(table).where(key.in_(select(chosen.c[key.name]))).values(leased).returning(*row)

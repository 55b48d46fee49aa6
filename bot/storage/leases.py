"""Rows that one process works on for a while: claimed by the same statement on SQLite and PostgreSQL.

Who may do what only one may goes by the database's own clock: those of two machines may differ by more than a lease
lasts. PostgreSQL skips rows that another process is just claiming; SQLite lets one process write at a time, so there
is nothing to skip.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Table,
    TextClause,
    bindparam,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
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
_TIME = _by_database("SELECT NOW")
_FORGET = _by_database("DELETE FROM heartbeats WHERE name LIKE 'replica:%' AND ABS(at - (NOW)) > :seconds")


async def now(connection: AsyncConnection) -> float:
    """The time, in UTC epoch seconds."""
    return float((await connection.execute(_TIME[connection.dialect.name])).scalar_one())


async def hold(connection: AsyncConnection, name: str, owner: str, seconds: int) -> bool:
    """Take or renew a lease; False when somebody else has it."""
    values = {"name": name, "owner": owner, "seconds": seconds}
    return bool((await connection.execute(_HOLD[connection.dialect.name], values)).rowcount)


async def holder(connection: AsyncConnection, name: str) -> str | None:
    """Who took a lease last."""
    return (await connection.execute(select(tables.leases.c.owner).where(tables.leases.c.name == name))).scalar()


async def release(connection: AsyncConnection, name: str, owner: str) -> None:
    """Give a lease back early."""
    await connection.execute(_RELEASE, {"name": name, "owner": owner})


async def announce(connection: AsyncConnection, owner: str) -> None:
    """Note that a replica is alive."""
    await connection.execute(_ANNOUNCE[connection.dialect.name], {"name": f"{_REPLICA}{owner}"})
    await connection.execute(_FORGET[connection.dialect.name], {"seconds": _FORGOTTEN})


async def alive(connection: AsyncConnection, seconds: int) -> list[str]:
    """The replicas that were alive within so many seconds, in order of their names."""
    names = (await connection.execute(_ALIVE[connection.dialect.name], {"seconds": seconds})).scalars()
    return sorted(name.removeprefix(_REPLICA) for name in names)


async def leave(connection: AsyncConnection, owner: str) -> None:
    """A replica is gone: what it held, and what it had still to work on, is free."""
    await connection.execute(delete(tables.leases).where(tables.leases.c.owner == owner))
    await connection.execute(delete(tables.heartbeats).where(tables.heartbeats.c.name == f"{_REPLICA}{owner}"))
    row = tables.inbox.c
    await connection.execute(
        update(tables.inbox).where(row.owner == owner, row.done_at.is_(None)).values(owner="", lease_until=0)
    )


def claiming(
    table: Table, due: ColumnElement[bool], order: ColumnElement[Any], key: Column[Any], values: Mapping[str, object]
) -> Any:  # noqa: ANN401 - SQLAlchemy's type of an UPDATE that returns rows names every column
    """The statement that claims up to `:limit` due rows in order and returns them whole.

    The rows are picked beforehand, as PostgreSQL would otherwise be free to pick anew for each row.
    """
    picked = select(key).where(due).order_by(order).limit(bindparam("limit")).with_for_update(skip_locked=True)
    chosen = picked.cte("chosen")
    return update(table).where(key.in_(select(chosen.c[key.name]))).values(values).returning(*table.c)


@cache
def due_subscriptions(platforms: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    """The statement that claims up to `:limit` subscriptions due at `:now` on some platforms until `:lease_until`."""
    row = tables.subscriptions.c
    now: BindParameter[int] = bindparam("now")
    free = or_(row.lease_until <= now, row.lease_until > now + FAR)
    due = (row.next_at <= now) & free & on_platforms(row.place, platforms)
    return claiming(tables.subscriptions, due, row.next_at, row.person, {"lease_until": bindparam("lease_until")})

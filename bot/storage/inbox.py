"""What came in, shared by replicas: whoever hears something works on it, unless others have less to do or it died."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.ports.incoming import Incoming
from bot.storage import tables
from bot.storage.codec import dump, load
from bot.storage.leases import FAR, claiming
from bot.storage.places import on_platforms

_LOGGER = logging.getLogger("mockbot.storage")
_in, _earlier = tables.inbox.c, tables.inbox.alias("earlier").c
_KEEP = text(
    "INSERT INTO inbox (key, heard, received_at, place, owner, lease_until) "
    "VALUES (:key, :heard, :received_at, :place, :owner, :lease_until) ON CONFLICT (key) DO NOTHING"
)
_LOCK_PLACES = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(place, 1)) FROM unnest(CAST(:places AS text[])) AS place"
)
_LOCK_CLAIMS = text("SELECT pg_advisory_xact_lock(hashtextextended('claims of the inbox', 2))")
_WAITED_FOR = select(_in.owner).where(_in.done_at.is_(None), _in.owner != "").distinct()
_RENEW = (
    update(tables.inbox)
    .where(_in.key.in_(bindparam("keys", expanding=True)), _in.owner == bindparam("its_owner"), _in.done_at.is_(None))
    .values(lease_until=bindparam("until"))
)
# A thing is left alone while another replica works on an earlier one of the same place.
_BLOCKED = exists().where(
    _earlier.place == _in.place,
    _earlier.id < _in.id,
    _earlier.done_at.is_(None),
    _earlier.owner != bindparam("its_owner"),
    _earlier.lease_until.between(bindparam("now") + 1, bindparam("now") + FAR),
)


async def keep(  # noqa: PLR0913, PLR0917 - as the port has it
    connection: AsyncConnection, incoming: Sequence[Incoming], now: int, owner: str, lease_until: int, room: int | None
) -> list[Incoming]:
    """Commit what was heard; those that `owner` works on: new ones, and those it has had before and not done."""
    places = sorted({one.place for one in incoming})
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK_PLACES, {"places": places})
    known = await _known(connection, [one.key for one in incoming])
    new = list({one.key: one for one in incoming if one.key not in known}.values())
    busy = await _worked_on_by_others(connection, places, owner) if new else ()
    ours = {one.key for one in [one for one in new[:room] if one.place not in busy]}
    rows = [
        {"key": one.key, "heard": dump(one), "received_at": now, "place": one.place}
        | ({"owner": owner, "lease_until": lease_until} if one.key in ours else {"owner": "", "lease_until": 0})
        for one in new
    ]
    if rows:
        await connection.execute(_KEEP, rows)
    ours |= {key for key, its_owner in known.items() if its_owner == owner}
    return list({one.key: one for one in incoming if one.key in ours}.values())


async def _known(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, str | None]:
    """Which were kept before, and who works on them; None for what is done."""
    query = select(_in.key, _in.owner, _in.done_at).where(_in.key.in_(keys))
    return {row.key: row.owner if row.done_at is None else None for row in await connection.execute(query)}


async def _worked_on_by_others(connection: AsyncConnection, places: Sequence[str], owner: str) -> Collection[str]:
    query = select(_in.place).where(_in.place.in_(places), _in.done_at.is_(None), _in.owner != owner)
    return set((await connection.execute(query)).scalars())


@cache
def _claiming(platforms: tuple[str, ...]) -> Any:  # noqa: ANN401 - as in `leases`; built once, as it runs every second
    free = or_(_in.lease_until <= bindparam("now"), _in.lease_until > bindparam("now") + FAR)
    due = _in.done_at.is_(None) & free & on_platforms(_in.place, platforms) & ~_BLOCKED
    leased: dict[str, object] = {"owner": bindparam("its_owner"), "lease_until": bindparam("until")}
    return claiming(tables.inbox, due, _in.id, _in.id, leased)


async def claim(  # noqa: PLR0913, PLR0917 - as the port has it
    connection: AsyncConnection, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
) -> list[Incoming]:
    """Take over what nobody works on, oldest first, in order in each place."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK_CLAIMS)
    values = {"its_owner": owner, "now": now, "until": lease_until, "limit": limit}
    rows = (await connection.execute(_claiming(tuple(platforms)), values)).all()
    return [incoming for row in sorted(rows, key=lambda row: row.id) if (incoming := read(row.key, row.heard))]


async def renew(connection: AsyncConnection, owner: str, keys: Sequence[str], lease_until: int) -> None:
    """Whoever works on something goes on with it."""
    await connection.execute(_RENEW, {"its_owner": owner, "keys": list(keys), "until": lease_until})


async def owners(connection: AsyncConnection) -> list[str]:
    """Who works, or worked, on what is not done yet."""
    return list((await connection.execute(_WAITED_FOR)).scalars())


async def waiting(connection: AsyncConnection) -> list[Incoming]:
    """What was heard and is not done yet, oldest first."""
    query = select(_in.key, _in.heard).where(_in.done_at.is_(None)).order_by(_in.id)
    rows = (await connection.execute(query)).all()
    return [incoming for key, found in rows if (incoming := read(key, found))]


def read(key: str, row: str) -> Incoming | None:
    """What was heard; None for a row of another version, which stays as it is."""
    try:
        return load(Incoming, row)
    except ValueError as error:
        _LOGGER.error("%s cannot be read: %s", key, type(error).__name__)  # noqa: TRY400 - no texts in logs
        return None

"""The inbox: a replica works on what it received itself, unless it has too much to do or dies."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import bindparam, exists, select, text, update
from typing_extensions import override

from bot.service.concurrency import shielded
from bot.service.ports.incoming import Incoming
from bot.service.ports.shared_work import InboxRows
from bot.storage import tables
from bot.storage.database import Connection, Database
from bot.storage.leases import FAR, claiming
from bot.storage.records import dump, load

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
_KNOWN = select(_in.key, _in.owner, _in.done_at).where(_in.key.in_(bindparam("keys", expanding=True)))
_BUSY = select(_in.place).where(
    _in.place.in_(bindparam("places", expanding=True)), _in.done_at.is_(None), _in.owner != bindparam("its_owner")
)
_WAITED_FOR = select(_in.owner).where(_in.done_at.is_(None), _in.owner != "").distinct()
_RENEW = (
    update(tables.inbox)
    .where(_in.key.in_(bindparam("keys", expanding=True)), _in.owner == bindparam("its_owner"), _in.done_at.is_(None))
    .values(lease_until=bindparam("until"))
)
# Nobody claims anything while another replica works on something earlier from the same place.
_BLOCKED = exists().where(
    _earlier.place == _in.place,
    _earlier.id < _in.id,
    _earlier.done_at.is_(None),
    _earlier.owner != bindparam("its_owner"),
    _earlier.lease_until.between(bindparam("now") + 1, bindparam("now") + FAR),
)
_FREE = _in.done_at.is_(None) & ~_BLOCKED


class SqlInbox(InboxRows):
    """The rows of the inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    @shielded
    async def keep(
        self, incoming: Sequence[Incoming], now: int, owner: str = "", lease_until: int = 0, room: int | None = None
    ) -> list[Incoming]:
        places = sorted({one.place for one in incoming})
        async with self._database.connected(urgent=True) as connection:
            if connection.dialect == "postgresql":
                await connection.execute(_LOCK_PLACES, {"places": places})
            known = await _known(connection, [one.key for one in incoming])
            new = list({one.key: one for one in incoming if one.key not in known}.values())
            others = (await connection.execute(_BUSY, {"places": places, "its_owner": owner})).rows if new else ()
            busy = {row.place for row in others}
            ours = {one.key for one in new[:room] if one.place not in busy}
            rows = [
                {"key": one.key, "heard": dump(one), "received_at": now, "place": one.place}
                | ({"owner": owner, "lease_until": lease_until} if one.key in ours else {"owner": "", "lease_until": 0})
                for one in new
            ]
            if rows:
                await connection.execute(_KEEP, rows)
        ours |= {key for key, its_owner in known.items() if its_owner == owner}
        return list({one.key: one for one in incoming if one.key in ours}.values())

    @override
    async def claim(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
    ) -> list[Incoming]:
        values = {"its_owner": owner, "now": now, "until": lease_until, "limit": limit}
        async with self._database.connected() as connection:
            if connection.dialect == "postgresql":
                await connection.execute(_LOCK_CLAIMS)
            rows = (await connection.execute(claiming(tables.inbox, tuple(platforms), _FREE, _in.id), values)).rows
        return [incoming for row in sorted(rows, key=lambda row: row.id) if (incoming := read(row.key, row.heard))]

    @override
    async def renew(self, owner: str, keys: Sequence[str], lease_until: int) -> None:
        async with self._database.connected(urgent=True) as connection:
            await connection.execute(_RENEW, {"its_owner": owner, "keys": list(keys), "until": lease_until})

    @override
    async def owners(self) -> list[str]:
        async with self._database.connected() as connection:
            return (await connection.execute(_WAITED_FOR)).scalars()


async def _known(connection: Connection, keys: Sequence[str]) -> dict[str, str | None]:
    """Which of these keys were kept before, each with its owner; None for what is done."""
    rows = (await connection.execute(_KNOWN, {"keys": list(keys)})).rows
    return {row.key: row.owner if row.done_at is None else None for row in rows}


def read(key: str, row: str) -> Incoming | None:
    """What came in; None for a row of another version, which stays as it is."""
    try:
        return load(Incoming, row)
    except ValueError as error:
        _LOGGER.error("%s cannot be read: %s", key, type(error).__name__)  # noqa: TRY400 - no texts in logs
        return None

"""What is to be said: found by whoever sends on its platform, and noted as sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.ports.messages import Message
from bot.storage import tables
from bot.storage.places import is_lost, lost_chats, on_platforms
from bot.storage.transaction import UNSENT, readable

_MANY = 5000  # messages of a minute; no platform lets more pass
_box = tables.outbox.c
_SENT = (
    update(tables.outbox)
    .where(_box.id == bindparam("this"))
    .values(sent_at=bindparam("now"), ref=bindparam("its_ref"), failed=False)
)
_TRIED = _box.sent_at.is_(None) & _box.bulk.is_(True) & _box.tried_at.is_not(None)


async def everything(connection: AsyncConnection) -> list[Message]:
    """All messages not sent yet, oldest first, without those to places out of reach."""
    return await _in_reach(connection, UNSENT.order_by(_box.id))


async def talk(connection: AsyncConnection, platform: str, after: int) -> list[Message]:
    """The same on one platform, without what is sent in bulk."""
    return await _in_reach(connection, _talk(platform), {"after": after})


async def _in_reach(
    connection: AsyncConnection,
    query: Any,  # noqa: ANN401 - a SELECT of these columns
    values: Mapping[str, int] | None = None,
) -> list[Message]:
    rows = (await connection.execute(query, values)).all()
    lost = await lost_chats(connection) if rows else ()
    return await readable(connection, [row for row in rows if not is_lost(row.place, lost)])


async def bulk(connection: AsyncConnection, platform: str, after: int, limit: int) -> list[Message]:
    """What is sent in bulk on a platform and was not tried yet, oldest first."""
    rows = (await connection.execute(_bulk(platform), {"after": after, "most": limit})).all()
    return await readable(connection, rows)


# Both are asked for several times a second, so each is built once.
@cache
def _talk(platform: str) -> Any:  # noqa: ANN401 - SQLAlchemy's type names every column
    return _beyond(platform, _box.bulk.is_(False))


@cache
def _bulk(platform: str) -> Any:  # noqa: ANN401 - as above
    return _beyond(platform, _box.bulk.is_(True) & _box.tried_at.is_(None)).limit(bindparam("most"))


def _beyond(platform: str, which: ColumnElement[bool]) -> Any:  # noqa: ANN401 - as above
    here = which & (_box.id > bindparam("after")) & on_platforms(_box.place, [platform])
    return UNSENT.where(here).order_by(_box.id)


async def try_bulk(connection: AsyncConnection, ids: Sequence[int], now: int) -> set[int]:
    """Note, before they are sent, that messages are tried; without those that somebody tried before."""
    ours = update(tables.outbox).where(_box.id.in_(ids), _box.sent_at.is_(None), _box.tried_at.is_(None))
    return set((await connection.execute(ours.values(tried_at=now).returning(_box.id))).scalars())


async def settle_tried(connection: AsyncConnection, platform: str, now: int, *, again: bool) -> None:
    """What was tried and may have arrived is tried again, or given up."""
    theirs = update(tables.outbox).where(_TRIED, on_platforms(_box.place, [platform]))
    await connection.execute(theirs.values({"tried_at": None} if again else {"sent_at": now, "failed": True}))


async def sent_since(connection: AsyncConnection, platform: str, since: int) -> list[tuple[str, int]]:
    """To which places messages were sent since then, and when, oldest first."""
    recent = (_box.sent_at >= since) & _box.failed.is_(False) & on_platforms(_box.place, [platform])
    rows = await connection.execute(
        select(_box.place, _box.sent_at).where(recent).order_by(_box.sent_at.desc()).limit(_MANY)
    )
    return [(row.place, row.sent_at) for row in reversed(rows.all())]


async def settle(connection: AsyncConnection, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
    """Messages were sent, with the platform's ids of them, or never will be."""
    sent = [{"this": message_id, "now": now, "its_ref": ref} for message_id, ref in arrived.items()]
    if sent:
        await connection.execute(_SENT, sent)
    if failed:
        never = update(tables.outbox).where(_box.id.in_(failed)).values(sent_at=now, failed=True)
        await connection.execute(never)

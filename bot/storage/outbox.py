"""The outbox: messages found by whoever sends on their platform, noted as sent, and the files that go with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from typing_extensions import override

from bot.core.judgement import Debrief
from bot.core.place import Person, Place
from bot.core.text import report
from bot.service.concurrency import shielded
from bot.service.ports.messages import File, Message, Outbox
from bot.storage import tables
from bot.storage.database import Connection, Database
from bot.storage.places import is_lost, lost_chats, on_platforms
from bot.storage.records import UNSENT, load, readable

_MANY = 5000  # messages of a minute; no platform lets more pass
_box = tables.outbox.c
_SENT = (
    update(tables.outbox)
    .where(_box.id == bindparam("this"))
    .values(sent_at=bindparam("now"), ref=bindparam("its_ref"), failed=False)
)
_HOLDING_JSON = {"assessment", "debrief", "competencies"}  # columns
_TRIED = _box.sent_at.is_(None) & _box.bulk.is_(True) & _box.tried_at.is_not(None)


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


class SqlOutbox(Outbox):
    """The rows of the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def unsent_talk(self, platform: str, after: int) -> list[Message]:
        async with self._database.connected() as connection:
            rows = (await connection.execute(_talk(platform), {"after": after})).rows
            lost = await lost_chats(connection) if rows else ()
            return await readable(connection, [row for row in rows if not is_lost(row.place, lost)])

    @override
    async def unsent_bulk(self, platform: str, after: int, limit: int) -> list[Message]:
        async with self._database.connected() as connection:
            rows = (await connection.execute(_bulk(platform), {"after": after, "most": limit})).rows
            return await readable(connection, rows)

    @override
    async def try_bulk(self, ids: Sequence[int], now: int) -> set[int]:
        ours = update(tables.outbox).where(_box.id.in_(ids), _box.sent_at.is_(None), _box.tried_at.is_(None))
        async with self._database.connected() as connection:
            return set((await connection.execute(ours.values(tried_at=now).returning(_box.id))).scalars())

    @override
    async def settle_tried(self, platform: str, now: int, *, again: bool) -> None:
        theirs = update(tables.outbox).where(_TRIED, on_platforms(_box.place, [platform]))
        async with self._database.connected() as connection:
            await connection.execute(theirs.values({"tried_at": None} if again else {"sent_at": now, "failed": True}))

    @override
    async def sent_since(self, platform: str, since: int) -> list[tuple[Place, int]]:
        recent = (_box.sent_at >= since) & _box.failed.is_(False) & on_platforms(_box.place, [platform])
        query = select(_box.place, _box.sent_at).where(recent).order_by(_box.sent_at.desc()).limit(_MANY)
        async with self._database.connected() as connection:
            rows = (await connection.execute(query)).rows
        return [(row.place, row.sent_at) for row in reversed(rows)]

    @override
    @shielded
    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        sent = [{"this": message_id, "now": now, "its_ref": ref} for message_id, ref in arrived.items()]
        async with self._database.connected() as connection:
            if sent:
                await connection.execute(_SENT, sent)
            if failed:
                never = update(tables.outbox).where(_box.id.in_(failed)).values(sent_at=now, failed=True)
                await connection.execute(never)

    @override
    async def document(self, name: str) -> File | None:
        kind, _, which = name.partition(":")
        async with self._database.connected() as connection:
            if kind == "export":
                return File("mockbot-export.json", await _export(connection, Person(which)))
            found = await _debrief(connection, int(which))
        return File(f"mock-interview-{which}.html", report.rendered(found, "html").encode()) if found else None


async def _debrief(connection: Connection, session_id: int) -> Debrief | None:
    query = select(tables.debriefs.c.debrief).where(tables.debriefs.c.session_id == session_id)
    found = (await connection.execute(query)).scalar()
    return None if found is None else load(Debrief, found)


async def _export(connection: Connection, person: Person) -> bytes:
    """All rows about a person as JSON, by table, without snapshots, which repeat what the other tables hold."""
    theirs = select(tables.sessions.c.id).where(tables.sessions.c.person == person)
    found: dict[str, list[dict[str, object]]] = {}
    for table in tables.metadata.sorted_tables:
        if table in tables.PERSONAL:
            where = table.c.person == person
        elif "session_id" in table.c:
            where = table.c.session_id.in_(theirs)
        else:
            continue
        told = [column for column in table.c if column.name not in {"snapshot", "extras", "failed", "owner"}]
        names = [column.name for column in told]
        rows = (await connection.execute(select(*told).where(where))).rows
        found[table.name] = [_readable(dict(zip(names, row, strict=True))) for row in rows]
    return json.dumps({"person": person, **found}, ensure_ascii=False, indent=2).encode()


def _readable(row: dict[str, object]) -> dict[str, object]:
    """Columns that hold JSON as what they hold."""
    return {name: json.loads(str(value)) if name in _HOLDING_JSON else value for name, value in row.items()}

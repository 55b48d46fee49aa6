"""Everything that is kept about one person, as they may ask for it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, Table, select

from bot.core.place import Person
from bot.storage import tables
from bot.storage.database import Connection

_JSON = {"assessment", "debrief", "competencies"}


async def export(connection: Connection, person: Person) -> bytes:
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
        told = _told(table)
        names = [column.name for column in told]
        rows = await connection.execute(select(*told).where(where))
        found[table.name] = [_readable(dict(zip(names, row, strict=True))) for row in rows]
    return json.dumps({"person": person, **found}, ensure_ascii=False, indent=2).encode()


def _told(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name not in {"snapshot", "extras", "failed", "owner"}]


def _readable(row: dict[str, object]) -> dict[str, object]:
    """Columns that hold JSON as what they hold."""
    return {name: json.loads(str(value)) if name in _JSON else value for name, value in row.items()}

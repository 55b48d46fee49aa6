"""Rows that one process works on for a while: claimed by the same statement on SQLite and PostgreSQL.

PostgreSQL skips rows that another process is just claiming; SQLite lets one process write at a time, so there is
nothing to skip.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, select, update

from bot.storage import tables


def claiming(
    table: Table,
    due: ColumnElement[bool],
    order: ColumnElement[Any],
    key: Column[Any],
    values: Mapping[str, object],
) -> Any:  # noqa: ANN401 - SQLAlchemy's type of an UPDATE that returns rows names every column
    """The statement that claims up to `:limit` due rows in order and returns them whole.

    The rows are picked in a subquery of an array, as PostgreSQL would otherwise be free to pick anew for each row.
    """
    picked = select(key).where(due).order_by(order).limit(bindparam("limit")).with_for_update(skip_locked=True)
    chosen = picked.cte("chosen")
    return update(table).where(key.in_(select(chosen.c[key.name]))).values(values).returning(*table.c)


_LEASED: dict[str, object] = {"lease_until": bindparam("lease_until")}
DUE_SUBSCRIPTIONS = claiming(
    tables.subscriptions,
    (tables.subscriptions.c.next_at <= bindparam("now")) & (tables.subscriptions.c.lease_until <= bindparam("now")),
    tables.subscriptions.c.next_at,
    tables.subscriptions.c.person,
    _LEASED,
)

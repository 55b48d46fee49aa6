"""Rows that one process works on for a while: claimed by the same statement on SQLite and PostgreSQL.

PostgreSQL skips rows that another process is just claiming; SQLite lets one process write at a time, so there is
nothing to skip.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update

from bot.storage import tables
from bot.storage.places import on_platforms


@cache
def claiming(platforms: tuple[str, ...]) -> Any:  # noqa: ANN401 - SQLAlchemy's type of it names every column
    """The statement that claims up to `:limit` subscriptions due at `:now` on some platforms and returns them whole.

    The rows are picked beforehand, as PostgreSQL would otherwise be free to pick anew for each row.
    """
    row = tables.subscriptions.c
    now: BindParameter[int] = bindparam("now")
    due = (row.next_at <= now) & (row.lease_until <= now) & on_platforms(row.place, platforms)
    picked = select(row.person).where(due).order_by(row.next_at).limit(bindparam("limit"))
    chosen = picked.with_for_update(skip_locked=True).cte("chosen")
    claim = update(tables.subscriptions).where(row.person.in_(select(chosen.c.person)))
    return claim.values(lease_until=bindparam("lease_until")).returning(*row)

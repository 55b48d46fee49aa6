"""The rows that come due: timers, and daily questions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, select, update
from typing_extensions import override

from bot.core.session import TimerKind
from bot.service.ports.daily import Planned, Prompt
from bot.service.ports.shared_work import EVERYTHING, Schedule, Share
from bot.service.ports.store import DueTimer
from bot.storage import tables
from bot.storage.daily import planned, prompt
from bot.storage.database import Database
from bot.storage.leases import claiming
from bot.storage.places import on_platforms

_DUE = tables.subscriptions.c.next_at <= bindparam("now")
_LATE = 5  # seconds after which what is due is everybody's


def _is_ours(number: ColumnElement[int], due: ColumnElement[int], share: Share) -> ColumnElement[bool]:
    """Whether a row belongs to our share of what is due at `:now`, or is late."""
    now: BindParameter[int] = bindparam("now")
    return (due <= now) & ((number % share.of == share.number) | (due <= now - _LATE))


# Every tick asks for both, so each is built once: that took longer than the database needs to say that there is none.
@cache
def _due_timers(platforms: tuple[str, ...], share: Share) -> Any:  # noqa: ANN401 - SQLAlchemy's type names every column
    row = tables.timers.c
    ours = _is_ours(row.session_id, row.due_at, share) & on_platforms(row.place, platforms)
    query = select(row.session_id, row.place, row.turn, row.kind).where(ours)
    return query.order_by(row.due_at).limit(bindparam("most"))


@cache
def _due_prompts(platforms: tuple[str, ...], share: Share) -> Any:  # noqa: ANN401 - as above
    row = tables.prompts.c
    ours = _is_ours(row.id, row.again_at, share) & on_platforms(row.place, platforms)
    return select(tables.prompts).where(ours).order_by(row.again_at).limit(bindparam("most"))


def closing(timer: DueTimer, now: int) -> Any:  # noqa: ANN401 - as above
    """The statement that closes a timer, if it is still there and due."""
    row = tables.timers.c
    its = (row.session_id == timer.session_id) & (row.turn == timer.turn) & (row.kind == timer.kind.value)
    return delete(tables.timers).where(its, row.due_at <= now)


class SqlSchedule(Schedule):
    """The rows that come due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def due_timers(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[DueTimer]:
        query = _due_timers(tuple(platforms), share)
        async with self._database.connected() as connection:
            rows = (await connection.execute(query, {"now": now, "most": limit})).rows
        return [DueTimer(r.session_id, r.place, r.turn, TimerKind(r.kind)) for r in rows]

    @override
    async def due_subscriptions(self, now: int, lease: int, limit: int, platforms: Collection[str]) -> list[Planned]:
        claim = claiming(tables.subscriptions, tuple(platforms), _DUE, tables.subscriptions.c.next_at)
        values = {"now": now, "until": now + lease, "limit": limit}
        async with self._database.connected() as connection:
            rows = (await connection.execute(claim, values)).rows
        return [planned(row) for row in rows]  # read when others may write again

    @override
    async def due_prompts(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[Prompt]:
        query = _due_prompts(tuple(platforms), share)
        async with self._database.connected() as connection:
            rows = (await connection.execute(query, {"now": now, "most": limit})).rows
        return [prompt(row) for row in rows]

    @override
    async def drop_timer(self, timer: DueTimer, now: int) -> None:
        async with self._database.connected() as connection:
            await connection.execute(closing(timer, now))

    @override
    async def drop_prompt(self, prompt_id: int) -> None:
        its = update(tables.prompts).where(tables.prompts.c.id == prompt_id)
        async with self._database.connected() as connection:
            await connection.execute(its.values(again_at=None, again=""))

"""Answers that are to be examined: any replica takes them, and another one does when that dies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from typing_extensions import override

from bot.core.effects import Examine
from bot.service.concurrency import shielded
from bot.service.ports.examiner import Examinations, OpenExamination
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.leases import FAR, claiming
from bot.storage.places import on_platforms

_row = tables.examinations.c
_RENEW = (
    update(tables.examinations)
    .where(_row.id.in_(bindparam("numbers", expanding=True)), _row.owner == bindparam("its_owner"))
    .values(lease_until=bindparam("until"))
    .returning(_row.id)
)
_OWNERS = select(_row.owner).where(_row.owner != "").distinct()
CLOSE = delete(tables.examinations).where(_row.id == bindparam("this"), _row.place == bindparam("its_place"))


@cache
def _claiming(platforms: tuple[str, ...]) -> Any:  # noqa: ANN401 - as in `leases`; built once, as it runs every second
    free = or_(_row.lease_until <= bindparam("now"), _row.lease_until > bindparam("now") + FAR)
    leased: dict[str, object] = {"owner": bindparam("its_owner"), "lease_until": bindparam("until")}
    return claiming(tables.examinations, free & on_platforms(_row.place, platforms), _row.id, _row.id, leased)


class SqlExaminations(Examinations):
    """The rows of examinations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def claim(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Collection[str]
    ) -> list[OpenExamination]:
        values = {"its_owner": owner, "now": now, "until": lease_until, "limit": limit}
        return await shielded(self._claim(values, tuple(platforms)))

    async def _claim(self, values: dict[str, Any], platforms: tuple[str, ...]) -> list[OpenExamination]:
        async with self._database.connected() as connection:
            rows = (await connection.execute(_claiming(platforms), values)).all()
        return [_read(row) for row in sorted(rows, key=lambda row: row.id)]

    @override
    async def renew(self, owner: str, numbers: Sequence[int], lease_until: int) -> set[int]:
        values = {"its_owner": owner, "numbers": list(numbers), "until": lease_until}
        async with self._database.connected(urgent=True) as connection:
            return set((await connection.execute(_RENEW, values)).scalars())

    @override
    async def owners(self) -> list[str]:
        async with self._database.connected() as connection:
            return (await connection.execute(_OWNERS)).scalars()


def _read(row: Any) -> OpenExamination:  # noqa: ANN401 - a row has no type
    asked = Examine(row.examiner, row.turn, row.probe, row.question_id, row.answer)
    return OpenExamination(row.id, row.session_id, row.place, asked)

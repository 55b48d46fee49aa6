"""Answers that are to be examined: any replica takes them, and another one does when that dies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, select, true, update
from typing_extensions import override

from bot.core.effects import Examine
from bot.service.concurrency import shielded
from bot.service.ports.examiner import Examinations, OpenExamination
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.leases import claiming

_row = tables.examinations.c
_RENEW = (
    update(tables.examinations)
    .where(_row.id.in_(bindparam("numbers", expanding=True)), _row.owner == bindparam("its_owner"))
    .values(lease_until=bindparam("until"))
    .returning(_row.id)
)
_OWNERS = select(_row.owner).where(_row.owner != "").distinct()
CLOSE = delete(tables.examinations).where(_row.id == bindparam("this"), _row.place == bindparam("its_place"))


class SqlExaminations(Examinations):
    """The rows of examinations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    @shielded
    async def claim(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Collection[str]
    ) -> list[OpenExamination]:
        claim = claiming(tables.examinations, tuple(platforms), true(), _row.id)
        values = {"its_owner": owner, "now": now, "until": lease_until, "limit": limit}
        async with self._database.connected() as connection:
            rows = (await connection.execute(claim, values)).rows
        return [
            OpenExamination(
                row.id,
                row.session_id,
                row.place,
                Examine(row.examiner, row.turn, row.probe, row.question_id, row.answer),
            )
            for row in sorted(rows, key=lambda row: row.id)
        ]

    @override
    async def renew(self, owner: str, numbers: Sequence[int], lease_until: int) -> set[int]:
        values = {"its_owner": owner, "numbers": list(numbers), "until": lease_until}
        async with self._database.connected(urgent=True) as connection:
            return set((await connection.execute(_RENEW, values)).scalars())

    @override
    async def owners(self) -> list[str]:
        async with self._database.connected() as connection:
            return (await connection.execute(_OWNERS)).scalars()

"""A connection to the database for each transaction: the same few calls on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.errors import foreign_errors

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement returned, and how many rows it changed."""

    rows: Sequence[Any] = ()
    rowcount: int = -1

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def all(self) -> Sequence[Any]:
        """All rows."""
        return self.rows

    def first(self) -> Any:  # noqa: ANN401 - a row has no type
        """The first row; None when there is none."""
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - as above
        """The first column of the first row; None when there is none."""
        return self.rows[0][0] if self.rows else None

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows]


class Connection:
    """One transaction's connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name

    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Run a statement, once or for each of several rows of parameters."""
        done = await self._connection.execute(statement, parameters)
        return Result(done.all() if done.returns_rows else (), done.rowcount)


class Database:
    """The database at `url`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.url = str(engine.url)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """A transaction: committed at the end of the block, rolled back when it raises."""
        with foreign_errors(self.url):
            async with self._engine.begin() as connection:
                yield Connection(connection)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

"""PostgreSQL as the store uses it: a pool of SQLAlchemy's connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Executable, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from typing_extensions import override

from bot.storage.database import Connection, Database, Parameters, Result, foreign_errors

# A connection is checked when it is taken, so that after a restart of the server nobody meets a dead one.
_CONNECTIONS, _CONNECT_SECONDS = 10, 5
# What a process holds that was stopped, or whose machine is gone, in the middle of a transaction is free after so long.
# PostgreSQL would otherwise wait for TCP to notice, which takes two hours.
IDLE_SECONDS = 10


class PostgresqlConnection(Connection):
    """A connection out of the pool."""

    dialect = "postgresql"

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @override
    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        done = await self._connection.execute(statement, parameters)
        return Result(done.all() if done.returns_rows else (), done.rowcount)


class PostgresqlDatabase(Database):
    """A database on a server; an engine may be given instead of the usual one."""

    def __init__(self, url: str, idle_seconds: int = IDLE_SECONDS, *, engine: AsyncEngine | None = None) -> None:
        super().__init__(url)
        self._engine = engine or _engine(url, idle_seconds)

    @override
    @asynccontextmanager
    async def connected(self, *, urgent: bool = False) -> AsyncIterator[Connection]:
        with foreign_errors(self.url):
            async with self._engine.begin() as connection:
                yield PostgresqlConnection(connection)

    @override
    async def close(self) -> None:
        await self._engine.dispose()


def _engine(url: str, idle_seconds: int) -> AsyncEngine:
    made = create_async_engine(
        url,
        isolation_level="READ COMMITTED",  # locked rows are read as they are, whatever the server's own default is
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error names no texts
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"-c idle_in_transaction_session_timeout={idle_seconds}s",
        },
    )
    event.listen(made.sync_engine, "before_cursor_execute", _without_nul)
    return made


def _without_nul(_connection: object, _cursor: object, _statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401 - one row, or a list of them
    """Leave out the one character that no text of PostgreSQL may hold."""
    for row in parameters if isinstance(parameters, list) else [parameters]:
        for name, value in row.items() if isinstance(row, dict) else ():
            if isinstance(value, str) and "\0" in value:
                row[name] = value.replace("\0", "")

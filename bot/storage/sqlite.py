"""SQLite's connection as the store uses it: statements run on the event loop, what may wait runs beside it.

aiosqlite hands each statement, cursor and fetch to a thread, nearly fifty times an answer. One such call took 56
microseconds; the statements of an answer themselves took 10 to 25, as they find rows by key. Three things may take
longer, and none of them holds up the loop. A commit waits for the disk, and connecting reads the file: both run in a
thread. Another process's write lock is asked for again and again, with pauses in which others have their turn.

One connection serves the store. The pool gives it to one transaction after another, and a cancel waits for the thread,
so that the thread and the loop never use it at the same time.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import await_

Result = TypeVar("Result")
_PAUSE = 0.002  # seconds between two attempts to get the write lock


class Cursor(sqlite3.Cursor):
    """A cursor that SQLAlchemy's asyncio engine takes; it refuses a driver that never waits for anything."""

    def execute(self, *statement: Any) -> Self:  # noqa: ANN401 - as sqlite3 has it
        """Execute, on the loop."""
        await_(_nothing())
        return super().execute(*statement)

    def executemany(self, *statement: Any) -> Self:  # noqa: ANN401 - as above
        """Execute once for each row, on the loop."""
        await_(_nothing())
        return super().executemany(*statement)

    async def _async_soft_close(self) -> None:
        """Nothing: the rows of a result can still be fetched."""


async def _nothing() -> None:
    pass


class InlineConnection(sqlite3.Connection):
    """A connection for use on the event loop; it has what SQLAlchemy asks of one of an asyncio driver."""

    def __init__(self, path: str, **options: Any) -> None:  # noqa: ANN401 - sqlite3's own options
        super().__init__(path, **options)
        self._thread = ThreadPoolExecutor(1, "sqlite")

    def cursor(self, factory: Any = None) -> Any:  # noqa: ANN401 - as sqlite3 has it
        """A cursor for SQLAlchemy."""
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        """Commit in the thread."""
        await_(_finished(self._thread, self.to_disk))

    def to_disk(self) -> None:
        """Commit, which waits for the disk."""
        super().commit()

    def terminate(self) -> None:
        """Close at once; an open transaction is rolled back."""
        self.close()

    def close(self) -> None:
        """Close, and let the thread end."""
        self._thread.shutdown(wait=False)
        super().close()


async def _finished(thread: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
    """Do work in the thread, to its end before a cancel counts."""
    done = asyncio.get_running_loop().run_in_executor(thread, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait({done})
        raise


def run_inline(engine: Engine, busy: int) -> None:
    """Have an engine connect this way; each transaction waits `busy` milliseconds for the write lock at most."""

    def connect(
        _dialect: object, _record: object, place: Sequence[str], options: Mapping[str, Any]
    ) -> InlineConnection:
        return await_(asyncio.to_thread(_connected, place[0], busy, options))

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "begin", lambda connection: _begin_immediate(connection, busy / 1000))


def _connected(path: str, busy: int, options: Mapping[str, Any]) -> InlineConnection:
    connection = InlineConnection(path, **options, isolation_level=None)
    cursor = connection.cursor(sqlite3.Cursor)
    try:
        for pragma in (
            f"busy_timeout={busy}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a committed answer survives a power cut, not only a killed process
            "foreign_keys=ON",
            "wal_autocheckpoint=10000",  # 40 MB; pages that change again and again are copied to the file less often
            "cache_size=-16000",  # 16 MB; what does not fit is written by the statement, on the loop, not by the commit
            "busy_timeout=0",  # from here on it would be the loop that waits
        ):
            cursor.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin_immediate(connection: Connection, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if loop.time() > deadline or not _is_busy(error.orig):
                raise
            await_(asyncio.sleep(_PAUSE))
        else:
            return


def _is_busy(error: BaseException | None) -> bool:
    """The lower byte of an extended code is the code itself (SQLite, "Result and Error Codes")."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY

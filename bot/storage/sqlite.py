"""SQLite as the store uses it: one connection, whose statements run on the event loop, and whose commits are shared.

A driver that hands each statement to a thread takes 56 microseconds for that; the statements of an answer themselves
take 10 to 25, as they find rows by key. Three things may take longer, and none of them holds up the loop. A commit
waits for the disk, and connecting reads the file: both run in a thread. Another process's write lock is asked for again
and again, with pauses in which others have their turn.

Whoever waits for the connection joins the transaction that is open, behind a savepoint, and all of them share its
commit: under load waiting for the disk is most of what a transaction takes. Nobody goes on before that commit. What
raises is rolled back alone; when the commit fails, it fails for all.

A statement that is kept, at the top of a module or by `cache`, is compiled by SQLAlchemy when it runs for the first
time; one that is made for a single use, each time.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque, namedtuple
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Insert
from sqlalchemy.dialects import sqlite as dialects
from sqlalchemy.engine import make_url
from typing_extensions import override

from bot.storage.database import FOREIGN, Connection, Database, Parameters, Result, ours

MOST = 16  # transactions that share a commit
BUSY_SECONDS = 10.0  # seconds that a transaction waits for another process's write lock
_PAUSE = 0.002  # seconds between two attempts to get it
_PRAGMAS = (
    f"busy_timeout={1000 * BUSY_SECONDS:.0f}",
    "journal_mode=WAL",
    "synchronous=FULL",  # a committed answer survives a power cut, not only a killed process
    "foreign_keys=ON",
    "temp_store=MEMORY",  # what savepoints may have to undo
    "wal_autocheckpoint=10000",  # 40 MB; pages that change again and again are copied to the file less often
    "cache_size=-16000",  # 16 MB; what does not fit is written by the statement, on the loop, not by the commit
    "busy_timeout=0",  # from here on it would be the loop that waits
)
_DIALECT = dialects.dialect(paramstyle="named")  # sqlite3 takes the parameters by name as well
_COMPILED: WeakKeyDictionary[Executable, dict[tuple[str, ...], Compiled]] = WeakKeyDictionary()


class Group:
    """Transactions that share a commit; an urgent one lets nobody join who is not."""

    def __init__(self) -> None:
        self.size = 0
        self.urgent = False
        self.committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, error: BaseException) -> None:
        """None of it was committed."""
        self.committed.set_exception(error)
        self.committed.exception()  # it may be that nobody is left to be told


class SqliteDatabase(Database):
    """The database in a file of SQLite."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        super().__init__(url)
        self._busy_seconds = busy_seconds
        self._raw: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._group: Group | None = None

    @override
    @asynccontextmanager
    async def connected(self, *, urgent: bool = False) -> AsyncIterator[Connection]:
        try:
            await self._take_turn(urgent=urgent)
            try:
                raw = await self._opened()
                group = await self._join(raw, urgent=urgent)
                try:
                    yield SqliteConnection(raw)
                    raw.execute("RELEASE one")
                except BaseException as error:
                    self._undo(raw, group, error)
                    raise
            finally:
                await self._end_turn()
            await asyncio.shield(group.committed)
        except FOREIGN as error:
            raise ours(error, self.url) from error

    @override
    async def close(self) -> None:
        self._thread.shutdown(wait=False)
        if self._raw is not None:
            self._raw.close()

    async def _take_turn(self, *, urgent: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                await self._end_turn()  # it had come
            raise

    async def _opened(self) -> sqlite3.Connection:
        if self._raw is None:
            self._raw = await asyncio.to_thread(connect, self.url)
        return self._raw

    async def _join(self, raw: sqlite3.Connection, *, urgent: bool) -> Group:
        """The open group, or a new one; what the caller does from now on can be undone alone."""
        if self._group is None:
            await _begin(raw, self._busy_seconds)
            self._group = Group()
        raw.execute("SAVEPOINT one")
        self._group.size += 1
        self._group.urgent |= urgent
        return self._group

    def _undo(self, raw: sqlite3.Connection, group: Group, error: BaseException) -> None:
        """Roll back what one did; of some errors SQLite has rolled back the whole transaction."""
        if raw.in_transaction:
            raw.execute("ROLLBACK TO one")
            raw.execute("RELEASE one")
        else:
            self._group = None
            group.fail(error)

    async def _end_turn(self) -> None:
        """Commit, unless somebody waits who can share the commit; then it is the next one's turn."""
        for queue in (self._urgent, self._others):
            while queue and queue[0].done():
                queue.popleft()
        group = self._group
        try:
            if group and not self._goes_on(group):
                self._group = None
                await self._commit(group)
        finally:
            self._pass_turn_on()

    def _goes_on(self, group: Group) -> bool:
        return group.size < MOST and bool(self._urgent or (self._others and not group.urgent))

    def _pass_turn_on(self) -> None:
        for queue in (self._urgent, self._others):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._taken = False

    async def _commit(self, group: Group) -> None:
        """Commit in the thread, to the end before a cancel counts."""
        raw = await self._opened()
        committing = asyncio.get_running_loop().run_in_executor(self._thread, to_disk, raw)
        try:
            await _finished(committing)
        finally:
            if error := committing.exception():
                raw.rollback()
                group.fail(error)
            else:
                group.committed.set_result(None)


def connect(url: str) -> sqlite3.Connection:
    """A connection for use on the event loop and in the thread, though never in both at a time."""
    arguments, options = _DIALECT.create_connect_args(make_url(url))
    given = dict(options) | {"isolation_level": None, "check_same_thread": False}
    raw: sqlite3.Connection = sqlite3.connect(arguments[0], **given)
    try:
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def to_disk(raw: sqlite3.Connection) -> None:
    """Commit, which waits for the disk."""
    raw.commit()


async def _begin(raw: sqlite3.Connection, busy_seconds: float) -> None:
    """Begin with the write lock, when no other process has it any more."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + busy_seconds
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if loop.time() > deadline or not _is_busy(error):
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return


def _is_busy(error: sqlite3.Error) -> bool:
    """The lower byte of an extended code is the code itself (SQLite, "Result and Error Codes")."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


async def _finished(work: asyncio.Future[None]) -> None:
    cancelled = None
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled


class SqliteConnection(Connection):
    """The connection; statements run at once, on the loop."""

    dialect = "sqlite"

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    @override
    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        if parameters is None or isinstance(parameters, Mapping):
            return self._execute(statement, parameters or {})
        made = _compiled(statement, tuple(parameters[0]))
        done = self._raw.executemany(made.sql, [{**made.values, **row} for row in parameters])
        return Result((), done.rowcount)

    def _execute(self, statement: Executable, parameters: Mapping[str, Any]) -> Result:
        made = _compiled(statement, tuple(parameters))
        done = self._raw.execute(*made.bound(parameters))
        if done.description is None:
            return Result((), done.rowcount)
        rows = done.fetchall()
        return Result(made.read(tuple(column[0] for column in done.description), rows) if rows else (), done.rowcount)


class Compiled:
    """A statement as SQL, with the values it holds itself, and how its rows are read."""

    def __init__(self, statement: Executable, names: Sequence[str]) -> None:
        columns = names if isinstance(statement, Insert) and names and statement.select is None else None
        made = statement.compile(dialect=_DIALECT, column_keys=columns)  # type: ignore[attr-defined] # all of ours do
        self.sql = str(made)
        self.values: Mapping[str, Any] = made.params
        self._lists = made if made.post_compile_params or made.literal_execute_params else None
        self._processors = _processors(statement)

    def bound(self, parameters: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The SQL and its parameters; a list of values becomes as many parameters as it has values."""
        values = {**self.values, **parameters}
        if self._lists is None:
            return self.sql, values
        expanded = self._lists.construct_expanded_state(values)
        return expanded.statement, expanded.parameters

    def read(self, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[Any]:
        """The rows, with names, and as their columns' types have them."""
        make = _row_of(names)._make
        if not self._processors:
            return [make(row) for row in rows]
        return [make(self._processed(row)) for row in rows]

    def _processed(self, row: Sequence[Any]) -> Sequence[Any]:
        found = list(row)
        for place, process in self._processors:
            found[place] = process(found[place])
        return found


def _compiled(statement: Executable, names: tuple[str, ...]) -> Compiled:
    """The statement for parameters of these names."""
    known = _COMPILED.setdefault(statement, {})
    if names not in known:
        known[names] = Compiled(statement, names)
    return known[names]


def _processors(statement: Executable) -> list[tuple[int, Callable[[Any], Any]]]:
    """What turns a value of SQLite into one of a column's type, by the column's number, where anything has to."""
    types = [column.type.dialect_impl(_DIALECT) for column in getattr(statement, "exported_columns", ())]
    found = ((number, type_.result_processor(_DIALECT, None)) for number, type_ in enumerate(types))
    return [(number, process) for number, process in found if process]


@cache
def _row_of(names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type made at run time
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - the names are known only here

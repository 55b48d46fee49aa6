"""The connection to SQLite: SQLAlchemy's statements, compiled once and run by sqlite3.

A statement that is kept, at the top of a module or by `cache`, is compiled when it runs for the first time; one that is
made for a single use, each time.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Insert
from sqlalchemy.dialects import sqlite as dialects
from typing_extensions import override

from bot.storage.database import Connection, Parameters, Result

DIALECT = dialects.dialect(paramstyle="named")  # sqlite3 takes the parameters by name as well
_COMPILED: WeakKeyDictionary[Executable, dict[tuple[str, ...], Compiled]] = WeakKeyDictionary()


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
        made = statement.compile(dialect=DIALECT, column_keys=columns)  # type: ignore[attr-defined] # all of ours do
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
    types = [column.type.dialect_impl(DIALECT) for column in getattr(statement, "exported_columns", ())]
    found = ((number, type_.result_processor(DIALECT, None)) for number, type_ in enumerate(types))
    return [(number, process) for number, process in found if process]


@cache
def _row_of(names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type made at run time
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - the names are known only here

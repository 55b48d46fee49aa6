"""A transaction on either database, as the pieces of the store use it, and the errors of both, turned into ours."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.service.ports.store import StoreAwayError, StoreFailedError

_STOOD_STILL = "25P03"  # idle_in_transaction_session_timeout (PostgreSQL, "Error Codes")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement returned, and how many rows it changed."""

    rows: Sequence[Any] = ()
    rowcount: int = -1

    def first(self) -> Any:  # noqa: ANN401 - a row has no type
        """The first row; None when there is none."""
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - as above
        """The first column of the first row; None when there is none."""
        return self.rows[0][0] if self.rows else None

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows]


class Connection(ABC):
    """A connection within one transaction; `dialect` names the kind of database."""

    dialect: str

    @abstractmethod
    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Run a statement, once or for each of several rows of parameters."""


class Database(ABC):
    """The database at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def connected(self, *, urgent: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A transaction: committed at the end of the block, rolled back when it raises.

        An `urgent` one goes before those that wait, where transactions have to wait for one another.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close all connections."""


class StoreError(StoreFailedError):
    """A database that cannot be used; the message is one sentence for the person."""


class UnavailableError(StoreError, StoreAwayError):
    """A database that cannot be used just now; the same may well work later."""


FOREIGN = (DBAPIError, PoolTimeoutError, ArgumentError, NoSuchModuleError, ModuleNotFoundError, sqlite3.Error, OSError)
_AWAY = (OperationalError, InterfaceError, sqlite3.OperationalError, sqlite3.InterfaceError)


@contextmanager
def foreign_errors(url: str) -> Iterator[None]:
    """Turn errors of the database and its driver into one sentence."""
    try:
        yield
    except FOREIGN as error:
        raise ours(error, url) from error


def ours(error: Exception, url: str) -> StoreError:
    """An error of the database or its driver as one sentence."""
    match error:
        case DBAPIError() | sqlite3.Error():
            if not isinstance(error, _AWAY) and getattr(_of_driver(error), "sqlstate", "") == _STOOD_STILL:
                said = "gave up on a transaction that stood still"
                return UnavailableError(f"The database {shown(url)} {said}. Nothing in it was changed.")
            message = f"The database {shown(url)} cannot be used: {_first_line(error)}. Nothing in it was changed."
            return UnavailableError(message) if isinstance(error, _AWAY) else StoreError(message)
        case PoolTimeoutError():
            return UnavailableError(f"The database {shown(url)} is too busy just now. Nothing in it was changed.")
        case OSError():
            return StoreError(f"The database {shown(url)} cannot be opened: {error.strerror or error}.")
        case _:
            return StoreError(f"{shown(url)} is no database address I can use; try sqlite+aiosqlite:///mockbot.db.")


def _first_line(error: Exception) -> str:
    """What the driver says; PostgreSQL's further lines may quote rows, which have no place in a log."""
    said = _of_driver(error)
    return (str(said).splitlines() or [type(said).__name__])[0]


def _of_driver(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "you named"

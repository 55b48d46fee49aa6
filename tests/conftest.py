"""The databases that tests run on: SQLite in a file of the test's own, and PostgreSQL on one server for all."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import postgres as server
from bot.storage import SqlStore, migrate, open_store, sqlite
from postgres import EMPTY, MIGRATED, Postgres

# To compile and rewrite the tests takes longer than to import them: let that be once, here and in xdist's workers.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says more about the machine; MOCKBOT_EXAMPLES=1000 tries more of them.
settings.register_profile(
    "suite",
    max_examples=int(os.environ.get("MOCKBOT_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


# The tests that take longest, mostly waiting for processes of their own; last, they would leave one worker idle.
_LONGEST = {"test_faults.py", "test_kill.py", "test_run.py", "test_whole_month.py"}


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores, since some tests mostly wait for processes of their own."""
    return 1 + (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)


def pytest_collection_finish() -> None:
    """Spare the garbage collector all that was loaded to run the tests; it is looked through for seconds otherwise."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _without_waiting_for_the_disk() -> Iterator[None]:
    """No test cuts the power: what is committed needs to outlive a process only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "synchronous=OFF"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server, started by the first test that needs it."""
    with server.running() as started:
        yield started


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A migrated database on PostgreSQL."""
    url = postgres.fresh(MIGRATED)
    yield url
    postgres.drop(url)


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """A database on PostgreSQL without any table."""
    url = postgres.fresh(EMPTY)
    yield url
    postgres.drop(url)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A file for a database on SQLite, which is not there yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy, as migrating one takes a fifth of a second."""
    path = tmp_path_factory.mktemp("migrated") / "mockbot.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A migrated database on SQLite."""
    path = shutil.copy(migrated_sqlite, tmp_path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """A store on SQLite, for whoever does not ask which database it is."""
    opened = await open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A migrated database on SQLite; for a test that is marked `on_both_databases`, once on each."""
    return str(request.getfixturevalue(getattr(request, "param", "sqlite_url")))


@pytest.fixture(params=["sqlite_url", "postgres_url"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(params=["empty_sqlite_url", "empty_postgres_url"], ids=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(request.param))

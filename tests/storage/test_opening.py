import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.storage import StoreError, migrate, open_store, tables
from bot.storage.opening import REVISIONS, alembic_config, engine


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def test_an_absent_database_is_created_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "mockbot.db"
    store = await open_store(url(path))
    await store.beat(5)
    assert await store.last_beat() == 5
    await store.close()
    assert path.exists()


async def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    address = url(tmp_path / "mockbot.db")
    assert await migrate(address) == (None, REVISIONS[-1])
    assert await migrate(address) == (REVISIONS[-1], REVISIONS[-1])


async def test_the_migrations_build_the_tables_the_store_uses(tmp_path: Path) -> None:
    address = url(tmp_path / "mockbot.db")
    await migrate(address)
    opened = engine(address)
    async with opened.connect() as connection:
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        columns = await connection.run_sync(
            lambda sync: {n: {c["name"] for c in inspect(sync).get_columns(n)} for n in tables.metadata.tables}
        )
    await opened.dispose()
    assert names == {*tables.metadata.tables, "alembic_version"}
    assert columns == {name: {c.name for c in table.columns} for name, table in tables.metadata.tables.items()}


def test_the_newest_migration_is_the_one_the_store_expects() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and only this test needs it

    assert ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head() == REVISIONS[-1]


def broken_file(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')"
    )
    connection.close()


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE recipes (name TEXT)")
    connection.close()


def incomplete(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        f"CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('{REVISIONS[-1]}')"
    )
    connection.close()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (broken_file, "file is not a database"),
        (newer, "was written by a newer Mockbot"),
        (foreign, "not Mockbot's"),
        (incomplete, "is broken: it lacks"),
    ],
)
async def test_a_database_that_is_not_ours_is_refused_and_left_untouched(tmp_path: Path, make, sentence: str) -> None:
    path = tmp_path / "mockbot.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=sentence):
        await open_store(url(path))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["mockbot.db"]


@pytest.mark.parametrize(
    "address", ["nonsense://x", "no url", "mysql+nodriver://a/b", "sqlite+aiosqlite:////proc/x/y.db"]
)
async def test_an_address_that_leads_nowhere_is_one_sentence(address: str) -> None:
    with pytest.raises(StoreError):
        await open_store(address)


async def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as caught:
        await open_store("nonsense://someone:secret@host/db")
    assert "secret" not in str(caught.value)


async def test_migrating_an_older_database_keeps_what_is_in_it(tmp_path: Path) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and only here

    path = tmp_path / "mockbot.db"
    await asyncio.to_thread(command.upgrade, alembic_config(url(path)), "0001")
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO questions_seen VALUES ('me', 'entropy', 3, 5)")
    connection.commit()
    connection.close()
    assert await migrate(url(path)) == ("0001", REVISIONS[-1])
    store = await open_store(url(path))
    async with store.begin() as transaction:
        assert (await transaction.history("me")).seen == {"entropy": 3}
    await store.close()

from pathlib import Path

import pytest
from by_hand import sql, upgrade
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import StoreError, migrate, open_store, tables
from bot.storage.database import UnavailableError
from bot.storage.opening import REVISIONS, alembic_config
from postgres import Postgres

Indices = set[tuple[str | None, tuple[str | None, ...], bool]]


async def test_an_absent_database_is_created_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "mockbot.db"
    store = await open_store(f"sqlite+aiosqlite:///{path}")
    await store.heartbeat.beat(5)
    assert await store.heartbeat.last_beat() == 5
    await store.close()
    assert path.exists()


async def test_migrating_twice_changes_nothing(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) == (None, REVISIONS[-1])
    assert await migrate(empty_database_url) == (REVISIONS[-1], REVISIONS[-1])


async def test_the_migrations_build_the_tables_the_store_uses(database_url: str) -> None:
    opened = create_async_engine(database_url)
    async with opened.connect() as connection:
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        columns = await connection.run_sync(
            lambda sync: {n: {c["name"] for c in inspect(sync).get_columns(n)} for n in tables.metadata.tables}
        )
        indices = await connection.run_sync(lambda sync: {n: found(sync, n) for n in tables.metadata.tables})
    await opened.dispose()
    assert names == {*tables.metadata.tables, "alembic_version"}
    assert columns == {name: {c.name for c in table.columns} for name, table in tables.metadata.tables.items()}
    assert indices == {name: declared(name) for name in tables.metadata.tables}


def found(connection: Connection, table: str) -> Indices:
    """The indices that a table has, without those that stand for a constraint."""
    return {
        (one["name"], tuple(one["column_names"]), bool(one["unique"]))
        for one in inspect(connection).get_indexes(table)
        if not one.get("duplicates_constraint")
    }


def declared(table: str) -> Indices:
    """The indices that a table should have."""
    its = tables.metadata.tables[table].indexes
    return {(str(one.name), tuple(column.name for column in one.columns), bool(one.unique)) for one in its}


def test_the_newest_migration_is_the_one_the_store_expects() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and only this test needs it

    assert ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head() == REVISIONS[-1]


VERSION = "CREATE TABLE alembic_version (version_num TEXT)"
NOT_OURS = {
    "was written by a newer Mockbot": (VERSION, "INSERT INTO alembic_version VALUES ('9999')"),
    "not Mockbot's": ("CREATE TABLE recipes (name TEXT)",),
    "is broken: it lacks": (VERSION, f"INSERT INTO alembic_version VALUES ('{REVISIONS[-1]}')"),
}


@pytest.mark.parametrize("sentence", NOT_OURS)
async def test_a_database_that_is_not_ours_is_refused_and_left_untouched(
    empty_database_url: str, sentence: str
) -> None:
    await sql(empty_database_url, *NOT_OURS[sentence])
    before = await content(empty_database_url)
    with pytest.raises(StoreError, match=sentence):
        await open_store(empty_database_url)
    assert await content(empty_database_url) == before


async def content(url: str) -> dict[str, list]:
    """All tables with their rows."""
    opened = create_async_engine(url)
    async with opened.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await opened.dispose()
    return {name: await sql(url, f"SELECT * FROM {name}") for name in names}


async def test_a_file_that_is_no_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "mockbot.db"
    path.write_bytes(b"this is no database at all" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="file is not a database"):
        await open_store(f"sqlite+aiosqlite:///{path}")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["mockbot.db"]


@pytest.mark.parametrize(
    "address", ["nonsense://x", "no url", "mysql+nodriver://a/b", "sqlite+aiosqlite:////proc/x/y.db"]
)
async def test_an_address_that_leads_nowhere_is_one_sentence(address: str) -> None:
    with pytest.raises(StoreError):
        await open_store(address)


async def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        await open_store(f"postgresql+psycopg://someone:secret@/mockbot?host={tmp_path}")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_database_the_server_does_not_have_is_one_line(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match='database "elsewhere" does not exist') as caught:
        await open_store(postgres.url("elsewhere"))
    assert "\n" not in str(caught.value)


async def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as caught:
        await open_store("nonsense://someone:secret@host/db")
    assert "secret" not in str(caught.value)


async def test_migrating_an_older_database_keeps_what_is_in_it(empty_database_url: str) -> None:
    await upgrade(empty_database_url, "0001")
    await sql(empty_database_url, "INSERT INTO questions_seen VALUES ('me', 'entropy', 3, 5)")
    assert await migrate(empty_database_url) == ("0001", REVISIONS[-1])
    store = await open_store(empty_database_url)
    async with store.begin() as transaction:
        assert (await transaction.history("me")).seen == {"entropy": 3}
    await store.close()

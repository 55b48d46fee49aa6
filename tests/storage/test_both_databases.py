"""What goes through sqlite3's own cursor and what goes through SQLAlchemy comes to the same rows and values."""

from typing import Any

from sqlalchemy import select

from assembled import router_of
from bot.storage import SqlStore, open_store, tables
from fakes import FakeClock, FakeMessenger, said
from rows import due_timers, left_unsent
from sample_bank import CORE, FULL_ANSWER, UNIFORM, sample_bank

HERE, ME = "console:here", "console:me"
LINES = ("/mock fundamentals 12", CORE, UNIFORM, "/hint", "What is the coin?", "/done", "/time",
         "/settings pace strict", FULL_ANSWER, "/done", "/skip", "/skip", "3",
         "/mock behavioral", FULL_ANSWER, "/stop", "2", "/history")  # fmt: skip


async def conversed(url: str) -> tuple[list[str], dict[str, list[tuple[Any, ...]]], list[Any]]:
    """What was said, all rows of all tables, and what is read from them otherwise."""
    store, messenger = await open_store(url), FakeMessenger()
    router = router_of(store, sample_bank(), messenger, FakeClock())
    for line in LINES:
        await router.handle(said(line, HERE, ME))
    rows, read = await everything(store), await otherwise(store)
    await store.close()
    return messenger.texts, rows, read


async def everything(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    async with store.database.connected() as connection:
        return {
            table.name: [
                tuple(row) for row in (await connection.execute(select(table).order_by(*table.primary_key))).rows
            ]
            for table in tables.metadata.sorted_tables
        }


async def otherwise(store: SqlStore) -> list[Any]:
    async with store.begin() as transaction:
        read = [
            await transaction.history(ME),
            await transaction.sessions_of(ME, 10),
            await transaction.debrief(ME, None),
            await transaction.open_interviews(HERE, ME),
            await transaction.settings(ME),
            await transaction.started_since(ME, 0),
        ]
    exported = await store.outbox.document(f"export:{ME}")
    return [*read, exported, await due_timers(store, 2**40), await left_unsent(store), await store.heartbeat.running()]


async def test_one_conversation_leaves_the_same_on_both(sqlite_url: str, postgres_url: str) -> None:
    texts, rows, read = await conversed(sqlite_url)
    assert rows["answers"]
    assert rows["debriefs"]
    their_texts, their_rows, theirs = await conversed(postgres_url)
    assert texts == their_texts
    assert rows == their_rows
    assert read == theirs

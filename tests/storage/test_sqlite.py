"""Statements that run on the event loop hold nobody up, and are safe from cancels."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.storage import SqlStore, StoreError, opening, sqlite
from bot.storage.database import UnavailableError


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    opened = await opening.open_store(sqlite_url)
    yield opened
    await opened.close()


@contextmanager
def written_elsewhere(folder: Path) -> Iterator[sqlite3.Connection]:
    """Another program writes, and holds the lock."""
    other = sqlite3.connect(folder / "mockbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


async def turns_of_the_loop(task: asyncio.Task[None], enough: int) -> int:
    """How often others had their turn, up to `enough`, while a task waited."""
    turns = 0
    while turns < enough and not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    return turns


async def test_the_loop_goes_on_while_another_program_writes(store: SqlStore, tmp_path: Path) -> None:
    await store.heartbeat.beat(4)
    with written_elsewhere(tmp_path) as other:
        beating = asyncio.create_task(store.heartbeat.beat(5))
        assert await turns_of_the_loop(beating, 20) == 20
        other.execute("COMMIT")
        await beating
    assert await store.heartbeat.last_beat() == 5


async def test_a_lock_that_is_not_given_back_is_a_database_that_is_away(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.on(opening.database(sqlite_url, busy_seconds=0.03))
    await store.heartbeat.beat(5)
    with written_elsewhere(tmp_path), pytest.raises(UnavailableError, match="locked"):
        await store.heartbeat.last_beat()
    assert await store.heartbeat.last_beat() == 5
    await store.close()


async def test_who_is_cancelled_while_waiting_for_the_lock_leaves_the_connection_to_the_next(
    store: SqlStore, tmp_path: Path
) -> None:
    await store.heartbeat.beat(5)
    with written_elsewhere(tmp_path):
        reading = asyncio.create_task(store.heartbeat.last_beat())
        await asyncio.sleep(0.03)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert await store.heartbeat.last_beat() == 5


class SlowCommit:
    """A disk that takes its time until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

        def slowly(raw: sqlite3.Connection) -> None:
            self.begun.set()
            self.go_on.wait(5)
            raw.commit()

        monkeypatch.setattr(sqlite, "to_disk", slowly)


async def test_the_loop_goes_on_while_the_disk_is_slow(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.heartbeat.beat(5)
    disk = SlowCommit(monkeypatch)
    beating = asyncio.create_task(store.heartbeat.beat(6))
    assert await turns_of_the_loop(beating, 20) == 20
    disk.go_on.set()
    await beating
    assert await store.heartbeat.last_beat() == 6


async def test_a_cancel_waits_for_the_commit_under_way(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.kept.keep("x", "old")
    disk = SlowCommit(monkeypatch)
    keeping = asyncio.create_task(store.kept.keep("x", "new"))
    assert await asyncio.to_thread(disk.begun.wait, 5)
    keeping.cancel()
    await asyncio.sleep(0.02)
    assert not keeping.done()
    disk.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert await store.kept.load("x") == "new"


async def test_transactions_that_come_at_once_are_done_one_after_another(store: SqlStore) -> None:
    async def add() -> None:
        async with store.begin() as transaction:
            count = int((await transaction.settings("me")).get("count", "0"))
            await asyncio.sleep(0)
            await transaction.set_setting("me", "count", str(count + 1))

    await asyncio.gather(*(add() for _ in range(50)))
    async with store.begin() as transaction:
        assert await transaction.settings("me") == {"count": "50"}


async def test_what_raises_leaves_nothing_behind(store: SqlStore) -> None:
    with pytest.raises(StoreError):
        async with store.begin() as transaction:
            await transaction.set_setting("me", "level", "senior")
            raise StoreError
    async with store.begin() as transaction:
        assert await transaction.settings("me") == {}

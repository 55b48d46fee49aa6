"""Transactions on SQLite that wait for one another share a commit, and each is still all or nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.storage import SqlStore, open_store, sqlite
from bot.storage.database import UnavailableError
from bot.storage.sqlite import MOST, SqliteDatabase


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(sqlite_url)
    yield opened
    await opened.close()


class Disk:
    """A disk that counts its commits, each of which takes a moment, and that can fail some."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits = 0
        self.failing = 0
        self._to_disk = sqlite.to_disk
        monkeypatch.setattr(sqlite, "to_disk", self._commit)

    def _commit(self, raw: sqlite3.Connection) -> None:
        self.commits += 1
        if self.failing:
            self.failing -= 1
            message = "disk I/O error"
            raise sqlite3.OperationalError(message)
        self._to_disk(raw)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


class BrokenError(Exception):
    """What goes wrong in a transaction."""


async def put(store: SqlStore, name: str, *, breaks: bool = False, pauses: int = 0) -> None:
    async with store.begin() as transaction:
        await transaction.set_setting("me", name, "1")
        for _ in range(pauses):
            await asyncio.sleep(0)
        if breaks:
            raise BrokenError


async def kept(store: SqlStore) -> set[str]:
    async with store.begin() as transaction:
        return set(await transaction.settings("me"))


async def test_those_that_wait_share_a_commit(store: SqlStore, disk: Disk) -> None:
    await asyncio.gather(*(put(store, str(number)) for number in range(40)))
    assert disk.commits == -(-40 // MOST)
    assert await kept(store) == {str(number) for number in range(40)}


async def test_nobody_goes_on_before_the_shared_commit(store: SqlStore, sqlite_url: str, disk: Disk) -> None:
    seen = []

    async def put_and_look(name: str) -> None:
        await put(store, name)
        with sqlite3.connect(sqlite_url.partition("///")[2]) as other:
            seen.append(other.execute("SELECT count(*) FROM settings WHERE name = ?", (name,)).fetchone())
        other.close()

    await asyncio.gather(*(put_and_look(str(number)) for number in range(10)))
    assert disk.commits == 1
    assert seen == [(1,)] * 10


async def test_what_breaks_is_rolled_back_alone(store: SqlStore, disk: Disk) -> None:
    names = [str(number) for number in range(9)]
    done = await asyncio.gather(*(put(store, name, breaks=name in "048") for name in names), return_exceptions=True)
    assert disk.commits == 1
    assert [isinstance(one, BrokenError) for one in done] == [name in "048" for name in names]
    assert await kept(store) == set(names) - set("048")


async def test_a_commit_that_fails_fails_for_all_and_each_can_be_tried_again(store: SqlStore, disk: Disk) -> None:
    disk.failing = 1
    done = await asyncio.gather(*(put(store, str(number)) for number in range(5)), return_exceptions=True)
    assert all(isinstance(one, UnavailableError) for one in done)
    assert await kept(store) == set()
    await asyncio.gather(*(put(store, str(number)) for number in range(5)))
    assert await kept(store) == set("01234")


async def test_an_urgent_one_goes_before_those_that_wait_and_ends_their_group(store: SqlStore, disk: Disk) -> None:
    order = []

    async def ordered(name: str, *, urgent: bool = False) -> None:
        async with store.database.connected(urgent=urgent) as connection:
            await connection.execute(text("SELECT 1"))
            await asyncio.sleep(0)
        order.append(name)

    await asyncio.gather(ordered("first"), *(ordered(f"other {n}") for n in range(3)), ordered("urgent", urgent=True))
    assert set(order[:2]) == {"first", "urgent"}
    assert disk.commits == 2


async def test_a_lock_is_not_lost_when_whoever_is_next_is_cancelled(store: SqlStore) -> None:
    database = store.database
    assert isinstance(database, SqliteDatabase)
    async with database.connected():
        following = asyncio.create_task(put(store, "following"))
        await asyncio.sleep(0)
        last = asyncio.create_task(put(store, "last"))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(lambda: asyncio.get_running_loop().call_soon(following.cancel))
    async with asyncio.timeout(5):
        with suppress(asyncio.CancelledError):
            await following
        await last
        assert "last" in await kept(store)


async def test_when_sqlite_rolls_back_all_of_it_all_are_told(store: SqlStore) -> None:
    async def roll_back_everything() -> None:
        async with store.database.connected() as connection:
            await connection.execute(text("ROLLBACK"))

    done = await asyncio.gather(put(store, "a"), put(store, "b"), roll_back_everything(), return_exceptions=True)
    assert all(isinstance(one, UnavailableError) for one in done)
    await put(store, "c")
    assert await kept(store) == {"c"}


Step = tuple[bool, int, int | None]
STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.none() | st.integers(0, 6)), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, failing=st.integers(0, 2))
def test_who_was_told_that_it_is_kept_finds_it_and_who_was_not_does_not(steps: list[Step], failing: int) -> None:
    async def scenario() -> None:
        store = SqlStore.on(SqliteDatabase("sqlite+aiosqlite:///:memory:"))
        async with store.database.connected() as connection:
            await connection.execute(text("CREATE TABLE settings (person, name, value, UNIQUE (person, name))"))
        left = failing

        def commit(raw: sqlite3.Connection) -> None:
            nonlocal left
            if left:
                left -= 1
                message = "disk I/O error"
                raise sqlite3.OperationalError(message)
            raw.commit()

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sqlite, "to_disk", commit)
            tasks = [
                asyncio.create_task(put(store, str(number), breaks=breaks, pauses=pauses))
                for number, (breaks, pauses, _) in enumerate(steps)
            ]
            for turn in range(7):
                for task, (_, _, cancelled_at) in zip(tasks, steps, strict=True):
                    if cancelled_at == turn:
                        task.cancel()
                await asyncio.sleep(0)
            async with asyncio.timeout(10):
                await asyncio.gather(*tasks, return_exceptions=True)
                left = 0
                found = await kept(store)
        for number, task in enumerate(tasks):
            if not task.cancelled():  # else it may have been kept, as with any commit
                assert (str(number) in found) == (task.exception() is None)
            elif steps[number][0]:
                assert str(number) not in found
        await store.close()

    asyncio.run(scenario())

"""The database server is stopped, or crashes, in the middle of an interview, and comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from test_platforms import ADA, DM, Running, parts

from bot.service.conversation.context import AccessRules
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.store import StoreAwayError
from bot.storage import SqlStore, open_store, tables
from fakes import FakeClock, FakePlatform
from postgres import Postgres
from rows import left_unsent, waiting

LINES = [f"thought number {number} is about the variance of the estimate" for number in range(40)]
SECONDS = 3  # that the server is away


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
def bot(store: SqlStore) -> Running:
    return parts(store, FakeClock(), FakePlatform(), AccessRules())


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_no_answer_is_lost_or_doubled_while_the_server_is_away(
    bot: Running, store: SqlStore, postgres: Postgres, mode: str
) -> None:
    await bot.hear("/mock fundamentals")
    gone = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(restart(postgres, mode, gone))
        away = group.create_task(typed(bot, gone))
    await bot.settled()
    await bot.hear("/time")  # a commit whose confirmation was lost leaves its reply to the next one
    assert away.result()
    assert [one.text for turn in (await bot.session()).turns for one in turn.answers] == LINES
    assert await recorded(store) == LINES
    assert await waiting(store) == []
    assert await left_unsent(store) == []
    numbers = [message.id for message in bot.platform.sent]
    assert numbers == sorted(set(numbers))


async def restart(postgres: Postgres, mode: str, gone: asyncio.Event) -> None:
    await asyncio.sleep(0.1)
    await asyncio.to_thread(postgres.stop, mode)
    gone.set()
    try:
        await asyncio.sleep(SECONDS)
    finally:
        await asyncio.to_thread(postgres.start)


async def typed(bot: Running, gone: asyncio.Event) -> int:
    """Every line, repeated as a platform does until it is confirmed; how often it was not."""
    away = 0
    for number, line in enumerate(LINES):
        incoming = Incoming(f"telegram:{1000 + number}", DM, ADA, bot.clock(), Said(line, f"s{1000 + number}"))
        while not await confirmed(bot, incoming):
            away += 1
            await asyncio.sleep(0.05)
        if number == len(LINES) // 2:
            await gone.wait()
        await asyncio.sleep(0.01)
    return away


async def confirmed(bot: Running, incoming: Incoming) -> bool:
    try:
        await bot.inbox.receive([incoming])
    except StoreAwayError:
        return False
    return True


async def recorded(store: SqlStore) -> list[str]:
    async with store.database.connected() as connection:
        query = tables.answers.select().order_by(tables.answers.c.id)
        return [row.text for row in (await connection.execute(query)).rows]

"""What many people get: at the full pace that a platform allows, after whoever talks with the bot, and none twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import insert
from test_platforms import until

from bot.adapters.telegram.platform import budgets
from bot.core.effects import Say
from bot.service.delivery import bulk
from bot.service.delivery import delivery as delivering
from bot.service.delivery.delivery import Delivery
from bot.service.delivery.pacing import SendSlots
from bot.service.platforms import Platforms
from bot.service.ports.messages import Message
from bot.service.ports.platform import Budget, NotSentError, UnreachableError
from bot.storage import SqlStore, open_store, records, tables
from bot.storage.records import Spoken
from botapi.faults import Rates
from fakes import FakeClock, FakePlatform
from postgres import on_both_databases
from rows import left_unsent

NOW = 1_800_000_000
RATE = 30


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url)
    yield opened
    await opened.close()


class Strict(FakePlatform):
    """A platform that refuses what comes too fast, as Telegram does; the way there takes a while, and varies."""

    def __init__(self, *, slow: float = 0.0) -> None:
        super().__init__()
        self.slow = slow
        self.refused = 0
        self.taken: list[tuple[float, Message]] = []
        self.chance = random.Random(5)  # noqa: S311 - how long the way takes, not a secret
        self.rates = Rates(lambda: asyncio.get_running_loop().time())

    def budgets(self, place: str) -> tuple[Budget, ...]:
        return budgets(place, RATE)

    async def post(self, part: Message) -> str:
        await asyncio.sleep(self.slow * self.chance.random())
        if wait := self.rates.overall.wait(now := asyncio.get_running_loop().time()):
            self.refused += 1
            raise AssertionError(wait)
        self.rates.overall.times.append(now)
        self.taken.append((now, part))
        await asyncio.sleep(self.slow * self.chance.random())
        return await super().post(part)


@dataclass(slots=True)
class Office:
    """A store with messages in it, and a delivery that sends them."""

    store: SqlStore
    platform: FakePlatform
    clock: FakeClock
    delivery: Delivery

    async def put(self, places: Sequence[str], *, bulk: bool = True, expires_at: int | None = None) -> None:
        said = [records.message_row(Say(f"to {place}"), Spoken(place), self.clock()) for place in places]
        rows = [row | {"bulk": bulk, "expires_at": expires_at} for row in said]
        async with self.store.database.connected() as connection:
            await connection.execute(insert(tables.outbox), rows)

    async def sends(self) -> None:
        """Send all there is."""
        await self.delivery.deliver(await left_unsent(self.store))
        assert await self.delivery._queues.drained(30)
        if self.delivery._noting:
            await self.delivery._noting

    async def failed(self) -> list[str]:
        row = tables.outbox.c
        async with self.store.database.connected() as connection:
            query = tables.outbox.select().where(row.failed.is_(True)).order_by(row.id)
            return [found.place for found in (await connection.execute(query)).rows]


def office(store: SqlStore, platform: FakePlatform) -> Office:
    clock = FakeClock(NOW)
    return Office(store, platform, clock, Delivery(store.outbox, Platforms({platform.name: platform}), clock))


def people(count: int, first: int = 1000) -> list[str]:
    return [f"telegram:{first + number}" for number in range(count)]


@pytest.mark.parametrize("slow", [0.0, 0.05])
async def test_it_goes_out_at_nearly_the_full_rate_and_never_above(store: SqlStore, slow: float) -> None:
    platform = Strict(slow=slow)
    bot = office(store, platform)
    await bot.put(people(130))
    await bot.sends()
    assert len(platform.taken) == 130
    assert platform.refused == 0
    began, ended = platform.taken[40][0], platform.taken[-1][0]
    assert (len(platform.taken) - 41) / (ended - began) > 0.9 * RATE  # the benchmark measures more closely


async def test_whoever_talks_with_the_bot_goes_first(store: SqlStore) -> None:
    platform = Strict()
    bot = office(store, platform)
    await bot.put(people(150))
    await bot.delivery.deliver(await left_unsent(bot.store))
    await until(lambda: len(platform.taken) > 60)
    await bot.put(people(5, first=1), bulk=False)
    asked = asyncio.get_running_loop().time()
    await bot.sends()
    answered = [at for at, message in platform.taken if not message.bulk]
    assert len(answered) == 5
    assert max(answered) - asked < 0.6  # where the rest of the many takes two seconds
    assert platform.refused == 0


@on_both_databases
async def test_it_stays_in_its_rows_until_its_turn_comes(store: SqlStore) -> None:
    platform = Strict()
    bot = office(store, platform)
    await bot.put(people(300))
    await bot.delivery.deliver(await left_unsent(bot.store))
    await until(lambda: len(platform.taken) > 5)
    tried = len(await left_unsent(bot.store)) - len(await bot.store.outbox.unsent_bulk("telegram", 0, 1000))
    assert tried <= len(platform.taken) + bulk.TRIED + delivering.IN_FLIGHT
    await bot.delivery.stop(2)
    left = len(await left_unsent(bot.store))
    assert left == 300 - len(platform.sent)
    assert len(await bot.store.outbox.unsent_bulk("telegram", 0, 1000)) == left  # none was tried and not sent


@on_both_databases
async def test_what_has_expired_is_dropped(store: SqlStore) -> None:
    bot = office(store, FakePlatform())
    await bot.put(people(3), expires_at=NOW)
    await bot.put(people(2, first=1), expires_at=NOW + 1)
    await bot.sends()
    assert [message.place for message in bot.platform.sent] == people(2, first=1)
    assert await bot.failed() == people(3)


async def test_what_may_have_arrived_is_not_sent_again_where_that_would_double_it(store: SqlStore) -> None:
    bot = office(store, FakePlatform())
    bot.platform.failing = [TimeoutError(), OSError()]
    await bot.put(people(3))
    await bot.sends()
    assert [message.place for message in bot.platform.sent] == people(3)[2:]
    assert await bot.failed() == people(3)[:2]


@pytest.mark.parametrize(("safely", "error"), [(False, NotSentError()), (True, TimeoutError())])
async def test_what_cannot_be_doubled_is_sent_again(store: SqlStore, error: Exception, *, safely: bool) -> None:
    bot = office(store, FakePlatform())
    bot.platform.resends_safely = safely
    bot.platform.failing = [error]
    await bot.put(people(1))
    await bot.sends()
    assert [message.place for message in bot.platform.sent] == people(1)
    assert await bot.failed() == []


async def test_a_question_is_sent_again_after_any_timeout(store: SqlStore) -> None:
    bot = office(store, FakePlatform())
    bot.platform.failing = [TimeoutError()]
    await bot.put(people(1), bulk=False)
    await bot.sends()
    assert [message.place for message in bot.platform.sent] == people(1)


@pytest.mark.parametrize("safely", [False, True])
@on_both_databases
async def test_what_a_killed_sender_had_tried_is_sent_again_only_where_that_is_safe(
    store: SqlStore, *, safely: bool
) -> None:
    bot = office(store, FakePlatform())
    bot.platform.resends_safely = safely
    await bot.put(people(3))
    first = (await store.outbox.unsent_bulk("telegram", 0, 1))[0]
    assert await store.outbox.try_bulk([first.id], NOW) == {first.id}
    assert await store.outbox.try_bulk([first.id], NOW) == set()
    sending_ = asyncio.create_task(bot.delivery.send_for("telegram"))
    expected = people(3) if safely else people(3)[1:]
    await until(lambda: len(bot.platform.sent) == len(expected))
    await bot.delivery.stop(1)
    sending_.cancel()
    assert sorted(message.place for message in bot.platform.sent) == expected
    assert await bot.failed() == ([] if safely else people(3)[:1])


@on_both_databases
async def test_who_blocked_the_bot_gets_none_and_the_others_do(store: SqlStore) -> None:
    bot = office(store, FakePlatform())
    bot.platform.failing = [UnreachableError(), None]
    await bot.put(people(2))
    await bot.sends()
    assert [message.place for message in bot.platform.sent] == people(2)[1:]
    assert await bot.failed() == people(2)[:1]


async def test_many_to_one_chat_do_not_hold_up_the_others() -> None:
    turns = SendSlots()
    chat, other = (
        (Budget("telegram", RATE, 1.02, one_chat=False), Budget(place, 1, 100.0)) for place in ("one", "other")
    )
    assert await turns.bulk(chat) is not None
    async with asyncio.timeout(1):
        assert await turns.bulk(chat) is None
        assert await turns.bulk(other) is not None


async def test_a_chat_that_has_to_be_silent_does_not_hold_up_what_many_get() -> None:
    turns = SendSlots()
    everybody = Budget("telegram", 1, 0.05, one_chat=False)
    await turns.talk([everybody, Budget("one", 1, 100.0)])
    waiting = asyncio.create_task(turns.talk([everybody, Budget("one", 1, 100.0)]))
    async with asyncio.timeout(1):
        assert await turns.bulk([everybody, Budget("other", 1, 100.0)]) is not None
    waiting.cancel()


async def test_messages_to_a_chat_keep_their_order_although_many_get_one(store: SqlStore) -> None:
    bot = office(store, Strict(slow=0.02))
    await bot.put(["telegram:1"] * 3, bulk=False)
    await bot.put(people(20))
    await bot.sends()
    talk = [message.id for message in bot.platform.sent if message.place == "telegram:1"]
    assert talk == sorted(talk)
    assert len(bot.platform.sent) == 23

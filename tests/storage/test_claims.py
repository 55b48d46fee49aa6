"""Due subscriptions are claimed by one process, and done together."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

import pytest

from bot.core.daily.schedule import Due, Rhythm
from bot.core.daily.subscription import Subscription
from bot.service.ports.daily import Planned
from bot.storage import SqlStore, open_store

NOW, LEASE = 1_000_000, 60
TODAY, TOMORROW = Due(date(2026, 11, 23), NOW), Due(date(2026, 11, 24), NOW + 24 * 3600)
WEEKLY = Rhythm("Europe/London", 510, days=frozenset({0}))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(database_url)
    yield opened
    await opened.close()


def wish(person: str) -> Subscription:
    return Subscription(person, person, Rhythm("Europe/London", 510))


async def plan(store: SqlStore, subscription: Subscription, following: Due) -> None:
    async with store.begin() as transaction:
        await transaction.daily.plan(subscription, following, None, 1)


async def claim(store: SqlStore, now: int = NOW) -> list[Planned]:
    return await store.schedule.due_subscriptions(now, LEASE, 10, ["telegram"])


async def move_on(store: SqlStore, claimed: Sequence[Planned], following: Due | None) -> None:
    done = [Planned(one.subscription, one.since, following, TODAY.date) for one in claimed]
    async with store.begin() as transaction:
        await transaction.daily.move_on(done)


async def planned(store: SqlStore, person: str) -> Planned | None:
    async with store.begin() as transaction:
        return await transaction.daily.planned(person)


async def test_what_is_claimed_is_nobody_elses_until_the_lease_has_run_out(store: SqlStore) -> None:
    await plan(store, wish("telegram:1"), TODAY)
    assert await claim(store, NOW - 1) == []
    (claimed,) = await claim(store)
    assert await claim(store, NOW + LEASE - 1) == []
    assert await claim(store, NOW + LEASE) == [claimed]


async def test_a_lease_taken_while_the_clock_was_ahead_holds_nobody_up(store: SqlStore) -> None:
    await plan(store, wish("telegram:1"), TODAY)
    (claimed,) = await claim(store, NOW + 3 * 3600)
    assert await claim(store) == [claimed]


async def test_all_that_was_claimed_moves_on_together(store: SqlStore) -> None:
    people = ["telegram:1", "telegram:'2\\", "telegram:3"]
    for person in people:
        await plan(store, wish(person), TODAY)
    await move_on(store, await claim(store), TOMORROW)
    assert [await planned(store, person) for person in people] == [
        Planned(wish(person), 1, TOMORROW, TODAY.date) for person in people
    ]
    assert len(await claim(store, TOMORROW.at)) == len(people)


async def test_what_has_no_next_day_is_never_due_again(store: SqlStore) -> None:
    await plan(store, wish("telegram:1"), TODAY)
    await move_on(store, await claim(store), None)
    assert await planned(store, "telegram:1") == Planned(wish("telegram:1"), 1, None, TODAY.date)
    assert await claim(store, TOMORROW.at) == []


async def test_a_wish_that_changed_meanwhile_stays_as_it_was_planned(store: SqlStore) -> None:
    await plan(store, wish("telegram:1"), TODAY)
    claimed = await claim(store)
    changed, monday = Subscription("telegram:1", "telegram:1", WEEKLY), Due(date(2026, 11, 30), NOW + 7 * 24 * 3600)
    await plan(store, changed, monday)
    await move_on(store, claimed, TOMORROW)
    assert await planned(store, "telegram:1") == Planned(changed, 1, monday, None)


async def test_moving_nothing_on_does_nothing(store: SqlStore) -> None:
    await plan(store, wish("telegram:1"), TODAY)
    await move_on(store, [], TOMORROW)
    assert await planned(store, "telegram:1") == Planned(wish("telegram:1"), 1, TODAY, None)

"""A replica that is paused, cut off or put back in charge: nothing is lost, and nothing is sent twice."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from test_platforms import ADA, BOB, DM, until
from test_replicas import ROLE, THEIRS, One, World, _world, all_done

from bot.core.effects import Say
from bot.service import inbox as taking
from bot.service.conversation import resume
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.messages import Message
from bot.service.ports.platform import RefusedError, UnreachableError
from bot.service.ports.store import StoreAwayError, StoreFailedError
from bot.service.replicas import Replica
from bot.storage import SqlStore, open_store
from bot.storage.opening import database
from sample_bank import CORE

AWAY = "The disk is full."
STARTS = "import asyncio, sys; from bot.storage import open_store; asyncio.run(open_store(sys.argv[1]))"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with _world(database_url) as made:
        yield made


def answer(one: One, number: int, text: str = CORE) -> Incoming:
    return Incoming(f"k{number}", DM, ADA, one.clock(), Said(text, f"k{number}"))


async def asked(one: One, world: World) -> None:
    await one.hear("/mock fundamentals")
    await until(lambda: any("Question 1 of" in text for text in world.sent))


# What was heard.


async def test_what_was_kept_without_our_learning_of_it_is_worked_on_in_order_when_it_is_brought_again(
    world: World,
) -> None:
    one = await world.replica("a")
    await asked(one, world)
    now = one.clock()
    await one.store.inbox.keep([answer(one, 1, "one")], now, "a", now + taking.LEASE)  # cut off after the commit
    await one.inbox.receive([answer(one, 1, "one"), answer(one, 2, "two")])
    await all_done(one)
    session = await one.router.interviews.session(DM)
    assert session
    assert [part.text for part in session.turn.answers] == ["one", "two"]


async def test_what_is_done_is_not_worked_on_again_when_it_is_brought_again(world: World) -> None:
    one = await world.replica("a")
    await one.hear("/help", first=5)
    await all_done(one)
    now = one.clock()
    assert await one.store.inbox.keep([Incoming(f"{DM} 5", DM, ADA, now, Said("/help"))], now, "a", now + 30) == []


async def test_what_a_living_replica_kept_and_never_began_is_taken_over_when_its_lease_runs_out(world: World) -> None:
    first, second = await world.fleet("a", "b")
    await asked(first, world)
    now = first.clock()
    await first.store.inbox.keep([answer(first, 1)], now, "a", now + taking.LEASE)
    await asyncio.sleep(10)  # in which its owner renews what it works on
    world.clock.forward(taking.LEASE)
    await all_done(second)
    session = await second.router.interviews.session(DM)
    assert session
    assert session.turn.text == CORE


# What is to be said.


async def test_what_waited_for_its_next_try_is_not_sent_again_when_another_replica_sent_it_meanwhile(
    world: World,
) -> None:
    first, second = await world.fleet("a", "b")
    first.platform.failing = [OSError()]
    await first.hear("/help")
    await until(lambda: not first.platform.failing)  # now it waits
    first.tasks.pop().cancel()
    await first.store.leases.release(ROLE, "a")
    first.replica._until.clear()
    await until(lambda: len(world.sent) == 1)
    await second.stop()
    first.tasks.append(asyncio.create_task(first.replica.lead(ROLE, lambda: first.delivery.send_for(ROLE))))
    await until(lambda: first.replica.holds(ROLE))
    await asyncio.sleep(10)
    assert len(world.sent) == 1


async def test_who_is_no_longer_in_charge_sends_nothing_more_even_before_it_begins_anew(world: World) -> None:
    one = await world.replica("a")
    await until(lambda: ROLE in one.delivery._ours)
    await one.store.leases.release(ROLE, "a")
    while not await one.store.leases.hold(ROLE, "b", 15):
        await one.store.leases.release(ROLE, "a")
    await until(lambda: ROLE not in one.delivery._ours)
    await one.store.leases.release(ROLE, "b")
    await until(lambda: ROLE in one.delivery._ours)


async def test_a_database_that_refuses_once_does_not_silence_a_platform(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await world.replica("a", start=False)
    settle, refusals = one.store.outbox.settle_tried, [StoreFailedError(AWAY), KeyError()]

    async def settle_tried(platform: str, now: int, *, again: bool) -> None:
        if refusals:
            raise refusals.pop()
        await settle(platform, now, again=again)

    monkeypatch.setattr(one.store.outbox, "settle_tried", settle_tried)
    await one.start()
    await one.hear("/help")
    await until(lambda: len(world.sent) == 1)


async def test_nothing_is_remembered_of_messages_that_are_done(world: World) -> None:
    one = await world.replica("a")
    await until(lambda: ROLE in one.delivery._ours)
    one.platform.failing = [RefusedError(), UnreachableError(), KeyError(), None]
    for number in range(4):
        place = f"telegram:{600 + number}"
        await one.hear("/help", place=place, person=place)
    await until(lambda: bool(world.sent) and not one.delivery._under_way)
    assert one.delivery._posted == {}


async def test_the_loss_of_a_chat_is_told_once_although_its_messages_are_looked_for_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await world.replica("a")
    await one.hear("/mock fundamentals", place="telegram:-5//7")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    lose, lost = one.router.reachability.mark_unreachable, []

    async def slowly(place: str, advice: str) -> None:
        lost.append(place)
        await asyncio.sleep(12)
        await lose(place, advice)

    monkeypatch.setattr(one.router.reachability, "mark_unreachable", slowly)
    post = one.platform.post

    async def muted(part: Message) -> str:
        if part.place.startswith("telegram:-5"):
            raise UnreachableError
        return await post(part)

    monkeypatch.setattr(one.platform, "post", muted)
    await one.hear("/time", place="telegram:-5//7", first=9)
    await until(lambda: bool(lost))
    await asyncio.sleep(24)
    assert lost == ["telegram:-5"]


# Roles, clocks and programs on one database.


async def test_a_database_that_does_not_answer_ends_a_role_when_it_runs_out(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(database_url)
    replica, ended = Replica(store.leases, "a"), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def hang(_name: str, _owner: str, _seconds: int) -> bool:
        await asyncio.Event().wait()
        return True

    leading = asyncio.create_task(replica.lead("role", work))
    await until(lambda: replica.holds("role"))
    monkeypatch.setattr(store.leases, "hold", hang)
    replica._until["role"] = 0.0
    async with asyncio.timeout(30):
        await ended.wait()
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    await store.close()


async def test_a_process_that_stands_still_in_a_transaction_does_not_keep_its_role_for_ever(postgres_url: str) -> None:
    stopped, other = SqlStore.on(database(postgres_url, idle_seconds=1)), SqlStore.on(database(postgres_url))
    with pytest.raises(StoreAwayError):
        async with stopped.database.connected() as connection:
            await connection.execute(text("INSERT INTO leases VALUES ('role', 'stopped', 0)"))
            held = asyncio.create_task(other.leases.hold("role", "other", 15))
            await asyncio.wait({held}, timeout=60)
            assert held.done()
            assert held.result()
            await connection.execute(text("SELECT 1"))
    await stopped.close()
    await other.close()


async def test_a_terminal_on_the_same_database_does_not_hide_an_outage_nor_count_as_one(database_url: str) -> None:
    bot, terminal = await open_store(database_url), await open_store(database_url, "terminal")
    await bot.heartbeat.beat(1000)
    await terminal.heartbeat.beat(4000)
    assert await resume.away(bot.heartbeat, lambda: 4600) == 3600
    await bot.heartbeat.beat(9000)
    assert await resume.away(terminal.heartbeat, lambda: 9000) == 5000
    await bot.close()
    await terminal.close()


def test_replicas_that_start_at_once_on_an_empty_database_all_start(empty_database_url: str) -> None:
    command = [sys.executable, "-c", STARTS, empty_database_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said


async def test_what_is_said_elsewhere_goes_out_while_one_chat_is_being_lost(world: World) -> None:
    one = await world.replica("a")
    one.platform.failing = [UnreachableError()]
    async with one.store.begin() as transaction:
        for place in (DM, THEIRS):
            await transaction.say(place, Say("hello"), one.clock())
    await until(lambda: len(world.sent) == 1)


async def test_a_replica_that_joins_others_sets_no_clock_back(world: World) -> None:
    one = await world.replica("a")
    await one.store.heartbeat.beat(world.clock())
    world.clock.forward(5)
    assert await resume.away(one.store.heartbeat, world.clock, others=True) == 0
    assert await resume.away(one.store.heartbeat, world.clock) == 5
    world.clock.forward(60)
    assert await resume.away(one.store.heartbeat, world.clock, others=True) == 65


async def test_a_clock_that_is_set_back_loses_nothing(world: World) -> None:
    one = await world.replica("a")
    await one.store.heartbeat.beat(world.clock())
    before = world.clock()
    world.clock.forward(-3600)
    assert await resume.away(one.store.heartbeat, world.clock) == 0
    await one.store.heartbeat.beat(world.clock())
    assert await one.store.heartbeat.last_beat() == before
    await one.hear("/mock fundamentals 6")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    now = world.clock()
    far = [Incoming("far", THEIRS, BOB, now, Said("/help", "9"))]
    await one.store.inbox.keep(far, now, "dead", now + 7200)  # heard before the clock was set back
    await all_done(one)

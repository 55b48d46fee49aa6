"""What only one of several replicas does, and who takes it over."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from test_platforms import until

from bot.service.ports.shared_work import Share
from bot.service.replicas import Replica, is_gone, owner_id
from bot.storage import SqlStore, open_store
from bot.storage.database import UnavailableError


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(database_url)
    yield opened
    await opened.close()


class Work:
    """Something that takes until it is cancelled."""

    def __init__(self) -> None:
        self.going = False
        self.begun = 0

    async def __call__(self) -> None:
        self.going = True
        self.begun += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.going = False

    async def begins(self) -> None:
        await until(lambda: self.going)

    async def ends(self) -> None:
        await until(lambda: not self.going)


async def end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def run_out(store: SqlStore, name: str) -> None:
    """Let a lease run out."""
    async with store.database.connected() as connection:
        await connection.execute(text(f"UPDATE leases SET until = 0 WHERE name = '{name}'"))


async def dead_process() -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "", stdout=subprocess.DEVNULL)
    await process.wait()
    return process.pid


async def test_a_lease_belongs_to_one_until_it_is_given_back_or_runs_out(store: SqlStore) -> None:
    assert await store.leases.hold("role", "a", 15)
    assert not await store.leases.hold("role", "b", 15)
    assert await store.leases.hold("role", "a", 15)
    assert await store.leases.holder("role") == "a"
    await store.leases.release("role", "b")
    assert not await store.leases.hold("role", "b", 15)
    await store.leases.release("role", "a")
    assert await store.leases.hold("role", "b", 15)
    await run_out(store, "role")
    assert await store.leases.hold("role", "a", 15)


async def test_a_lease_taken_before_the_clock_was_set_back_does_not_last_for_ever(store: SqlStore) -> None:
    await store.leases.hold("role", "a", 10_000)
    assert await store.leases.hold("role", "b", 15)


async def test_of_many_who_ask_at_once_one_holds_the_role(store: SqlStore) -> None:
    asked = await asyncio.gather(*(store.leases.hold("role", str(number), 15) for number in range(10)))
    assert sum(asked) == 1


async def test_the_next_replica_takes_a_role_over_when_it_is_given_back(store: SqlStore) -> None:
    first, second = Replica(store.leases, "a"), Replica(store.leases, "b")
    work, its_work = Work(), Work()
    leading = asyncio.create_task(first.lead("role", work))
    await work.begins()
    waiting = asyncio.create_task(second.lead("role", its_work))
    await asyncio.sleep(10)
    assert first.holds("role")
    assert not second.holds("role")
    assert not its_work.going
    await end(leading)
    assert first.holds("role")  # until what is in line is sent
    await first.leave()
    await its_work.begins()
    assert second.holds("role")
    assert not first.holds("role")
    await end(waiting)


async def test_who_lost_a_role_stops_and_has_it_again_later(store: SqlStore) -> None:
    work = Work()
    first = Replica(store.leases, "a")
    leading = asyncio.create_task(first.lead("role", work))
    await work.begins()
    await run_out(store, "role")
    while not await store.leases.hold("role", "b", 15):
        await run_out(store, "role")
    await work.ends()
    assert not first.holds("role")
    await store.leases.release("role", "b")
    await work.begins()
    assert work.begun == 2
    await end(leading)


async def test_a_role_is_kept_while_the_database_is_away_for_less_than_the_lease(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    replica = Replica(store.leases, "a")
    leading = asyncio.create_task(replica.lead("role", work))
    await work.begins()

    async def away(_name: str, _owner: str, _seconds: int) -> bool:
        raise UnavailableError

    monkeypatch.setattr(store.leases, "hold", away)
    await asyncio.sleep(10)
    assert work.going
    replica._until["role"] = 0.0  # the lease has run out meanwhile
    await work.ends()
    monkeypatch.undo()
    await work.begins()
    await end(leading)


async def test_work_that_ends_by_itself_gives_its_role_back(store: SqlStore) -> None:
    done = []

    async def work() -> None:
        done.append(1)

    await Replica(store.leases, "a").lead("role", work)
    await Replica(store.leases, "b").lead("role", work)
    assert len(done) == 2
    assert await store.leases.holder("role") is None


async def test_work_that_breaks_says_so(store: SqlStore) -> None:
    async def work() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await Replica(store.leases, "a").lead("role", work)


async def test_what_a_dead_process_of_this_machine_held_is_free_at_once(store: SqlStore) -> None:
    us = owner_id()
    dead = f"{us.partition(':')[0]}:{await dead_process()}:abcd"
    await store.leases.hold("role", dead, 15)
    await store.leases.announce(dead)
    replica, work = Replica(store.leases, us), Work()
    async with asyncio.timeout(2):  # much less than the lease
        leading = asyncio.create_task(replica.lead("role", work))
        await work.begins()
    await replica.look()
    assert replica.others == []
    assert await store.leases.alive(15) == []
    await end(leading)


async def test_whether_a_process_has_ended_is_told_only_on_its_own_machine() -> None:
    us = owner_id()
    machine = us.partition(":")[0]
    dead = await dead_process()
    assert is_gone(f"{machine}:{dead}:abcd", us)
    assert is_gone(f"{machine}:{os.getpid()}:abcd", us)  # a predecessor with our number
    assert not is_gone(us, us)
    assert not is_gone(f"{machine}:{os.getppid()}:abcd", us)
    assert not is_gone(f"elsewhere:{dead}:abcd", us)
    assert not is_gone("mockbot", us)
    assert owner_id() != us


async def test_replicas_know_one_another_and_share_what_is_due(store: SqlStore) -> None:
    replicas = [Replica(store.leases, name) for name in "cab"]
    for replica in replicas:
        await replica.join()
    for replica in replicas:
        await replica.look()
    assert [list(replica.others) for replica in replicas] == [["a", "b"], ["b", "c"], ["a", "c"]]
    assert [replica.share for replica in replicas] == [Share(2, 3), Share(0, 3), Share(1, 3)]
    await replicas[1].leave()
    await replicas[0].look()
    assert replicas[0].share == Share(1, 2)
    assert replicas[0].others == ["b"]


async def test_a_replica_that_fell_silent_is_no_longer_counted(store: SqlStore) -> None:
    await store.leases.announce("b")
    async with store.database.connected() as connection:
        await connection.execute(text("UPDATE heartbeats SET at = at - 20"))
    replica = Replica(store.leases, "a")
    await replica.join()
    assert replica.others == []
    assert replica.share == Share(0, 1)


async def test_living_replicas_stay_known(store: SqlStore) -> None:
    replica = Replica(store.leases, "a")
    await store.leases.announce("b")
    living = asyncio.create_task(replica.live())
    await until(lambda: list(replica.others) == ["b"])
    await asyncio.sleep(10)
    assert "a" in await store.leases.alive(15)
    await end(living)

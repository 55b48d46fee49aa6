"""Several replicas on one database: they share the work, keep the order, and take over from one that is gone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text
from test_platforms import ADA, DM, until

from assembled import Service, assembled
from bot.core.effects import Tone
from bot.scheduler import Ticker
from bot.service import inbox as taking
from bot.service.conversation import resume
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.platform import Budget
from bot.service.ports.shared_work import Share
from bot.service.replicas import Replica
from bot.storage import open_store
from fakes import FakeClock, FakePlatform
from rows import due_timers, left_unsent, waiting
from sample_bank import CORE

ROLE = "telegram"
THEIRS = "telegram:8"


@dataclass
class One(Service):
    """A replica: the parts of the program on a connection of its own; all of them send to one and the same world."""

    replica: Replica
    platform: FakePlatform
    ticker: Ticker
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        await self.replica.join()
        await self.inbox.resume()
        work = (
            self.replica.live(),
            self.inbox.share(),
            self.replica.lead(ROLE, lambda: self.delivery.send_for(ROLE)),
        )
        self.tasks = [asyncio.create_task(job) for job in work]

    async def hear(self, *said: str, place: str = DM, person: str = ADA, first: int = 1) -> None:
        batch = [
            Incoming(f"{place} {number}", place, person, self.clock(), Said(text, f"s{number}"))
            for number, text in enumerate(said, first)
        ]
        await self.inbox.receive(batch)

    async def kill(self) -> None:
        """What a replica does is over at once; nothing is given back or finished."""
        self.platform.failing = [OSError()] * 10_000
        working = [*self.tasks, *self.inbox._queues._tasks, *self.delivery._queues._tasks]
        working += [self.delivery._noting] if self.delivery._noting else []
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self.store.close()

    async def stop(self) -> None:
        """End in good order."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.inbox.stop(2)
        await self.delivery.stop(2)
        await self.replica.leave()
        await self.store.close()


@dataclass(slots=True)
class World:
    """Replicas by their names, and all that arrived at the platform from any of them."""

    url: str
    clock: FakeClock = field(default_factory=FakeClock)
    platforms: dict[str, FakePlatform] = field(default_factory=dict)
    ones: dict[str, One] = field(default_factory=dict)
    room: int = taking.ROOM

    async def replica(self, name: str, budgets: tuple[Budget, ...] = (), *, start: bool = True) -> One:
        store, platform = await open_store(self.url), FakePlatform(budgets=budgets)
        if self.platforms:
            platform.sent = next(iter(self.platforms.values())).sent
        self.platforms[name] = platform
        replica, platforms = Replica(store.leases, name), Platforms({"telegram": platform})
        made = assembled(store, self.clock, platforms, replica=replica, room=self.room)
        ticker = Ticker(store.schedule, store.heartbeat, made.due, self.clock, ["telegram"], lambda: replica.share)
        one = One(**vars(made), replica=replica, platform=platform, ticker=ticker)
        self.ones[name] = one
        if start:
            await one.start()
        return one

    @property
    def sent(self) -> list[str]:
        return [message.text for message in next(iter(self.platforms.values())).sent]

    async def fleet(self, *names: str) -> Sequence[One]:
        ones = [await self.replica(name) for name in names]
        await until(lambda: all(len(one.replica.others) == len(names) - 1 for one in ones))
        await until(lambda: ones[0].replica.holds(ROLE))
        return ones

    async def silence(self, name: str) -> None:
        """Let the lease of a role run out, as it does in time."""
        async with next(iter(self.living())).store.database.connected() as connection:
            await connection.execute(text(f"UPDATE leases SET until = 0 WHERE owner = '{name}'"))
            await connection.execute(text(f"DELETE FROM heartbeats WHERE name = 'replica:{name}'"))

    def living(self) -> list[One]:
        return [one for one in self.ones.values() if any(not task.done() for task in one.tasks)]


@asynccontextmanager
async def _world(url: str) -> AsyncIterator[World]:
    world = World(url)
    try:
        yield world
    finally:
        for one in world.living():
            await one.stop()


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with _world(database_url) as made:
        yield made


async def test_what_any_replica_says_is_sent_by_the_one_that_sends(world: World) -> None:
    first, second = await world.fleet("a", "b")
    await second.hear("/mock fundamentals")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    assert first.platform.failing == []
    assert not second.replica.holds(ROLE)
    assert await waiting(second.store) == []
    await until(lambda: not first.delivery._under_way)
    assert await left_unsent(first.store) == []


async def test_each_message_is_sent_once_although_everybody_looks_for_it(world: World) -> None:
    ones = await world.fleet("a", "b", "c")
    for number in range(30):
        place = f"telegram:{100 + number}"
        await ones[number % 3].hear("/help", place=place, person=place)
    await until(lambda: len(world.sent) >= 30)
    await asyncio.sleep(10)
    assert len(world.sent) == 30


async def test_a_replica_that_is_killed_is_replaced_and_nothing_is_said_twice(world: World) -> None:
    first, second = await world.fleet("a", "b")
    await first.hear("/mock fundamentals")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    await until(lambda: not first.delivery._under_way)
    before = len(world.sent)
    first.platform.failing = [OSError()] * 1000
    await first.hear(CORE, "/done", first=2)
    await until(lambda: not first.inbox._here)
    assert len(world.sent) == before
    await first.kill()
    await world.silence("a")
    await until(lambda: second.replica.holds(ROLE))
    await until(lambda: len(world.sent) > before)
    await until(lambda: not second.delivery._under_way)
    session = await second.router.interviews.session(DM)
    assert session
    assert session.turn.text == CORE
    assert len(world.sent) == len(set(world.sent))


async def test_what_a_killed_replica_had_heard_is_worked_on_in_order_when_its_lease_runs_out(world: World) -> None:
    first, second = await world.fleet("a", "b")
    await second.hear("/mock fundamentals")
    await until(lambda: not second.inbox._here)
    said = [f"line {number}" for number in range(5)]
    incoming = [
        Incoming(f"k{number}", DM, ADA, world.clock(), Said(text, f"k{number}")) for number, text in enumerate(said)
    ]
    now = world.clock()
    await first.store.inbox.keep(incoming[:3], now, "dead", now + taking.LEASE)
    assert (
        await first.store.inbox.keep(incoming[3:], now, "b", now + taking.LEASE) == []
    )  # they wait for the earlier ones
    await asyncio.sleep(10)
    assert len(await waiting(first.store)) == 5
    world.clock.forward(taking.LEASE)
    await all_done(first)
    session = await second.router.interviews.session(DM)
    assert session
    assert [answer.text for answer in session.turn.answers] == said


async def test_who_works_on_something_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await world.replica("a")
    going_on = asyncio.Event()
    monkeypatch.setattr(one.router, "handle", lambda _heard: going_on.wait())
    await one.hear("x")
    world.clock.forward(taking.LEASE - 1)
    await asyncio.sleep(10)
    world.clock.forward(taking.LEASE - 1)
    assert await one.store.inbox.claim("b", world.clock(), world.clock() + 30, 10, ["telegram"]) == []
    assert await one.store.inbox.owners() == ["a"]
    going_on.set()


async def test_what_is_too_much_for_one_is_done_by_others(world: World) -> None:
    world.room = 4
    first, _ = await world.fleet("a", "b")
    by: dict[str, int] = {"a": 0, "b": 0}
    for one in world.ones.values():
        count(one, by)
    people = [f"telegram:{200 + number}" for number in range(24)]
    await first.inbox.receive(
        [Incoming(person, person, person, world.clock(), Said("/help", "1")) for person in people]
    )
    await until(lambda: sum(by.values()) == 24)
    assert by["b"] >= 4
    assert by["a"] >= 4
    await until(lambda: len(world.sent) == 24)


async def all_done(one: One) -> None:
    """Wait until all that was heard is worked on."""
    async with asyncio.timeout(60):
        while await waiting(one.store):  # noqa: ASYNC110 - another replica may bring it about
            await asyncio.sleep(0.02)


def count(one: One, by: dict[str, int]) -> None:
    """Count what a replica works on, slowly."""
    hear = one.router.handle

    async def counted(incoming: Incoming) -> str:
        by[one.replica.owner] += 1
        await asyncio.sleep(0.02)
        return await hear(incoming)

    one.router.handle = counted  # type: ignore[method-assign]


async def test_one_alone_keeps_everything_for_itself(world: World) -> None:
    world.room = 2
    one = await world.replica("a")
    people = [f"telegram:{300 + number}" for number in range(20)]
    await one.inbox.receive([Incoming(person, person, person, world.clock(), Said("/help", "1")) for person in people])
    assert len(one.inbox._here) == 20
    await until(lambda: len(world.sent) == 20)


async def test_what_is_said_in_one_place_keeps_its_order_whoever_hears_it(world: World) -> None:
    world.room = 3
    ones = await world.fleet("a", "b", "c")
    for person in (ADA, THEIRS):
        await ones[0].hear("/mock fundamentals", place=person, person=person)
    await until(lambda: sum("Question 1 of" in text for text in world.sent) == 2)
    said = [f"line {number}" for number in range(24)]
    for number, line in enumerate(said):
        for person in (ADA, THEIRS):
            one = ones[number % 3]
            await one.inbox.receive([Incoming(f"{person} o{number}", person, person, world.clock(), Said(line))])
    await all_done(ones[0])
    for person in (ADA, THEIRS):
        session = await ones[1].router.interviews.session(person)
        assert session
        assert [answer.text for answer in session.turn.answers] == said


async def test_what_two_replicas_heard_at_once_is_worked_on_once(world: World) -> None:
    first, second = await world.fleet("a", "b")
    incoming = [Incoming("same", DM, ADA, world.clock(), Said("/help", "1"))]
    await asyncio.gather(first.inbox.receive(incoming), second.inbox.receive(incoming))
    await until(lambda: len(world.sent) == 1)
    await asyncio.sleep(10)
    assert len(world.sent) == 1


async def test_a_person_is_asked_one_question_although_two_replicas_hear_the_wish(world: World) -> None:
    first, second = await world.fleet("a", "b")
    wish = [Incoming(f"w{number}", DM, ADA, world.clock(), Said("/mock fundamentals", "1")) for number in range(2)]
    await asyncio.gather(first.inbox.receive(wish[:1]), second.inbox.receive(wish[1:]))
    await all_done(first)
    await until(lambda: sum("Question 1 of" in text for text in world.sent) == 1)
    assert len(await first.store.heartbeat.running()) == 1


async def test_replicas_share_the_timers_and_see_to_those_of_one_that_is_gone(world: World) -> None:
    one = await world.replica("a")
    for number in range(6):
        place = f"telegram:{400 + number}"
        await one.hear("/mock fundamentals 6", place=place, person=place)
    await until(lambda: sum("Question 1 of" in text for text in world.sent) == 6)
    first_due = world.clock()
    while not (all_due := await due_timers(one.store, world.clock(), 100)):
        world.clock.forward(1)
        first_due += 1
    shares = [await due_timers(one.store, world.clock(), 100, share=Share(number, 3)) for number in range(3)]
    assert [len(share) for share in shares] == [2, 2, 2]
    assert sorted((timer for share in shares for timer in share), key=str) == sorted(all_due, key=str)
    assert len(await due_timers(one.store, first_due + 5, 100, share=Share(0, 3))) == 6


async def test_a_timer_that_rings_on_two_replicas_rings_once(world: World) -> None:
    first, second = await world.fleet("a", "b")
    await first.hear("/mock fundamentals strict 30")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    world.clock.forward(24 * 3600)
    await asyncio.gather(first.ticker._ring_due(), second.ticker._ring_due())
    await asyncio.gather(first.ticker._ring_due(), second.ticker._ring_due())
    await until(lambda: any("Question 2 of" in text for text in world.sent))
    session = await first.router.interviews.session(DM)
    assert session
    assert len(session.turns) == 2


async def test_the_pace_survives_a_change_of_sender(world: World) -> None:
    budget = Budget(DM, 2, 30.0)
    one = await world.replica("a", (budget,))
    await one.hear("/help", "/help")
    await until(lambda: len(world.sent) == 2)
    await one.stop()
    world.clock.forward(1)
    two = await world.replica("b", (budget,))
    await two.hear("/help", first=3)
    await until(lambda: bool(two.delivery._under_way))
    await asyncio.sleep(10)
    assert len(world.sent) == 2
    (message,) = await left_unsent(two.store)
    assert message.tone is Tone.NOTICE


async def test_after_a_silence_clocks_are_set_back_before_anything_rings(world: World) -> None:
    one = await world.replica("a")
    woken: list[int] = []

    async def wake() -> None:
        woken.append(world.clock())
        await resume.go_on(one.store.heartbeat, one.router.interviews, Platforms({"telegram": one.platform}), 3600)

    ticker = Ticker(one.store.schedule, one.store.heartbeat, one.due, world.clock, ["telegram"], wake=wake)
    await one.hear("/mock fundamentals 6 strict")
    await until(lambda: any("Question 1 of" in text for text in world.sent))
    await ticker._ring_due()
    world.clock.forward(3600)
    await ticker._ring_due()
    await ticker._ring_due()
    assert woken == [world.clock()]
    session = await one.router.interviews.session(DM)
    assert session
    assert len(session.turns) == 1


async def test_where_only_the_connected_one_can_work_nobody_else_does(world: World) -> None:
    first, second = await world.fleet("a", "b")
    for platform in world.platforms.values():
        platform.anywhere = False
    now = world.clock()
    await second.store.inbox.keep([Incoming("k", DM, ADA, now, Said("/help", "1"))], now, "", 0)
    by: dict[str, int] = {"a": 0, "b": 0}
    for one in (first, second):
        count(one, by)
    await until(lambda: sum(by.values()) == 1)
    assert by == {"a": 1, "b": 0}

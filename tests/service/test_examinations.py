"""An answer that is examined: whatever happens meanwhile, the interview goes on once, and nothing is held up."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from sqlalchemy import select
from test_platforms import ADA, DM, until

from assembled import Service, assembled
from bot.core.assessment import Assessment, Band, PointCredit
from bot.core.effects import Tone
from bot.core.events import Examination, Examined
from bot.core.model import Kind
from bot.core.session import Session, State
from bot.core.text import replies
from bot.service.examinations import LEASE, LIMIT
from bot.service.platforms import Platforms
from bot.service.ports.examiner import Examiner
from bot.service.ports.incoming import Incoming, Said
from bot.service.replicas import Replica, owner_id
from bot.storage import open_store, tables
from fakes import FakeClock, FakeExaminer, FakePlatform
from postgres import on_both_databases
from sample_bank import UNIFORM, sample_bank

EXAMINED = replace(sample_bank(), examiners=dict.fromkeys(Kind, "by-hand"))
FOUND = Assessment(1.0, Band.COMPLETE, (PointCredit("core", 1.0, "it ran"), PointCredit("uniform", 1.0, "it ran")))

NUMBERS = count(1)


@dataclass
class One(Service):
    """A replica that examines answers."""

    replica: Replica
    work: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.work = asyncio.create_task(self.examinations.work())

    async def stop(self) -> None:
        """All that is under way is over at once; nothing is given back."""
        if self.work:
            self.work.cancel()
            await asyncio.gather(self.work, return_exceptions=True)
        await self.inbox.stop(2)
        await self.delivery.stop(2)
        await self.store.close()

    async def hear(self, *said: str, place: str = DM) -> None:
        for text in said:
            key = f"s{next(NUMBERS)}"
            await self.inbox.receive([Incoming(key, place, place, self.clock(), Said(text, key), private=True)])
        assert await self.inbox._queues.drained(5)

    async def session(self, place: str = DM) -> Session:
        found = await self.router.interviews.session(place)
        assert found
        return found

    async def examinations_left(self) -> int:
        async with self.store.database.connected() as connection:
            return len((await connection.execute(select(tables.examinations))).rows)

    async def said(self) -> list[tuple[str, str]]:
        """All that was ever said, with its tone."""
        row = tables.outbox.c
        async with self.store.database.connected() as connection:
            return [
                tuple(found) for found in (await connection.execute(select(row.tone, row.text).order_by(row.id))).rows
            ]


@dataclass
class World:
    """Replicas on one database, with one examiner."""

    url: str
    clock: FakeClock = field(default_factory=FakeClock)
    examiner: FakeExaminer = field(default_factory=lambda: FakeExaminer(FOUND))
    ones: list[One] = field(default_factory=list)

    async def replica(self, owner: str = "", *, start: bool = True) -> One:
        store, examiners = await open_store(self.url), dict[str, Examiner]({"by-hand": self.examiner})
        replica, platforms = Replica(store.leases, owner or owner_id()), Platforms({"telegram": FakePlatform()})
        made = assembled(store, self.clock, platforms, bank=EXAMINED, replica=replica, examiners=examiners)
        self.ones.append(One(**vars(made), replica=replica))
        if start:
            self.ones[-1].start()
        return self.ones[-1]

    async def waiting(self) -> One:
        """A replica with an interview whose first answer is being examined."""
        one = await self.replica()
        await one.hear("/mock fundamentals", UNIFORM, "/done")
        await until(lambda: len(self.examiner.asked) == 1)
        assert (await one.session()).state is State.EXAMINING
        return one


async def has_gone_on(one: One) -> None:
    """Wait until nothing is to be examined any more, at most a minute of virtual time."""
    async with asyncio.timeout(60):
        while await one.examinations_left():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)


def questions(said: list[tuple[str, str]]) -> list[str]:
    return [text for tone, text in said if tone == Tone.QUESTION.value]


@pytest.fixture
async def world(url: str) -> AsyncIterator[World]:
    made = World(url)
    yield made
    for one in made.ones:
        await one.stop()


@on_both_databases
async def test_what_was_found_counts_and_the_interview_goes_on(world: World) -> None:
    one = await world.waiting()
    (asked,) = world.examiner.asked
    assert (asked.examiner, asked.turn, asked.probe, asked.answer) == ("by-hand", 0, 0, UNIFORM)
    world.examiner.may_end.set()
    await has_gone_on(one)
    (first, *_) = (await one.session()).turns
    assert first.assessment
    assert first.assessment.score == 1.0
    assert (await one.session()).state is not State.EXAMINING
    assert (Tone.NOTICE.value, replies.NOT_EXAMINED) not in await one.said()


async def test_an_examination_that_takes_too_long_is_ended_and_the_answer_counts_as_it_reads(world: World) -> None:
    one = await world.waiting()
    await asyncio.sleep(LIMIT - 2)
    assert (await one.session()).state is State.EXAMINING
    await has_gone_on(one)
    assert world.examiner.cancelled == 1
    assert (await one.session()).state is State.PROBING
    assert any(replies.NOT_EXAMINED in text for _, text in await one.said())


async def test_an_examiner_that_breaks_leaves_the_answer_as_it_reads(world: World) -> None:
    one = await world.waiting()
    world.examiner.found = KeyError("what it ran")
    world.examiner.may_end.set()
    await has_gone_on(one)
    assert (await one.session()).state is State.PROBING
    assert any(replies.NOT_EXAMINED in text for _, text in await one.said())


async def test_an_examiner_that_nobody_knows_any_more_is_one_that_breaks(world: World) -> None:
    one = await world.replica(start=False)
    one.examinations._examiners = {"another": world.examiner}
    one.start()
    await one.hear("/mock fundamentals", UNIFORM, "/done")
    await has_gone_on(one)
    assert (await one.session()).state is State.PROBING


@on_both_databases
@pytest.mark.parametrize(("command", "state"), [("/stop", State.RATING), ("/skip", State.ANSWERING)])
async def test_stop_and_skip_work_meanwhile_and_end_the_examination(world: World, command: str, state: State) -> None:
    one = await world.waiting()
    await one.hear(command)
    assert (await one.session()).state is state
    assert await one.examinations_left() == 0
    await until(lambda: world.examiner.cancelled == 1)
    assert one.examinations._tasks == {}
    assert (await one.session()).state is state


@pytest.mark.parametrize(
    "meanwhile",
    [
        ("/stop",),
        ("/skip",),
        ("/skip", "It is the mean.", "/done"),  # the next answer is being examined
        ("/stop", "3", "/mock fundamentals", UNIFORM, "/done"),  # or the first one of another interview
    ],
)
async def test_a_result_that_comes_too_late_changes_nothing(world: World, meanwhile: tuple[str, ...]) -> None:
    one, now = await world.replica(start=False), world.clock()
    await one.hear("/mock fundamentals", UNIFORM, "/done")
    (late,) = await one.store.examinations.claim("late", now, now + LEASE, 10, ["telegram"])
    await one.hear(*meanwhile)
    before, said = await one.session(), await one.said()
    await one.router.interviews.go_on_examined(late, Examined(0, 0, Examination.RESULT, FOUND))
    assert await one.session() == before
    assert await one.said() == said


@on_both_databases
async def test_what_was_examined_when_the_program_ended_is_examined_again_at_once_and_nothing_asked_twice(
    world: World,
) -> None:
    await (await world.waiting()).stop()
    world.ones.clear()
    one = await world.replica()
    await until(lambda: len(world.examiner.asked) == 2)
    world.examiner.may_end.set()
    await has_gone_on(one)
    said = await one.said()
    assert len(questions(said)) == len(set(questions(said))) == 2  # what was asked first, and what comes next
    assert [text for _, text in said].count(replies.EXAMINING) == 1


async def test_what_a_replica_on_another_machine_examined_is_taken_over_when_its_lease_runs_out(world: World) -> None:
    first = await world.replica("elsewhere:1:x")
    await first.hear("/mock fundamentals", UNIFORM, "/done")
    await until(lambda: len(world.examiner.asked) == 1)
    await first.stop()
    world.ones.clear()
    await world.replica()
    await asyncio.sleep(10)
    assert len(world.examiner.asked) == 1
    world.clock.forward(LEASE)
    await until(lambda: len(world.examiner.asked) == 2)


async def test_what_takes_longer_than_a_lease_is_not_taken_over(world: World) -> None:
    await world.waiting()
    await world.replica("another:1:x")
    for _ in range(3):
        world.clock.forward(LEASE - 1)
        await asyncio.sleep(10)
    assert len(world.examiner.asked) == 1


@on_both_databases
async def test_what_one_replica_claimed_no_other_claims_until_the_lease_runs_out(world: World) -> None:
    one, now = await world.replica(start=False), world.clock()
    await one.hear("/mock fundamentals", UNIFORM, "/done")
    rows = one.store.examinations
    claimed = await rows.claim("a", now, now + LEASE, 10, ["telegram"])
    assert await rows.claim("a", now, now + LEASE, 10, ["discord"]) == []
    assert await rows.claim("b", now, now + LEASE, 10, ["telegram"]) == []
    assert await rows.renew("b", [claimed[0].number], now + LEASE) == set()
    assert await rows.claim("b", now + LEASE, now + 2 * LEASE, 10, ["telegram"]) == claimed
    assert await rows.owners() == ["b"]


@on_both_databases
async def test_two_replicas_examine_each_answer_once(world: World) -> None:
    first, second = await world.replica("one:1:x"), await world.replica("two:1:x")
    places = [f"telegram:{number}" for number in range(100, 106)]
    world.examiner.may_end.set()
    for number, place in enumerate(places):
        await (first, second)[number % 2].hear("/mock fundamentals", f"{UNIFORM} {number}.", "/done", place=place)
    await has_gone_on(first)
    assert sorted(asked.answer for asked in world.examiner.asked) == [f"{UNIFORM} {n}." for n in range(len(places))]
    for place in places:
        session = await first.session(place)
        assert session.turns[0].assessment
        assert session.turns[0].assessment.score == 1.0


async def test_who_is_forgotten_meanwhile_is_not_examined_any_longer(world: World) -> None:
    one = await world.waiting()
    exported = await one.store.outbox.document(f"export:{ADA}")
    assert exported
    assert UNIFORM.encode() in exported.content.partition(b'"examinations"')[2].partition(b"]")[0]
    assert one.replica.owner.encode() not in exported.content
    await one.hear("/forget everything")
    assert await one.examinations_left() == 0
    await until(lambda: world.examiner.cancelled == 1)


async def test_a_chat_that_is_renamed_meanwhile_is_examined_again_under_its_new_name(world: World) -> None:
    one, new = await world.waiting(), "telegram:77"
    async with one.store.begin() as transaction:
        await transaction.move(DM, new, world.clock())
    world.examiner.may_end.set()
    await asyncio.sleep(5)
    world.clock.forward(LEASE)
    await has_gone_on(one)
    assert (await one.session(new)).state is not State.EXAMINING


async def test_without_an_examiner_nobody_looks_for_anything(world: World) -> None:
    one = await world.replica(start=False)
    one.examinations._examiners = {}
    one.start()
    assert one.work
    async with asyncio.timeout(1):
        await one.work

"""`mockbot run` on both databases, killed, shared by replicas, and left without its database, while people use it.

In the end everything is counted: no answer is lost, no prompt doubled, no session stuck. MOCKBOT_KILLS=100 kills it so
often, and tries what takes long.
"""

import asyncio
import itertools
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

import forked
from assembled import assembled
from bot.core.session import Outcome, Session
from bot.scheduler import Ticker
from bot.service.conversation import resume
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Said
from bot.storage import SqlStore, open_store
from botapi import BotApi
from botapi.nouns import Json
from botapi.updates import Updates, Webhook
from fakes import FakeClock, FakePlatform
from postgres import Postgres
from rows import left_unsent, waiting
from running import Bot, Crowd, free_port, until

THOROUGH = "MOCKBOT_KILLS" in os.environ
KILLS = int(os.environ.get("MOCKBOT_KILLS", "4"))
REPLICAS_KILLED = 10 if THOROUGH else 3
PAUSE = 1.0  # seconds between two replicas killed
AWAY = 3.0  # seconds without a database
ELSEWHERE = "Another program takes the messages of this bot"
STARTS = "Mockbot starts"

Told = Callable[..., None]


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """A start is measured, and the first would be longer than all others."""
    forked.load()


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Told:
    """Keeps what was counted, in the report of the tests (`--junit-xml`) and among what they print (`-rP`)."""

    def reply_privately(numbers: dict[str, int], **more: int) -> None:
        for name, number in (more | numbers).items():
            record_property(name, number)
        print(more | numbers)  # noqa: T201 - see above

    return reply_privately


async def test_killed_at_random_points_it_loses_and_doubles_nothing(
    server: BotApi, database_url: str, tmp_path: Path, told: Told
) -> None:
    async with aclosing(Bot(server, tmp_path, MOCKBOT_DATABASE_URL=database_url)) as bot:
        crowd = Crowd(server, database_url, 2 * KILLS)
        began = time.monotonic()
        await bot.start()
        whole = time.monotonic() - began  # as long as a start takes on this machine, now
        await crowd.begins()
        async with crowd.at_work():
            for kill in range(KILLS):
                crowd.are_due(2)
                crowd.have_to_say(5)
                await killed(bot, kill, whole, crowd)
                crowd.leases_run_out()
                crowd.note()
                if kill % 10 == 9:  # on a slow machine it cannot keep up, and what waits too long is refused
                    await bot.start()
                    await crowd.is_quiet()
            if bot.ended:
                await bot.start()
        told(await crowd.all_is_well(), kills=KILLS)
        assert "Traceback" not in bot.log
        assert '"error"' not in bot.log


async def killed(bot: Bot, kill: int, whole: float, crowd: Crowd) -> None:
    """A kill somewhere in the start-up, between keeping what came and confirming it, or anywhere else."""
    if kill % 2:
        bot.launch()
        await asyncio.sleep(crowd.chance.uniform(0, 1.2 * whole))
    else:
        if bot.ended:
            await bot.start()
        await asyncio.sleep(crowd.chance.uniform(0, 0.7))
    if kill % 4 == 0:
        polls = len(bot.server.called("getUpdates"))
        bot.server.fail_next("getUpdates", drop="before", times=9)
        crowd.have_to_say(1)  # which ends the poll that waits now
        await until(lambda: len(bot.server.called("getUpdates")) > polls + 1, 90)
    assert not bot.ended, bot.log
    await bot.stop(signal.SIGKILL)
    bot.server.recover()


class Proxied(Updates):
    """Telegram's deliveries behind a proxy, which hands them to the replicas in turn."""

    def __init__(self, inside: Sequence[str]) -> None:
        super().__init__(time.time)
        self.inside = inside
        self.turn = 0

    async def _posted(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        self.turn += 1
        return await super()._posted(session, replace(webhook, url=self.inside[self.turn % len(self.inside)]), update)


def behind_a_proxy(server: BotApi, ones: Sequence[Bot]) -> None:
    """Telegram brings the updates, to one replica after the other."""
    ports = [free_port() for _ in ones]
    server.updates = Proxied([f"http://127.0.0.1:{port}/hook" for port in ports])
    for one, port in zip(ones, ports, strict=True):
        one.variables |= {
            "MOCKBOT_TELEGRAM_WEBHOOK_URL": "https://bot.example/hook",
            "MOCKBOT_TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "MOCKBOT_TELEGRAM_WEBHOOK_SECRET": "s3cret",
        }


LONG = pytest.mark.skipif(not THOROUGH, reason="takes long: set MOCKBOT_KILLS")


@pytest.mark.parametrize("way", ["polling", pytest.param("webhook", marks=LONG)])
async def test_of_three_replicas_one_is_killed_again_and_again_and_nothing_is_lost_or_doubled(
    server: BotApi, postgres_url: str, tmp_path: Path, way: str, told: Told
) -> None:
    async with AsyncExitStack() as stack:
        ones = [Bot(server, tmp_path, MOCKBOT_DATABASE_URL=postgres_url) for _ in range(3)]
        if way == "webhook":
            behind_a_proxy(server, ones)
        for one in ones:
            await stack.enter_async_context(aclosing(one))
        await asyncio.gather(*map(starts, ones))
        crowd = Crowd(server, postgres_url, 2 * REPLICAS_KILLED)
        await crowd.begins()
        async with crowd.at_work():
            for kill in range(REPLICAS_KILLED):
                crowd.are_due(2)
                crowd.have_to_say(5)
                await asyncio.sleep(PAUSE)
                one = ones[kill % 3]
                await has_started(one, kill // 3 + 1)
                await one.stop(signal.SIGKILL)
                crowd.leases_run_out()
                crowd.note()
                one.launch()
        conflicts = sum(call.code == 409 for call in server.called("getUpdates"))
        told(await crowd.all_is_well(), kills=REPLICAS_KILLED, conflicts=conflicts)
        assert conflicts <= REPLICAS_KILLED  # the poll of a dead replica is ended by that of the next
        for one in ones:
            assert not one.ended
            assert ELSEWHERE not in one.log
            assert "Traceback" not in one.log


async def starts(one: Bot) -> None:
    one.launch()
    await has_started(one, 1)


async def has_started(one: Bot, times: int) -> None:
    """Wait until a replica has started so often; only one of them turns to Telegram."""
    await until(lambda: one.log.count(STARTS) >= times or one.ended, 120)
    assert not one.ended, one.log


async def test_the_databases_server_stops_twice_and_nothing_is_lost_or_doubled(
    server: BotApi, postgres: Postgres, postgres_url: str, tmp_path: Path, told: Told
) -> None:
    async with aclosing(Bot(server, tmp_path, MOCKBOT_DATABASE_URL=postgres_url)) as bot:
        crowd = Crowd(server, postgres_url, 4)
        await bot.start()
        await crowd.begins()
        async with crowd.at_work():
            for mode in ("fast", "immediate"):
                crowd.are_due(2)
                crowd.have_to_say(8)
                await asyncio.to_thread(postgres.stop, mode)
                try:
                    await asyncio.sleep(AWAY)
                finally:
                    await asyncio.to_thread(postgres.start)
                await crowd.is_heard()
                crowd.note()
        told(await crowd.all_is_well())
        assert not bot.ended
        assert "Traceback" not in bot.log
        await bot.ends_well()


async def test_somebody_else_writes_to_the_file_for_seconds_and_nothing_is_lost_or_doubled(
    server: BotApi, sqlite_url: str, tmp_path: Path, told: Told
) -> None:
    async with aclosing(Bot(server, tmp_path, MOCKBOT_DATABASE_URL=sqlite_url)) as bot:
        crowd = Crowd(server, sqlite_url, 4)
        await bot.start()
        await crowd.begins()
        async with crowd.at_work():
            crowd.are_due(2)
            crowd.have_to_say(8)
            with closing(sqlite3.connect(tmp_path / "mockbot.db", timeout=10, isolation_level=None)) as file:
                file.execute("BEGIN IMMEDIATE")
                file.execute("UPDATE heartbeats SET at = at")
                await asyncio.sleep(AWAY)
                file.execute("ROLLBACK")
            await crowd.is_heard()
        told(await crowd.all_is_well())
        await bot.ends_well()


class Jumping:
    """The parts of the program on a clock of their own, which is `ahead` of the time that the platform goes by."""

    def __init__(self, store: SqlStore, now: int) -> None:
        self.now, self.ahead = now, 0
        self.store, self.clock, self.platform = store, FakeClock(now), FakePlatform()
        platforms = Platforms({"telegram": self.platform})
        made = assembled(store, self.clock, platforms)
        self.router, self.inbox = made.router, made.inbox
        self.ticker = Ticker(store.schedule, store.heartbeat, made.due, self.clock, ["telegram"], wake=self._wake)
        self.platforms = platforms
        self.keys = itertools.count(1)
        self.people: dict[str, str] = {}

    async def _wake(self) -> None:
        """As the program does when nothing ticked for a while."""
        if away := await resume.away(self.store.heartbeat, self.clock):
            await resume.go_on(self.store.heartbeat, self.router.interviews, self.platforms, away)
        await self.store.heartbeat.beat(self.clock())

    async def jumps(self, ahead: int) -> None:
        """Everybody with a daily question changes something then, so that it is planned anew."""
        self.ahead = ahead
        await self.later(0)
        for person in self.people:
            await self.says("/daily ramp off", person)

    async def later(self, seconds: int) -> None:
        """Time goes by, and then it ticks."""
        self.now += seconds
        self.clock.now = self.now + self.ahead
        for tick in (self.ticker._ring_due, self.ticker._ask_daily, self.ticker._beat):
            await tick()
        await self.settled()

    async def says(self, text: str, who: str) -> None:
        """Somebody writes, at the time by the platform's clock."""
        key = str(next(self.keys))
        await self.inbox.receive([Incoming(key, who, who, self.now, Said(text, key), private=True)])
        await self.settled()

    async def settled(self) -> None:
        async with asyncio.timeout(60):
            while await waiting(self.store) or await left_unsent(self.store):  # noqa: ASYNC110 - rows set no event
                await asyncio.sleep(0)

    @property
    def prompts(self) -> Counter[tuple[str, str]]:
        """How many prompts each person got on each weekday."""
        asked = [message for message in self.platform.sent if message.choices[:1] == ("daily-answer",)]
        return Counter((message.person, message.text.partition(".")[0].rpartition(" ")[2]) for message in asked)

    async def question(self) -> Session:
        found = await self.router.interviews.session(ADA)
        assert found
        return found

    async def thinks(self, until: int) -> list[str]:
        """Ada says a thought every few seconds until her first question is closed."""
        thoughts: list[str] = []
        while self.now < until and len((await self.question()).turns) == 1:
            thoughts.append(f"thought of {self.now}")
            await self.says(thoughts[-1], ADA)
            await self.later(9)
        return thoughts


ADA, HOUR = "telegram:7", 3600
PLACES = ("Europe/Berlin 02:30", "Europe/Berlin 09:00", "America/New_York 18:30", "Australia/Lord_Howe 13:15")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(database_url)
    yield store
    await store.close()


@pytest.mark.parametrize("edge", [date(2026, 10, 25), date(2027, 3, 28)], ids=["to winter", "to summer"])
async def test_whatever_the_clock_does_there_is_one_prompt_a_local_date(store: SqlStore, edge: date) -> None:
    midnight = int(datetime.combine(edge, clock_time(), UTC).timestamp())
    start, end = midnight - 13 * HOUR, midnight + 37 * HOUR
    around_the_edge = {midnight + HOUR // 2, midnight + 3 * HOUR // 2}  # Europe's clocks change at 01:00 UTC
    world, chance = Jumping(store, start), random.Random(edge.day)  # noqa: S311 - when it jumps, no secret
    for person, place in (people := {f"telegram:{number}": place for number, place in enumerate(PLACES, 30)}).items():
        await world.says(f"/daily {' '.join(reversed(place.split()))}", person)
    world.people = people
    while world.now < end:
        await world.later(HOUR // 2)
        if world.now in around_the_edge:
            await world.jumps(0 if world.ahead else 3 * HOUR)
        elif chance.random() < 0.15:
            await world.jumps(0 if world.ahead else chance.choice((3 * HOUR, -HOUR)))
    await world.jumps(0)
    await world.later(HOUR // 2)
    dates = [(person, day) for person, place in people.items() for day in asked_on(place, start, world.now)]
    assert world.prompts == Counter((person, f"{day:%A}") for person, day in dates)


def asked_on(place: str, start: int, end: int) -> list[date]:
    """The local dates on which clocks there show the time between two moments, worked out beside the program."""
    zone, at = place.split()
    first = datetime.fromtimestamp(start, ZoneInfo(zone)).date()
    days = [first + timedelta(days=number) for number in range(5)]
    shown = {day: datetime.combine(day, clock_time.fromisoformat(at), ZoneInfo(zone)) for day in days}
    return [day for day, moment in shown.items() if start < moment.timestamp() <= end]


@pytest.mark.parametrize("ahead", [3 * HOUR, -HOUR], ids=["forward", "back"])
async def test_no_deadline_rings_before_its_time_and_answers_count_while_the_clock_jumps(
    store: SqlStore, ahead: int
) -> None:
    world = Jumping(store, int(datetime(2026, 10, 25, 0, 58, tzinfo=UTC).timestamp()))  # summer time ends at 01:00
    await world.later(0)
    await world.says("/mock fundamentals strict 30", ADA)
    asked_at, limit = world.now, (await world.question()).turn.limit or 0
    await world.later(5)
    await world.jumps(ahead)
    thoughts = await world.thinks(asked_at + limit + 20)
    await world.jumps(max(0, ahead))  # time that was counted twice does not ring it early, either
    thoughts += await world.thinks(asked_at + 4 * limit)
    first, second = (await world.question()).turns
    assert world.now - asked_at >= limit
    assert [answer.text for answer in first.answers] == thoughts
    assert second.outcome is Outcome.OPEN


@pytest.mark.parametrize("later", [3 * HOUR, 0], ids=["still wrong", "set right again"])
async def test_answers_count_to_a_question_that_was_asked_while_the_clock_was_wrong(
    store: SqlStore, later: int
) -> None:
    world = Jumping(store, int(datetime(2026, 10, 25, 0, 58, tzinfo=UTC).timestamp()))
    await world.says("/mock fundamentals", ADA)
    await world.jumps(3 * HOUR)
    await world.says("/skip", ADA)
    await world.later(40)
    await world.jumps(later)
    await world.says("It is about the variance.", ADA)
    assert [answer.text for answer in (await world.question()).turn.answers] == ["It is about the variance."]

"""What the program tells of its state over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text, update

from bot.adapters.telegram.translate import Json
from bot.adapters.telegram.webhook import LARGEST, Webhook, listening
from bot.app import health
from bot.app.health import Condition, HttpServer, Readiness
from bot.app.measures import Measures
from bot.core.effects import RecordOutcome, Say
from bot.core.events import Answered, Command, Commanded
from bot.core.refusal import Refusal
from bot.service.conversation.unit_of_work import timed
from bot.service.ports.incoming import Incoming, Said
from bot.storage import SqlStore, open_store, tables
from bot.storage.watch import Queue, Watch
from playing import started
from postgres import on_both_databases
from running import free_port
from sample_bank import CORE

NOW = 1_800_000_000
ME, OTHER = "here:1", "there:2"


@dataclass
class Rig:
    """A served program: its parts as they would be, and what is asked of it."""

    url: str
    store: SqlStore
    connected: dict[str, bool] = field(default_factory=dict)
    now: int = NOW
    listen: str = field(default_factory=lambda: f"127.0.0.1:{free_port()}")

    def __post_init__(self) -> None:
        watch = Watch(self.url)
        self.condition = Condition(watch, lambda: self.now, ME, lambda: self.connected)
        self.measures = Measures(watch, lambda: self.now)

    async def execute(self, statement: object) -> None:
        async with self.store.begin() as transaction:
            await transaction._connection.execute(statement)

    async def lease(self, owner: str, until: int) -> None:
        await self.execute(insert(tables.leases).values(name="telegram", owner=owner, until=until))

    async def says(self, place: str, *, at: int = NOW, bulk: bool = False) -> None:
        async with self.store.begin() as transaction:
            await transaction.say(place, Say("hello"), at)
        if bulk:
            await self.execute(update(tables.outbox).where(tables.outbox.c.place == place).values(bulk=True))

    async def sample(self, name: str, **labels: str) -> float | None:
        """A number on the page of measures."""
        page = (await self.measures.page()).decode()
        samples = (sample for family in text_string_to_metric_families(page) for sample in family.samples)
        return next((s.value for s in samples if s.name == name and labels.items() <= s.labels.items()), None)


@pytest.fixture
async def rig(url: str) -> AsyncIterator[Rig]:
    store = await open_store(url)
    yield Rig(url, store)
    await store.close()


@pytest.fixture
async def http_server(rig: Rig) -> AsyncIterator[HttpServer]:
    async with health.serving(rig.listen, rig.condition.readiness, rig.measures.page) as http_server:
        yield http_server


async def get(rig: Rig, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{rig.listen}{path}") as answer:
        return answer.status, await answer.text()


async def post(rig: Rig, path: str) -> int:
    async with aiohttp.ClientSession() as session, session.post(f"http://{rig.listen}{path}", data=b"{}") as answer:
        return answer.status


async def is_ready(rig: Rig) -> bool:
    return not (await rig.condition.readiness()).reasons


@pytest.mark.usefixtures("http_server")
async def test_a_program_that_runs_is_alive_and_ready(rig: Rig) -> None:
    rig.connected["telegram"] = True
    assert await get(rig, "/healthz") == (200, '{"alive": true}')
    assert await get(rig, "/readyz") == (200, '{"ready": true, "reasons": []}')


@pytest.mark.usefixtures("http_server")
async def test_while_stopping_it_is_alive_but_not_ready(rig: Rig) -> None:
    rig.condition.stopping = True
    assert (await get(rig, "/healthz"))[0] == 200
    assert await get(rig, "/readyz") == (503, '{"ready": false, "reasons": ["Mockbot is stopping."]}')


async def test_until_everything_is_started_it_is_not_ready(rig: Rig) -> None:
    rig.condition.connected = None
    assert await rig.condition.readiness() == Readiness(("Mockbot is starting.",))


@on_both_databases
async def test_a_platform_must_be_connected_here_or_on_a_replica_whose_lease_runs(rig: Rig) -> None:
    rig.connected |= {"telegram": False, "discord": True}
    assert await rig.condition.readiness() == Readiness(("telegram is connected neither here nor on another replica.",))
    await rig.lease(OTHER, NOW + 15)
    assert await is_ready(rig)
    rig.now += 15
    assert not await is_ready(rig)
    rig.connected["telegram"] = True
    assert await is_ready(rig)


async def test_a_lease_of_its_own_does_not_make_it_connected(rig: Rig) -> None:
    rig.connected["telegram"] = False
    await rig.lease(ME, NOW + 15)
    assert not await is_ready(rig)


@on_both_databases
async def test_a_database_of_another_revision_is_no_use(rig: Rig) -> None:
    await rig.execute(tables.leases.delete())
    assert await is_ready(rig)
    async with rig.store.begin() as transaction:
        await transaction._connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "The database is at revision 0001" in (await rig.condition.readiness()).reasons[0]


async def test_without_a_database_it_is_alive_not_ready_and_shows_no_old_numbers() -> None:
    url = "postgresql+psycopg://user:p4ssword@127.0.0.1:9/mockbot"
    watch = Watch(url)
    condition, measures = Condition(watch, lambda: NOW, ME, dict), Measures(watch, lambda: NOW)
    assert await condition.readiness() == Readiness(("The database cannot be read.",))
    page = (await measures.page()).decode()
    assert "mockbot_database_up 0.0" in page
    assert "mockbot_queue_depth{" not in page


@on_both_databases
async def test_each_lane_tells_how_much_waits_and_since_when(rig: Rig) -> None:
    incoming = [Incoming(f"telegram:{n}", "telegram:7", "telegram:7", NOW, Said("hi")) for n in range(3)]
    await rig.store.inbox.keep(incoming, NOW - 30)
    await rig.says("telegram:7", at=NOW - 20)
    await rig.says("telegram:8", at=NOW - 3600, bulk=True)
    async with Watch(rig.url).reading() as reading:
        queues = await reading.queues(NOW)
    assert queues == {"inbox": Queue(3, 30), "interactive": Queue(1, 20), "bulk": Queue(1, 3600), "timers": Queue(0, 0)}
    assert await rig.sample("mockbot_queue_depth", lane="inbox") == 3
    assert await rig.sample("mockbot_queue_oldest_seconds", lane="bulk") == 3600


@pytest.mark.parametrize(("lost", "place"), [("telegram:7", "telegram:7"), ("telegram:7", "telegram:7/5")])
@on_both_databases
async def test_what_waits_for_a_chat_out_of_reach_does_not_count(rig: Rig, lost: str, place: str) -> None:
    await rig.says(place)
    await rig.says(f"{lost}8")
    await rig.execute(insert(tables.unreachable).values(chat=lost, since=NOW))
    async with Watch(rig.url).reading() as reading:
        assert (await reading.queues(NOW))["interactive"].depth == 1


async def test_the_queues_are_read_every_five_seconds_at_most(rig: Rig) -> None:
    await rig.measures.page()
    await rig.says("telegram:7")
    assert await rig.sample("mockbot_queue_depth", lane="interactive") == 0
    rig.measures._read_at = asyncio.get_running_loop().time() - 5
    assert await rig.sample("mockbot_queue_depth", lane="interactive") == 1


@pytest.mark.usefixtures("http_server")
@on_both_databases
async def test_what_happened_is_counted(rig: Rig) -> None:
    measures = rig.measures
    measures.turn()
    measures.sent("telegram", "sent")
    measures.told_to_wait("discord")
    logger = logging.getLogger("mockbot.tests")
    measures.count_errors_of(logger)
    logger.error("broke", exc_info=KeyError("a text"))
    logger.warning("no error")
    measures.assessed(0.004)
    status, page = await get(rig, "/metrics")
    assert status == 200
    for line in (
        "mockbot_turns_total 1.0",
        'mockbot_sends_total{outcome="sent",platform="telegram"} 1.0',
        'mockbot_told_to_wait_total{platform="discord"} 1.0',
        'mockbot_errors_total{kind="KeyError"} 1.0',
        'mockbot_assessment_seconds_bucket{le="0.005"} 1.0',
        "mockbot_database_up 1.0",
    ):
        assert f"\n{line}\n" in page


class Stopwatch:
    """Each look at it comes a quarter of a second after the last one."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += 0.25
        return self.at


async def test_the_time_of_a_decision_counts_when_an_answer_was_assessed_in_it(rig: Rig) -> None:
    play = started()
    decide = timed(play.bank, rig.measures, Stopwatch())
    for event in (Answered(CORE), Commanded(Command.SKIP)):
        play.session, effects = decide(play.session, event, play.now)
        count = any(isinstance(effect, RecordOutcome) and effect.assessment for effect in effects)
        assert await rig.sample("mockbot_assessment_seconds_count") == count
    assert count
    assert await rig.sample("mockbot_assessment_seconds_sum") == 0.25


async def test_telegram_comes_in_by_the_same_door_while_it_is_mounted(rig: Rig, http_server: HttpServer) -> None:
    async def take(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    assert await post(rig, "/hook") == 404
    with http_server.mount("/hook", take):
        assert await post(rig, "/hook") == 204
        assert await post(rig, "/other") == 404
        with pytest.raises(Refusal, match="is taken"), http_server.mount("/hook", take):
            pass
    assert await post(rig, "/hook") == 404
    with pytest.raises(Refusal, match="The path /metrics is taken"), http_server.mount("/metrics", take):
        pass


async def test_the_webhook_lets_only_telegram_in_at_that_door_too(rig: Rig, http_server: HttpServer) -> None:
    incoming: list[Json] = []

    async def hear(updates: Sequence[Json]) -> None:
        incoming.extend(updates)

    url = f"http://{rig.listen}/hook"
    async with listening(Webhook("https://bot.example/hook", "s3cret", rig.listen, http_server.mount), hear):
        assert await post(rig, "/hook") == 403
        async with aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": "s3cret"}) as session:
            assert (await session.post(url, json={"update_id": 7})).status == 200
            assert (await session.post(url, data=BytesIO(b"x" * (LARGEST + 1)))).status == 413
    assert incoming == [{"update_id": 7}]
    assert await post(rig, "/hook") == 404


async def test_nothing_listens_unless_an_address_is_set() -> None:
    async def unused() -> Readiness:
        raise NotImplementedError

    async def page() -> bytes:
        raise NotImplementedError

    async with health.serving(None, unused, page) as http_server:
        assert isinstance(http_server, HttpServer)


@pytest.mark.usefixtures("http_server")
async def test_an_address_in_use_is_refused_in_one_sentence(rig: Rig) -> None:
    with pytest.raises(Refusal, match=r"^Nothing can listen at .*: address already in use\. Set MOCKBOT_LISTEN"):
        async with health.serving(rig.listen, rig.condition.readiness, rig.measures.page):
            pass

"""What `mockbot doctor` says."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import insert, text, update

from bot.app import doctor
from bot.app.doctor import examine
from bot.config import Settings
from bot.core.effects import Say
from bot.storage import SqlStore, open_store, tables
from botapi import BotApi
from postgres import on_both_databases
from program import database, run, run_here

DISCORD_TOKEN = "discord-t0ken"  # noqa: S105 - opens nothing
SECRET = "webh00k-secret"  # noqa: S105 - opens nothing


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def discord() -> AsyncIterator[str]:
    """The address of an API that knows one token."""

    async def me(request: web.Request) -> web.Response:
        known = request.headers.get("Authorization") == f"Bot {DISCORD_TOKEN}"
        return web.json_response({"username": "Mocker"}) if known else web.json_response({"code": 0}, status=401)

    application = web.Application()
    application.router.add_get("/users/@me", me)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@dataclass
class Patient:
    """A program that is set up, its database, and who leads there."""

    settings: Settings
    store: SqlStore
    discord: str

    async def execute(self, statement: Any) -> None:  # noqa: ANN401 - any statement
        async with self.store.begin() as transaction:
            await transaction._connection.execute(statement)

    async def leads(self, name: str, seconds: int = 15) -> None:
        values = {"name": name, "owner": "host:1:a", "until": int(time.time()) + seconds}
        await self.execute(insert(tables.leases).values(values))

    async def is_set(self, **changes: object) -> None:
        self.settings = Settings.model_validate(self.settings.model_dump() | changes)

    async def lines(self) -> tuple[str, bool]:
        said, well = await examine(self.settings, self.discord)
        for secret in (*self.settings.secrets, *(half for s in self.settings.secrets if (half := s.partition(":")[2]))):
            assert secret not in said
        return said, well

    async def problem(self) -> str:
        """The one thing that is wrong, with what to do."""
        said, well = await self.lines()
        assert not well
        assert said.endswith("\n1 problem.")
        return said.partition("Problem. ")[2]


@pytest.fixture
async def patient(url: str, server: BotApi, discord: str) -> AsyncIterator[Patient]:
    """One that is well."""
    settings = Settings(
        database_url=url, telegram_token=server.token, telegram_api=server.url, discord_token=DISCORD_TOKEN
    )
    store = await open_store(url)
    made = Patient(settings, store, discord)
    await store.heartbeat.beat(int(time.time()))
    for name in ("telegram", "discord"):
        await made.leads(name)
    yield made
    await store.close()


@on_both_databases
async def test_of_a_program_that_is_well_it_says_so(patient: Patient) -> None:
    said, well = await patient.lines()
    assert well
    assert said.endswith("\nAll is well.")
    for words in (
        "Telegram: reached as @mockbot_bot.",
        "Telegram delivers: to long polls.",
        "Discord: reached as Mocker.",
        "up to date.",
        "Leading: telegram is held by host:1:a until ",
        "Messages to send: none.",
    ):
        assert words in said


async def test_wrong_tokens_are_named_and_never_shown(patient: Patient) -> None:
    await patient.is_set(telegram_token="123456789:wrong-half")  # noqa: S106 - opens nothing
    assert "Telegram: the token is not accepted.\n  What to do: set MOCKBOT_TELEGRAM_TOKEN" in await patient.problem()
    await patient.is_set(telegram_token=None, discord_token="wr0ng")  # noqa: S106 - opens nothing
    assert "Discord: the token is not accepted.\n  What to do: set MOCKBOT_DISCORD_TOKEN" in await patient.problem()


async def test_a_platform_out_of_reach_is_named_by_its_address(patient: Patient) -> None:
    patient.discord = "http://127.0.0.1:9"
    assert "Discord: cannot be reached (ClientConnectorError)." in await patient.problem()
    await patient.is_set(telegram_api="http://127.0.0.1:9", discord_token=None)
    assert "Telegram: 127.0.0.1:9 cannot be reached (ClientConnectorError)." in await patient.problem()


async def test_an_answer_that_is_none_of_telegrams_is_an_outage_too(patient: Patient) -> None:
    await patient.is_set(telegram_api=f"{patient.settings.telegram_api}/elsewhere", discord_token=None)
    assert "cannot be reached (JSONDecodeError)." in await patient.problem()


async def test_a_webhook_that_telegram_does_not_know_or_should_not_know_is_a_problem(
    patient: Patient, server: BotApi
) -> None:
    hook = {"telegram_webhook_url": "http://127.0.0.1:9/hook", "telegram_webhook_secret": SECRET}
    await patient.is_set(**hook)
    assert "to long polls, though MOCKBOT_TELEGRAM_WEBHOOK_URL is set" in await patient.problem()
    server.updates.webhook.url = "http://127.0.0.1:9/hook"
    assert "Telegram delivers: to 127.0.0.1:9." in (await patient.lines())[0]
    await patient.is_set(telegram_webhook_url=None)
    assert "Telegram delivers: to 127.0.0.1:9, not as set here." in await patient.problem()


async def test_a_delivery_that_failed_just_now_is_a_problem(patient: Patient, server: BotApi) -> None:
    await patient.is_set(telegram_webhook_url="http://127.0.0.1:9/hook", telegram_webhook_secret=SECRET)
    hook = server.updates.webhook
    hook.url, hook.last_error, hook.last_error_at = "http://127.0.0.1:9/hook", "Connection refused.", time.time() - 300
    assert "and failed 5 minutes ago (Connection refused)." in await patient.problem()
    hook.last_error_at = time.time() - 3600
    assert (await patient.lines())[1]


@on_both_databases
async def test_a_program_that_stopped_is_a_problem_and_then_nobody_leads(patient: Patient) -> None:
    await patient.execute(update(tables.heartbeats).values(at=int(time.time()) - 7200))
    await patient.execute(tables.leases.delete())
    assert "Running: no; last known to be alive 2 hours ago.\n  What to do: start `mockbot run`." in (
        await patient.problem()
    )


async def test_a_terminal_is_no_running_bot(patient: Patient) -> None:
    await patient.execute(update(tables.heartbeats).values(at=int(time.time()) - 7200))
    await patient.execute(tables.leases.delete())
    await patient.execute(insert(tables.heartbeats).values(name="terminal", at=int(time.time())))
    assert "Running: no; last known to be alive 2 hours ago." in await patient.problem()


@on_both_databases
async def test_a_clock_that_is_not_the_databases_is_a_problem(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "clock", lambda: int(time.time()) - 180)
    told = await patient.problem()
    assert re.match(r"Clock: this machine's is 1(79|80|81) s behind the database's, which counts\.\n", told)


async def test_a_platform_that_nobody_leads_while_the_program_runs_is_a_problem(patient: Patient) -> None:
    await patient.execute(tables.leases.delete())
    await patient.leads("telegram:send")
    await patient.leads("discord", -1)
    assert "Leading: nobody holds discord." in await patient.problem()


@on_both_databases
async def test_replicas_that_are_alive_are_counted(patient: Patient) -> None:
    now = int(time.time())
    for number, at in enumerate((now, now, now - 3600)):
        await patient.execute(insert(tables.heartbeats).values(name=f"replica:host:{number}", at=at))
    assert ", 2 replicas." in (await patient.lines())[0]


@on_both_databases
async def test_what_waits_too_long_is_a_problem(patient: Patient) -> None:
    now = int(time.time())
    async with patient.store.begin() as transaction:
        await transaction.say("telegram:7", Say("hello"), now - 30)
    said, well = await patient.lines()
    assert "Messages to send: 1, the oldest for 3" in said
    assert well
    await patient.execute(update(tables.outbox).values(created_at=now - 300))
    assert "Messages to send: 1, the oldest for 30" in await patient.problem()
    await patient.execute(update(tables.outbox).values(bulk=True))
    assert (await patient.lines())[1]


@on_both_databases
async def test_a_database_of_an_earlier_version_is_to_be_migrated(patient: Patient) -> None:
    async with patient.store.begin() as transaction:
        await transaction._connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    problem = await patient.problem()
    assert "at revision 0001; " in problem
    assert "What to do: run `mockbot migrate`." in problem


async def test_a_database_out_of_reach_is_named_without_its_password(server: BotApi) -> None:
    url = "postgresql+psycopg://user:p4ssword@127.0.0.1:9/mockbot"
    settings = Settings(database_url=url, telegram_token=server.token, telegram_api=server.url)
    said, well = await examine(settings)
    assert not well
    assert "postgresql+psycopg://user:***@127.0.0.1:9/mockbot cannot be used" in said
    assert "What to do: start the database, or set MOCKBOT_DATABASE_URL to another one." in said
    assert "p4ssword" not in said
    assert "\n\t" not in said


def test_without_anything_it_says_what_to_set_and_creates_nothing(tmp_path: Path) -> None:
    done = run_here("doctor", home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "What to do: set MOCKBOT_TELEGRAM_TOKEN or MOCKBOT_DISCORD_TOKEN." in done.stdout
    assert "not created yet" in done.stdout
    assert done.stdout.endswith("\n2 problems.\n")
    assert list(tmp_path.rglob("*.db")) == []


def test_the_database_can_be_named(tmp_path: Path) -> None:
    assert run_here("migrate", "--db", database(tmp_path)).returncode == 0
    assert "up to date." in run_here("doctor", "--db", database(tmp_path)).stdout


def test_a_folder_without_question_banks_is_a_problem(tmp_path: Path) -> None:
    done = run("doctor", "--db", database(tmp_path), MOCKBOT_CONTENT=str(tmp_path / "nowhere"))
    assert "nowhere, which is no folder.\n  What to do: set MOCKBOT_CONTENT" in done.stdout

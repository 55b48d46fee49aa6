"""`mockbot run` as a process of its own, on a strict Bot API server in the test's own loop."""

import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from botapi import BotApi, Call, Chat, User
from botapi.nouns import Json
from botapi.updates import Updates, Webhook
from program import run, run_here
from running import Bot, free_port, shown, until

ANSWER = "The variance falls when many estimates are averaged"
BAD_TOKEN = "Telegram does not accept the bot token. Compare it with the one that @BotFather shows."  # noqa: S105 - words
NOWHERE = {"MOCKBOT_TELEGRAM_TOKEN": "1:a", "MOCKBOT_TELEGRAM_API": "http://127.0.0.1:9"}
ELSEWHERE = "Another program takes the messages of this bot"


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(server: BotApi, tmp_path: Path) -> AsyncIterator[Bot]:
    async with aclosing(Bot(server, tmp_path)) as bot:
        yield bot


@pytest.fixture
def ada(server: BotApi) -> User:
    return server.user(7, "Ada")


@pytest.fixture
def chat(server: BotApi, ada: User) -> Chat:
    return server.private(ada)


def test_without_a_token_it_says_in_one_sentence_what_to_set(tmp_path: Path) -> None:
    result = run("run", home=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"Set MOCKBOT_TELEGRAM_TOKEN or MOCKBOT_DISCORD_TOKEN [^\n]+\.\n", result.stderr)
    assert list(tmp_path.rglob("*.db")) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("MOCKBOT_TELEGRAM_RATE", "vErYsEcReT"),
        ("MOCKBOT_LOG_LEVEL", "vErYsEcReT"),
        ("MOCKBOT_TELEGRAM_WEBHOOK_URL", "https://vErYsEcReT.example/hook"),
        ("MOCKBOT_TELEGRAM_WEBHOOK_LISTEN", "vErYsEcReT"),
        ("MOCKBOT_TELEGRAM_WEBHOOK_LISTEN", "vErYsEcReT:99999"),
        ("MOCKBOT_TELEGRAM_WEBHOOK_SECRET", "vErYsEcReT!"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(setting: str, value: str) -> None:
    is_refused_without_its_value(run_here("run", **NOWHERE, **{setting: value}))


def test_a_wrong_address_of_the_database_is_refused_without_its_password() -> None:
    address = "nosuchdatabase://user:vErYsEcReT@localhost/mockbot"
    is_refused_without_its_value(run("run", **NOWHERE, MOCKBOT_DATABASE_URL=address))


def is_refused_without_its_value(result: subprocess.CompletedProcess[str]) -> None:
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"[^\n]+\.\n", result.stderr)
    assert "vErYsEcReT" not in result.stderr


async def test_an_interview_runs_to_its_verdict_and_a_signal_ends_the_program_well(
    bot: Bot, chat: Chat, ada: User
) -> None:
    bot.from_nothing = True
    await bot.start()
    await chat.says(ada, "/start")
    await chat.presses(ada, await shown(chat, "Which interview"), "Coding")
    question = await shown(chat, "Question 1 of 1.")
    await chat.says(ada, ANSWER)
    await chat.presses(ada, question, "Stop")
    await chat.presses(ada, await shown(chat, "from 1 to 4"), "3")
    await until(lambda: chat.messages[-1].document)
    await bot.ends_well()


async def test_what_was_typed_just_before_a_signal_counts_once(bot: Bot, chat: Chat, ada: User) -> None:
    await bot.start()
    await chat.says(ada, "/mock fundamentals")
    await shown(chat, "Question 1 of")
    typed = [f"{ANSWER} {part}" for part in range(20)]
    for number in (signal.SIGTERM, signal.SIGINT):
        for text in typed[:10] if number is signal.SIGTERM else typed[10:]:
            await chat.says(ada, text)
        await bot.ends_well(number)
        if number is signal.SIGTERM:
            await bot.start()
    kept, left = bot.answers(), [incoming for (incoming,) in bot.rows("SELECT heard FROM inbox WHERE done_at IS NULL")]
    left += [update["message"]["text"] for update, _ in bot.server.updates.pending.values()]
    assert kept == typed[: len(kept)]
    assert all(any(text in incoming for incoming in left) for text in typed[len(kept) :])


async def test_after_an_outage_old_buttons_work_answers_count_and_the_deadline_has_moved(
    bot: Bot, chat: Chat, ada: User
) -> None:
    await bot.start()
    await chat.says(ada, "/mock fundamentals")
    question = await shown(chat, "Question 1 of")
    await bot.server.settled()
    await bot.stop(signal.SIGKILL)
    [(due,)] = bot.rows("SELECT due_at FROM timers WHERE kind = 'deadline'")
    bot.rows("UPDATE heartbeats SET at = at - 30")
    [(last_alive,)] = bot.rows("SELECT at FROM heartbeats WHERE name = 'mockbot'")
    await chat.says(ada, ANSWER)
    press = await chat.presses(ada, question, "Hint")
    began = int(time.time())
    await bot.start()
    assert (await press.answered(20)).text == ""
    await shown(chat, "Hint 1 of 3")
    [(moved,)] = bot.rows("SELECT due_at FROM timers WHERE kind = 'deadline'")
    assert began - last_alive <= moved - due <= int(time.time()) - last_alive
    assert bot.answers() == [ANSWER]
    assert len(bot.rows("SELECT * FROM turns")) == 1
    assert sum("Question 1 of" in message.text for message in chat.messages) == 1


async def test_secrets_and_answers_stay_out_of_the_log_whatever_goes_wrong(bot: Bot, chat: Chat, ada: User) -> None:
    bot.variables["MOCKBOT_LOG_LEVEL"] = "DEBUG"
    await bot.start()
    bot.server.fail_next("getUpdates", drop="before")
    bot.server.fail_next("sendMessage", code=500)
    bot.server.fail_next("sendMessage", drop="after")
    await chat.says(ada, "/mock fundamentals")
    await shown(chat, "Question 1 of")
    await chat.says(ada, ANSWER)
    await until(bot.answers)
    bot.server.token = "123456789:another"  # noqa: S105 - as if the owner had revoked the old one
    await chat.says(ada, "hello")
    assert await bot.exit_code() == 1
    assert bot.log.endswith(f"\n{BAD_TOKEN}\n")
    assert bot.variables["MOCKBOT_TELEGRAM_TOKEN"] not in bot.log
    assert bot.variables["MOCKBOT_TELEGRAM_TOKEN"].partition(":")[2] not in bot.log
    assert "Traceback" not in bot.log
    assert ANSWER not in bot.log


async def test_a_wrong_token_ends_it_with_one_sentence(bot: Bot) -> None:
    bot.variables["MOCKBOT_TELEGRAM_TOKEN"] = "123456789:wrong"  # noqa: S105 - opens nothing
    bot.launch()
    assert await bot.exit_code() == 1
    assert bot.log.endswith(f"\n{BAD_TOKEN}\n")
    assert "Traceback" not in bot.log
    assert "123456789:wrong" not in bot.log


async def test_telegrams_demand_to_wait_is_obeyed_and_broken_sends_are_repeated_once_each_in_order(
    bot: Bot, chat: Chat, ada: User
) -> None:
    bob = bot.server.user(8, "Bob")
    other = bot.server.private(bob)
    bot.server.fail_next("sendMessage", code=429, retry_after=2, chat=ada.id)
    await bot.start()
    await chat.says(ada, "/mock fundamentals")
    await until(lambda: 429 in codes(bot.server, ada))
    await other.says(bob, "/mock coding")
    await shown(other, "Question 1 of")
    assert codes(bot.server, ada) == [429]
    await shown(chat, "Question 1 of")
    halted, *later = sends(bot.server, ada)
    assert min(call.at for call in later) >= halted.at + 2
    bot.server.fail_next("sendMessage", chat=ada.id, code=500)
    bot.server.fail_next("sendMessage", chat=ada.id, drop="before")
    for command in ("/time", "/hint"):
        await chat.says(ada, command)
    await until(lambda: len(chat.messages) == 4)
    await bot.server.settled()
    order = ["Fundamentals, mid level", "Question 1 of", "left", "Hint 1 of 3"]
    assert len(chat.messages) == len(order)
    assert all(words in message.text for words, message in zip(order, chat.messages, strict=True))


def sends(server: BotApi, to: User) -> list[Call]:
    return [call for call in server.called("sendMessage") if int(call.params["chat_id"]) == to.id]


def codes(server: BotApi, to: User) -> list[int]:
    return [call.code for call in sends(server, to)]


async def test_a_second_program_with_the_same_token_waits_and_takes_over(
    bot: Bot, server: BotApi, tmp_path: Path, chat: Chat, ada: User
) -> None:
    """It has a database of its own; programs on one database take turns without Telegram's help."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    await bot.start()
    async with aclosing(Bot(server, elsewhere)) as second:
        await second.start()
        await until(lambda: ELSEWHERE in bot.log + second.log)
        await bot.ends_well()
        await chat.says(ada, "/mock fundamentals")
        await shown(chat, "Question 1 of")
        await second.ends_well()
        assert second.log.count(ELSEWHERE) <= 1


class Proxied(Updates):
    """Telegram's deliveries behind a proxy, which takes them by https and hands them on inside the house."""

    def __init__(self, inside: str) -> None:
        super().__init__(time.time)
        self.inside = inside

    async def _posted(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        return await super()._posted(session, replace(webhook, url=self.inside), update)


async def test_an_interview_by_webhook_lets_only_telegram_in_and_outlives_a_kill(
    bot: Bot, chat: Chat, ada: User
) -> None:
    port = free_port()
    inside = f"http://127.0.0.1:{port}/hook"
    bot.server.updates = Proxied(inside)
    bot.variables |= {
        "MOCKBOT_TELEGRAM_WEBHOOK_URL": "https://bot.example/hook",
        "MOCKBOT_TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "MOCKBOT_TELEGRAM_WEBHOOK_SECRET": "s3cret",
    }
    await bot.start()
    await chat.says(ada, "/mock fundamentals")
    question = await shown(chat, "Question 1 of")
    forged = {"update_id": 10**6, "message": (await chat.says(ada, "one")).payload | {"text": "forged"}}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
        async with aiohttp.ClientSession() as session, session.post(inside, json=forged, headers=headers) as refused:
            assert refused.status == 403
    for number, text in enumerate(("two", "three", "four", "five")):
        if number % 2:
            await bot.stop(signal.SIGKILL)
        await chat.says(ada, text)
        if number % 2:
            await bot.start()
    await until(lambda: len(bot.answers()) == 5)
    await chat.presses(ada, question, "Skip")
    await shown(chat, "Question 2 of")
    await bot.ends_well()
    assert bot.answers() == ["one", "two", "three", "four", "five"]


async def test_settings_are_read_from_a_file_in_the_folder_and_from_a_folder_of_secrets(
    bot: Bot, chat: Chat, ada: User
) -> None:
    secrets = bot.folder / "secrets"
    secrets.mkdir()
    (secrets / "mockbot_telegram_token").write_text(bot.variables.pop("MOCKBOT_TELEGRAM_TOKEN"))
    named = ("MOCKBOT_TELEGRAM_API", "MOCKBOT_DATABASE_URL")
    (bot.folder / ".env").write_text("".join(f"{name}={bot.variables.pop(name)}\n" for name in named))
    bot.variables["MOCKBOT_SECRETS"] = str(secrets)
    await bot.start()
    await chat.says(ada, "/start")
    await shown(chat, "Which interview")

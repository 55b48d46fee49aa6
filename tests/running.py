"""`mockbot run` as a process of its own, the people who keep it busy, and waiting for what it does."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from botapi import BotApi, Call, Chat, Press, Sent
from forked import Forked
from program import PROGRAM, database, environment

# Of an interview's questions that were put into words; those of the daily question hang on no session.
_ASKED_TWICE = """
    SELECT session_id FROM outbox WHERE tone = 'question' AND session_id IS NOT NULL GROUP BY session_id
    HAVING count(*) > (SELECT count(*) FROM turns WHERE turns.session_id = outbox.session_id)
"""
_MANY = 30  # questions of an interview that has 37 of them
_CHECKOUT = str(Path(__file__).parents[1])  # the program is the one beside these tests, whatever else is installed


class Bot:
    """The program in a folder of its own: its database, its log, and the process while it runs.

    `variables` are settings; with another address of a database than a file in the folder, several share that.
    `from_nothing` starts an interpreter of its own each time, which takes seconds of a busy machine.
    """

    def __init__(self, server: BotApi, folder: Path, *, from_nothing: bool = False, **variables: str) -> None:
        self.server = server
        self.from_nothing = from_nothing
        self.folder = folder
        self.variables = {
            "MOCKBOT_TELEGRAM_TOKEN": server.token,
            "MOCKBOT_TELEGRAM_API": server.url,
            "MOCKBOT_DATABASE_URL": database(folder),
            "PYTHONPATH": _CHECKOUT,
        } | variables
        self.url = self.variables["MOCKBOT_DATABASE_URL"]
        self.errors = folder / f"stderr-{id(self)}"
        self.errors.touch()
        self.process: Forked | subprocess.Popen[bytes] | None = None
        self.took = 0.0  # the last start, on this machine, then

    def launch(self) -> None:
        """Start the process; it may not be ready yet."""
        variables = environment() | self.variables
        if not self.from_nothing:
            self.process = Forked(["run"], variables, errors=self.errors, folder=self.folder)
            return
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen([*PROGRAM, "run"], env=variables, cwd=self.folder, stderr=errors)

    async def start(self) -> None:
        """Start the process and wait until it turned to Telegram for updates."""
        before, began = len(self._connects()), time.monotonic()
        self.launch()
        await until(lambda: len(self._connects()) > before or self.ended, 120)
        assert not self.ended, self.log
        self.took = time.monotonic() - began

    def _connects(self) -> list[Call]:
        method = "getWebhookInfo" if "MOCKBOT_TELEGRAM_WEBHOOK_URL" in self.variables else "deleteWebhook"
        return self.server.called(method)

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        assert self.process
        self.process.send_signal(number)
        return await self.exit_code()

    async def exit_code(self, seconds: float = 60) -> int:
        """The exit code, once it has ended by itself."""
        assert self.process
        await until(lambda: self.ended, seconds)
        return self.process.wait()

    async def ends_well(self, number: int = signal.SIGTERM) -> None:
        """Send a signal: it ends soon, with exit code 0, and nothing broke."""
        began = time.monotonic()
        assert await self.stop(number) == 0
        assert time.monotonic() - began < max(5, 5 * self.took)  # more on a machine that is busy
        assert "Traceback" not in self.log
        assert "Mockbot has stopped." in self.log.splitlines()[-1]

    async def aclose(self) -> None:
        """End the process, if it still runs."""
        if self.process and not self.ended:
            await self.stop(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self.errors.read_text()

    def rows(self, query: str) -> list[Any]:
        """What the database says, or does."""
        return asked(self.url, query)

    def answers(self) -> list[str]:
        return [text for (text,) in self.rows("SELECT text FROM answers ORDER BY id")]


def asked(url: str, query: str) -> list[Any]:
    """What a database says, or does: on PostgreSQL its server is asked, else the file."""
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            done = connection.execute(query.encode())
            return done.fetchall() if done.description else []
    with closing(sqlite3.connect(url.partition("///")[2], timeout=10)) as file, file:
        return file.execute(query).fetchall()


async def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.01)


async def shown(chat: Chat, words: str) -> Sent:
    """The bot's next message with these words."""
    async with asyncio.timeout(60):
        while words not in (message := await chat.next_message(60)).text:
            continue
    return message


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Typist:
    """Somebody who is interviewed in a place of their own, types answers, and now and then skips a question."""

    def __init__(self, server: BotApi, number: int, chat: Chat | None = None, topic: int | None = None) -> None:
        self.who = server.user(number, f"Person {number}")
        self.name = f"telegram:{number}"
        self.chat = chat or server.private(self.who)
        self.topic = topic
        self.replies_to: Sent | None = None
        self.has_to_say = asyncio.Semaphore(0)
        self.typed: list[str] = []
        self.skipped = 0

    async def begins(self) -> None:
        """In a group, answers reach the bot as replies to what it said to this person."""
        asked = await self.chat.says(self.who, "/mock fundamentals 240 untimed", topic=self.topic)
        if self.chat.kind == "group":
            await until(lambda: any(m.reply_to == asked.message_id for m in self.chat.messages))
            self.replies_to = next(m for m in self.chat.messages if m.reply_to == asked.message_id)

    async def types(self) -> None:
        text = f"{self.who.first_name} names part {len(self.typed)} of the error"
        self.typed.append(text)
        await self.chat.says(self.who, text, reply_to=self.replies_to, topic=self.topic)

    async def skips(self) -> None:
        """By the button under the question, if that is in sight."""
        asked = self.question
        self.skipped += 1
        if asked and self.chat.person and "Skip" in asked.labels:
            await self.chat.presses(self.who, asked, "Skip")
        else:
            await self.chat.says(self.who, "/skip", topic=self.topic)

    @property
    def question(self) -> Sent | None:
        """The one to be answered now, once it is shown; in a group it answers something that this person wrote."""
        words = f"Question {1 + self.skipped} of"
        shown = (message for message in self.chat.messages if message.text.startswith(words))
        return next((message for message in shown if self._is_mine(message)), None)

    def _is_mine(self, message: Sent) -> bool:
        answered = self.chat.log.get(message.reply_to or 0)
        return answered is None or bool(answered["from"]["id"] == self.who.id)


class Subscriber:
    """Somebody who gets a question a day, and either answers it or leaves it out."""

    def __init__(self, server: BotApi, number: int, zone: str) -> None:
        self.who = server.user(number, f"Person {number}")
        self.name = f"telegram:{number}"
        self.chat = server.private(self.who)
        self.zone = zone
        self.leaves_out = number % 2 == 0
        self.was_due = False
        self.typed: list[str] = []
        self.presses: list[Press] = []

    async def begins(self) -> None:
        await self.chat.says(self.who, f"/daily 12:00 {self.zone}")

    @property
    def prompts(self) -> list[Sent]:
        return [message for message in self.chat.messages if message.text.startswith("Daily question")]

    async def answers(self) -> None:
        """React to a question once; what is typed answers it, whether or not it could be shown."""
        if self.was_due and not (self.typed or self.presses):
            if self.leaves_out and self.prompts:
                self.presses.append(await self.chat.presses(self.who, self.prompts[0], "Skip"))
            else:
                self.typed.append(f"{self.who.first_name} says that the variance falls")
                await self.chat.says(self.who, self.typed[0])


def _noonish() -> str:
    """A zone in which it is far from midnight now, so that a date does not end in the middle of a test."""
    return "UTC" if 1 <= datetime.now(UTC).hour < 22 else "Asia/Tokyo"


class Crowd:
    """People in interviews and with daily questions, all at once, and what must be true of them in the end."""

    def __init__(self, server: BotApi, url: str, daily: int) -> None:
        self.server = server
        self.url = url
        self.chance = random.Random(daily)  # noqa: S311 - when they do what, no secret
        self.zone = _noonish()
        group, forum = server.group(), server.forum(admin=True)
        self.people = [Typist(server, number) for number in range(11, 15)]
        self.people += [Typist(server, 15, group), Typist(server, 16, group)]
        self.people.append(Typist(server, 17, forum, forum.topic("Mock interviews")))
        self.subscribers = [Subscriber(server, number, self.zone) for number in range(100, 100 + daily)]
        self.sent: dict[int, str] = {}

    async def begins(self) -> None:
        """Everybody is in the middle of something."""
        for one in (*self.people, *self.subscribers):
            await one.begins()
        await until(lambda: self._count("sessions") == len(self.people), 60)
        await until(lambda: self._count("subscriptions") == len(self.subscribers), 60)
        await self.is_quiet()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Everybody does something all the time."""
        async with asyncio.TaskGroup() as group:
            working = [group.create_task(self._works(person)) for person in self.people]
            working.append(group.create_task(self._daily()))
            try:
                yield
            finally:
                for task in working:
                    task.cancel()

    async def _works(self, person: Typist) -> None:
        while True:
            await person.has_to_say.acquire()
            await asyncio.sleep(self.chance.uniform(0, 0.3))
            await person.types()
            chance = 0.1 if person.chat.person else 0.03  # groups take 20 messages a minute
            if person.skipped < _MANY and self.chance.random() < chance:
                await person.skips()
                await until(lambda: person.question, 600)  # nobody answers a question that they have not read

    def have_to_say(self, count: int) -> None:
        """Everybody types so much; not all they like, as they are heard 60 times a minute at most."""
        for _ in range(count):
            for person in self.people:
                person.has_to_say.release()

    async def _daily(self) -> None:
        """Only what was seen is answered; who sees nothing waits until the end."""
        while True:
            await asyncio.sleep(0.1)
            for one in self.subscribers:
                if one.prompts:
                    await one.answers()

    def are_due(self, count: int) -> None:
        """It is somebody's own morning now."""
        today = datetime.now(ZoneInfo(self.zone)).date()
        due = f"UPDATE subscriptions SET next_at = {int(time.time())}, next_day = '{today}'"
        for one in [one for one in self.subscribers if not one.was_due][:count]:
            asked(self.url, f"{due} WHERE person = '{one.name}'")
            one.was_due = True

    def leases_run_out(self) -> None:
        """What a killed process had claimed to ask is free again, for which everybody would have to wait a minute."""
        asked(self.url, "UPDATE subscriptions SET lease_until = 0")

    def note(self) -> None:
        """Remember what was noted as sent, which must stay as it is."""
        before, self.sent = self.sent, dict(asked(self.url, "SELECT id, ref FROM outbox WHERE sent_at IS NOT NULL"))
        assert {number: self.sent.get(number) for number in before} == before

    async def is_heard(self) -> None:
        """Wait until something is kept that was typed from now on."""
        self.have_to_say(1)
        person = self.people[0]
        count = len(person.typed)
        await until(lambda: len(self._answers(person.name)) > count, 60)

    async def is_quiet(self) -> None:
        """Wait until all that was done is worked on, and all that is to be said is said."""
        await until(lambda: not self.server.updates.pending and self._left() == 0, 120)

    def _left(self) -> int:
        inbox, outbox = self._count("inbox WHERE done_at IS NULL"), self._count("outbox WHERE sent_at IS NULL")
        return inbox + outbox + self._count(f"subscriptions WHERE next_at <= {int(time.time())}")

    def _count(self, rows: str) -> int:
        return int(asked(self.url, f"SELECT count(*) FROM {rows}")[0][0])

    async def all_is_well(self) -> dict[str, int]:
        """Nothing was lost, nothing doubled, and everybody can go on; the numbers behind it."""
        self.are_due(len(self.subscribers))
        await self.is_quiet()
        for one in self.subscribers:
            await one.answers()
        for person in self.people:
            await person.skips()
        await self.is_quiet()
        self.note()
        for one in (*self.people, *self.subscribers):
            assert self._answers(one.name) == one.typed, one.name
        for person in self.people:
            turns = f"turns JOIN sessions ON id = session_id WHERE person = '{person.name}'"
            assert self._count(turns) == 1 + person.skipped
            assert person.question
        assert asked(self.url, _ASKED_TWICE) == []
        await self._can_go_on()
        return self._numbers()

    def _answers(self, person: str) -> list[str]:
        theirs = f"WHERE session_id IN (SELECT id FROM sessions WHERE person = '{person}')"
        return [text for (text,) in asked(self.url, f"SELECT text FROM answers {theirs} ORDER BY id")]

    async def _can_go_on(self) -> None:
        """Each date has one prompt, shown once at most; whoever left it out has left it out, and everybody is heard."""
        for one in self.subscribers:
            [(state,)] = asked(self.url, f"SELECT state FROM prompts WHERE person = '{one.name}'")
            assert state == ("skipped" if one.presses else "asked"), one.name
            assert len(one.prompts) <= 1
            await one.chat.says(one.who, "/daily")
        for one in self.subscribers:
            await until(lambda its=one.chat: any("Questions are on" in message.text for message in its.messages), 60)

    def _numbers(self) -> dict[str, int]:
        return {
            "answers": sum(len(one.typed) for one in (*self.people, *self.subscribers)),
            "skips": sum(person.skipped for person in self.people),
            "presses": len(self.server.pressed),
            "prompts": len(self.subscribers),
            "prompts given up": self._count("outbox WHERE bulk AND failed"),
            "messages": self._count("outbox"),
        }

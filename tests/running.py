"""`mockbot run` as a process of its own, and waiting for what it does."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botapi import BotApi, Call, Chat, Sent
from program import PROGRAM, database, environment


class Bot:
    """The program in a folder of its own: its database, its log, and the process while it runs."""

    def __init__(self, server: BotApi, folder: Path, **variables: str) -> None:
        self.server = server
        self.folder = folder
        self.variables = {
            "MOCKBOT_TELEGRAM_TOKEN": server.token,
            "MOCKBOT_TELEGRAM_API": server.url,
            "MOCKBOT_DATABASE_URL": database(folder),
        } | variables
        self.errors = folder / f"stderr-{id(self)}"
        self.process: asyncio.subprocess.Process | None = None

    async def launch(self) -> None:
        """Start the process; it may not be ready yet."""
        with self.errors.open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                *PROGRAM, "run", env=environment() | self.variables, cwd=self.folder, stderr=errors
            )

    async def start(self) -> None:
        """Start the process and wait until it turned to Telegram for updates."""
        before = len(self._connects())
        await self.launch()
        await until(lambda: len(self._connects()) > before or self.ended)
        assert not self.ended, self.log

    def _connects(self) -> list[Call]:
        method = "getWebhookInfo" if "MOCKBOT_TELEGRAM_WEBHOOK_URL" in self.variables else "deleteWebhook"
        return self.server.called(method)

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.returncode is not None

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        assert self.process
        self.process.send_signal(number)
        return await self.exit_code()

    async def exit_code(self, seconds: float = 20) -> int:
        """The exit code, once it has ended by itself."""
        assert self.process
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def ends_well(self, number: int = signal.SIGTERM) -> None:
        """Send a signal: it ends soon, with exit code 0, and nothing broke."""
        began = time.monotonic()
        assert await self.stop(number) == 0
        assert time.monotonic() - began < 5
        assert "Traceback" not in self.log
        assert self.log.endswith("Mockbot has stopped.\n")

    async def aclose(self) -> None:
        """End the process, if it still runs."""
        if self.process and not self.ended:
            self.process.kill()
            await self.process.wait()

    @property
    def log(self) -> str:
        return self.errors.read_text()

    def rows(self, query: str) -> list[Any]:
        """What the database says."""
        connection = sqlite3.connect(self.folder / "mockbot.db", timeout=10)
        try:
            with connection:
                return connection.execute(query).fetchall()
        finally:
            connection.close()

    def answers(self) -> list[str]:
        return [text for (text,) in self.rows("SELECT text FROM answers ORDER BY id")]


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.01)


async def shown(chat: Chat, words: str) -> Sent:
    """The bot's next message with these words."""
    async with asyncio.timeout(20):
        while words not in (message := await chat.next_message(20)).text:
            continue
    return message


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

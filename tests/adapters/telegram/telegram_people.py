"""The whole program on a strict Bot API server, and people who type and press there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path

import pytest

from bot.adapters.telegram.platform import TelegramPlatform
from bot.app.run import _running
from bot.banks.compiled import Content
from bot.config import Settings
from bot.core.stories.competencies import Catalogue
from bot.service.ports.platform import Budget
from bot.storage import open_store
from botapi import BotApi, Chat, Sent, User
from sample_bank import sample_bank

OWNER = "telegram:7"  # may type faster than people do


@asynccontextmanager
async def program(
    server: BotApi, folder: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue | None = None
) -> AsyncIterator[Path]:
    """The program's own parts, running; without its pacing, which would make an interview last a minute."""

    def unpaced(_platform: TelegramPlatform, _place: str) -> tuple[Budget, ...]:
        return ()

    monkeypatch.setattr(TelegramPlatform, "budgets", unpaced)
    database = folder / "mockbot.db"
    url = f"sqlite+aiosqlite:///{database}"
    wanted = {"telegram_token": server.token, "telegram_api": server.url, "database_url": url, "owner": OWNER}
    settings = Settings(_env_file=None, **wanted)  # type: ignore[arg-type]
    store = await open_store(url)
    content = Content(sample_bank(), lambda: catalogue or Catalogue())
    async with _running(settings, store, content) as running:
        hearing = asyncio.create_task(running._keep("telegram"))
        yield database
        await server.settled()
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
    await store.close()


class Interviewee:
    """Somebody at one place of Telegram: types and presses, and keeps what the bot said there."""

    def __init__(self, server: BotApi, who: User, chat: Chat, topic: int | None = None) -> None:
        self.server = server
        self.who = who
        self.chat = chat
        self.topic = topic
        self.heard: list[Sent] = []
        self.said: set[int] = set()
        self.below: Sent | None = None

    async def says(self, text: str) -> None:
        """Write; in a group without topics as a reply to what the bot asked."""
        below = self.below if self.chat.kind == "group" and not text.startswith("/") else None
        self.said.add((await self.chat.says(self.who, text, reply_to=below, topic=self.topic)).message_id)

    async def next(self) -> Sent:
        """The bot's next message here: in this topic, or in answer to this person."""
        async with asyncio.timeout(60):
            while (found := next((m for m in self._mine() if m not in self.heard), None)) is None:  # noqa: ASYNC110 - see below
                await asyncio.sleep(0.005)  # the server knows no event for one person's messages
        self.heard.append(found)
        return found

    def _mine(self) -> Iterator[Sent]:
        """In a group only the first part of a message answers somebody; the others come right behind it."""
        if self.chat.kind != "group":
            yield from (message for message in self.chat.messages if message.thread == self.topic)
            return
        mine = False
        for message in self.chat.messages:
            mine = message.reply_to in self.said if message.reply_to else mine
            if mine:
                yield message

    async def asked(self, *labels: str) -> Sent:
        """The next message that offers these buttons."""
        while not {*labels} <= {*(message := await self.next()).labels}:
            continue
        return message

    async def presses(self, message: Sent, label: str) -> None:
        assert (await (await self.chat.presses(self.who, message, label)).answered()).text == ""

    async def is_interviewed(self, wish: str, answers: Sequence[str]) -> Sent:
        """Begin, and go on to the end; the message with the report."""
        await self.says(f"/mock {wish}")
        return await self.finishes(answers, done=not wish.startswith("rapid"))

    async def finishes(self, answers: Sequence[str], *, done: bool = True) -> Sent:
        """Answer everything by typing, or pressing what is a button, and rate oneself; the message with the report."""
        following = cycle(answers)
        while not (message := await self.next()).document:
            if "3" in message.labels:
                await self.presses(message, "3")
            elif message.labels == ["Resume", "Stop"]:
                await self.presses(message, "Resume")
            elif message.labels and not message.text.startswith("Noted."):
                await self._answers(message, next(following), done=done)
        return message

    async def _answers(self, message: Sent, text: str, *, done: bool) -> None:
        self.below = message
        if text in message.labels:
            await self.presses(message, text)
            return
        await self.says(text)
        if done:
            await self.presses(message, "Done")

"""The real service around Discord: a database file, a server with a channel, and people who type and press."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord

from assembled import assembled
from bot import plots
from bot.adapters.discord.platform import DiscordPlatform
from bot.core.commands.mock_commands import topics_of
from bot.core.model import Bank
from bot.core.session import Session
from bot.service.conversation import resume
from bot.service.delivery.attachments import Attachments
from bot.service.platforms import Platforms
from bot.storage import SqlStore, open_store
from fakes import FakeClock
from rows import due_timers, left_unsent
from sample_bank import FULL_ANSWER, STORY, sample_bank
from sample_stories import shipped_catalogue

CODE_ANSWER = "I use a hash map and look up before inserting; an empty list gives None. It is linear time."
_SIMCORDS_FIRST_SECOND = 1_767_225_600  # every simcord begins with the year 2026
_SETTLE_SECONDS = 30  # longer than anything takes, however busy the machine


class Service:
    """One run of the program: its parts as the composition root puts them together."""

    def __init__(self, store: SqlStore, clock: FakeClock, bank: Bank) -> None:
        self.store, self.clock, self.platforms = store, clock, Platforms()
        documents = Attachments(store.outbox, store, plots, shipped_catalogue, clock).get
        made = assembled(store, clock, self.platforms, bank=bank, catalogue=shipped_catalogue, documents=documents)
        self.router, self.due, self.inbox, self.delivery = made.router, made.due, made.inbox, made.delivery
        self.platform = DiscordPlatform(
            "token",
            self.inbox.receive,
            lambda wanted: topics_of(wanted, bank),
            store.kept,
            clock,
            catalogue=shipped_catalogue,
            sleep=self._sleep,
        )
        self.platform.budgets = lambda _place: ()  # type: ignore[method-assign] # no test waits for Discord's pace
        self.platforms["discord"] = self.platform

    async def _sleep(self, _seconds: float) -> None:
        """A pause is long enough for what is on its way."""
        await self.delivery._queues.drained(_SETTLE_SECONDS)

    async def take_up(self, away: int) -> None:
        """What a start does with what it finds."""
        await resume.go_on(self.store.heartbeat, self.router.interviews, self.platforms, away)
        await self.delivery.deliver(await left_unsent(self.store))
        await self.inbox.resume()

    async def settled(self) -> None:
        """Wait until everything is worked on and sent."""
        for _ in range(3):
            assert await self.inbox._queues.drained(_SETTLE_SECONDS)
            assert await self.delivery._queues.drained(_SETTLE_SECONDS)
        if self.delivery._noting:
            await self.delivery._noting

    async def end(self) -> None:
        """Stop as the program does, and close the database."""
        await self.inbox.stop(_SETTLE_SECONDS)
        await self.delivery.stop(0)
        await self.store.close()


class Program:
    """The program on one database file: a run now, and others before it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(_SIMCORDS_FIRST_SECOND)
        self._file = folder / "mockbot.db"
        self.now: Service

    async def begin(self) -> None:
        """Put everything together, as a start does before it connects."""
        if not self._file.exists():
            self._file.write_bytes(await _new_database(self._file.parent))
        store = await open_store(_address(self._file))
        self.now = Service(store, self.clock, sample_bank())


_NEW: list[bytes] = []


async def _new_database(folder: Path) -> bytes:
    """A database file without a row, made once: migrating each took a sixth of these tests' time."""
    if not _NEW:
        store = await open_store(_address(folder / "new.db"))
        await store.close()
        _NEW.append((folder / "new.db").read_bytes())
    return _NEW[0]


def _address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[Program]:
    """A program on a new database file, closed in the end."""
    running = Program(folder)
    await running.begin()
    yield running
    await running.now.store.close()


@dataclass(eq=False)
class Person:
    """Somebody on the server, with the fingers and eyes of a member."""

    town: Town
    member: simcord.MemberActor

    @property
    def dm(self) -> simcord.ChannelHandle:
        return self.member.user.dm_channel

    def _hands(self, channel: simcord.ChannelHandle) -> simcord.MemberActor | simcord.UserHandle:
        return self.member.user if channel.id == self.dm.id else self.member

    def sees(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """The bot's messages in a channel, those for their eyes only included.

        simcord notes a new private thread in its channel; Discord does so for public ones only.
        """
        channel = channel or self.dm
        found = channel.history(viewer=self._hands(channel))
        return [message for message in found if message.author.id == self.town.me and not message.is_system()]

    def texts(self, channel: simcord.ChannelHandle | None = None) -> list[str]:
        return [message.content for message in self.sees(channel)]

    async def type(self, *lines: str) -> str:
        """Direct messages; what the bot said last."""
        for line in lines:
            await self.member.send_dm(line)
        return self.texts()[-1]

    async def reply(self, channel: simcord.ChannelHandle, *lines: str) -> str:
        """Replies to the bot's newest message that everybody sees; its last words now."""
        for line in lines:
            newest = [message for message in self.sees(channel) if not message.flags.ephemeral][-1]
            await self.member.send(channel, line, reply_to=newest)
        return self.texts(channel)[-1]

    async def mock(self, channel: simcord.ChannelHandle | None = None, **options: object) -> simcord.ChannelHandle:
        """`/mock` in the channel; the thread of the interview."""
        await self.member.slash(channel or self.town.channel, "mock", **options)
        return self.town.channel.threads[-1]

    def with_button(self, channel: simcord.ChannelHandle, label: str) -> discord.Message:
        """The newest message that has such a button."""
        return next(m for m in reversed(self.sees(channel)) if label in labels(m))

    async def press(self, channel: simcord.ChannelHandle, label: str) -> simcord.InteractionResult:
        """Press the newest button of that name."""
        return await self._hands(channel).click(self.with_button(channel, label), label=label)

    async def fill(self, channel: simcord.ChannelHandle, text: str) -> simcord.InteractionResult:
        """Type an answer into the form behind the button."""
        return await self.send_form(channel, await self.press(channel, "Answer"), text)

    async def send_form(
        self, channel: simcord.ChannelHandle, form: simcord.InteractionResult, text: str
    ) -> simcord.InteractionResult:
        """Send off a form that is open."""
        return await self._hands(channel).submit_modal(form, {"answer": text})


@dataclass
class Town:
    """A server with one channel and three people, and the program that runs there now."""

    env: simcord.Env
    program: Program

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("study")
        self.ada, self.bob, self.eve = (
            Person(self, self.guild.add_member(self.env.create_user(name))) for name in ("ada", "bob", "eve")
        )

    @property
    def me(self) -> int:
        return self.env.backend.bot_user.id

    @property
    def now(self) -> Service:
        return self.program.now

    @property
    def clock(self) -> FakeClock:
        return self.program.clock

    async def session(self, channel: simcord.ChannelHandle) -> Session:
        """The interview open in a thread or in direct messages."""
        people = (self.ada, self.bob, self.eve)
        home = next((f"@{person.member.id}" for person in people if person.dm.id == channel.id), channel.id)
        found = await self.now.router.interviews.session(f"discord:{home}")
        assert found
        return found

    def forward(self, seconds: int) -> None:
        """Let time pass, for us and for Discord."""
        self.clock.forward(seconds)
        self.env.backend.advance_clock(seconds)

    async def wait(self, seconds: int) -> None:
        """Let time pass, and ring what comes due."""
        self.forward(seconds)
        for timer in await due_timers(self.now.store, self.clock(), 100):
            await self.now.due.ring(timer)
        await self.now.settled()

    async def restart(self, away: int = 0) -> None:
        """End the program and start it anew, `away` seconds later, on the same database."""
        await self.now.end()
        self.forward(away)
        await self.program.begin()
        await self.env.restart_bot(self.now.platform.client)
        await self.now.take_up(away)
        await self.now.settled()

    def permit(self, channel: simcord.ChannelHandle, **permissions: bool | None) -> None:
        """Give everybody permissions in a channel, or take them, the bot's included."""
        from simcord.backend.models import Overwrite  # noqa: PLC0415 - simcord's builders cannot change a channel
        from simcord.enums import OverwriteType  # noqa: PLC0415 - as above

        allow, deny = discord.PermissionOverwrite(**permissions).pair()
        everybody = Overwrite(target_id=self.guild.id, type=OverwriteType.ROLE, allow=allow.value, deny=deny.value)
        self.env.backend.edit_channel(channel.id, {}, overwrites=[everybody])


def labels(message: discord.Message) -> list[str]:
    """What stands on the buttons of a message."""
    rows = message.components
    return [child.label or "" for row in rows if isinstance(row, discord.ActionRow) for child in row.children]


def shown(message: discord.Message) -> str:
    """All words of a message: its content, its embeds, and the names of its files and buttons."""
    embeds = [f"## {embed.title or ''}\n{embed.description or ''}" for embed in message.embeds]
    files = [f"(file {file.filename})" for file in message.attachments]
    buttons = " ".join(f"[{label}]" for label in labels(message))
    return "\n".join(part for part in (message.content, *embeds, *files, buttons) if part)


def answer_to(question: str) -> str:
    """What a well prepared candidate says; each part of a design wants a word of its own."""
    phase = re.search(r"Part about ([a-z-]+):", question) or re.search(r"missing in the ([a-z-]+)", question)
    if phase:
        return f"I would plan the {phase[1]} carefully."
    if "two_sum" in question or "What about" in question:
        return CODE_ANSWER
    return STORY if "Tell me about a time" in question else FULL_ANSWER

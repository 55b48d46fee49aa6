from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import discord
import pytest
import simcord

from bot.adapters.discord.client import Client
from bot.adapters.discord.platform import DiscordPlatform
from bot.core.effects import Tone
from bot.core.session import Format
from bot.core.stories.competencies import Catalogue, CompanySet, Competency, Principle, Scope
from bot.service.ports.incoming import Content, Incoming
from bot.service.ports.messages import Message
from fakes import FakeClock, FakeKept


class FakeEars:
    """Keeps what was heard; fails as often as told to."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.failures = 0

    async def __call__(self, batch: Sequence[Incoming]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.heard += batch

    @property
    def last(self) -> Incoming:
        return self.heard[-1]

    @property
    def whats(self) -> list[Content]:
        return [incoming.content for incoming in self.heard]


class FakeSleep:
    """Passes no time; notes how long it should have been."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.meanwhile: Callable[[float], Awaitable[None]] | None = None

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if self.meanwhile:
            await self.meanwhile(seconds)


TOPICS = {None: ("arrays", "caching", "load-balancing"), Format.CODING: ("arrays",)}
SCOPE = Scope("small", "larger", "largest")
CATALOGUE = Catalogue(
    tuple(
        Competency(id_, title, "", (), SCOPE, (), (), ())
        for id_, title in {"ownership": "Ownership", "data-driven-decision": "Deciding with data"}.items()
    )
    + tuple(Competency(f"more-{number}", f"More {number}", "", (), SCOPE, (), (), ()) for number in range(20)),
    (CompanySet("acme", "Acme", "Values", "", "2026-01", (), (Principle("Bravery", "", ("ownership",)),)),),
)


@dataclass
class World:
    """A server with one channel and two people, and everything the platform was given."""

    env: simcord.Env
    platform: DiscordPlatform
    ears: FakeEars
    kept: FakeKept
    clock: FakeClock

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("study")
        self.ada = self.guild.add_member(self.env.create_user("ada"))
        self.bob = self.guild.add_member(self.env.create_user("bob"))

    @property
    def me(self) -> int:
        return self.env.backend.bot_user.id

    @property
    def mention(self) -> str:
        return f"<@{self.me}>"

    async def say(self, place: str, text: str = "Why?", number: int = 1, **more: object) -> str:
        """Compose and post a message; the id of its last part."""
        message = Message(number, place, Tone.NOTICE, text, **more)  # type: ignore[arg-type]
        return [await self.platform.post(part) for part in self.platform.compose(message)][-1]

    def dm(self, member: simcord.MemberActor) -> str:
        """The place of a person's direct messages."""
        return f"discord:@{member.id}"

    def chain(self, member: simcord.MemberActor) -> str:
        """The place of a person in the channel."""
        return f"discord:{self.channel.id}//{member.id}"

    def deny(self, *permissions: str, channel: simcord.ChannelHandle | None = None) -> None:
        """Take permissions from everybody but the owner, the bot included."""
        overwrite = discord.PermissionOverwrite(**dict.fromkeys(permissions, False))
        allow, deny = overwrite.pair()
        target = channel or self.channel
        self.env.backend.edit_channel(target.id, {}, overwrites=[_overwrite(self.guild.id, allow.value, deny.value)])


def _overwrite(guild_id: int, allow: int, deny: int) -> object:
    from simcord.backend.models import Overwrite  # noqa: PLC0415 - simcord's builders cannot change a channel
    from simcord.enums import OverwriteType  # noqa: PLC0415 - as above

    return Overwrite(target_id=guild_id, type=OverwriteType.ROLE, allow=allow, deny=deny)


@pytest.fixture
def ears():
    return FakeEars()


@pytest.fixture
def kept():
    return FakeKept()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def sleep():
    return FakeSleep()


@pytest.fixture
def another(ears, kept, clock, sleep):
    """Makes the platform once more, as a restart of the program does."""
    return lambda: DiscordPlatform(
        "token", ears, lambda stage: TOPICS[stage], kept, clock, catalogue=lambda: CATALOGUE, sleep=sleep
    )


@pytest.fixture
def platform(another):
    return another()


@pytest.fixture
def simcord_bot(platform: DiscordPlatform) -> Client:
    return platform.client


@pytest.fixture
def world(simcord_env, platform, ears, kept, clock):
    return World(simcord_env, platform, ears, kept, clock)

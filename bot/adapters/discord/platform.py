"""Discord as the service uses it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import aiohttp
import discord

from bot.adapters.discord import failures, rooms, sending
from bot.adapters.discord.client import Client
from bot.adapters.discord.commands import Known, Topics
from bot.adapters.discord.pending import CANNOT_REPLY, PendingInteractions, Sleep
from bot.adapters.discord.places import PLATFORM, channel_of
from bot.adapters.discord.sending import Part, Sender
from bot.core.place import Place, parse
from bot.core.refusal import Refusal
from bot.core.stories.competencies import Catalogue
from bot.core.text import replies
from bot.service import textfile
from bot.service.ports.incoming import Attached, Incoming, UnreadableError
from bot.service.ports.messages import Clock
from bot.service.ports.platform import Budget, Kept, Receive, RefusedError, UnreachableError

BAD_TOKEN = "Discord does not accept the bot token. Compare it with the one on the Bot page of your application."  # noqa: S105
BAD_INTENTS = "Discord wants an intent to be allowed. Turn it on under Privileged Gateway Intents on the Bot page."
_BAD_TOKEN_CODE, _BAD_INTENTS_CODES = 4004, frozenset({4013, 4014})  # close codes of the gateway
_LONGEST_PAUSE = 60.0
_OUTAGES = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, discord.RateLimited)
_LOGGER = logging.getLogger(__name__)


class DiscordPlatform:
    """Discord as a platform: `run` receives until it is cancelled; what `receive` takes is committed when it returns.

    `topics` lists what questions can be about, of one format or of all; `catalogue` has the competencies that stories
    are rehearsed for. `clock` returns UTC epoch seconds; `sleep` passes the pauses after a failure.
    """

    name = PLATFORM
    resends_safely = True  # each part has its nonce
    compose = staticmethod(sending.compose)
    anywhere = False  # an interaction can be answered only by the connection it came by

    def __init__(  # noqa: PLR0913 - each is one thing the platform cannot make itself
        self,
        token: str,
        receive: Receive,
        topics: Topics,
        kept: Kept,
        clock: Clock,
        *,
        catalogue: Callable[[], Catalogue] = Catalogue,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._token = token
        self._sleep = sleep
        self._pending = PendingInteractions(clock)
        self._ending: set[asyncio.Task[None]] = set()
        self._new_client = partial(Client, receive, Known(topics, catalogue), kept, self._pending, sleep)
        self.client = self._new_client()
        self._used = False

    @property
    def up(self) -> bool:
        """Whether we are logged in."""
        return self.client.is_ready()

    async def run(self) -> None:
        """Receive what people do until cancelled; Refusal when Discord does not accept the token or the intents."""
        pause = 1.0
        while True:
            await self._renew()
            await self._connect()
            await self._sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _renew(self) -> None:
        """Replace a client that was used: it can connect only once, and still receives when its run is cancelled."""
        if self._used:
            await self.client.drain()
            await self.client.close()
            self.client = self._new_client()
        self._used = True

    async def _connect(self) -> None:
        """Connect, and stay connected; discord.py resumes by itself after most interruptions."""
        try:
            await self.client.start(self._token)
        except discord.LoginFailure:
            raise Refusal(BAD_TOKEN) from None
        except discord.PrivilegedIntentsRequired:
            raise Refusal(BAD_INTENTS) from None
        except discord.ConnectionClosed as error:
            if error.code == _BAD_TOKEN_CODE:
                raise Refusal(BAD_TOKEN) from None
            if error.code in _BAD_INTENTS_CODES:
                raise Refusal(BAD_INTENTS) from None
            _LOGGER.warning("Discord closed the connection (%s); I try again.", error.code)
        except _OUTAGES as error:
            _LOGGER.warning("Discord cannot be reached (%s); I try again.", type(error).__name__)

    async def close(self) -> None:
        """Wait until what was received is committed, then disconnect."""
        await self.client.drain()
        if self._ending:
            await asyncio.wait(self._ending)
        await self.client.close()
        await self.client.drain()

    async def post(self, part: Part) -> str:
        """Send one part; the id of its message."""
        return await Sender(self._connected(), self._pending).post(part)

    def budgets(self, place: Place) -> tuple[Budget, ...]:
        """How many messages Discord lets pass, as far as this place is concerned."""
        return sending.budgets(place)

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """End a press or command, with a private notice if there is one; one that cannot be answered is passed over."""
        pending = self._pending.by_ticket(incoming.ticket)
        if pending and notice:
            with suppress(*CANNOT_REPLY):
                await sending.notify(pending, notice)
        elif pending:
            ending = asyncio.create_task(pending.end(self._sleep), name="end a press or command")
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def read(self, incoming: Incoming, file: Attached) -> str:
        """The caption and text of a file; UnreadableError with one sentence when it is none.

        It is found through its message, since addresses of files expire after a day.
        """
        textfile.check(file)
        client = self._connected()
        try:
            with failures.translated_errors(replies.FILE_GONE):
                channel = await sending.channel_at(client, incoming.place)
                message = await channel.fetch_message(int(file.source))
                attachments = [a for a in message.attachments if str(a.id) == file.file]
                return textfile.text_of(file, await attachments[0].read())
        except (UnreachableError, RefusedError, IndexError):
            raise UnreadableError(replies.FILE_GONE) from None

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> Place:
        """A thread of its own for an interview asked for in a channel, else direct messages, else the channel."""
        return await rooms.room_for(self._connected(), incoming, title, public=public)

    async def private_room(self, incoming: Incoming) -> Place:
        """The person's direct messages; UnreachableError with advice when they are closed to the bot."""
        return await rooms.private_room(self._connected(), incoming)

    async def is_admin(self, incoming: Incoming) -> bool:
        """Whether the person may manage the channel; nobody may when Discord cannot be asked."""
        return await rooms.manages(self._connected(), incoming)

    def link(self, place: Place, message_id: str) -> str:
        """The address of a message, or of the end of its channel; what is on no server we know is a direct message."""
        channel_id = channel_of(place) or self.client.direct(parse(place).chat)
        if channel_id is None:
            return ""
        channel = self.client.get_channel(channel_id)
        where = channel.guild.id if isinstance(channel, discord.Thread | discord.abc.GuildChannel) else "@me"
        return f"https://discord.com/channels/{where}/{channel_id}/{message_id}".removesuffix("/")

    def _connected(self) -> Client:
        if self.client.user is None or self.client.is_closed():
            message = "Discord is not connected."
            raise OSError(message)
        return self.client

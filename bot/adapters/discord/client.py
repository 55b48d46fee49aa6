"""The bot's connection to Discord: what arrives is committed first and confirmed afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import discord

from bot.adapters.discord import commands, translate
from bot.adapters.discord.commands import Known
from bot.adapters.discord.pending import CANNOT_REPLY, PendingInteractions, Sleep
from bot.service.ports.incoming import Incoming
from bot.service.ports.platform import Kept, Receive

_COMMANDS = "discord:commands"
_PAUSES = (1, 2, 4, 8, 16)  # seconds: longer than a database takes to come back from a restart
_RATE_LIMIT = 30.0  # seconds; discord.py waits out shorter pauses by itself, longer ones are the outbox's
_DIRECT = 10_000  # people whose direct messages can be written to without asking where they are
_MOST_TYPED = 4000  # characters; Discord's limit for a form
_DRAIN = 10.0  # seconds that committing what arrived may take at a stop
_LOGGER = logging.getLogger(__name__)


def intents() -> discord.Intents:
    """Servers and messages; no privileged intent, so Discord shows us only messages that are meant for us."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Client(discord.AutoShardedClient):
    """Receives commands, presses, forms and messages; it keeps no member and no message in memory."""

    def __init__(self, receive: Receive, known: Known, kept: Kept, pending: PendingInteractions, sleep: Sleep) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=_RATE_LIMIT,
        )
        self.tree = commands.command_tree(
            self, known, lambda interaction, line: self._answer(interaction, translate.from_command(interaction, line))
        )
        self._receive = receive
        self._kept = kept
        self._pending = pending
        self._sleep = sleep
        self._direct: dict[int, int] = {}
        self._unfinished: set[asyncio.Future[None]] = set()
        self._in_order = asyncio.Lock()

    async def setup_hook(self) -> None:
        """Register the bot's commands with Discord, unless they are registered already."""
        fingerprint = commands.fingerprint(self.tree)
        if await self._kept.load(_COMMANDS) != fingerprint:
            await self.tree.sync()
            await self._kept.keep(_COMMANDS, fingerprint)

    async def drain(self) -> None:
        """Wait until what arrived is committed."""
        if self._unfinished:
            await asyncio.wait(self._unfinished, timeout=_DRAIN)

    def direct(self, user_id: int) -> int | None:
        """The channel of a person's direct messages, if it is known."""
        return self._direct.get(user_id)

    async def open_direct(self, user_id: int) -> int:
        """The channel of a person's direct messages, opened if need be: discord.py itself keeps only 128 of them."""
        if user_id not in self._direct:
            self._note_direct(await self.create_dm(discord.Object(user_id)), user_id)
        return self._direct[user_id]

    def _note_direct(self, channel: object, user_id: int) -> None:
        if isinstance(channel, discord.DMChannel):
            self._direct.pop(user_id, None)
            self._direct[user_id] = channel.id
            if len(self._direct) > _DIRECT:
                del self._direct[next(iter(self._direct))]

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote a message."""
        if message.author.id != self._me:
            self._note_direct(message.channel, message.author.id)
        await self._commit(translate.from_message(message, self._me))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed a message."""
        edited = translate.from_edit(payload.message, self._me)
        await self._commit([edited] if edited else [])

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed a button or sent off a form; both may be older than this run of the program."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._answer(interaction, translate.from_form(interaction))
        elif interaction.type is discord.InteractionType.component:
            if form_id := translate.form_wanted(interaction):
                with suppress(*CANNOT_REPLY):  # they press again
                    await interaction.response.send_modal(_answer_form(form_id))
            else:
                await self._answer(interaction, translate.from_press(interaction))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server."""
        channels = (*guild.channels, *guild.threads)
        await self._left(channel.id for channel in channels if isinstance(channel, discord.abc.Messageable))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone; discord.py tells of its threads one by one."""
        await self._left([channel.id])

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone."""
        await self._left([payload.thread_id])

    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """The bot was taken out of a thread; in a public one it can speak all the same."""
        if thread.is_private():
            await self._left([thread.id])

    @property
    def _me(self) -> int:
        return self.user.id if self.user else 0

    async def _answer(self, interaction: discord.Interaction[Any], incoming: Incoming | None) -> None:
        """Commit, then confirm; what is not confirmed Discord shows as failed, and it keeps a form open."""
        if incoming is None:
            return
        if incoming.private:
            self._note_direct(interaction.channel, interaction.user.id)
        pending = self._pending.add(interaction, incoming)
        with self._busy():
            try:
                await self._receive([incoming])
            except BaseException:
                self._pending.remove(incoming.ticket)
                raise
            await pending.defer()

    async def _left(self, channels: Iterable[int]) -> None:
        now = int(discord.utils.utcnow().timestamp())
        await self._commit([translate.left(channel_id, now) for channel_id in channels])

    async def _commit(self, incoming: Sequence[Incoming]) -> None:
        """Commit in order, and try again what cannot be committed: Discord delivers nothing twice."""
        if incoming:
            with self._busy():
                async with self._in_order:
                    await self._receive_with_retries(incoming)

    async def _receive_with_retries(self, incoming: Sequence[Incoming]) -> None:
        for pause in _PAUSES:
            try:
                await self._receive(incoming)
            except Exception:
                _LOGGER.exception("What Discord brought could not be kept; the next try is in %d s.", pause)
            else:
                return
            await self._sleep(pause)
        await self._receive(incoming)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        incoming: asyncio.Future[None] = self.loop.create_future()
        self._unfinished.add(incoming)
        try:
            yield
        finally:
            self._unfinished.discard(incoming)
            incoming.set_result(None)


def _answer_form(form_id: str) -> discord.ui.Modal:
    """The form an answer is typed into; stopped at once so that discord.py keeps none, as its id says all it means."""
    form = discord.ui.Modal(title="Your answer", timeout=None, custom_id=form_id)
    typed: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, max_length=_MOST_TYPED, custom_id=translate.ANSWER_FIELD
    )
    description = f"Up to {_MOST_TYPED} characters. Open it again to add more; /done ends the answer."
    form.add_item(discord.ui.Label(text="What would you say?", description=description, component=typed))
    form.stop()
    return form

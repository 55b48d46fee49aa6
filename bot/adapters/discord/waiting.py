"""People who pressed a button or gave a command: for a quarter of an hour a bot may answer them for their eyes only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord

from bot.service.ports.incoming import Incoming

_LIFETIME = 14 * 60  # Discord ends the right to answer after 15 minutes; one is left for sending
_GRACE = 2.0  # seconds in which an answer that was just committed goes out
_MOST = 5_000  # people kept in memory; the oldest are then answered elsewhere

Sleep = Callable[[float], Awaitable[None]]
NOT_TOLD = (discord.HTTPException, aiohttp.ClientError, OSError)  # too late, or no connection: nobody can be answered


@dataclass(slots=True)
class Waiting:
    """Somebody who waits for an answer; `thinking` while Discord shows them that we are at it."""

    interaction: discord.Interaction[Any]
    incoming: Incoming
    until: int
    thinking: bool = False
    _deferred: asyncio.Event = field(default_factory=asyncio.Event)

    async def defer(self) -> None:
        """Tell Discord that it was noted; when that is too late, nobody waits any more."""
        try:
            await self.interaction.response.defer(ephemeral=True)
            self.thinking = self.interaction.type is discord.InteractionType.application_command
        except NOT_TOLD:
            self.until = 0
        finally:
            self._deferred.set()

    async def tell(self, content: Mapping[str, Any]) -> discord.WebhookMessage:
        """Say something that nobody else sees; `content` is what discord.py's `send` takes."""
        await self._deferred.wait()
        self.thinking = False  # said first: Discord puts the first answer where it shows that we are thinking
        return await self.interaction.followup.send(ephemeral=True, wait=True, **content)

    async def end(self, sleep: Sleep) -> None:
        """End the waiting quietly.

        Among others what is said in private may still be on its way, and once Discord stopped showing that we are
        thinking it may refuse it (https://github.com/discord/discord-api-docs/issues/2739): so that is left a moment.
        """
        await self._deferred.wait()
        if self.thinking and not self.incoming.private:
            await sleep(_GRACE)
        if self.thinking:
            self.thinking = False
            with suppress(*NOT_TOLD):
                await self.interaction.delete_original_response()


class WaitingRoom:
    """Everybody who waits, the latest of each person in each place first."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._latest: dict[tuple[str, str], str] = {}

    def enter(self, interaction: discord.Interaction[Any], incoming: Incoming) -> Waiting:
        """Somebody begins to wait."""
        self._clear()
        waiting = Waiting(interaction, incoming, self._clock() + _LIFETIME)
        self._waiting[incoming.ticket] = waiting
        self._latest[incoming.place, incoming.person] = incoming.ticket
        return waiting

    def leave(self, ticket: str) -> None:
        """Somebody waits no more."""
        waiting = self._waiting.pop(ticket, None)
        if waiting is None:
            return
        key = (waiting.incoming.place, waiting.incoming.person)
        if self._latest.get(key) == ticket:
            del self._latest[key]

    def by_ticket(self, ticket: str) -> Waiting | None:
        """Whoever holds the ticket, as long as they can be answered."""
        waiting = self._waiting.get(ticket)
        return waiting if waiting and waiting.until > self._clock() else None

    def of_person(self, place: str, person: str) -> Waiting | None:
        """The person's latest waiting in a place, as long as they can be answered."""
        return self.by_ticket(self._latest.get((place, person), ""))

    def _clear(self) -> None:
        while self._waiting:
            ticket, oldest = next(iter(self._waiting.items()))
            if oldest.until > self._clock() and len(self._waiting) < _MOST:
                return
            self.leave(ticket)

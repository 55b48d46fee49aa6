"""Interactions that can still be answered: for a quarter of an hour Discord shows a reply to their person alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord

from bot.core.place import Person, Place
from bot.service.ports.incoming import Incoming

_LIFETIME = 14 * 60  # Discord ends the right to answer after 15 minutes; one is left for sending
_GRACE = 2.0  # seconds in which an answer that was just committed goes out

Sleep = Callable[[float], Awaitable[None]]
CANNOT_REPLY = (discord.HTTPException, aiohttp.ClientError, OSError)  # too late, or no connection


@dataclass(slots=True)
class PendingInteraction:
    """A press, command or form that has no answer yet; `thinking` while Discord shows that the bot is at it."""

    interaction: discord.Interaction[Any]
    incoming: Incoming
    until: int
    thinking: bool = False
    _deferred: asyncio.Event = field(default_factory=asyncio.Event)

    async def defer(self) -> None:
        """Confirm the interaction to Discord; when that fails, it cannot be answered any more."""
        try:
            await self.interaction.response.defer(ephemeral=True)
            self.thinking = self.interaction.type is discord.InteractionType.application_command
        except CANNOT_REPLY:
            self.until = 0
        finally:
            self._deferred.set()

    async def reply_privately(self, content: Mapping[str, Any]) -> discord.WebhookMessage:
        """Reply so that nobody else sees it; `content` is what discord.py's `send` takes."""
        await self._deferred.wait()
        self.thinking = False  # said first: Discord puts the first answer where it shows that we are thinking
        return await self.interaction.followup.send(ephemeral=True, wait=True, **content)

    async def end(self, sleep: Sleep) -> None:
        """Stop showing that the bot is thinking, without a reply.

        In a shared channel a private reply may still be on its way, and Discord may refuse it once that stopped
        (https://github.com/discord/discord-api-docs/issues/2739): so a reply is left a moment.
        """
        await self._deferred.wait()
        if self.thinking and not self.incoming.private:
            await sleep(_GRACE)
        if self.thinking:
            self.thinking = False
            with suppress(*CANNOT_REPLY):
                await self.interaction.delete_original_response()


class PendingInteractions:
    """The interactions without an answer, by ticket, and the latest of each person in each place.

    `at_most` are kept; the people of older ones are answered elsewhere.
    """

    def __init__(self, clock: Callable[[], int], at_most: int = 5_000) -> None:
        self._clock = clock
        self._at_most = at_most
        self._by_ticket: dict[str, PendingInteraction] = {}
        self._latest: dict[tuple[Place, Person], str] = {}

    def add(self, interaction: discord.Interaction[Any], incoming: Incoming) -> PendingInteraction:
        """Keep an interaction until it is answered or too old."""
        self._clear()
        pending = PendingInteraction(interaction, incoming, self._clock() + _LIFETIME)
        self._by_ticket[incoming.ticket] = pending
        self._latest[incoming.place, incoming.person] = incoming.ticket
        return pending

    def remove(self, ticket: str) -> None:
        """Forget an interaction."""
        pending = self._by_ticket.pop(ticket, None)
        if pending is None:
            return
        key = (pending.incoming.place, pending.incoming.person)
        if self._latest.get(key) == ticket:
            del self._latest[key]

    def by_ticket(self, ticket: str) -> PendingInteraction | None:
        """The interaction with a ticket, as long as it can be answered."""
        pending = self._by_ticket.get(ticket)
        return pending if pending and pending.until > self._clock() else None

    def of_person(self, place: Place, person: Person) -> PendingInteraction | None:
        """The latest interaction of a person in a place, as long as it can be answered."""
        return self.by_ticket(self._latest.get((place, person), ""))

    def _clear(self) -> None:
        while self._by_ticket:
            ticket, oldest = next(iter(self._by_ticket.items()))
            if oldest.until > self._clock() and len(self._by_ticket) < self._at_most:
                return
            self.remove(ticket)

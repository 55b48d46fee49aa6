"""A word in private to whoever did something."""

from __future__ import annotations

from bot.core.effects import Say
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import Transaction


async def reply_privately(transaction: Transaction, incoming: Incoming, said: str | Say, now: int) -> None:
    """Answer something heard where it was heard, for that person's eyes only."""
    say = Say(said) if isinstance(said, str) else said
    await transaction.say(incoming.place, say, now, incoming.person, private=not incoming.private)

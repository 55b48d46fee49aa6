"""A word in private to whoever did something."""

from __future__ import annotations

from bot.core.effects import Say
from bot.service.heard import Heard
from bot.service.ports import Transaction


async def tell(transaction: Transaction, heard: Heard, said: str | Say, now: int) -> None:
    """Answer something heard where it was heard, for that person's eyes only."""
    say = Say(said) if isinstance(said, str) else said
    await transaction.say(heard.place, say, now, heard.person, private=not heard.private)

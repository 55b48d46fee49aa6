"""Chats that cannot be reached any more, or that go on under another name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.effects import Say
from bot.core.place import Chat, Place, chat_of, home_of
from bot.core.text import daily_text, replies
from bot.service.conversation.unit_of_work import UnitOfWork, Work
from bot.service.ports.incoming import Incoming


@dataclass
class Reachability:
    """Takes note of chats that were lost or moved, as the platforms tell it or as sending to them shows."""

    units: UnitOfWork

    async def mark_unreachable(self, place: Place, advice: str, incoming: Incoming | None = None) -> None:
        """Stop the clocks of a chat, or a place of it, that cannot be reached; tell its people what would mend it."""

        async def mark(work: Work) -> None:
            await _stop_daily(work, place, advice)
            for interview in await work.transaction.mark_unreachable(place, work.now):
                home = home_of(interview.person)
                if advice and chat_of(home) != chat_of(place):
                    await work.transaction.say(home, Say(replies.out_of_reach(advice)), work.now, interview.person)

        await self.units.run(place, mark, incoming)

    async def move(self, old: Chat, new: Chat, incoming: Incoming | None = None) -> None:
        """Let everything in a chat go on under its new name."""
        place = incoming.place if incoming else old
        await self.units.run(place, lambda work: work.transaction.move(old, new, work.now), incoming)


async def _stop_daily(work: Work, chat: Place, advice: str) -> None:
    """Stop the daily questions to a chat at once; they are missed where they were asked for."""
    for planned, asked_in in await work.transaction.daily.lost(chat):
        subscription = replace(planned.subscription, active=False)
        await work.transaction.daily.plan(subscription, None, planned.last_day, work.now)
        if asked_in and asked_in != subscription.place:
            say = Say(daily_text.out_of_reach(advice))
            await work.transaction.say(asked_in, say, work.now, subscription.person, private=True)

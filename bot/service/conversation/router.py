"""What people do, sent to the part of the service that it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self

from bot.core.commands import grammar, mock_commands
from bot.core.commands.grammar import Request
from bot.core.daily.reviews import Grade
from bot.core.events import Answered, Command, Commanded, Event
from bot.core.events import Edited as WasEdited
from bot.core.refusal import Refusal
from bot.core.session import Setup
from bot.service.conversation import account, daily, interviews
from bot.service.conversation.context import Context
from bot.service.conversation.interviews import Interviews
from bot.service.conversation.reachability import Reachability
from bot.service.conversation.stories import StoryOrders
from bot.service.conversation.unit_of_work import Deliver, UnitOfWork
from bot.service.ports.incoming import Edited, Incoming, Left, Moved, Pressed, Said, Submitted, Unreadable
from bot.service.ports.store import StoreFailedError, Transactions


@dataclass
class Router:
    """Sends what comes in to the part that it concerns, by the kind of its content and by command."""

    units: UnitOfWork
    context: Context
    interviews: Interviews
    stories: StoryOrders
    reachability: Reachability

    @classmethod
    def of(cls, store: Transactions, context: Context, deliver: Deliver) -> Self:
        """A router to parts that work on this store, and what they say is delivered like this."""
        units = UnitOfWork(store, deliver, context.clock, context.bank, context.metrics)
        return cls(units, context, Interviews(units, context), StoryOrders(units, context), Reachability(units))

    async def handle(self, incoming: Incoming) -> str:
        """Work on one thing that somebody did; a word for whoever pressed a button, mostly none.

        What was done before is not worked on twice. An `Attached` file has to be read before.
        """
        self.context.metrics.turn()
        try:
            return await self._handle(incoming)
        except StoreFailedError:
            raise
        except Refusal as refusal:
            await self.units.reply_privately(incoming, str(refusal))
            return ""

    async def _handle(self, incoming: Incoming) -> str:
        match incoming.content:
            case Said(text, source):
                return await self._said(incoming, text, source)
            case Pressed():
                return await self._pressed(incoming, incoming.content)
            case Edited(text, source):
                await self._answer(incoming, WasEdited(text, source))
            case Submitted():
                return await self.interviews.submit(incoming, incoming.content)
            case Unreadable(kind):
                await self.interviews.explain_unreadable(incoming, kind)
            case Left():
                await self.reachability.mark_unreachable(incoming.place, "", incoming)
            case Moved(old, new):
                await self.reachability.move(old, new, incoming)
        return ""

    async def _said(self, incoming: Incoming, text: str, source: str) -> str:
        match grammar.parse(text):
            case Command() as command:
                await self._answer(incoming, Commanded(command))
            case Request("mock" | "start" as name, rest):
                return await self._start(incoming, name, rest)
            case Request("star", rest):
                await self.stories.follow(incoming, rest)
            case Request("daily", rest):
                await self._daily(incoming, rest)
            case Request(name, rest):
                await self.units.run(incoming.place, lambda work: account.answer(work, incoming, name, rest), incoming)
            case said:
                await self._answer(incoming, Answered(said, source))
        return ""

    async def _answer(self, incoming: Incoming, event: Event) -> None:
        await self.units.run(incoming.place, partial(interviews.answer, incoming=incoming, event=event), incoming)

    async def _start(self, incoming: Incoming, name: str, rest: str) -> str:
        if name == "start":
            rest = rest.replace("_", " ").strip()  # a deep link holds no spaces
            if rest.split()[:1] == ["star"]:
                await self.stories.follow(incoming, rest.removeprefix("star"))
                return ""
            rest = rest.removeprefix("mock").strip()
        setup = mock_commands.parse_mock(rest, Setup(), self.context.bank) if rest and rest != "hello" else Setup()
        return await self.interviews.start(incoming, setup)

    async def _daily(self, incoming: Incoming, rest: str) -> None:
        for_all = rest.lower().startswith("channel")
        admin = for_all and not incoming.private and await self.context.platforms.is_admin(incoming)
        await self.units.run(incoming.place, lambda work: daily.follow(work, incoming, rest, admin=admin), incoming)

    async def _pressed(self, incoming: Incoming, button: Pressed) -> str:
        if button.mark[:1] == "p" and button.mark[1:].isdecimal():
            job = partial(daily.press, incoming=incoming, button=button)
        elif button.what in set(Grade):
            job = partial(daily.regrade, incoming=incoming, session_id=button.session_id, grade=Grade(button.what))
        else:
            job = partial(interviews.press, incoming=incoming, button=button)
        return await self.units.run(incoming.place, job, incoming) or ""

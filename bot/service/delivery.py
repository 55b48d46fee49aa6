"""What was said becomes messages: in order within a chat, at the platform's pace, until they have arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from bot.core.refusal import Refusal
from bot.service.lanes import Lanes
from bot.service.pacing import Pacer
from bot.service.platforms import Platforms, chat_of, is_within
from bot.service.ports import (
    Budget,
    Clock,
    Message,
    Messenger,
    MovedError,
    Platform,
    RefusedError,
    Store,
    StoreAwayError,
    TryAgainError,
    UnreachableError,
)

IN_FLIGHT = 16  # requests at once; more did not send faster against a server with 50 ms of latency
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while the network is down
_LOGGER = logging.getLogger("mockbot.delivery")

Result = TypeVar("Result")


async def insist(job: Callable[[], Awaitable[Result]]) -> Result:
    """Do a job of the database, however long that is away."""
    while True:
        try:
            return await job()
        except StoreAwayError as error:
            _LOGGER.warning("%s", error)
            await asyncio.sleep(_FIRST_PAUSE)


class AtOnce:
    """Delivery on a surface that shows a message the moment it is said."""

    def __init__(self, store: Store, messenger: Messenger, clock: Clock) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Show the messages in order."""
        for message in messages:
            await self._messenger.send(message)
        await self._store.settle({message.id: "" for message in messages}, [], self._clock())


@dataclass(slots=True)
class Outcome:
    """What became of messages: the platform's ids of those that arrived, and those that never will."""

    arrived: dict[int, str] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.arrived or self.failed)


class Losing(Protocol):
    """Who wants to know that a chat is out of reach, or has moved."""

    async def lose(self, place: str, advice: str) -> None:
        """Nothing can be sent to this chat, or this place of it, any more."""

    async def move(self, old: str, new: str) -> None:
        """The chat goes on under a new name."""


class Delivery:
    """Sends messages through the platforms. A message not sent when the program ends is sent when it starts again."""

    def __init__(self, store: Store, platforms: Platforms, clock: Clock) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._losing: Losing | None = None
        self._pacer = Pacer()
        self._lanes = Lanes(self._send)
        self._free = asyncio.Semaphore(IN_FLIGHT)
        self._under_way: set[int] = set()
        self._posted: dict[int, list[str]] = {}  # of messages in parts that were interrupted on the way
        self._outcome = Outcome()
        self._noting: asyncio.Task[None] | None = None

    def report_to(self, losing: Losing) -> None:
        """Who is told about chats that are lost or moved."""
        self._losing = losing

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Put messages in line, each once."""
        for message in messages:
            if message.id not in self._under_way and self._platforms.of(message.place):
                self._under_way.add(message.id)
                self._lanes.put(chat_of(message.place), message)

    async def stop(self, seconds: float) -> None:
        """Send what is in line, for so long at most, and note what arrived."""
        deadline = asyncio.get_running_loop().time() + seconds
        await self._lanes.drained(seconds)
        if self._noting:
            with suppress(TimeoutError):  # what arrived and cannot be noted is sent again
                await asyncio.wait_for(self._noting, max(0.1, deadline - asyncio.get_running_loop().time()))

    async def _send(self, message: Message) -> None:
        platform = self._platforms.of(message.place)
        if platform is None:
            return
        if message.expires_at is not None and self._clock() > message.expires_at:
            self._outcome.failed.append(message.id)
            self._note_soon()
            return
        try:
            self._outcome.arrived[message.id] = await self._post_all(platform, message)
        except MovedError as error:
            await self._moved(message, error)
        except UnreachableError as error:
            _LOGGER.info("message %d: its chat cannot be reached", message.id)
            await self._lost(message, error)
        except RefusedError as error:
            _LOGGER.error("message %d was refused: %s", message.id, error)  # noqa: TRY400 - the sentence says it all
            self._outcome.failed.append(message.id)
        except Exception:
            _LOGGER.exception("message %d could not be sent", message.id)
            self._outcome.failed.append(message.id)
        self._note_soon()

    async def _post_all(self, platform: Platform[Any], message: Message) -> str:
        """Send every part of a message; the platform's id of the first that has one."""
        if message.document_name:
            name = message.document_name
            message = replace(message, document=await insist(lambda: self._store.document(name)))
        refs = self._posted.setdefault(message.id, [])
        for part in platform.compose(message)[len(refs) :]:
            refs.append(await self._post(platform, part, message.place))
        del self._posted[message.id]
        return next((ref for ref in refs if ref), "")

    async def _post(self, platform: Platform[Any], part: object, place: str) -> str:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._free:
                    wait = self._pacer.reserve(platform.budgets(place), asyncio.get_running_loop().time())
                    if wait <= 0:
                        return await platform.post(part)
                await asyncio.sleep(wait)
            except TryAgainError as error:
                self._halt(platform.budgets(place), error.seconds)
            except (OSError, TimeoutError) as error:
                _LOGGER.warning("%s: %s; trying again in %g s", platform.name, type(error).__name__, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _halt(self, budgets: Sequence[Budget], seconds: float) -> None:
        """Be silent in this chat for as long as the platform asked."""
        _LOGGER.warning("told to wait %g s", seconds)
        until = asyncio.get_running_loop().time() + seconds
        for budget in budgets:
            if budget.one_chat:
                self._pacer.halt(budget, until)

    async def _moved(self, message: Message, moved: MovedError) -> None:
        chat = chat_of(message.place)
        if self._losing:
            losing = self._losing
            await insist(lambda: losing.move(moved.old, moved.new))
        for waiting in (message, *self._lanes.drop(chat, lambda _: True)):
            place = moved.new + waiting.place.removeprefix(moved.old)
            self._lanes.put(chat_of(place), replace(waiting, place=place))

    async def _lost(self, message: Message, error: UnreachableError) -> None:
        if message.private or self._losing is None:
            self._outcome.failed.append(message.id)
            return
        lost = message.place if error.only_here else chat_of(message.place)
        dropped = self._lanes.drop(chat_of(message.place), lambda waiting: is_within(waiting.place, lost))
        self._under_way.difference_update(waiting.id for waiting in (message, *dropped))
        losing = self._losing
        await insist(lambda: losing.lose(lost, error.advice))

    def _note_soon(self) -> None:
        """Note outcomes together: those that come while a note is being written share the next one."""
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note(), name="note what arrived")

    async def _note(self) -> None:
        while self._outcome:
            outcome, self._outcome = self._outcome, Outcome()
            try:
                await self._store.settle(outcome.arrived, outcome.failed, self._clock())
            except Refusal as error:  # the database is away: what arrived must not be sent again
                _LOGGER.warning("%s", error)
                self._outcome = Outcome(outcome.arrived | self._outcome.arrived, outcome.failed + self._outcome.failed)
                await asyncio.sleep(_FIRST_PAUSE)
                continue
            self._under_way.difference_update(outcome.arrived, outcome.failed)

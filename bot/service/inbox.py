"""The inbox: what comes in is committed first, then worked on in order, one thing at a time in each place.

A replica works on what it receives itself. When much waits there, or when it dies, others take it over.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.core.place import Person, chat_of
from bot.core.refusal import Refusal
from bot.core.text import replies
from bot.service.concurrency import OrderedQueues, retry_while_down
from bot.service.conversation.context import AccessRules
from bot.service.conversation.router import Router
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Attached, Incoming, Left, Moved, Pressed, Said, Submitted, UnreadableError
from bot.service.ports.messages import Clock
from bot.service.ports.platform import Platform
from bot.service.ports.shared_work import InboxRows
from bot.service.replicas import Replica
from bot.service.telemetry import log_context

TRIES = 3  # of fetching a file
LEASE = 30  # seconds until what a dead replica was working on is taken over
ROOM = 64  # what may wait here while others could do it
_PAUSE = 1.0  # seconds until the next try
_RENEW = 5.0
_LOOK, _LOOK_ALONE = 0.2, 1.0  # seconds until we look again for what nobody works on
_EVERYTHING = 10_000
_MANY = 10_000  # people and chats remembered before those that fell silent are forgotten
_LOGGER = logging.getLogger("mockbot.inbox")


class RateLimiter:
    """Lets so many messages a minute through, of a person and of a chat."""

    A_PERSON = 60
    A_CHAT = 240
    SECONDS = 60

    def __init__(self) -> None:
        self._passed: dict[str, deque[tuple[int, str]]] = {}
        self._told: dict[Person, int] = {}

    def allows(self, incoming: Incoming, now: int) -> bool:
        """Whether one more message may pass; counts it, by when it was sent and only once, if so."""
        at = min(incoming.at or now, now)
        counters = [(f"person {incoming.person}", self.A_PERSON), (f"chat {chat_of(incoming.place)}", self.A_CHAT)]
        if (at, incoming.key) in self._passed.get(counters[0][0], ()):
            return True  # brought once more, as it could not be kept
        if any(self._full(key, count, at) for key, count in counters):
            return False
        if len(self._passed) > _MANY:
            self._forget_old(now)
        for key, count in counters:
            self._passed.setdefault(key, deque(maxlen=count)).append((at, incoming.key))
        return True

    def shall_tell(self, person: Person, now: int) -> bool:
        """Whether to tell the person that they were stopped: once a minute is enough."""
        if now - self.SECONDS < self._told.get(person, -self.SECONDS) <= now:
            return False
        self._forget_old(now)
        self._told[person] = now
        return True

    def _full(self, key: str, count: int, at: int) -> bool:
        passed = self._passed.get(key)
        return passed is not None and sum(at - self.SECONDS < sent <= at for sent, _ in passed) >= count

    def _forget_old(self, now: int) -> None:
        recent = now - self.SECONDS
        self._passed = {key: times for key, times in self._passed.items() if times[-1][0] > recent}
        self._told = {person: at for person, at in self._told.items() if at > recent}


class InboxWorker:
    """Commits what the platforms receive, and hands it to the router."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        rows: InboxRows,
        router: Router,
        platforms: Platforms,
        access: AccessRules,
        clock: Clock,
        replica: Replica,
        *,
        room: int = ROOM,
    ) -> None:
        self._rows = rows
        self._router = router
        self._platforms = platforms
        self._access = access
        self._clock = clock
        self._replica = replica
        self._most_here = room
        self._here: set[str] = set()
        self._rate_limiter = RateLimiter()
        self._queues = OrderedQueues(self._work)
        self._stopped = False

    async def receive(self, batch: Sequence[Incoming]) -> None:
        """Commit a batch; when this returns, a crash loses nothing of it."""
        welcome = [incoming for incoming in batch if await self._let_in(incoming)]
        if welcome:
            now = self._clock()
            room = self._room if self._replica.others and self._is_anybodys(welcome[0]) else None
            self._put(await self._rows.keep(welcome, now, self._replica.owner, now + LEASE, room))

    async def resume(self) -> None:
        """Take up what was received and not done when the program ended."""
        await self._replica.without_ended(await self._rows.owners())
        await self._take_over(_EVERYTHING)

    async def share(self) -> None:
        """Renew the leases of what waits here, and take over what nobody works on, until cancelled."""
        renewed = -_RENEW
        while True:
            await asyncio.sleep(_LOOK if self._replica.others else _LOOK_ALONE)
            try:
                if _now() - renewed >= _RENEW:
                    await self._rows.renew(self._replica.owner, sorted(self._here), self._clock() + LEASE)
                    renewed = _now()
                if room := self._room if self._replica.others else _EVERYTHING:
                    await self._take_over(room)
            except Refusal as error:
                _LOGGER.warning("%s", error)
                await asyncio.sleep(_PAUSE)
            except Exception:
                _LOGGER.exception("what nobody works on could not be looked for")
                await asyncio.sleep(_PAUSE)

    async def stop(self, seconds: float) -> None:
        """Finish what was received, for so long at most; the rest waits in its rows."""
        self._stopped = True
        await self._queues.drained(seconds)

    @property
    def _room(self) -> int:
        return max(0, self._most_here - len(self._here))

    def _is_anybodys(self, incoming: Incoming) -> bool:
        platform = self._platforms.of(incoming.place)
        return platform is not None and platform.anywhere

    async def _take_over(self, limit: int) -> None:
        names = [name for name, platform in self._platforms.items() if platform.anywhere or self._replica.holds(name)]
        if names and not self._stopped:
            now, owner = self._clock(), self._replica.owner
            self._put(await self._rows.claim(owner, now, now + LEASE, limit, names))

    def _put(self, fresh: Sequence[Incoming]) -> None:
        for incoming in () if self._stopped else fresh:
            if incoming.key not in self._here:
                self._here.add(incoming.key)
                self._queues.put(incoming.place, incoming)

    async def _let_in(self, incoming: Incoming) -> bool:
        now = self._clock()
        if isinstance(incoming.content, Left | Moved):
            return True
        if not self._is_invited(incoming):
            await self._turn_away(incoming, replies.NOT_INVITED, now)
            return False
        if incoming.person == self._access.owner or self._rate_limiter.allows(incoming, now):
            return True
        await self._turn_away(incoming, replies.TOO_FAST, now)
        return False

    def _is_invited(self, incoming: Incoming) -> bool:
        """Whether this person, or everybody in this chat, may use the bot."""
        allowed = self._access.allowed
        if not allowed or incoming.person == self._access.owner:
            return True
        return not allowed.isdisjoint((incoming.person, chat_of(incoming.place), *incoming.within))

    async def _turn_away(self, incoming: Incoming, why: str, now: int) -> None:
        """Say why, once a minute at most; a press is acknowledged each time, or its button would wait for ever."""
        if incoming.ticket and isinstance(incoming.content, Pressed | Submitted):
            await self._acknowledge(incoming, why)
        elif incoming.addressed and self._rate_limiter.shall_tell(incoming.person, now):
            await self._router.units.run(incoming.place, lambda work: work.reply_privately(incoming, why))

    async def _work(self, incoming: Incoming) -> None:
        """Work on one thing until it is done, however long the database is away."""
        with log_context(place=incoming.place, key=incoming.key):
            try:
                await retry_while_down(partial(self._work_once, incoming))
            except Exception:
                _LOGGER.exception("%s broke something", incoming.key)
                await self._apologise(incoming)
            finally:
                self._here.discard(incoming.key)

    async def _apologise(self, incoming: Incoming) -> None:
        try:
            await retry_while_down(lambda: self._router.units.reply_privately(incoming, replies.SOMETHING_BROKE))
        except Refusal as error:
            _LOGGER.warning("%s", error)

    async def _work_once(self, incoming: Incoming) -> None:
        if isinstance(incoming.content, Attached) and (platform := self._platforms.of(incoming.place)):
            try:
                incoming = replace(incoming, content=await self._opened(platform, incoming, incoming.content))
            except UnreadableError as error:
                await self._router.units.reply_privately(incoming, str(error))
                return
        notice = await self._router.handle(incoming)
        if incoming.ticket:
            await self._acknowledge(incoming, notice)

    async def _opened(self, platform: Platform[object], incoming: Incoming, file: Attached) -> Said:
        """The text of a file that is an answer; any other file is not fetched."""
        if await self._router.interviews.expects(incoming):
            return await self._read(platform, incoming, file)
        return Said("a file", file.source, file.reply_to)

    async def _read(self, platform: Platform[object], incoming: Incoming, file: Attached) -> Said:
        for _ in range(TRIES):
            try:
                text = await platform.read(incoming, file)
            except (OSError, TimeoutError):
                await asyncio.sleep(_PAUSE)
            else:
                return Said(text, file.source, file.reply_to)
        raise UnreadableError(replies.FILE_NOT_FETCHED)

    async def _acknowledge(self, incoming: Incoming, notice: str) -> None:
        platform = self._platforms.of(incoming.place)
        try:
            if platform:
                await platform.acknowledge(incoming, notice)
        except Exception as error:  # noqa: BLE001 - the press is done; a wheel that turns on is no reason to stop
            _LOGGER.info("%s could not be acknowledged: %s", incoming.key, type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()

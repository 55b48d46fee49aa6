"""What came in: committed first, then worked on in order, one thing at a time in each place.

Whichever replica hears something works on it. When much waits there, or when it dies, others take it over.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.core import replies
from bot.core.refusal import Refusal
from bot.service.heard import Attached, Heard, Left, Moved, Pressed, Said, Submitted, UnreadableError
from bot.service.house import House, Turnstile
from bot.service.insisting import insist
from bot.service.labels import labelled
from bot.service.lanes import Lanes
from bot.service.loop import Interviewer
from bot.service.platforms import Platforms
from bot.service.ports import Clock, Platform, Store
from bot.service.roles import Replica, is_gone

TRIES = 3  # of fetching a file
LEASE = 30  # seconds until what a dead replica was working on is taken over
ROOM = 64  # what may wait here while others could do it
_PAUSE = 1.0  # seconds until the next try
_RENEW = 5.0
_LOOK, _LOOK_ALONE = 0.2, 1.0  # seconds until we look again for what nobody works on
_EVERYTHING = 10_000
_LOGGER = logging.getLogger("mockbot.intake")


class Intake:
    """Takes what the platforms tell, keeps it, and hands it to the interviewer."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is one thing it works with
        self,
        store: Store,
        interviewer: Interviewer,
        platforms: Platforms,
        house: House,
        clock: Clock,
        replica: Replica | None = None,
    ) -> None:
        self._store = store
        self._interviewer = interviewer
        self._platforms = platforms
        self._house = house
        self._clock = clock
        self._replica = replica or Replica(store, "mockbot")
        self._here: set[str] = set()
        self._turnstile = Turnstile()
        self._lanes = Lanes(self._work)
        self._stopped = False

    async def hear_all(self, batch: Sequence[Heard]) -> None:
        """Commit a batch; when this returns, nothing of it can be lost any more."""
        welcome = [heard for heard in batch if await self._let_in(heard)]
        if welcome:
            now = self._clock()
            room = self._room if self._replica.others and self._is_anybodys(welcome[0]) else None
            self._put(await self._store.keep_heard(welcome, now, self._replica.owner, now + LEASE, room))

    async def resume(self) -> None:
        """Take up what was heard and not done when the program ended."""
        for owner in await self._store.owners_waited_for():
            if is_gone(owner, self._replica.owner):
                await self._store.leave(owner)
        await self._take_over(_EVERYTHING)

    async def share(self) -> None:
        """Keep what we work on, and take over what nobody works on, until cancelled."""
        renewed = -_RENEW
        while True:
            await asyncio.sleep(_LOOK if self._replica.others else _LOOK_ALONE)
            try:
                if time.monotonic() - renewed >= _RENEW:
                    await self._store.renew_heard(self._replica.owner, sorted(self._here), self._clock() + LEASE)
                    renewed = time.monotonic()
                if room := self._room if self._replica.others else _EVERYTHING:
                    await self._take_over(room)
            except Refusal as error:
                _LOGGER.warning("%s", error)
                await asyncio.sleep(_PAUSE)
            except Exception:
                _LOGGER.exception("what nobody works on could not be looked for")
                await asyncio.sleep(_PAUSE)

    async def stop(self, seconds: float) -> None:
        """Finish what was heard, for so long at most; the rest waits in its rows."""
        self._stopped = True
        await self._lanes.drained(seconds)

    @property
    def _room(self) -> int:
        return max(0, ROOM - len(self._here))

    def _is_anybodys(self, heard: Heard) -> bool:
        platform = self._platforms.of(heard.place)
        return platform is not None and platform.anywhere

    async def _take_over(self, limit: int) -> None:
        names = [name for name, platform in self._platforms.all() if platform.anywhere or self._replica.holds(name)]
        if names and not self._stopped:
            now, owner = self._clock(), self._replica.owner
            self._put(await self._store.claim_heard(owner, now, now + LEASE, limit, names))

    def _put(self, fresh: Sequence[Heard]) -> None:
        for heard in () if self._stopped else fresh:
            if heard.key not in self._here:
                self._here.add(heard.key)
                self._lanes.put(heard.place, heard)

    async def _let_in(self, heard: Heard) -> bool:
        now = self._clock()
        if isinstance(heard.what, Left | Moved):
            return True
        if not self._house.admits(heard):
            await self._turn_away(heard, replies.NOT_INVITED, now)
            return False
        if heard.person == self._house.owner or self._turnstile.lets_pass(heard, now):
            return True
        await self._turn_away(heard, replies.TOO_FAST, now)
        return False

    async def _turn_away(self, heard: Heard, why: str, now: int) -> None:
        """Say why, once a minute at most; a press gets its answer each time, or its button would wait for ever."""
        platform = self._platforms.of(heard.place)
        if platform and heard.ticket and isinstance(heard.what, Pressed | Submitted):
            await self._acknowledge(platform, heard, why)
        elif heard.addressed and self._turnstile.shall_tell(heard.person, now):
            await self._interviewer.tell(replace(heard, key=""), why)

    async def _work(self, heard: Heard) -> None:
        """Work on one thing until it is done, however long the database is away."""
        with labelled(place=heard.place, key=heard.key):
            try:
                await insist(lambda: self._work_once(heard))
            except Exception:
                _LOGGER.exception("%s broke something", heard.key)
                await self._apologise(heard)
            finally:
                self._here.discard(heard.key)

    async def _apologise(self, heard: Heard) -> None:
        try:
            await insist(lambda: self._interviewer.apologise(heard))
        except Refusal as error:
            _LOGGER.warning("%s", error)

    async def _work_once(self, heard: Heard) -> None:
        platform = self._platforms.of(heard.place)
        if platform and isinstance(heard.what, Attached):
            try:
                heard = replace(heard, what=await self._opened(platform, heard, heard.what))
            except UnreadableError as error:
                await self._interviewer.tell(heard, str(error))
                return
        notice = await self._interviewer.hear(heard)
        if platform and heard.ticket:
            await self._acknowledge(platform, heard, notice)

    async def _opened(self, platform: Platform[object], heard: Heard, file: Attached) -> Said:
        """The text of a file that is an answer; of any other only that somebody sent something."""
        if await self._interviewer.expects(heard):
            return await self._read(platform, heard, file)
        return Said("a file", file.source, file.reply_to)

    async def _read(self, platform: Platform[object], heard: Heard, file: Attached) -> Said:
        for _ in range(TRIES):
            try:
                text = await platform.read(heard, file)
            except (OSError, TimeoutError):
                await asyncio.sleep(_PAUSE)
            else:
                return Said(text, file.source, file.reply_to)
        raise UnreadableError(replies.FILE_NOT_FETCHED)

    async def _acknowledge(self, platform: Platform[object], heard: Heard, notice: str) -> None:
        try:
            await platform.acknowledge(heard, notice)
        except Exception as error:  # noqa: BLE001 - the press is done; a wheel that turns on is no reason to stop
            _LOGGER.info("%s could not be acknowledged: %s", heard.key, type(error).__name__)

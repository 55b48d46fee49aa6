"""Work in order, work that retries while the database is away, and work that a cancel does not interrupt."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from bot.service.ports.store import StoreAwayError

Item = TypeVar("Item")
_LAST_SECONDS = 0.5
_LOGGER = logging.getLogger("mockbot.lanes")


class OrderedQueues(Generic[Item]):
    """Does one thing at a time in each lane; an item that breaks is logged, and the next one has its turn."""

    def __init__(self, work: Callable[[Item], Awaitable[None]]) -> None:
        self._work = work
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, lane: str, item: Item) -> None:
        """Add an item at the end of a lane."""
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(item)
            return
        self._lanes[lane] = deque((item,))
        task = asyncio.create_task(self._drive(lane), name=f"lane {lane}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                await self._do(waiting.popleft())
        finally:
            del self._lanes[lane]

    async def _do(self, item: Item) -> None:
        try:
            await self._work(item)
        except Exception:
            _LOGGER.exception("a lane goes on without what broke in it")

    def drop(self, lane: str, which: Callable[[Item], bool]) -> list[Item]:
        """Take out some of what waits in a lane; what is being worked on stays."""
        waiting = self._lanes.get(lane, deque())
        dropped = [item for item in waiting if which(item)]
        kept = [item for item in waiting if not which(item)]
        waiting.clear()
        waiting.extend(kept)
        return dropped

    async def drained(self, seconds: float) -> bool:
        """Wait until nothing is left, at most so long; what is left then is dropped, and False returned."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        unfinished = list(self._tasks)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=_LAST_SECONDS)  # a transaction ends first, if the database answers
        return not unfinished


PAUSE = 0.5  # seconds until the next try
_DATABASE_LOGGER = logging.getLogger("mockbot.database")

Result = TypeVar("Result")


async def retry_while_down(job: Callable[[], Awaitable[Result]]) -> Result:
    """Do a job of the database, however long that is away; whoever waits says so once."""
    told = False
    while True:
        try:
            return await job()
        except StoreAwayError as error:
            if not told:
                _DATABASE_LOGGER.warning("%s", error)
            told = True
        await asyncio.sleep(PAUSE)


async def shielded(work: Coroutine[Any, Any, Result]) -> Result:
    """Do a transaction to its end before a cancel counts; one that is torn apart can keep SQLite locked for seconds."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise

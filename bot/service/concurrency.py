"""Work in order, work that retries while the database is away, and work that a cancel does not interrupt."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from bot.service.ports.store import StoreAwayError

Item = TypeVar("Item")
_LAST_SECONDS = 0.5
_LOGGER = logging.getLogger("mockbot.queues")


class OrderedQueues(Generic[Item]):
    """Processes the items of each queue in order; one that fails is logged, and the next has its turn."""

    def __init__(self, work: Callable[[Item], Awaitable[None]]) -> None:
        self._work = work
        self._queues: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, queue: str, item: Item) -> None:
        """Add an item at the end of a queue."""
        waiting = self._queues.get(queue)
        if waiting is not None:
            waiting.append(item)
            return
        self._queues[queue] = deque((item,))
        task = asyncio.create_task(self._drive(queue), name=f"queue {queue}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, queue: str) -> None:
        waiting = self._queues[queue]
        try:
            while waiting:
                await self._do(waiting.popleft())
        finally:
            del self._queues[queue]

    async def _do(self, item: Item) -> None:
        try:
            await self._work(item)
        except Exception:
            _LOGGER.exception("a queue goes on without the item that failed")

    def drop(self, queue: str, which: Callable[[Item], bool]) -> list[Item]:
        """Take some waiting items out of a queue; the one being worked on stays."""
        waiting = self._queues.get(queue, deque())
        dropped = [item for item in waiting if which(item)]
        kept = [item for item in waiting if not which(item)]
        waiting.clear()
        waiting.extend(kept)
        return dropped

    async def drained(self, seconds: float) -> bool:
        """Wait until all queues are empty, at most so long; drop what is left then, and return False."""
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
Parameters = ParamSpec("Parameters")


async def retry_while_down(job: Callable[[], Awaitable[Result]]) -> Result:
    """Do a job, again and again while the database is away, which is logged once."""
    logged = False
    while True:
        try:
            return await job()
        except StoreAwayError as error:
            if not logged:
                _DATABASE_LOGGER.warning("%s", error)
            logged = True
        await asyncio.sleep(PAUSE)


def shielded(
    work: Callable[Parameters, Coroutine[Any, Any, Result]],
) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
    """Do a transaction to its end before a cancel counts; one that is torn apart can keep SQLite locked for seconds."""

    @wraps(work)
    async def to_its_end(*values: Parameters.args, **named: Parameters.kwargs) -> Result:
        task = asyncio.ensure_future(work(*values, **named))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            raise

    return to_its_end

"""An event loop whose clock jumps: when everybody only waits for time to pass, it has passed.

Waiting for a thread or a socket takes as long as it takes, and thinking takes no time at all. So a test sees the pauses
that the program really makes, on a busy machine as on a quiet one.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop on virtual time, in seconds since it was made."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._threads_at_work = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        """The virtual time."""
        return self._seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # noqa: ANN401 - as asyncio has it
        """Run it in a thread, and let no time be jumped over until it is done."""
        self._threads_at_work += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._thread_is_free)
        return done

    def _thread_is_free(self, _done: asyncio.Future[Any]) -> None:
        self._threads_at_work -= 1

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self._seconds += seconds


class _Jumping(selectors.DefaultSelector):
    """Waits for sockets and threads as any selector does, and for nothing else."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; without anything to wait for, the time is over at once."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        is_alone = len(self.get_map()) <= 1 and not self._loop._threads_at_work  # the one socket wakes the loop itself
        if is_alone and timeout is not None:
            self._loop.passes(timeout)
            return []
        began = time.monotonic()
        ready = super().select(timeout)
        self._loop.passes(time.monotonic() - began)
        return ready

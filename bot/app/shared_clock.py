"""One clock for all replicas: that of the database's machine, as clocks of machines may differ by minutes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from bot.core.refusal import Refusal
from bot.service.ports.shared_work import Leases

EVERY = 5.0  # seconds between two looks at the database's clock
_APART = 2  # seconds by which it may be wrong: the database tells whole ones
_PROMPT = 1.0  # seconds within which an answer tells the time
_NEWS = 30  # seconds
_LOGGER = logging.getLogger("mockbot.clock")


class SharedClock:
    """UTC epoch seconds by the database; between two looks there this machine's steady clock runs on.

    So a machine whose clock is wrong, or is set, rings no deadline early and misses none. `own` is the machine's clock.
    """

    def __init__(
        self,
        own: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        *,
        every: float = EVERY,
    ) -> None:
        self._own = own
        self._steady = steady
        self._every = every
        self._began = own() - steady()

    def __call__(self) -> int:
        """The time now."""
        return int(self._steady() + self._began)

    async def set_by(self, database: Leases) -> None:
        """Set the clock by the database."""
        asked = self._steady()
        told = await database.now()
        wrong = told - self()
        if abs(wrong) > _APART and self._steady() - asked < _PROMPT:
            self._began += wrong
            self._tell(int(told - self._own()))

    async def keep(self, database: Leases) -> None:
        """Set the clock again and again, until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.set_by(database)
            except Refusal as error:
                _LOGGER.warning("%s", error)
            except Exception:
                _LOGGER.exception("the time of the database cannot be read")

    def _tell(self, apart: int) -> None:
        if abs(apart) >= _NEWS:
            way = "behind" if apart > 0 else "ahead of"
            _LOGGER.warning("This machine's clock is %d s %s the database's, which counts.", abs(apart), way)

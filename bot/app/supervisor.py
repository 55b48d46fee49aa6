"""Keeping each platform running, except one that refuses the bot."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.core.effects import Say
from bot.core.place import Person, home_of, name_of
from bot.core.refusal import Refusal
from bot.core.text import replies
from bot.service.conversation.unit_of_work import UnitOfWork
from bot.service.ports.platform import Platform

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds before a platform that broke is started again
_CLOSE_SECONDS = 0.7  # with those of run.py under the five seconds in which a stop has to be done
_LOGGER = logging.getLogger("mockbot")


@dataclass(slots=True)
class Supervisor:
    """Keeps platforms running. `owner` is told of one that is given up; `problem` is why the last one was."""

    members: dict[str, Platform[Any]]
    units: UnitOfWork
    owner: Person
    problem: Refusal | None = None

    async def supervise(self, name: str) -> None:
        """Run one platform again whenever it breaks; one that refuses the bot is given up, and the others go on."""
        pause = _FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self.members[name].run()
            except Refusal as refusal:
                await self._give_up(name, refusal)
                return
            except Exception:
                _LOGGER.exception("%s broke; it starts again in %g s.", name, pause)
            if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _give_up(self, name: str, refusal: Refusal) -> None:
        self.problem = refusal
        with suppress(Exception):
            await self.members.pop(name).close()
        if self.members:
            _LOGGER.error("%s is off: %s", name, refusal)
        if self.owner and name_of(self.owner) in self.members:
            home, say = home_of(self.owner), Say(replies.platform_off(name, str(refusal)))
            with suppress(Exception):
                await self.units.run(home, lambda work: work.transaction.say(home, say, work.now, self.owner))

    async def close(self) -> None:
        """Close the platforms; one that takes longer than a moment is cancelled."""
        closing = [asyncio.create_task(platform.close()) for platform in self.members.values()]
        if closing:
            _, late = await asyncio.wait(closing, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*closing, return_exceptions=True)

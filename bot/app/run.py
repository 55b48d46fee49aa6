"""The bot on its platforms: started, kept running, and stopped without losing anything."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from bot.app import logs
from bot.app.connecting import connect
from bot.app.parts import bank_of, clock, opened, seed
from bot.config import Settings
from bot.core import replies
from bot.core.model import Bank
from bot.core.refusal import Refusal
from bot.scheduler import Ticker
from bot.service import resume
from bot.service.delivery import Delivery
from bot.service.heard import Heard, Said
from bot.service.house import House
from bot.service.intake import Intake
from bot.service.loop import Interviewer, Surroundings
from bot.service.platforms import Platforms, home_of, name_of
from bot.service.ports import Platform
from bot.storage import SqlStore

NOTHING_TO_RUN = (
    "Set MOCKBOT_TELEGRAM_TOKEN or MOCKBOT_DISCORD_TOKEN to run the bot there; `mockbot chat` interviews you right "
    "here and needs neither."
)
# Together under the five seconds in which a stop has to be done.
_INTAKE_SECONDS, _DELIVERY_SECONDS, _CLOSE_SECONDS = 1.5, 2.0, 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds before a platform that broke is started again
_LOGGER = logging.getLogger("mockbot")


async def run(settings: Settings) -> None:
    """Run on every platform that has a token, until told to stop; Refusal when none can be."""
    if not (settings.telegram_token or settings.discord_token):
        raise Refusal(NOTHING_TO_RUN)
    logs.configure(settings.log_level, settings.secrets)
    bank = bank_of(settings.content, semantic_on=settings.semantic)
    async with opened(settings.database_url) as store, _running(settings, store, bank) as supervisor:
        _LOGGER.info("Mockbot starts on %s.", " and ".join(supervisor.members))
        await supervisor.until_stopped()
    _LOGGER.info("Mockbot has stopped.")


@asynccontextmanager
async def _running(settings: Settings, store: SqlStore, bank: Bank) -> AsyncIterator[Supervisor]:
    """All parts put together and taking up what an earlier run left; in the end, put away in the opposite order."""
    members: dict[str, Platform[Any]] = {}
    platforms = Platforms(members)
    house = House(settings.allow, settings.owner)
    delivery = Delivery(store, platforms, clock)
    interviewer = Interviewer(store, Surroundings(bank, clock, seed, platforms, house), delivery.deliver)
    delivery.report_to(interviewer)
    intake = Intake(store, interviewer, platforms, house, clock)
    members |= connect(settings, intake, store, bank, clock)
    away = await resume.away(store, clock)
    await resume.go_on(store, interviewer, platforms, away)
    await store.beat(clock())  # after the clocks were set back: killed in between, they are set back again
    await delivery.deliver(await store.left_unsent())
    await intake.resume()
    ticker = Ticker(store, interviewer, clock, members)
    ticker.start()
    _spare_the_collector()
    supervisor = Supervisor(members, interviewer, settings.owner)
    try:
        yield supervisor
    finally:
        await ticker.stop()
        await intake.stop(_INTAKE_SECONDS)
        await delivery.stop(_DELIVERY_SECONDS)
        await supervisor.close()
        await store.beat(clock())


def _spare_the_collector() -> None:
    """Banks and libraries stay for good: not looking through them again and again saves a fifth of a turn's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@dataclass(slots=True)
class Supervisor:
    """The platforms that are switched on, each under a supervisor of its own."""

    members: dict[str, Platform[Any]]
    interviewer: Interviewer
    owner: str
    problem: Refusal | None = None

    async def until_stopped(self) -> None:
        """Run until a signal comes, or until no platform is left; then Refusal with the last one's reason."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._supervise(name), name=name) for name in self.members]
            everyone = asyncio.ensure_future(asyncio.wait(tasks))
            asked = asyncio.ensure_future(stop.wait())
            await asyncio.wait({everyone, asked}, return_when=asyncio.FIRST_COMPLETED)
            for task in (*tasks, everyone, asked):
                task.cancel()
        if self.problem and not stop.is_set():
            raise self.problem

    async def _supervise(self, name: str) -> None:
        """Keep one platform running; one that will not have us is left off, and the others go on."""
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
            heard = Heard("", home_of(self.owner), self.owner, 0, Said(""))
            with suppress(Exception):
                await self.interviewer.tell(heard, replies.platform_off(name, str(refusal)))

    async def close(self) -> None:
        """Say goodbye to the platforms, for a moment at most."""
        closing = [asyncio.create_task(platform.close()) for platform in self.members.values()]
        if closing:
            _, late = await asyncio.wait(closing, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*closing, return_exceptions=True)

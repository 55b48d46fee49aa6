"""The bot on its platforms: started, kept running, and stopped without losing anything."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from bot import plots
from bot.app import logs
from bot.app.assemble import assemble
from bot.app.health import Condition, HttpServer, serving
from bot.app.measures import Measures
from bot.app.parts import content_of, opened, seed
from bot.app.registry import Parts, connect, roles, switched_on
from bot.app.shared_clock import SharedClock
from bot.app.supervisor import Supervisor
from bot.banks.compiled import Content
from bot.config import Settings
from bot.core.refusal import Refusal
from bot.scheduler import Ticker
from bot.service.conversation import resume
from bot.service.conversation.context import AccessRules, Context
from bot.service.delivery.attachments import Attachments
from bot.service.delivery.delivery import Delivery
from bot.service.examinations import ExaminationWorker
from bot.service.inbox import InboxWorker
from bot.service.platforms import Platforms
from bot.service.replicas import Replica, owner_id
from bot.service.telemetry import Metrics
from bot.storage import SqlStore
from bot.storage.watch import Watch

NOTHING_TO_RUN = (
    "Set MOCKBOT_TELEGRAM_TOKEN or MOCKBOT_DISCORD_TOKEN to run the bot there; `mockbot chat` interviews you right "
    "here and needs neither."
)
# Together under the five seconds in which a stop has to be done.
_INTAKE_SECONDS, _DELIVERY_SECONDS = 1.0, 1.5
_LAST_SECONDS = 0.5  # for each of the last notes in a database that may be away
_LOGGER = logging.getLogger("mockbot")


async def run(settings: Settings) -> None:
    """Run on every platform that has a token, until told to stop; Refusal when none can be."""
    if not switched_on(settings):
        raise Refusal(NOTHING_TO_RUN)
    logs.configure(settings.log_level, settings.secrets)
    asyncio.get_running_loop().set_exception_handler(logs.log_unhandled)
    content = content_of(settings.content)
    async with opened(settings.database_url) as store, _running(settings, store, content) as running:
        _LOGGER.info("Mockbot starts on %s.", " and ".join(running.supervisor.members))
        await running.until_stopped()
    _LOGGER.info("Mockbot has stopped.")


@asynccontextmanager
async def _running(settings: Settings, store: SqlStore, content: Content) -> AsyncIterator[Run]:
    """Assemble and start all parts, and resume what an earlier run left; stop them in the opposite order."""
    replica, watch = Replica(store.leases, owner_id()), Watch(settings.database_url)
    shared_clock = SharedClock()
    measures, condition = Measures(watch, shared_clock), Condition(watch, shared_clock, replica.owner)
    measures.count_errors_of(logging.getLogger())
    async with (
        serving(settings.listen, condition.readiness, measures.page) as server,
        _interviewing(settings, store, content, shared_clock, replica, measures, server) as running,
    ):
        condition.connected = running.connected
        try:
            yield running
        finally:
            condition.stopping = True


@asynccontextmanager
async def _interviewing(  # noqa: PLR0913, PLR0917 - each is made once, and only here put together
    settings: Settings,
    store: SqlStore,
    content: Content,
    clock: SharedClock,
    replica: Replica,
    metrics: Metrics,
    server: HttpServer,
) -> AsyncIterator[Run]:
    platforms = Platforms()  # filled below, as each platform hands what it receives to the service
    access = AccessRules(settings.allow, settings.owner)
    role_of = roles(settings)
    delivery = Delivery(
        store.outbox,
        platforms,
        clock,
        lambda name: replica.holds(role_of[name]),
        shared=lambda: bool(replica.others),
        metrics=metrics,
        documents=Attachments(store.outbox, store, plots, content.catalogue, clock).get,
    )
    context = Context(content.bank, clock, seed, platforms, access, metrics, content.catalogue)
    service = assemble(store, context, delivery, replica)
    platforms |= connect(settings, Parts(service.inbox, store.kept, content, clock, server))

    async def go_on() -> None:
        await resume.wake(store.heartbeat, service.router.interviews, platforms, clock, others=bool(replica.others))

    async def wake() -> None:
        """Resume on one replica alone: the first sets the clocks back."""
        await replica.lead("going on", go_on)

    ticker = Ticker(store.schedule, store.heartbeat, service.due, clock, platforms, lambda: replica.share, wake)
    _spare_the_collector()
    supervisor = Supervisor(platforms, service.router.units, settings.owner)
    run = Run(supervisor, role_of, replica, service.inbox, service.examinations, delivery, clock, store)
    async with run.under_way(ticker, wake):
        yield run


async def _in_time(work: Coroutine[Any, Any, None]) -> None:
    """Do work that a stop can do without, and cancel it when the database does not answer soon."""
    task = asyncio.ensure_future(work)
    done, late = await asyncio.wait({task}, timeout=_LAST_SECONDS)
    for one in late:
        one.cancel()
    for one in done:
        with suppress(Refusal):
            one.result()


async def _beside(work: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end, and `other` beside it as long as that takes."""
    beside = asyncio.ensure_future(other)
    try:
        await work
    finally:
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)


def _spare_the_collector() -> None:
    """Exempt banks and libraries from garbage collection, which saves a fifth of a turn's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@dataclass(slots=True)
class Run:
    """The running parts: each platform receives and sends on this replica while it holds the role."""

    supervisor: Supervisor
    roles: Mapping[str, str]
    replica: Replica
    inbox: InboxWorker
    examinations: ExaminationWorker
    delivery: Delivery
    clock: SharedClock
    store: SqlStore

    @asynccontextmanager
    async def under_way(self, ticker: Ticker, wake: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Resume what an earlier run left; in the end, hand the work over to other replicas in time."""
        try:
            await self.clock.set_by(self.store.leases)
            await self.replica.join()
            await wake()
            await self.inbox.resume()
            ticker.start()
            try:
                yield
            finally:
                await ticker.stop()
                await self.inbox.stop(_INTAKE_SECONDS)
                await self.delivery.stop(_DELIVERY_SECONDS)
                await self.supervisor.close()
                await _in_time(self.store.heartbeat.beat(self.clock()))
        finally:
            await _in_time(self.replica.leave())

    def connected(self) -> dict[str, bool]:
        """By platform whether it is connected here."""
        return {name: platform.up for name, platform in self.supervisor.members.items()}

    async def until_stopped(self) -> None:
        """Run until a signal comes, or until no platform is left; then Refusal with the last one's reason."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._keep(name), name=name) for name in self.supervisor.members]
            side = (
                self.replica.live(),
                self.inbox.share(),
                self.examinations.work(),
                self.clock.keep(self.store.leases),
            )
            sharing = [group.create_task(job) for job in side]
            everyone = asyncio.ensure_future(asyncio.wait(tasks))
            asked = asyncio.ensure_future(stop.wait())
            await asyncio.wait({everyone, asked}, return_when=asyncio.FIRST_COMPLETED)
            for task in (*tasks, *sharing, everyone, asked):
                task.cancel()
        if self.supervisor.problem and not stop.is_set():
            raise self.supervisor.problem

    async def _keep(self, name: str) -> None:
        """Receive and send on a platform; where only one replica may, only while this one holds the role."""

        async def send() -> None:
            await self.delivery.send_for(name)

        async def receive_and_send() -> None:
            await _beside(self.supervisor.supervise(name), send())

        if self.roles[name] == name:
            await self.replica.lead(name, receive_and_send)
        else:  # every replica hears
            await _beside(self.supervisor.supervise(name), self.replica.lead(self.roles[name], send))

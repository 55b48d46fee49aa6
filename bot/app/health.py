"""The HTTP server for liveness, readiness and metrics; Telegram's webhook may be mounted on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.core.refusal import Refusal
from bot.storage.opening import REVISIONS
from bot.storage.watch import Lease, Watch

LARGEST = 1024 * 1024  # bytes of an update; it is a few KB
_PATIENCE = 2.0  # seconds; who asks gives up soon, and a database that takes longer is no use
_OWN = frozenset({"/healthz", "/readyz", "/metrics"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether people can be served; when they cannot, the reasons."""

    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Condition:
    """What being ready depends on: the database, and each platform, here or on another replica.

    `owner` is this replica's name in leases; `connected` tells of each platform by name whether it is up here, once
    everything is started.
    """

    watch: Watch
    clock: Callable[[], int]
    owner: str
    connected: Callable[[], Mapping[str, bool]] | None = None
    stopping: bool = False

    async def readiness(self) -> Readiness:
        """Whether people can be served just now."""
        if self.stopping:
            return Readiness(("Mockbot is stopping.",))
        if self.connected is None:
            return Readiness(("Mockbot is starting.",))
        try:
            async with asyncio.timeout(_PATIENCE), self.watch.reading() as reading:
                revision, leases = await reading.revision(), await reading.leases()
        except (Refusal, TimeoutError):
            return Readiness(("The database cannot be read.",))
        if revision != REVISIONS[-1]:
            return Readiness((f"The database is at revision {revision}; this program works with {REVISIONS[-1]}.",))
        missing = [name for name, up in self.connected().items() if not (up or self._is_elsewhere(name, leases))]
        return Readiness(tuple(f"{name} is connected neither here nor on another replica." for name in missing))

    def _is_elsewhere(self, platform: str, leases: list[Lease]) -> bool:
        now = self.clock()
        return any(lease.name == platform and lease.owner != self.owner and lease.until > now for lease in leases)


@dataclass(slots=True)
class HttpServer:
    """Routes of the server; one for posts can be mounted while it runs."""

    ready: Callable[[], Awaitable[Readiness]]
    page: Callable[[], Awaitable[bytes]]
    _mounted: dict[str, Handler] = field(default_factory=dict)

    @contextmanager
    def mount(self, path: str, handler: Handler) -> Iterator[None]:
        """Send posts to a path to a handler; Refusal when the path is taken."""
        if path in _OWN or path in self._mounted:
            message = f"The path {path} is taken; let the address in MOCKBOT_TELEGRAM_WEBHOOK_URL end in another one."
            raise Refusal(message)
        self._mounted[path] = handler
        try:
            yield
        finally:
            del self._mounted[path]

    def application(self) -> web.Application:
        """The routes as an application of aiohttp."""
        application = web.Application(client_max_size=LARGEST)
        application.router.add_get("/healthz", _healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._metrics)
        application.router.add_post("/{path:.*}", self._post)
        return application

    async def _readyz(self, _request: web.Request) -> web.Response:
        reasons = (await self.ready()).reasons
        return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self.page(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        handler = self._mounted.get(request.path)
        if handler is None:
            raise web.HTTPNotFound
        return await handler(request)


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


@asynccontextmanager
async def serving(
    listen: str | None, ready: Callable[[], Awaitable[Readiness]], page: Callable[[], Awaitable[bytes]]
) -> AsyncIterator[HttpServer]:
    """Listen at "host:port", if at all; Refusal when that is taken or none of this machine's addresses."""
    server = HttpServer(ready, page)
    if not listen:
        yield server
        return
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _listen(runner, host.strip("[]"), int(port))
        yield server
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        message = f"Nothing can listen at {host}:{port}: {error.strerror}. Set MOCKBOT_LISTEN to a free address."
        raise Refusal(message) from None

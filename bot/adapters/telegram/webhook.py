"""Updates that Telegram delivers itself: each is committed before it is confirmed with a 200."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest

from bot.adapters.telegram.translate import ALLOWED_UPDATES, Json
from bot.core.refusal import Refusal
from bot.service.ports.platform import Kept

KEPT_AS = "telegram:webhook"
LARGEST = 1024 * 1024  # bytes; an update is a few KB
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header, not the secret

Hear = Callable[[Sequence[Json]], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Mount = Callable[[str, Handler], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers: the public `url`, the `secret` it proves itself with, the "host:port" listened at.

    Where a server listens there already, `mount` gives posts to a path of it to a handler.
    """

    url: str
    secret: str = field(repr=False)
    listen: str = "127.0.0.1:8080"
    mount: Mount | None = field(default=None, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path that Telegram delivers to."""
        return urlsplit(self.url).path or "/"


async def set_webhook(bot: Bot, webhook: Webhook, kept: Kept) -> None:
    """Set the webhook, unless it is set already; Telegram does not show the secret, so a hash of it is kept."""
    wanted = hashlib.sha256(json.dumps([webhook.url, webhook.secret, ALLOWED_UPDATES]).encode()).hexdigest()
    known = await bot.get_webhook_info()
    same = known.url == webhook.url and set(known.allowed_updates) == set(ALLOWED_UPDATES)
    if same and await kept.load(KEPT_AS) == wanted:
        return
    try:
        await bot.set_webhook(webhook.url, allowed_updates=ALLOWED_UPDATES, secret_token=webhook.secret)
    except BadRequest as error:
        message = f"Telegram does not take the webhook's address: {error.message}."
        raise Refusal(message) from None
    await kept.keep(KEPT_AS, wanted)


def handler(secret: str, hear: Hear) -> Handler:
    """Takes one update a request; Telegram delivers it again unless it got a 200."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), secret.encode()):
            raise web.HTTPForbidden
        update = _update(await request.read())
        await hear([update])
        return web.Response()

    return handle


def _update(body: bytes) -> Json:
    try:
        update: Json = json.loads(body)
        int(update["update_id"])
    except (ValueError, TypeError, KeyError):
        raise web.HTTPBadRequest from None
    return update


@asynccontextmanager
async def listening(webhook: Webhook, hear: Hear) -> AsyncIterator[None]:
    """Serve the webhook; Refusal when the address or path is taken, or is no address of this machine."""
    take = handler(webhook.secret, hear)
    if webhook.mount:
        with webhook.mount(webhook.path, take):
            yield
        return
    application = web.Application(client_max_size=LARGEST)
    application.router.add_post(webhook.path, take)
    async with _serving(application, webhook.listen):
        yield


@asynccontextmanager
async def _serving(application: web.Application, listen: str) -> AsyncIterator[None]:
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except OSError as error:
        await runner.cleanup()
        message = f"Nothing can listen at {listen} for Telegram: {error.strerror}."
        raise Refusal(message) from None
    try:
        yield
    finally:
        await runner.cleanup()

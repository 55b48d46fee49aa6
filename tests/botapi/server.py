"""The HTTP side: tokens, methods, faults."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Literal, NoReturn, Self

from aiohttp import web

from botapi import sending, settings
from botapi.faults import Fault, Rates
from botapi.judge import Judge
from botapi.nouns import ApiError, Call, Json, User
from botapi.params import Params, params_of
from botapi.updates import Updates
from botapi.world import World

TOKEN = "123456789:AAtest-token_for_this_machine_only"  # noqa: S105 - opens nothing but this server
BODY_LIMIT = 60_000_000
METHODS: dict[str, Callable[[Any, Params], Awaitable[object]]] = {
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "editmessagetext": sending.edit_message_text,
    "editmessagecaption": sending.edit_message_caption,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "sendchataction": sending.send_chat_action,
    "getme": settings.get_me,
    "getupdates": settings.get_updates,
    "setwebhook": settings.set_webhook,
    "deletewebhook": settings.delete_webhook,
    "getwebhookinfo": settings.get_webhook_info,
    "answercallbackquery": settings.answer_callback_query,
    "getfile": settings.get_file,
    "setmycommands": settings.set_my_commands,
    "getmycommands": settings.get_my_commands,
    "deletemycommands": settings.delete_my_commands,
    "setmydescription": settings.set_my_description,
    "setmyshortdescription": settings.set_my_short_description,
    "getmydescription": settings.get_my_description,
    "getmyshortdescription": settings.get_my_short_description,
    "getchat": settings.get_chat,
    "getchatmember": settings.get_chat_member,
}
PACED = {"sendmessage", "senddocument", "sendphoto", "editmessagetext", "editmessagecaption", "editmessagereplymarkup"}


class BotApi(World):
    """A Bot API server for one bot; `async with BotApi() as server` opens it on a free port.

    `judging=False` counts texts only, and `recording=False` keeps no list of calls: both for speed.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "mockbot_bot",
        judging: bool = True,
        recording: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        bot = User(int(token.partition(":")[0]), "Mockbot", "", username, is_bot=True)
        super().__init__(bot, Judge(strict=judging), clock)
        self.token = token
        self.updates = Updates(clock)
        self.recording = recording
        self.calls: list[Call] = []
        self.latency = 0.0
        self.rates: Rates | None = None
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.url = ""
        self.busy = 0
        self.last_at = time.monotonic()
        self._faults: list[Fault] = []
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._bot)
        app.router.add_route("GET", "/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def fail_next(  # noqa: PLR0913 - each is one way to fail
        self,
        method: str = "*",
        *,
        code: int = 0,
        description: str = "",
        retry_after: int = 0,
        drop: Literal["", "before", "after"] = "",
        delay: float = 0,
        times: int = 1,
        chat: int | None = None,
    ) -> None:
        """Let the next calls of a method fail: an error, a lost connection, or only a delay.

        `*` is every method, `download` the fetching of a file.
        """
        self._faults.append(Fault(method, code, description, retry_after, drop, delay, times, chat))

    def recover(self) -> None:
        """Forget all failures still to come."""
        self._faults.clear()

    def enforce_rates(self, *, burst: int = 3) -> None:
        """Refuse from now on what comes faster than Telegram allows."""
        self.rates = Rates(self.clock, burst=burst)

    async def settled(self, quiet: float = 0.2, timeout: float = 10) -> None:  # noqa: ASYNC109 - as next_message
        """Wait until all updates are confirmed and the bot has called nothing for `quiet` seconds."""
        self.last_at = max(self.last_at, time.monotonic())  # a bot that was idle gets its time to begin
        async with asyncio.timeout(timeout):
            while (rest := self._rest(quiet)) > 0:  # noqa: ASYNC110 - that nothing happens is no event
                await asyncio.sleep(rest)

    def called(self, method: str) -> list[Call]:
        """The recorded calls of one method."""
        return [call for call in self.calls if call.method == method.lower()]

    def _rest(self, quiet: float) -> float:
        if self.updates.pending or self.busy:
            return 0.01
        return self.last_at + quiet - time.monotonic()

    async def _bot(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        polling = method == "getupdates"
        self.busy += not polling
        try:
            return await self._answered(request, method)
        finally:
            self.busy -= not polling
            if not polling:
                self.last_at = time.monotonic()

    async def _answered(self, request: web.Request, method: str) -> web.StreamResponse:
        params = Params()
        try:
            self._admit(request.match_info["token"])
            params = await params_of(request)
            result = await self._handled(request, method, params)
        except ApiError as error:
            self._note(method, params, error.code, error.description)
            return _refusal(error)
        except DroppedError:
            self._note(method, params, 0, "connection dropped")
            return web.Response()
        self._note(method, params, 200)
        return web.json_response({"ok": True, "result": result})

    async def _handled(self, request: web.Request, method: str, params: Params) -> object:
        fault = await self._struck(request, method, params.integer("chat_id"))
        if method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        if self.rates is not None and method in PACED:
            self.rates.take(params.integer("chat_id"))
        result = await METHODS[method](self, params)
        if fault.drop == "after":
            _hang_up(request)
        return result

    async def _struck(self, request: web.Request, method: str, chat: int) -> Fault:
        """The fault this request meets; raises when that ends it before it is handled."""
        fault = self._fault(method, chat)
        if self.latency or fault.delay:
            await asyncio.sleep(self.latency + fault.delay)
        if fault.drop == "before":
            _hang_up(request)
        if fault.code:
            raise fault.error()
        return fault

    def _fault(self, method: str, chat: int) -> Fault:
        for fault in self._faults:
            if fault.hits(method, chat):
                fault.times -= 1
                return fault
        return Fault("")

    def _admit(self, token: str) -> None:
        if re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token) is None:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    def _note(self, method: str, params: Params, code: int, description: str = "") -> None:
        if self.recording:
            self.calls.append(Call(method, params.values, self.clock(), code, description))

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._admit(request.match_info["token"])
            await self._struck(request, "download", 0)
        except ApiError as error:
            return _refusal(error)
        except DroppedError:
            return web.Response()
        file = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if file is None:
            return _refusal(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


class DroppedError(Exception):
    """The connection was cut on purpose."""


def _hang_up(request: web.Request) -> NoReturn:
    if request.transport is not None:
        request.transport.abort()
    raise DroppedError


def _refusal(error: ApiError) -> web.Response:
    """An error as Telegram writes it; its gateway's own errors come as a page."""
    if error.code in {502, 503, 504}:
        return web.Response(status=error.code, text=f"<html>{error.description}</html>", content_type="text/html")
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)

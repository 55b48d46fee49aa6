"""The connection itself, against a small Discord on this machine: its API and its gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.adapters.discord import platform as platforms
from bot.adapters.discord.platform import DiscordPlatform
from bot.core.refusal import Refusal
from bot.service.ports.incoming import Said

ME = {"id": "99", "username": "mockbot", "discriminator": "0", "avatar": None, "bot": True}
APPLICATION = {"id": "99", "name": "mockbot", "icon": None, "description": "", "bot_public": True, "flags": 0}
APPLICATION |= {
    "owner": ME,
    "bot_require_code_grant": False,
    "verify_key": "",
    "team": None,
    "rpc_origins": [],
    "summary": "",
}
HELLO, DISPATCH, IDENTIFY, RESUME, HEARTBEAT, ACK = 10, 0, 2, 6, 1, 11


@dataclass
class LocalDiscord:
    """Answers what a start needs, refuses what it is told to, and speaks the gateway's first words."""

    failures: list[int] = field(default_factory=list)
    close_with: int = 0
    hellos: list[int] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    url: str = ""

    async def api(self, request: web.Request) -> web.Response:
        if self.failures:
            return _json({"message": "no", "code": 0}, self.failures.pop(0))
        limits = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        answers = {
            "users/@me": ME,
            "oauth2/applications/@me": APPLICATION,
            "gateway/bot": {
                "url": self.url.replace("http", "ws") + "/gateway",
                "shards": 1,
                "session_start_limit": limits,
            },
        }
        return _json(answers.get(request.match_info["path"], []))

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 45_000}, "s": None, "t": None})
        async for message in socket:
            await self.answer(socket, json.loads(message.data))
        return socket

    async def answer(self, socket: web.WebSocketResponse, payload: dict) -> None:
        if payload["op"] == HEARTBEAT:
            await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})
        if payload["op"] not in {IDENTIFY, RESUME}:
            return
        if self.close_with:
            await socket.close(code=self.close_with)
            return
        if payload["op"] == IDENTIFY:
            resume = self.url.replace("http", "ws") + "/gateway"
            ready = {
                "v": 10,
                "user": ME,
                "guilds": [],
                "session_id": "s",
                "shard": [0, 1],
                "resume_gateway_url": resume,
            }
            await self.reply_privately("READY", {**ready, "application": {"id": "99", "flags": 0}}, 1)
        else:
            await self.reply_privately("RESUMED", {}, 2)
        self.hellos.append(payload["op"])

    async def reply_privately(self, event: str, data: dict, number: int) -> None:
        await self.sockets[-1].send_json({"op": DISPATCH, "t": event, "s": number, "d": data})

    async def direct_message(self, text: str, number: int) -> None:
        author = {"id": "7", "username": "ada", "discriminator": "0", "avatar": None}
        message = {"id": str(number), "channel_id": "5", "author": author, "content": text, "type": 0, "tts": False}
        message |= {"timestamp": "2026-11-21T10:00:00+00:00", "edited_timestamp": None, "mention_everyone": False}
        message |= {"mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False}
        await self.reply_privately("MESSAGE_CREATE", message, number)


def _json(content: object, status: int = 200) -> web.Response:
    """As Discord sends it: discord.py reads JSON only where no charset is named."""
    return web.Response(body=json.dumps(content).encode(), status=status, content_type="application/json")


@asynccontextmanager
async def local_discord(monkeypatch: pytest.MonkeyPatch, *, url: str = "") -> AsyncIterator[LocalDiscord]:
    local = LocalDiscord()
    application = web.Application()
    application.router.add_get("/gateway/", local.gateway)
    application.router.add_get("/gateway", local.gateway)
    application.router.add_route("*", "/{path:.*}", local.api)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    local.url = url or f"http://127.0.0.1:{runner.addresses[0][1]}"
    monkeypatch.setattr(discord.http.Route, "BASE", local.url)
    try:
        yield local
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(platform: DiscordPlatform) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(platform.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await platform.close()


async def until(condition, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in foreign code
            await asyncio.sleep(0.005)


async def test_a_wrong_token_is_refused_in_one_sentence_without_the_token(monkeypatch, platform, caplog):
    async with local_discord(monkeypatch) as local:
        local.failures = [401]
        with pytest.raises(Refusal) as raised:
            await platform.run()
        await platform.close()
    assert str(raised.value) == platforms.BAD_TOKEN
    assert "token" not in caplog.text.replace("static token", "")


@pytest.mark.parametrize(
    ("code", "sentence"), [(4004, platforms.BAD_TOKEN), (4013, platforms.BAD_INTENTS), (4014, platforms.BAD_INTENTS)]
)
async def test_what_the_gateway_will_never_accept_is_refused(monkeypatch, platform, code, sentence):
    async with local_discord(monkeypatch) as local:
        local.close_with = code
        with pytest.raises(Refusal) as raised:
            await platform.run()
        await platform.close()
    assert str(raised.value) == sentence


async def test_a_start_during_an_outage_is_tried_again_with_growing_pauses(monkeypatch, platform, sleep, ears):
    async with local_discord(monkeypatch) as local:
        local.failures = [403, 403, 403]
        async with running(platform):
            await until(lambda: local.hellos)
            await local.direct_message("Hello", 3)
            await until(lambda: ears.heard)
    assert sleep.pauses == [1, 2, 4]
    assert ears.whats == [Said("Hello", "3")]


async def test_a_gateway_that_hangs_up_for_another_reason_is_tried_again(monkeypatch, platform, sleep):
    async with local_discord(monkeypatch) as local:
        local.close_with = 4010
        async with running(platform):
            await until(lambda: sleep.pauses)
            local.close_with = 0
            await until(lambda: local.hellos)


async def test_an_unreachable_discord_is_tried_again(monkeypatch, platform, sleep):
    tried = asyncio.Event()

    async def meanwhile(_seconds: float) -> None:
        tried.set()
        await asyncio.sleep(0)

    sleep.meanwhile = meanwhile
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9")
    monkeypatch.setattr(discord.http.HTTPClient, "request", refuse)
    async with running(platform), asyncio.timeout(30):
        await tried.wait()


async def refuse(*_args: object, **_more: object) -> None:
    raise aiohttp.ClientConnectionError


async def test_an_interrupted_connection_is_resumed_and_goes_on_hearing(monkeypatch, platform, ears):
    async with local_discord(monkeypatch) as local, running(platform):
        await until(lambda: local.hellos)
        await local.direct_message("One", 3)
        await until(lambda: ears.heard)
        await local.sockets[-1].close(code=4000)
        await until(lambda: local.hellos == [IDENTIFY, RESUME])
        await local.direct_message("Two", 4)
        await until(lambda: len(ears.heard) == 2)
    assert [what.text for what in ears.whats] == ["One", "Two"]


async def test_hanging_up_waits_until_what_is_being_heard_is_kept(monkeypatch, platform):
    begun, go_on, kept = asyncio.Event(), asyncio.Event(), []

    async def receive(batch):
        begun.set()
        await go_on.wait()
        kept.extend(batch)

    platform.client._receive = receive
    async with local_discord(monkeypatch) as local, running(platform):
        await until(lambda: local.hellos)
        await local.direct_message("Do not lose me.", 3)
        await begun.wait()
        closing = asyncio.create_task(platform.close())
        await asyncio.sleep(0)
        assert not closing.done()
        go_on.set()
        await closing
    assert [incoming.content.text for incoming in kept] == ["Do not lose me."]


async def test_only_what_is_needed_is_asked_of_discord(platform):
    asked = {name for name, wanted in platform.client.intents if wanted}
    assert asked == {"guilds", "guild_messages", "dm_messages"}

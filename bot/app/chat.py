"""An interview in the terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.console.plain import PlainMessenger, read_lines
from bot.app.assemble import assemble
from bot.app.parts import TERMINAL, clock, content_of, opened, seed
from bot.banks.compiled import Content
from bot.config import data_folder
from bot.core.place import AT_CONSOLE, CONSOLE
from bot.core.session import Setup
from bot.core.text import replies
from bot.scheduler import Ticker
from bot.service.conversation import resume
from bot.service.conversation.context import Context
from bot.service.conversation.interviews import STAR
from bot.service.conversation.router import Router
from bot.service.delivery.direct import DirectDelivery
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.platform import Messenger
from bot.storage import SqlStore


@asynccontextmanager
async def _running(store: SqlStore, content: Content, messenger: Messenger) -> AsyncIterator[Router]:
    """A router whose parts are at work, with the clock ticking."""
    context = Context(content.bank, clock, seed, Platforms({}), catalogue=content.catalogue)
    service = assemble(store, context, DirectDelivery(store.outbox, messenger, clock))
    ticker = Ticker(store.schedule, store.heartbeat, service.due, clock)
    ticker.start()
    examining = asyncio.create_task(service.examinations.work())
    try:
        yield service.router
    finally:
        examining.cancel()
        await asyncio.gather(examining, return_exceptions=True)
        await ticker.stop()
        await store.heartbeat.beat(clock())


async def chat(url: str, folder: Path, wanted: str, setup: Setup) -> None:
    """An interview in the terminal, or over a pipe when stdin is none; goes on with one that is open.

    `wanted` is the name of a format, `star` for a rehearsal, or nothing.
    """
    content = content_of(folder)
    async with opened(url, TERMINAL) as store:
        away = await resume.away(store.heartbeat, clock)
        await store.heartbeat.beat(clock())
        if sys.stdin.isatty():
            await _chat_in_terminal(store, content, wanted, setup, away)
            return
        async with _running(store, content, PlainMessenger(sys.stdout)) as router:
            await _open(router, wanted, setup, away)
            await read_lines(router, CONSOLE, sys.stdin)
            if await router.interviews.session(CONSOLE):
                sys.stdout.write(f"{replies.INPUT_ENDED}\n")


async def _chat_in_terminal(store: SqlStore, content: Content, wanted: str, setup: Setup, away: int) -> None:
    from bot.adapters.console.terminal import Terminal, TerminalMessenger  # noqa: PLC0415 - a pipe needs none of it

    async with _running(store, content, TerminalMessenger()) as router:
        await _open(router, wanted, setup, away)
        folder = data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        await Terminal(router, CONSOLE, clock, folder / "typed").run()


async def _open(router: Router, wanted: str, setup: Setup, away: int) -> None:
    if await router.interviews.reopen(CONSOLE, away, wanted):
        return
    command = f"/{STAR}" if wanted == STAR else f"/mock {wanted}".strip()
    incoming = Incoming("", CONSOLE, AT_CONSOLE, clock(), Said(command))
    if wanted == STAR:
        await router.stories.follow(incoming, "", setup)
    else:
        await router.interviews.start(incoming, setup)

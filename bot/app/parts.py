"""The parts that every program is made of."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.banks.compiled import Content, load
from bot.config import cache_folder, shipped_content
from bot.core.model import Bank
from bot.storage import SqlStore, open_store

TERMINAL = "terminal"  # its heartbeat says nothing about a bot on the same database


def clock() -> int:
    """UTC epoch seconds."""
    return int(time.time())


def seed() -> int:
    """A seed for an interview that was not given one."""
    return 1 + secrets.randbelow(2**31 - 1)


@asynccontextmanager
async def opened(url: str, program: str = "mockbot") -> AsyncIterator[SqlStore]:
    """The store on the database at `url`, closed in the end; `program` is whose heartbeat it keeps."""
    store = await open_store(url, program)
    try:
        yield store
    finally:
        await store.close()


def content_of(folder: Path) -> Content:
    """The question banks in a folder, and its competencies."""
    return load(folder, cache_folder(), shipped_content() / "lexicon")


def bank_of(folder: Path) -> Bank:
    """The question banks in a folder."""
    return content_of(folder).bank

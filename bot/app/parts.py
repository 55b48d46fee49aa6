"""The parts that every program is made of."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot import semantic
from bot.banks.compiled import load_bank
from bot.config import cache_folder
from bot.core.model import Bank
from bot.storage import SqlStore, open_store

TERMINAL = "terminal"  # whose silence says nothing of a bot that runs on the same database


def clock() -> int:
    """UTC epoch seconds."""
    return int(time.time())


def seed() -> int:
    """The chance of an interview that asked for none."""
    return 1 + secrets.randbelow(2**31 - 1)


@asynccontextmanager
async def opened(url: str, program: str = "mockbot") -> AsyncIterator[SqlStore]:
    """The store on the database at `url`, closed in the end; `program` is whose heart beats there."""
    store = await open_store(url, program)
    try:
        yield store
    finally:
        await store.close()


def bank_of(content: Path, *, semantic_on: bool) -> Bank:
    """The question banks in a folder."""
    bank = load_bank(content, cache_folder())
    return replace(bank, similar=semantic.load(semantic.to_stderr)) if semantic_on else bank

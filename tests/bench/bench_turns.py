"""Decided and committed turns on SQLite, one after another and many at once, with few and with many stored interviews.

A turn is a message that arrived, was decided and committed, and whose replies were handed to a silent messenger. Its
processor time is that of the whole process, commits included; it wobbles less than the rate on a machine that is busy.
The baseline of the same run is a bare transaction of the same driver that writes one row with the same durability.

Run: `python tests/bench/bench_turns.py [turns]`. It keeps to one core and prints a Markdown table.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from machine import described, on_one_core
from sqlalchemy import insert, text

from assembled import router_of
from bot.service.conversation.router import Router
from bot.service.ports.messages import Message
from bot.storage import SqlStore, open_store, tables
from fakes import FakeClock, said
from sample_bank import CORE, UNIFORM, sample_bank

OPEN = 1000
TURNS = 4000
AT_ONCE = 100
LINES = (CORE, UNIFORM, "/done", "/time", "It is about coins.", "/done", "/skip")
STORED = (10, 1_000, 100_000)


class Nobody:
    """A messenger that shows nothing."""

    async def send(self, message: Message) -> None:
        """Do nothing with it."""


async def played(router: Router, count: int, first: int = 0) -> list[float]:
    """Seconds of each of `count` turns, spread over `OPEN` interviews, the `first` that many left out."""
    durations = []
    for number in range(first * count, (first + 1) * count):
        place = f"place-{number * 7919 % OPEN}"
        line = LINES[(number // OPEN + number) % len(LINES)]
        began = time.perf_counter()
        await router.handle(said(line, place, place))
        durations.append(time.perf_counter() - began)
    return durations


async def played_at_once(router: Router, count: int) -> tuple[float, float]:
    """Wall and processor seconds of `count` turns, `AT_ONCE` of which are under way at any time."""
    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(played(router, count // AT_ONCE, first) for first in range(AT_ONCE)))
    return time.perf_counter() - began, time.process_time() - used


async def opened(folder: Path) -> tuple[SqlStore, Router]:
    """A store with `OPEN` interviews under way."""
    store = await open_store(f"sqlite+aiosqlite:///{folder / 'mockbot.db'}")
    router = router_of(store, sample_bank(), Nobody(), FakeClock())
    for number in range(OPEN):
        await router.handle(said("/mock fundamentals 60", f"place-{number}", f"place-{number}"))
    return store, router


async def store_finished(store: SqlStore, already: int, wanted: int) -> None:
    """Fill the database with finished interviews, each with the snapshot of a played one."""
    async with store.begin() as transaction:
        connection = transaction._connection
        snapshot = (await connection.execute(text("SELECT snapshot FROM sessions LIMIT 1"))).scalar()
        rows = [
            {
                "person": f"old-{number % 5000}", "place": f"old-{number % 5000}", "format": "fundamentals",
                "level": "mid", "state": "finished", "opened_at": 1, "ended_at": 2, "verdict": "hire",
                "snapshot": snapshot,
            }
            for number in range(already, wanted)
        ]  # fmt: skip
        for start in range(0, len(rows), 2000):
            await connection.execute(insert(tables.sessions), rows[start : start + 2000])


def bare_commits(folder: Path, count: int) -> float:
    """Commits a second of one small row with sqlite3 alone, in WAL with full durability."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)")
    began = time.perf_counter()
    for _ in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (x) VALUES (?)", ("x" * 200,))
        connection.execute("COMMIT")
    return count / (time.perf_counter() - began)


async def main(turns: int) -> None:
    """Measure and print."""
    on_one_core()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = bare_commits(folder, 3000)
        store, router = await opened(folder)
        rows = []
        before = 0
        for stored in STORED:
            await store_finished(store, before, stored)
            before = stored
            await played(router, OPEN)  # warm
            used = time.process_time()
            durations = await played(router, turns)
            alone = time.process_time() - used
            rows.append((stored, durations, alone, await played_at_once(router, turns)))
        await store.close()
    print(f"Machine: {described()}, one core used.\n")
    print(
        "| stored interviews | open | turns/s | median ms | p99 ms | processor ms | 100 at once: turns/s | their ms |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for stored, durations, alone, (wall, together) in rows:
        rate, middle, p99 = turns / sum(durations), median(durations), quantiles(durations, n=100)[98]
        one_by_one = f"{rate:.0f} | {1000 * middle:.2f} | {1000 * p99:.2f} | {1000 * alone / turns:.2f}"
        print(f"| {stored:,} | {OPEN:,} | {one_by_one} | {turns / wall:.0f} | {1000 * together / turns:.2f} |")
    print(f"\nBaseline: a bare one-row commit with sqlite3 in the same run, {bare:.0f} a second.")


asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))

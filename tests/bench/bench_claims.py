"""Rows that are due, claimed and done by three processes at once, on SQLite and on PostgreSQL.

A million subscriptions are due. Each process does what a replica does, with the statements of the program: it claims a
batch with a lease, and then moves every row of it on to its next day, in one transaction each. Every claim is written
down outside of the database, so that a row claimed twice is found. In a second run one process is killed with rows in
its hands, which the others have to take over once its lease has run out. In between, the program's tick is timed while
none of the million is due.

Run: `python tests/bench/bench_claims.py [ROWS]`. It prints a Markdown table; exit code 1 when a bar is missed.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg
from machine import described, loaded

from assembled import router_of
from bot.core.daily.schedule import Due, Rhythm
from bot.core.daily.subscription import Subscription
from bot.scheduler import Ticker
from bot.service.ports.daily import Planned
from bot.service.ports.messages import Message
from bot.service.ports.store import StoreAwayError
from bot.storage import migrate, open_store
from bot.storage.records import dump
from fakes import FakeClock
from postgres import running
from sample_bank import sample_bank

PROCESSES, BATCH, LEASE = 3, 1000, 60
RATE_BAR, TICK_BAR = 15_000, 5.0  # rows a second, milliseconds
FEW, SHORT_LEASE, BATCHES_BEFORE = 30_000, 3, 4  # of the run in which a process is killed
TICKS = 300
ROWS = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
DAY, TODAY = 24 * 3600, date(2026, 11, 23)
COLUMNS = "person, place, subscription, since, next_at, next_day"


@dataclass
class Database:
    """A database under test: its name in the table, and its address."""

    name: str
    url: str

    def refill(self, count: int) -> None:
        """So many subscriptions, all due."""
        with closing(self._connected()) as connection:
            connection.execute("DELETE FROM subscriptions" if self._is_sqlite else "TRUNCATE subscriptions")
            if self._is_sqlite:
                connection.executemany(f"INSERT INTO subscriptions ({COLUMNS}) VALUES (?,?,?,?,?,?)", rows(count))
            else:
                with connection.cursor() as cursor, cursor.copy(f"COPY subscriptions ({COLUMNS}) FROM STDIN") as copy:
                    for row in rows(count):
                        copy.write_row(row)
            connection.commit()
        if not self._is_sqlite:
            self.execute("VACUUM ANALYZE")  # as its autovacuum does within a minute
            self.execute("CHECKPOINT")

    def execute(self, statement: str) -> list[Any]:
        """Run one statement; its rows."""
        with closing(self._connected()) as connection:
            if self._is_sqlite:
                connection.isolation_level = None
            else:
                connection.autocommit = True
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    @property
    def undone(self) -> int:
        """How many rows are not at their next day."""
        tomorrow = (TODAY + timedelta(days=1)).isoformat()
        return int(self.execute(f"SELECT count(*) FROM subscriptions WHERE next_day <> '{tomorrow}'")[0][0])

    @property
    def _is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def _connected(self) -> Any:  # noqa: ANN401 - two drivers
        if self._is_sqlite:
            return sqlite3.connect(self.url.partition("///")[2], timeout=60)
        return psycopg.connect(self.url.replace("+psycopg", ""))


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """Subscriptions due over the last twenty minutes."""
    due = int(time.time()) - 1
    kept = dump(Subscription("telegram:PERSON", "telegram:PERSON", Rhythm("Europe/London", 510)))
    for number in range(count):
        person = f"telegram:{number}"
        yield person, person, kept.replace("telegram:PERSON", person), 0, due - number % 1200, TODAY.isoformat()


async def work(url: str, log: Path, lease: int, patience: float, batches: int) -> None:
    """Claim and do until there was nothing for so long; or so many batches and then one more that is only claimed."""
    store = await open_store(url)
    until = time.monotonic() + patience
    with log.open("ab", buffering=0) as claims:
        while time.monotonic() <= until:
            try:
                claimed = await store.schedule.due_subscriptions(int(time.time()), lease, BATCH, ["telegram"])
                if not claimed:
                    await asyncio.sleep(0.05)
                    continue
                claims.write(array("I", [number_of(one) for one in claimed]).tobytes())
                if batches == 0:
                    await asyncio.Event().wait()
                batches -= 1
                done = [moved_on(one) for one in claimed]
                async with store.begin() as transaction:
                    await transaction.daily.move_on(done)
                until = time.monotonic() + patience
            except StoreAwayError as error:
                print(error, file=sys.stderr)


def number_of(one: Planned) -> int:
    """The number in a person's name."""
    return int(one.subscription.person.removeprefix("telegram:"))


def moved_on(one: Planned) -> Planned:
    """The same a day later."""
    assert one.next
    return Planned(
        one.subscription, one.since, Due(one.next.date + timedelta(days=1), one.next.at + DAY), one.next.date
    )


def launched(url: str, log: Path, lease: int, patience: float, batches: int = -1) -> subprocess.Popen[bytes]:
    """A process that works."""
    command = [sys.executable, __file__, "work", url, str(log), str(lease), str(patience), str(batches)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


def claimed_in(*logs: Path) -> Counter[int]:
    """How often each row was claimed."""
    found: Counter[int] = Counter()
    for log in logs:
        found.update(array("I", log.read_bytes()))
    return found


def throughput(database: Database, folder: Path) -> tuple[float, int]:
    """Rows claimed and done a second by all processes; how many were claimed twice, or not done."""
    database.refill(ROWS)
    logs = [folder / f"{database.name}-{number}" for number in range(PROCESSES)]
    workers = [launched(database.url, log, LEASE, 0.5) for log in logs]
    while not any(log.exists() for log in logs):
        time.sleep(0.001)
    began = time.time()  # starting Python is no claim, nor is waiting for more
    assert [worker.wait() for worker in workers] == [0] * PROCESSES
    seconds = max(log.stat().st_mtime for log in logs) - began
    claims = claimed_in(*logs)
    return ROWS / seconds, claims.total() - len(claims) + database.undone


def taken_over(database: Database, folder: Path) -> tuple[float, int]:
    """Seconds from a kill until all is done; rows that were not done, or claimed twice without need."""
    database.refill(FEW)
    held, others = folder / f"{database.name}-held", folder / f"{database.name}-others"
    victim = launched(database.url, held, SHORT_LEASE, 60, BATCHES_BEFORE)
    while not held.exists() or held.stat().st_size < 4 * BATCH * (BATCHES_BEFORE + 1):
        assert victim.poll() is None
        time.sleep(0.001)
    workers = [launched(database.url, others, SHORT_LEASE, 2 * SHORT_LEASE) for _ in range(PROCESSES - 1)]
    victim.send_signal(signal.SIGKILL)
    began = time.time()
    for worker in (victim, *workers):
        worker.wait()
    twice = {number for number, times in claimed_in(held, others).items() if times > 1}
    in_hand = set(array("I", held.read_bytes())[-BATCH:])
    return others.stat().st_mtime - began, len(twice ^ in_hand) + database.undone


async def ticks(database: Database) -> list[float]:
    """Milliseconds of each of many ticks with nothing due."""
    store = await open_store(database.url)
    clock = FakeClock(int(time.time()))
    ticker = Ticker(
        store.schedule, store.heartbeat, router_of(store, sample_bank(), Nobody(), clock), clock, ["telegram"]
    )
    durations = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await ticker._ring_due()
        await ticker._ask_daily()
        durations.append(1000 * (time.perf_counter() - began))
    await store.close()
    return durations


class Nobody:
    """A messenger that shows nothing."""

    async def send(self, message: Message) -> None:
        """Do nothing with it."""


def measured(database: Database, folder: Path) -> bool:
    """Print the row of one database; whether it reached every bar."""
    rate, wrong = throughput(database, folder)
    slow = asyncio.run(ticks(database))
    seconds, astray = taken_over(database, folder)
    print(f"| {database.name} | {rate:,.0f} | {wrong} | {seconds:.1f} | {astray} "
          f"| {median(slow):.2f} | {quantiles(slow, n=100)[98]:.2f} | {max(slow):.2f} |")  # fmt: skip
    return rate >= RATE_BAR and not wrong and not astray and median(slow) < TICK_BAR


def main() -> int:
    """Measure both databases and print."""
    print(f"Machine: {described()}. {loaded()} {ROWS:,} rows, {PROCESSES} processes, batches of {BATCH}.\n")
    print("| database | claimed and done a second | twice or undone | taken over after s | astray "
          "| tick ms, median | p99 | first or worst |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, running(durable=True) as server:
        folder = Path(name)
        sqlite = f"sqlite+aiosqlite:///{folder / 'mockbot.db'}"
        asyncio.run(migrate(sqlite))
        found = [measured(Database("SQLite", sqlite), folder), measured(Database("PostgreSQL", server.fresh()), folder)]
    print(f"\nWanted: {RATE_BAR:,} a second, none twice, undone or astray; a tick under {TICK_BAR:g} ms. "
          f"The lease that had to run out was {SHORT_LEASE} s. {loaded()}")  # fmt: skip
    return 0 if all(found) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        address, log, lease, patience, batches = sys.argv[2:]
        asyncio.run(work(address, Path(log), int(lease), float(patience), int(batches)))
    else:
        sys.exit(main())

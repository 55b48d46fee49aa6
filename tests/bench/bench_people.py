"""What a turn costs with 100,000 stored people, against 100, on SQLite and on PostgreSQL.

One person plays an interview, sets things, and answers a daily question; all rows that this leaves are then copied for
everybody else, their long texts cut short. The turns of new interviews are timed in both databases by turns, so that
whatever else the machine does falls on both.

Run: `python tests/bench/bench_people.py [PEOPLE]`. It prints a Markdown table; exit code 1 when the bar is missed.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from machine import described, loaded
from sqlalchemy import Column, Table, text

from assembled import router_of
from bot.service.conversation.router import Router
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.messages import Message
from bot.storage import SqlStore, open_store, tables
from fakes import FakeClock
from postgres import running
from sample_bank import CORE, FULL_ANSWER, UNIFORM, sample_bank

FEW, MANY = 100, int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
OPEN, TURNS, WARM = 100, 2000, 300
BAR = 1.2
MODEL = "telegram:0"  # the person whose rows everybody has
BEFORE = ("/settings level mid", "/daily 08:30 Europe/London", "/mock fundamentals 6", FULL_ANSWER, "/stop", "3",
          "/daily now", FULL_ANSWER, "/done", "/skip")  # fmt: skip
LINES = (CORE, UNIFORM, "/done", "/time", "It is about coins.", "/done", "/skip")
LONG = ("snapshot", "assessment", "debrief", "extras", "text")
APART = 10  # the numbers of two people's sessions; a person has fewer


class Nobody:
    """A messenger that shows nothing."""

    async def send(self, message: Message) -> None:
        """Do nothing with it."""


@dataclass
class Stage:
    """A database with so many people, and interviews under way in it."""

    store: SqlStore
    router: Router

    async def hear(self, number: int, line: str) -> float:
        """Milliseconds of one turn of a person."""
        person = f"telegram:new{number}" if number else MODEL
        began = time.perf_counter()
        await self.router.handle(Incoming("", person, person, 0, Said(line)))
        return 1000 * (time.perf_counter() - began)


async def prepared(url: str, people: int) -> Stage:
    """A database with everything that so many people leave behind."""
    store = await open_store(url)
    stage = Stage(store, router_of(store, sample_bank(), Nobody(), FakeClock()))
    for line in BEFORE:
        await stage.hear(0, line)
    async with store.begin() as transaction:
        connection = transaction._connection
        for table in tables.metadata.sorted_tables:
            if {"person", "session_id"} & set(table.c.keys()):
                await connection.execute(text(copying(table)), {"people": people - 1})
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT setval('sessions_id_seq', (SELECT max(id) FROM sessions))"))
            await connection.execute(text("ANALYZE"))
    for number in range(1, OPEN + 1):
        await stage.hear(number, "/mock fundamentals 60")
    return stage


def copying(table: Table) -> str:
    """The statement that gives the rows of the first person in a table to everybody."""
    columns = [column for column in table.c if column.name != "id" or table is tables.sessions]
    whose = f"person = '{MODEL}'" if "person" in table.c else "session_id IS NOT NULL"
    return (
        f"INSERT INTO {table.name} ({', '.join(column.name for column in columns)}) "
        "WITH RECURSIVE people (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM people WHERE n < :people) "
        f"SELECT {', '.join(copied(column) for column in columns)} FROM {table.name}, people WHERE {whose}"
    )


def copied(column: Column[Any]) -> str:
    """What a copy of a row has in a column."""
    name = column.name
    if name in {"id", "session_id"}:
        return f"{name} + {APART} * n"
    if name in {"person", "place", "asked_in"}:
        return f"replace({name}, '{MODEL}', 'telegram:' || n)"
    return f"substr({name}, 1, 300)" if name in LONG else name


async def compared(name: str, few: str, many: str) -> bool:
    """Print the row of a database; whether the bar was reached."""
    stages = [await prepared(few, FEW), await prepared(many, MANY)]
    took: list[list[float]] = [[], []]
    for number, line in played():
        for stage, durations in zip(stages, took, strict=True):
            durations.append(await stage.hear(number, line))
    for stage in stages:
        await stage.store.close()
    middles = [median(durations[WARM:]) for durations in took]
    tails = [quantiles(durations[WARM:], n=20)[18] for durations in took]
    ratio = middles[1] / middles[0]
    print(f"| {name} | {middles[0]:.2f} | {middles[1]:.2f} | {tails[0]:.2f} | {tails[1]:.2f} | {ratio:.2f} |")
    return ratio <= BAR


def played() -> Iterator[tuple[int, str]]:
    """Whose turn it is, and what they say."""
    for number in range(WARM + TURNS):
        yield 1 + number * 79 % OPEN, LINES[(number // OPEN + number) % len(LINES)]


async def both(few: str, many: str, postgres: tuple[str, str]) -> bool:
    """Compare on both databases; whether both reached the bar."""
    return await compared("SQLite", few, many) & await compared("PostgreSQL", *postgres)


def main() -> int:
    """Measure and print."""
    print(f"Machine: {described()}. {loaded()}\n")
    print(f"| database | {FEW:,} people: median ms | {MANY:,} people: median ms | p95 ms | p95 ms | ratio |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, running(durable=True) as server:
        few, many = (f"sqlite+aiosqlite:///{Path(folder) / name}.db" for name in ("few", "many"))
        well = asyncio.run(both(few, many, (server.fresh(), server.fresh())))
    print(f"\n{TURNS:,} turns each. Wanted: a ratio of the medians of at most {BAR}. {loaded()}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

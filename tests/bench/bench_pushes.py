"""Daily prompts of many people that come due at once, against a Bot API server that keeps to Telegram's limits.

`mockbot run` on SQLite has 900 subscriptions whose prompt is due: it chooses a question for each, plans the next day,
and sends at 30 messages a second at most, which the server counts over every second and refuses what is more. The
seconds that spread people over five minutes are left out. Meanwhile five people are in an interview, and type; what
they get counts as well.

Run: `python tests/bench/bench_pushes.py [ROUNDS]`. It prints a Markdown table; exit code 1 when a bar is missed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from bench_telegram import OURS, Home, Server, running, serving
from machine import described, loaded

from bot.core.daily.schedule import Rhythm, local_date, minute_of
from bot.core.daily.subscription import Subscription
from bot.storage.records import dump

ROUNDS = int(sys.argv[1]) if len(sys.argv) == 2 else 3
PUSHED, TALKING, PAUSE = 900, 5, 2.5  # people, people, seconds between two answers of one
ALLOWED, PART, AT_LEAST, PATIENCE = 30, 0.97, 25, 1.5  # messages a second, of that, seconds, seconds
FIRST = 100_000  # the number of the first who is pushed to
COLUMNS = "person, place, subscription, since, next_at, next_day"


@dataclass(frozen=True, slots=True)
class Morning:
    """What happened while prompts went out; `left` are rows that are still due, or not sent."""

    sent: int
    seconds: float
    refused: int
    twice: int
    took: list[float]
    left: int

    @property
    def rate(self) -> float:
        """Messages a second; the first one begins the time."""
        return (self.sent - 1) / self.seconds

    @property
    def is_well(self) -> bool:
        """Whether every bar was reached."""
        fast = self.seconds >= AT_LEAST and self.rate >= PART * ALLOWED and max(self.took) < PATIENCE
        return fast and not (self.refused or self.twice or self.left)


def morning(server: Server, folder: Path) -> Morning:
    """One round with a fresh database."""
    home = Home(folder, server.url)
    with running(home, OURS):
        server.ask("join", TALKING)
        server.ask("open")
        people = range(FIRST, FIRST + PUSHED)
        server.tell("pushed", people.start, len(people), PAUSE)
        time.sleep(PAUSE)
        subscribe(home.database, people)
        found = server.answer()
    return Morning(**found, left=left(home.database))


def subscribe(database: Path, people: range) -> None:
    """All these people are due."""
    now = int(time.time())
    zone = noon()
    rhythm, day = Rhythm(zone, minute_of(zone, now)), local_date(zone, now).isoformat()
    names = [f"telegram:{number}" for number in people]
    rows = [(name, name, dump(Subscription(name, name, rhythm)), now, now, day) for name in names]
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        connection.executemany(f"INSERT INTO subscriptions ({COLUMNS}) VALUES (?,?,?,?,?,?)", rows)


def noon() -> str:
    """A zone in which the day does not end while we measure."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def left(database: Path) -> int:
    """Subscriptions that are still due, and messages not sent."""
    with closing(sqlite3.connect(database)) as connection:
        (due,) = connection.execute(f"SELECT count(*) FROM subscriptions WHERE next_at <= {time.time()}").fetchone()
        (unsent,) = connection.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL OR failed").fetchone()
    return int(due + unsent)


def main() -> int:
    """Measure and print."""
    print(f"Machine: {described()}. {PUSHED} prompts, {TALKING} people talking.\n")
    print("| load before | messages | within s | a second | of what is allowed | 429s | twice | left "
          "| answers | answer after s: median | longest |\n|---|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    well = []
    for _ in range(ROUNDS):
        with serving() as server, tempfile.TemporaryDirectory() as name:
            server.ask("enforce")
            load, found = os.getloadavg()[0], morning(server, Path(name))
        print(f"| {load:.1f} | {found.sent} | {found.seconds:.1f} | {found.rate:.2f} "
              f"| {found.rate / ALLOWED:.1%} | {found.refused} | {found.twice} | {found.left} | {len(found.took)} "
              f"| {median(found.took):.2f} | {max(found.took):.2f} |", flush=True)  # fmt: skip
        well.append(found.is_well)
    print(f"\nWanted: {PART:.0%} of {ALLOWED} a second over at least {AT_LEAST} s, not one 429, nothing twice or left; "
          f"every answer within {PATIENCE:g} s. {loaded()}")  # fmt: skip
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())

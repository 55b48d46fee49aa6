"""The whole way on Telegram: `mockbot run` against a bare echo bot of python-telegram-bot, both as separate processes.

A local Bot API server, a process of its own on another core, plays Telegram and the people. A turn is one answer in a
rapid-fire interview: it is committed to SQLite as it came in, scored, decided and committed with what is to be said;
the next question is sent, and the note that it arrived is committed. The baseline answers each message with its own
text and keeps nothing. All messages of a round wait at the server before the clock starts; in a round of lone turns
nobody speaks before the last answer has come. The processor time in ms is that of the process, as the kernel has it;
a turn is compared with an echo in the round before.

Rates are measured with `unpaced` of telegram_parts.py, the program without Telegram's budgets (30 messages a second,
3 at once to a chat), which would otherwise be all that is measured. Start, memory and the first stop are the program as
it is. Linux only: memory is read from /proc.

Run: `python tests/bench/bench_telegram.py`. It prints Markdown tables and exits with 1 when a bar is missed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from machine import described
from telegram_parts import ROOT, TOKEN, answer

PARTS = [sys.executable, str(Path(__file__).with_name("telegram_parts.py"))]
PEOPLE, TURNS, REPEATS, STARTS = 200, 6, 3, 5
SLOW_ECHOES = 2  # echoes a chat when the server is slow: the baseline sends one at a time
LONE = 40  # people in a round of lone turns, and before the clock starts: compiled patterns, indexed questions
LATENCY = 0.05
LOADED = 1.0  # seconds of load before a stop


class Server:
    """The server, as the driver talks to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url: str = self._answer()

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - what JSON holds
        """Have something done, and wait until it is."""
        self.tell(name, *arguments)
        return self._answer()

    def tell(self, name: str, *arguments: object) -> None:
        """Have something done; its answer must be fetched with `answer`."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, *arguments]) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> Any:  # noqa: ANN401 - as above
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the server has ended; see above"
        return json.loads(line)

    answer = _answer


@contextmanager
def serving() -> Iterator[Server]:
    """The server, on the last core."""
    with subprocess.Popen([*PARTS, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        try:
            yield Server(process)
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Home:
    """Where a bot lives: its folder with its database, and the server it knows."""

    folder: Path
    url: str

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "mockbot.db"

    def environment(self) -> dict[str, str]:
        """The settings of `mockbot run`."""
        return {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "MOCKBOT_TELEGRAM_TOKEN": TOKEN,
            "MOCKBOT_TELEGRAM_API": self.url,
            "MOCKBOT_DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "MOCKBOT_LOG_LEVEL": "ERROR",
        }


OURS = [sys.executable, "-m", "bot", "run"]
UNPACED = [*PARTS, "unpaced"]
OFFLINE = [*PARTS, "offline"]


@contextmanager
def running(home: Home, command: list[str], *, alone: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """A bot from its start to a clean end; `alone` keeps it to the first core."""
    with subprocess.Popen(command, cwd=ROOT, env=home.environment()) as process:
        if alone:
            os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Round:
    """Turns a second, processor time a turn in ms, and the part of the chats in which all came in order."""

    rate: float
    cost: float
    in_order: float


@dataclass(frozen=True, slots=True)
class Kind:
    """How people talk in a round, and the bars: of our rate as a part of an echo's, and of our cost in echoes."""

    name: str
    latency: float
    rate: float
    cost: float
    lone: bool = False

    @property
    def people(self) -> int:
        """How many talk."""
        return LONE if self.lone else PEOPLE


TOGETHER = Kind("all at once", 0, 0.7, 1.6)
SLOW = Kind("all at once, each request 50 ms", LATENCY, 10, 1.6)
ALONE = Kind("one at a time", 0, 0, 2, lone=True)


def round_of(server: Server, process: subprocess.Popen[bytes], kind: Kind, turns: int, *, interviews: bool) -> Round:
    """A round of new people; that they begin their interviews does not count."""
    server.ask("join", kind.people)
    if interviews:
        server.ask("open")
    before = _processor_seconds(process)
    if kind.lone:
        found = server.ask("alternate", turns)
    else:
        server.ask("talk", turns)
        found = server.ask("hear", turns)
    count, used = kind.people * turns, _processor_seconds(process) - before
    return Round(count / found["seconds"], 1000 * used / count, found["in_order"] / kind.people)


def _processor_seconds(process: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(server: Server, home: Home, command: list[str], kind: Kind, turns: int) -> Round:
    """One round with a bot that is warm."""
    interviews = command == UNPACED
    with running(home, command) as process:
        server.ask("delay", 0)
        round_of(server, process, ALONE, TURNS, interviews=interviews)
        server.ask("delay", kind.latency)
        return round_of(server, process, kind, turns, interviews=interviews)


def lost(home: Home) -> int:
    """Answers missing, double or out of order in the database, and what is not done or not sent there."""
    with closing(sqlite3.connect(home.database)) as connection:
        told: dict[int, list[str]] = {}
        for session, text in connection.execute("SELECT session_id, text FROM answers ORDER BY id"):
            told.setdefault(session, []).append(text)
        (begun,) = connection.execute("SELECT count(*) FROM sessions").fetchone()
        (undone,) = connection.execute("SELECT count(*) FROM inbox WHERE done_at IS NULL").fetchone()
        (unsent,) = connection.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()
    wrong = sum(texts != [answer(turn) for turn in range(TURNS)] for texts in told.values())
    return int(wrong + begun - len(told) + undone + unsent)


def stop(server: Server, home: Home, command: list[str]) -> tuple[float, dict[str, int]]:
    """Seconds from SIGTERM to the end under load, and what was left and lost once the bot ran again."""
    server.ask("delay", 0)
    with running(home, UNPACED):
        server.ask("join", PEOPLE)
        server.ask("open")
    server.tell("polled")
    with running(home, command) as process:
        server.answer()
        server.ask("talk", TURNS)
        time.sleep(LOADED)
        began = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        seconds = time.perf_counter() - began
    sent = server.ask("state")["unread"]
    with running(home, UNPACED):
        in_order = server.ask("hear", TURNS)["in_order"]
    twice = server.ask("state")["unread"]
    missing = PEOPLE - in_order + lost(home) + (code != 0)
    return seconds, {"sent": sent, "of": PEOPLE * TURNS, "twice": twice, "lost": missing}


def first_poll(server: Server, home: Home) -> tuple[float, float]:
    """Seconds, and seconds of processor time, from the start of the process to its first getUpdates."""
    server.ask("delay", 0)
    server.tell("polled")
    began = time.monotonic()
    with running(home, OURS, alone=False) as process:
        return float(server.answer()) - began, _processor_seconds(process)


def shown(starts: list[tuple[float, float]]) -> str:
    """What starts took."""
    return f"{spread([s for s, _ in starts], 2)}, of that {median(used for _, used in starts):.2f} processor time"


def memory(server: Server, home: Home, command: list[str]) -> tuple[float, float]:
    """Resident and private dirty memory in MB (10^6 bytes) of a bot that has nothing to do."""
    server.tell("polled")
    with running(home, command, alone=False) as process:
        server.answer()
        time.sleep(6)  # every tick has ticked
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        return _megabytes("Rss", rollup), _megabytes("Private_Dirty", rollup)


def _megabytes(name: str, text: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", text)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def spread(values: list[float], digits: int = 0) -> str:
    """The median, and the range."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def print_rates(server: Server, home: Home, kind: Kind) -> list[bool]:
    """Measure the baseline and ours side by side, print, and tell which bars are met."""
    bare = [*PARTS, "echo", server.url]
    count = SLOW_ECHOES if kind.latency else TURNS
    pairs = [(measured(server, home, bare, kind, count), measured(server, home, UNPACED, kind, TURNS))
             for _ in range(REPEATS)]  # fmt: skip
    theirs, ours = zip(*pairs, strict=True)
    rates = [our.rate / their.rate for their, our in pairs]
    costs = [our.cost / their.cost for their, our in pairs]
    ordered, gone = min(our.in_order for our in ours), lost(home)
    print(f"| {kind.name} | {spread([t.rate for t in theirs])} | {spread([o.rate for o in ours])} |"
          f" {spread(rates, 2)} | {kind.rate:g} | {spread([t.cost for t in theirs], 1)} |"
          f" {spread([o.cost for o in ours], 1)} | {spread(costs, 2)} | {kind.cost:g} | {ordered:.0%} | {gone} |",
          flush=True)  # fmt: skip
    return [median(rates) >= kind.rate, median(costs) <= kind.cost, ordered == 1, not gone]


def print_stop(server: Server, home: Home, name: str, command: list[str]) -> list[bool]:
    """Measure and print one stop."""
    seconds, left = stop(server, home, command)
    print(f"| {name} | {seconds:.2f} | {left['sent']} of {left['of']} | {left['twice']} | {left['lost']} |", flush=True)
    return [seconds < 5, not left["lost"], not left["twice"]]


def print_idle(server: Server, home: Home) -> list[bool]:
    """Measure and print start and memory."""
    first, *starts = [first_poll(server, home) for _ in range(1 + STARTS)]
    telegram, both = memory(server, home, OURS), memory(server, home, OFFLINE)
    print("\n| what | measured | bar |\n|---|---|---|")
    print(f"| very first start to first getUpdates, s | {shown([first])} | |")
    print(f"| the same, warm, s | {shown(starts)} | 2 |")
    print(f"| idle with Telegram, resident (private dirty), MB | {telegram[0]:.1f} ({telegram[1]:.1f}) | 130 |")
    print(f"| idle with Telegram and Discord's client, resident (private dirty), MB | {both[0]:.1f} ({both[1]:.1f}) |"
          " 130 |", flush=True)  # fmt: skip
    return [median(seconds for seconds, _ in starts) < 2, telegram[0] < 130, both[0] < 130]


def main() -> None:
    """Measure and print."""
    with serving() as server, tempfile.TemporaryDirectory() as name:
        idle, busy, stopped = (Home(Path(name) / part, server.url) for part in ("idle", "busy", "stopped"))
        for home in (idle, busy, stopped):
            home.folder.mkdir()
        print(f"Machine: {described()}; load before {os.getloadavg()[0]:.1f}.")
        met = print_idle(server, idle)
        print("\n| turns | echoes/s | turns/s | ratio | bar | ms an echo | ms a turn | ratio | bar | in order | lost |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        met += print_rates(server, busy, TOGETHER)
        middle = os.getloadavg()[0]
        met += print_rates(server, busy, ALONE) + print_rates(server, busy, SLOW)
        print("\n| stop under load | seconds | sent before the end | sent twice | lost |\n|---|---|---|---|---|")
        met += print_stop(server, stopped, "as it is", OURS) + print_stop(server, stopped, "unpaced", UNPACED)
        with_open = [first_poll(server, busy) for _ in range(3)]
        people = REPEATS * (2 * PEOPLE + 4 * LONE)
        print(f"\nA start with {people:,} open interviews: {shown(with_open)}, in s.")
        print(f"Load between {middle:.1f}, after {os.getloadavg()[0]:.1f}. {sum(met)} of {len(met)} bars met.")
    sys.exit(not all(met))


if __name__ == "__main__":
    main()

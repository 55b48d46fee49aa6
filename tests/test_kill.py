"""`kill -9` at any moment: the interview goes on at the pending question, and no committed answer is lost."""

import os
import random
import signal
import sqlite3
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import forked
from forked import Forked
from program import database, environment, run_here

CHAT = ("chat", "fundamentals", "--seed", "7", "--pace", "untimed")
KILLS = int(os.environ.get("MOCKBOT_KILLS", "6"))
SENT = [f"answer number {number} is about the variance of the estimate" for number in range(8 * KILLS)]


def answers(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [text for (text,) in connection.execute("SELECT text FROM answers ORDER BY id")]
    finally:
        connection.close()


def asked(path: Path) -> list[tuple[int, int]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT session_id, turn FROM turns ORDER BY session_id, turn").fetchall()
    finally:
        connection.close()


def chat(folder: Path, lines: list[str]) -> tuple[Forked, Connection]:
    """An interview that hears these lines, and the end of its standard input, which is open until that is closed."""
    heard, said = Pipe(duplex=False)
    with heard:
        process = Forked([*CHAT, "--db", database(folder)], environment(), errors=folder / "errors", typed=heard)
    os.write(said.fileno(), "".join(f"{line}\n" for line in lines).encode())
    return process, said


def test_killed_at_random_points_it_loses_no_committed_answer(tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - where to kill, not a secret
    path = tmp_path / "mockbot.db"
    run_here(*CHAT, "--db", database(tmp_path), typed="first\n")  # compiles the banks, too
    forked.load()
    began = time.monotonic()
    process, said = chat(tmp_path, ["second"])
    said.close()
    assert process.wait() == 0
    whole = time.monotonic() - began  # as long as a run takes on this machine, now
    committed = answers(path)
    for kill in range(KILLS):
        process, said = chat(tmp_path, SENT[kill * 8 : kill * 8 + 8])
        time.sleep(chance.uniform(0.25, 2) * whole)  # from before the file is opened to after the last line
        process.send_signal(signal.SIGKILL)
        process.wait()
        said.close()
        assert "Traceback" not in (tmp_path / "errors").read_text()
        now = answers(path)
        assert now[: len(committed)] == committed
        assert len(now) == len(set(now))
        committed = now
    assert len(committed) > KILLS
    back = run_here("chat", "--db", database(tmp_path), typed="the last word\n/stop\n2\n")
    assert back.stdout.startswith("Welcome back.")
    assert "Question 1 of 7" in back.stdout
    assert answers(path) == [*committed, "the last word"]
    assert asked(path) == [(1, 0)]

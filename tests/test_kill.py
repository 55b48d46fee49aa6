"""`kill -9` at any moment: the interview goes on at the pending question, and no committed answer is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from program import PROGRAM, database, environment, run

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


def test_killed_at_random_points_it_loses_no_committed_answer(tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - where to kill, not a secret
    path = tmp_path / "mockbot.db"
    command = [*PROGRAM, "chat", "fundamentals", "--seed", "7", "--pace", "untimed", "--db", database(tmp_path)]
    run("migrate", "--db", database(tmp_path))
    began = time.monotonic()
    run("chat", "fundamentals", "--seed", "7", "--pace", "untimed", "--db", database(tmp_path), typed="first\n")
    whole = time.monotonic() - began  # as long as a run takes on this machine, now
    committed = answers(path)
    for kill in range(KILLS):
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        assert process.stdin
        assert process.stderr
        for line in SENT[kill * 8 : kill * 8 + 8]:
            process.stdin.write(f"{line}\n")
        process.stdin.flush()
        time.sleep(chance.uniform(0.25, 1.3) * whole)  # from before the first import is done to after the last line
        process.send_signal(signal.SIGKILL)
        process.stdin.close()
        assert "Traceback" not in process.stderr.read()
        process.stderr.close()
        process.wait()
        now = answers(path)
        assert now[: len(committed)] == committed
        assert len(now) == len(set(now))
        committed = now
    assert len(committed) > KILLS
    back = run("chat", "--db", database(tmp_path), typed="the last word\n/stop\n2\n")
    assert back.stdout.startswith("Welcome back.")
    assert "Question 1 of 7" in back.stdout
    assert answers(path) == [*committed, "the last word"]
    assert asked(path) == [(1, 0)]

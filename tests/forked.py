"""The program in processes of its own, forked from one that has loaded it: loading takes most of a start.

To be killed while it loads leaves what not having started leaves; `program` starts it from nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["bot.cli", "bot.app.run", "bot.app.chat", "bot.adapters.telegram.platform", "psycopg"])


class Forked:
    """`mockbot ARGUMENTS` in `folder`, with nothing but `variables` in its environment; `errors` keeps what it writes.

    It is spoken to as a `subprocess.Popen`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        variables: Mapping[str, str],
        *,
        errors: Path,
        folder: Path | None = None,
        typed: Connection | None = None,
    ) -> None:
        given = (arguments, dict(variables), errors, folder or Path.cwd(), typed)
        self._process = _LOADED.Process(target=_run, args=given, daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self._process.pid
        os.kill(self._process.pid, number)

    def wait(self) -> int | None:
        """Wait until it has ended; the exit code."""
        self._process.join()
        return self.poll()


def load() -> None:
    """Wait until the program is loaded, for whoever measures how long a start takes."""
    process = _LOADED.Process(target=len, args=("",))
    process.start()
    process.join()


def _run(
    arguments: Sequence[str], variables: dict[str, str], errors: Path, folder: Path, typed: Connection | None
) -> None:
    from bot.cli import main  # noqa: PLC0415 - whoever only starts processes has no use for it

    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if typed:
        os.dup2(typed.fileno(), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, and open to the end
    warnings.simplefilter("error")
    sys.argv = ["mockbot", *arguments]
    main()

"""Running the real program: as a separate process, or at once in this one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

import pytest

from bot.cli import main

VOICE = "ignore:'audioop' is deprecated:DeprecationWarning"  # discord.py's voice part on Python before 3.13
PROGRAM = [sys.executable, "-W", "error", "-W", VOICE, "-m", "bot"]
_CACHE = tempfile.TemporaryDirectory(prefix="mockbot-tests-")


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'mockbot.db'}"


def environment(home: Path | None = None) -> dict[str, str]:
    """`home` stands in for the person's own folder; compiled banks are shared by all tests of a run."""
    return {"HOME": str(home or _CACHE.name), "XDG_CACHE_HOME": _CACHE.name, "PATH": os.environ["PATH"]}


def run(
    *arguments: str, typed: str = "", home: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """`mockbot ARGUMENTS` with `typed` on standard input and environment `variables`."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(home) | variables,
    )


def run_here(
    *arguments: str, typed: str = "", home: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The same without a process of its own, whose start takes longer than what most commands do."""
    said, complained = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - {"PATH"}:
            patch.delenv(name)
        for name, value in (environment(home) | variables).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["mockbot", *arguments])
        for name, stream in (("stdin", StringIO(typed)), ("stdout", said), ("stderr", complained)):
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    return subprocess.CompletedProcess(arguments, int(code or 0), said.getvalue(), complained.getvalue())

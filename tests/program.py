"""Running the real program as a separate process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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

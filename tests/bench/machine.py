"""The machine a benchmark ran on, for its table."""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path


def described() -> str:
    """Processor, cores, Python and SQLite, in one line."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    cores, python = os.cpu_count(), platform.python_version()
    return f"{cpu}, {cores} cores, {platform.system()}, Python {python}, SQLite {sqlite3.sqlite_version}"


def loaded() -> str:
    """How busy the machine is with everything that runs on it, in one sentence."""
    return f"Load average {os.getloadavg()[0]:.1f}." if hasattr(os, "getloadavg") else ""


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def on_one_core() -> None:
    """Keep this process and its threads on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

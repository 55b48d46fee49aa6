"""How fast `mockbot chat` shows its first line and what memory it takes, and how fast `mockbot check` is.

A warm start is one after another start: the bank is compiled and the files are in the page cache. The baseline of the
same run is a Python that imports SQLAlchemy and prompt_toolkit and does nothing. Linux only: memory is read from /proc.

Run: `python tests/bench/bench_start.py`. It prints a Markdown table.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import pty
import random
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from statistics import median

from machine import described

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "bot"]
STARTS = 7
_PROMPT = re.compile(r"^(    prompt: (?:[>|]-?\n\s+)?[\"']?)", re.MULTILINE)
PATIENCE = 20.0  # seconds without a sign of life
QUESTIONS = 1000


def start_in_terminal(home: Path) -> tuple[float, float]:
    """Seconds to the first line on a terminal, and the peak memory in MB (10^6 bytes) once the question stands."""
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    began = time.perf_counter()
    command = [*PROGRAM, "chat", "coding", "--seed", "7"]
    process = subprocess.Popen(command, stdin=screen, stdout=screen, stderr=screen, env=_environment(home))
    os.close(screen)
    shown = b""
    first = 0.0
    while b"you>" not in shown and select.select([keyboard], [], [], PATIENCE)[0]:
        shown += os.read(keyboard, 65536)
        first = first or time.perf_counter() - began
    memory = _peak(process.pid)
    os.write(keyboard, b"/stop\r")
    time.sleep(0.3)
    process.kill()
    process.wait()
    os.close(keyboard)
    return first, memory


def _environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}


def _peak(process: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found.group(1)) * 1024 / 1e6 if found else 0.0


def bare_imports() -> tuple[float, float]:
    """Seconds and peak memory of a Python that only imports the two largest libraries."""
    began = time.perf_counter()
    code = (
        "import sqlalchemy.ext.asyncio, prompt_toolkit, resource\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(done.stdout) * 1024 / 1e6


def many_questions(folder: Path) -> Path:
    """A thousand questions: the shipped ones again and again, each with an id and a prompt of its own."""
    files = [path for path in sorted((ROOT / "content").glob("*/*.yaml")) if path.parent.name != "rubrics"]
    made = round_ = 0
    numbers = itertools.count()
    target = folder / "many"
    while made < QUESTIONS:
        for path in files:
            text = path.read_text()
            target.joinpath(path.parent.name).mkdir(parents=True, exist_ok=True)
            text = re.sub(r"^(  - id: \S+)", rf"\g<1>-{round_}", text, flags=re.MULTILINE)
            text = _PROMPT.sub(lambda found: f"{found.group(1)}{_salt(next(numbers))} ", text)
            made += len(re.findall(r"^  - id: ", text, flags=re.MULTILINE))
            (target / path.parent.name / f"{path.stem}-{round_}.yaml").write_text(text)
            if made >= QUESTIONS:
                break
        round_ += 1
    return target


def _salt(number: int) -> str:
    """Words that make a prompt no near-duplicate of its twins."""
    chance = random.Random(number)  # noqa: S311 - filler, not a secret
    return " ".join("zq" + "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=6)) for _ in range(45))


def check(folder: Path, home: Path) -> float:
    """Seconds of `mockbot check` on a folder."""
    began = time.perf_counter()
    subprocess.run([*PROGRAM, "check", str(folder)], capture_output=True, check=False, env=_environment(home))
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        first_ever, first_memory = start_in_terminal(home)
        starts = [start_in_terminal(home) for _ in range(STARTS)]
        bare_seconds, bare_memory = bare_imports()
        many = many_questions(home)
        cold, warm = check(many, home), check(many, home)
    print(f"Machine: {described()}.\n")
    print("| what | seconds | peak memory |")
    print("|---|---|---|")
    print(f"| `mockbot chat`, first line, warm start (median of {STARTS}) | {median(s for s, _ in starts):.2f} |"
          f" {max(m for _, m in starts):.1f} MB |")  # fmt: skip
    print(f"| `mockbot chat`, first line, very first start | {first_ever:.2f} | {first_memory:.0f} MB |")
    print(f"| baseline: Python importing SQLAlchemy and prompt_toolkit | {bare_seconds:.2f} | {bare_memory:.0f} MB |")
    print(f"| `mockbot check`, {QUESTIONS} questions, nothing checked before | {cold:.1f} | |")
    print(f"| `mockbot check`, {QUESTIONS} questions, again | {warm:.1f} | |")


main()

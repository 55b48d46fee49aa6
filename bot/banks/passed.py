"""Questions whose samples are known to pass, so that `mockbot check` scores only what has changed.

A question is remembered by a digest of all that it says; the file is named after the scorer's own sources, so that a
changed scorer checks everything anew.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from bot.core import scoring
from bot.core.model import Question


class Passed:
    """The questions that passed, kept in `cache` between two runs; without a cache nothing is remembered."""

    def __init__(self, cache: Path | None) -> None:
        self._file = cache / f"passed-{_scorer()}" if cache else None
        self._known = _read(self._file)
        self._found: set[str] = set()

    def holds(self, question: Question) -> bool:
        """Whether this very question has passed before; it then counts as passed now."""
        name = _digest(repr(question).encode())
        if name in self._known:
            self._found.add(name)
        return name in self._known

    def add(self, question: Question) -> None:
        """The question has just passed."""
        self._found.add(_digest(repr(question).encode()))

    def keep(self) -> None:
        """Write down what has passed; where that cannot be, nothing is lost but time."""
        if self._file and self._found - self._known:
            with suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                for old in self._file.parent.glob("passed-*"):
                    old.unlink()
                self._file.write_text("\n".join(sorted(self._found | self._known)))


def _read(file: Path | None) -> frozenset[str]:
    with suppress(OSError):
        return frozenset(file.read_text().split()) if file else frozenset()
    return frozenset()


def _scorer() -> str:
    sources = sorted(Path(scoring.__file__).parent.glob("*.py"))
    return _digest(b"".join(source.read_bytes() for source in (*sources, Path(__file__).with_name("check.py"))))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()

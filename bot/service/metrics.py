"""What the program counts of its work, for whoever runs it; never who or what."""

from __future__ import annotations

from typing import Protocol


class Metrics(Protocol):
    """Takes note of what happened."""

    def turn(self) -> None:
        """Something that somebody did was worked on."""

    def sent(self, platform: str, outcome: str) -> None:
        """A message is done: `sent`, `refused`, `unreachable`, `expired` or `broken`."""

    def told_to_wait(self, platform: str) -> None:
        """A platform asked for silence."""

    def assessed(self, seconds: float) -> None:
        """An answer was assessed, and it took so long."""


class NoMetrics:
    """Counts nothing."""

    def turn(self) -> None:
        """As the protocol has it."""

    def sent(self, platform: str, outcome: str) -> None:
        """As the protocol has it."""

    def told_to_wait(self, platform: str) -> None:
        """As the protocol has it."""

    def assessed(self, seconds: float) -> None:
        """As the protocol has it."""

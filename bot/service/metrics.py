"""What the program counts of its work, for whoever runs it; never who or what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from bot.core.effects import Effect, RecordOutcome
from bot.core.events import Event
from bot.core.model import Bank
from bot.core.rules.table import decide
from bot.core.session import Session

Judge = Callable[[Session, Event, int], tuple[Session, tuple[Effect, ...]]]


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


def _assesses(effects: Sequence[Effect]) -> bool:
    return any(isinstance(effect, RecordOutcome) and effect.assessment for effect in effects)


def timed(bank: Bank, metrics: Metrics, steady: Callable[[], float] = perf_counter) -> Judge:
    """The core's decision by a bank; how long it took is noted when an answer was assessed in it."""

    def decided(session: Session, event: Event, now: int) -> tuple[Session, tuple[Effect, ...]]:
        began = steady()
        made = decide(session, event, bank, now)
        if _assesses(made[1]):
            metrics.assessed(steady() - began)
        return made

    return decided

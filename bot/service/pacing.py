"""How fast a platform lets messages pass: never more than a budget within any window of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from bot.service.ports import Budget

_MANY = 10_000  # places remembered before those that fell silent are let go of


class Pacer:
    """Remembers when messages went out. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}
        self._halted: dict[str, float] = {}

    def reserve(self, budgets: Sequence[Budget], now: float) -> float:
        """Seconds to wait before one more message may go; with 0 it is counted as sent."""
        if len(self._sent) > _MANY:
            self.forget_old(now)
        wait = max((self._wait(budget, now) for budget in budgets), default=0.0)
        if wait <= 0:
            for budget in budgets:
                self._times(budget).append(now)
            return 0.0
        return wait

    def halt(self, budget: Budget, until: float) -> None:
        """The platform asked for silence until then."""
        self._halted[budget.key] = max(until, self._halted.get(budget.key, until))

    def forget_old(self, now: float, seconds: float = 120.0) -> None:
        """Let go of places that were silent for so long."""
        self._sent = {key: times for key, times in self._sent.items() if times and times[-1] > now - seconds}
        self._halted = {key: until for key, until in self._halted.items() if until > now}

    def _wait(self, budget: Budget, now: float) -> float:
        times = self._times(budget)
        pause = self._halted.get(budget.key, now) - now
        if len(times) < budget.count:
            return pause
        return max(pause, times[-budget.count] + budget.seconds - now)

    def _times(self, budget: Budget) -> deque[float]:
        times = self._sent.get(budget.key)
        if times is None or times.maxlen != budget.count:
            times = self._sent[budget.key] = deque(times or (), maxlen=budget.count)
        return times

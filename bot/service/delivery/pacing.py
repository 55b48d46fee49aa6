"""Pacing: the rate limits of the platforms, and the order in which messages may use them."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.service.ports.platform import Budget

_MANY = 10_000  # places remembered before those that fell silent are dropped
_KNOWN = 10  # answers after which the fastest of the last ones counts as the latency
_LAST = 200
_YIELD = 0.01  # seconds until a bulk message looks again whether another message waits
_AT_ONCE = 0.005  # seconds until a slot lapses
_CATCH_UP = 0.25  # seconds by which bulk messages may come closer together after they came late


class Pacer:
    """Counts sent messages against budgets. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self._sent: dict[str, list[float]] = {}
        self._halted: dict[str, float] = {}

    def reserve(self, budgets: Sequence[Budget], now: float) -> float:
        """Seconds to wait before one more message may go; with 0 it is counted as sent."""
        if len(self._sent) > _MANY:
            self.forget_old(now)
        wait = self.wait(budgets, now)
        if wait <= 0:
            self.remember(budgets, now)
            return 0.0
        return wait

    def wait(self, budgets: Sequence[Budget], now: float) -> float:
        """Seconds until one more message may go."""
        return max((self._wait(budget, now) for budget in budgets), default=0.0)

    def remember(self, budgets: Sequence[Budget], at: float) -> None:
        """Count a message as sent then."""
        for budget in budgets:
            times = self._sent.setdefault(budget.key, [])
            insort(times, at)
            del times[: -budget.count]

    def correct(self, budgets: Sequence[Budget], reserved: float, at: float) -> None:
        """Count a message that has a reservation as sent at a later time."""
        self.cancel(budgets, reserved)
        self.remember(budgets, at)

    def cancel(self, budgets: Sequence[Budget], reserved: float) -> None:
        """Give a reservation back."""
        for budget in budgets:
            times = self._sent.get(budget.key, [])
            if reserved in times:
                times.remove(reserved)

    def halt(self, budget: Budget, until: float) -> None:
        """Let nothing go until then, as the platform asked."""
        self._halted[budget.key] = max(until, self._halted.get(budget.key, until))

    def forget_old(self, now: float, seconds: float = 120.0) -> None:
        """Drop the places to which nothing was sent for so long."""
        self._sent = {key: times for key, times in self._sent.items() if times and times[-1] > now - seconds}
        self._halted = {key: until for key, until in self._halted.items() if until > now}

    def _wait(self, budget: Budget, now: float) -> float:
        times = self._sent.get(budget.key, [])
        pause = self._halted.get(budget.key, now) - now
        if len(times) < budget.count:
            return pause
        return max(pause, times[-budget.count] + budget.seconds - now)


class SendSlots:
    """Decides when a message may be sent: bulk messages give way to all others."""

    def __init__(self) -> None:
        self.pacer = Pacer()
        self._queues: Counter[str] = Counter()
        self._next: dict[str, float] = {}
        self._ways: dict[str, deque[float]] = {}

    async def talk(self, budgets: Sequence[Budget]) -> float:
        """Wait for a slot for a message of a conversation; the time at which it was reserved."""
        while (wait := self.pacer.reserve(budgets, now := _now())) > 0:
            with self._queuing(budgets, now):
                await asyncio.sleep(wait)
        return now

    async def bulk(self, budgets: Sequence[Budget]) -> float | None:
        """Wait for a slot for a bulk message; None when only its own chat has to wait still longer."""
        shared = _shared(budgets)
        while (wait := self._wait_in_bulk(shared, now := _now())) > 0:  # noqa: ASYNC110 - time passes, nobody sets an event
            await asyncio.sleep(wait)
        if self.pacer.reserve(budgets, now) > 0:
            return None
        for budget in shared:
            due = max(self._next.get(budget.key, now), now - _CATCH_UP)
            self._next[budget.key] = due + budget.seconds / budget.count
        return now

    def use(self, budgets: Sequence[Budget], came: float) -> float | None:
        """Use a slot; the time it counts from, or None when it has lapsed and there is no other now."""
        now = _now()
        if now - came <= _AT_ONCE:
            return came
        self.pacer.cancel(budgets, came)
        return now if self.pacer.reserve(budgets, now) <= 0 else None

    def put_off_bulk(self, budgets: Sequence[Budget], seconds: float) -> None:
        """Send no bulk message for so long."""
        for budget in _shared(budgets):
            self._next[budget.key] = max(self._next.get(budget.key, 0.0), _now() + seconds)

    def answered(self, platform: str, budgets: Sequence[Budget], reserved: float, began: float) -> None:
        """Note that the platform answered a request that began then.

        When the message arrived within that time is unknown. It counts from the latest time possible: from the answer,
        less the duration of the fastest recent request. So messages that follow never come too close to a slow one.
        """
        now = _now()
        ways = self._ways.setdefault(platform, deque(maxlen=_LAST))
        ways.append(now - began)
        fastest = min(ways) if len(ways) >= _KNOWN else 0.0
        self.pacer.correct(budgets, reserved, max(reserved, now - fastest))

    def recall(self, budgets: Sequence[Budget], seconds_ago: float) -> None:
        """Count a message that another process sent."""
        self.pacer.remember(budgets, _now() - seconds_ago)

    def _wait_in_bulk(self, shared: Sequence[Budget], now: float) -> float:
        if any(self._queues[budget.key] for budget in shared):
            return _YIELD
        due = max((self._next.get(budget.key, now) for budget in shared), default=now)
        return max(due - now, self.pacer.wait(shared, now))

    @contextmanager
    def _queuing(self, budgets: Sequence[Budget], now: float) -> Iterator[None]:
        """Hold bulk messages back while a message waits, unless it is its own chat that holds it up."""
        held_up = self.pacer.wait([budget for budget in budgets if budget.one_chat], now) > 0
        keys = [] if held_up else [budget.key for budget in _shared(budgets)]
        self._queues.update(keys)
        try:
            yield
        finally:
            self._queues.subtract(keys)


def _shared(budgets: Sequence[Budget]) -> list[Budget]:
    return [budget for budget in budgets if not budget.one_chat]


def _now() -> float:
    return asyncio.get_running_loop().time()

"""The metrics of the program for Prometheus."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from typing_extensions import override

from bot.core.refusal import Refusal
from bot.service.telemetry import Metrics
from bot.storage.watch import Watch

EVERY = 5.0  # seconds that a reading of the queues is good for, however often it is asked for
_PATIENCE = 8.0  # seconds; Prometheus itself gives up after ten, and a million rows take one
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_LOGGER = logging.getLogger("mockbot.measures")


class Measures(Metrics):
    """Counters of this process, and the queues in the database. `clock` gives UTC epoch seconds."""

    def __init__(self, watch: Watch, clock: Callable[[], int]) -> None:
        self._watch = watch
        self._clock = clock
        self._read_at: float | None = None
        self._reading = asyncio.Lock()
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._turns = Counter("mockbot_turns", "Things people did that were worked on.", registry=registry)
        self._sends = Counter("mockbot_sends", "Messages done.", ["platform", "outcome"], registry=registry)
        self._sends_by: dict[tuple[str, str], Counter] = {}
        self._waits = Counter(
            "mockbot_told_to_wait", "Demands of a platform to wait (status 429).", ["platform"], registry=registry
        )
        self._errors = Counter("mockbot_errors", "Errors that were logged.", ["kind"], registry=registry)
        self._assessing = Histogram(
            "mockbot_assessment_seconds", "Time an assessment took.", buckets=_BUCKETS, registry=registry
        )
        self._depth = Gauge("mockbot_queue_depth", "Rows that wait, by lane.", ["lane"], registry=registry)
        self._age = Gauge("mockbot_queue_oldest_seconds", "Age of the oldest that waits.", ["lane"], registry=registry)
        self._database = Gauge("mockbot_database_up", "Whether the database could be read.", registry=registry)

    @override
    def turn(self) -> None:
        self._turns.inc()

    @override
    def sent(self, platform: str, outcome: str) -> None:
        counter = self._sends_by.get((platform, outcome))
        if counter is None:  # looking a label up takes longer than counting
            counter = self._sends_by[platform, outcome] = self._sends.labels(platform, outcome)
        counter.inc()

    @override
    def told_to_wait(self, platform: str) -> None:
        self._waits.labels(platform).inc()

    @override
    def assessed(self, seconds: float) -> None:
        self._assessing.observe(seconds)

    def count_errors_of(self, logger: logging.Logger) -> None:
        """Count from now on the errors of a logger and of those below it."""
        logger.addHandler(_Errors(self._errors))

    async def page(self) -> bytes:
        """All metrics in Prometheus's format; the queues may be some seconds old."""
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._read_at is None or now - self._read_at >= EVERY:
                self._read_at = now
                await self._read_queues()
        return generate_latest(self._registry)

    async def _read_queues(self) -> None:
        """Read the queues; when the database cannot be read, no number is shown rather than an old one."""
        self._depth.clear()
        self._age.clear()
        self._database.set(0)
        try:
            async with asyncio.timeout(_PATIENCE), self._watch.reading() as reading:
                queues = await reading.queues(self._clock())
        except (Refusal, TimeoutError) as error:
            _LOGGER.warning("the queues cannot be read: %s", type(error).__name__)
            return
        self._database.set(1)
        for lane, queue in queues.items():
            self._depth.labels(lane).set(queue.depth)
            self._age.labels(lane).set(queue.age)


class _Errors(logging.Handler):
    """Counts errors by their class; a record without an exception counts as `message`."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        kind = record.exc_info[0] if record.exc_info else None
        self._counter.labels(kind.__name__ if kind else "message").inc()

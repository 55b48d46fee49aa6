"""All replicas go by the clock of the database's machine."""

import asyncio
import logging

import pytest

from bot.app.shared_clock import SharedClock
from bot.core.refusal import Refusal
from bot.storage import open_store

NOW = 1_800_000_000.0


class Machine:
    """A machine whose own clock is wrong by so much, and the database on another one."""

    def __init__(self, wrong: float = 0.0) -> None:
        self.passed = 0.0
        self.wrong = wrong
        self.takes = 0.0
        self.clock = SharedClock(lambda: NOW + self.passed + self.wrong, lambda: self.passed, every=0.0)

    async def now(self) -> float:
        self.passed += self.takes
        return float(int(NOW + self.passed))


@pytest.mark.parametrize("wrong", [-180.0, 180.0])
async def test_a_wrong_clock_is_told_of_and_does_not_count(wrong: float, caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(wrong)
    assert machine.clock() == NOW + wrong
    await machine.clock.set_by(machine)
    assert machine.clock() == NOW
    machine.passed += 10
    assert machine.clock() == NOW + 10
    way = "behind" if wrong < 0 else "ahead of"
    assert caplog.messages == [f"This machine's clock is 180 s {way} the database's, which counts."]


async def test_a_clock_that_is_set_while_we_run_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.wrong = 3600
    assert machine.clock() == NOW
    await machine.clock.set_by(machine)
    assert machine.clock() == NOW
    assert caplog.messages == []


async def test_a_second_more_or_less_is_left_as_it_is() -> None:
    machine = Machine(1.5)
    await machine.clock.set_by(machine)
    assert machine.clock() == NOW + 1


async def test_an_answer_that_comes_late_tells_no_time() -> None:
    machine = Machine(-180)
    machine.takes = 20.0
    await machine.clock.set_by(machine)
    assert machine.clock() == NOW + 20 - 180


async def test_it_is_looked_at_again_and_again_whatever_happens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine(-180)
    now, troubles = machine.now, [Refusal("The database is away."), KeyError()]

    async def shaky() -> float:
        if troubles:
            raise troubles.pop()
        return await now()

    monkeypatch.setattr(machine, "now", shaky)
    keeping = asyncio.create_task(machine.clock.keep(machine))
    async with asyncio.timeout(30):
        while machine.clock() != NOW:  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING, logging.WARNING]


async def test_both_databases_tell_the_time(database_url: str) -> None:
    store = await open_store(database_url)
    assert abs(await store.leases.now() - SharedClock()()) <= 2
    await store.close()

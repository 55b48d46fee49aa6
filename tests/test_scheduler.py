"""The ticker, with a real APScheduler and a real SQLite file."""

import asyncio
from pathlib import Path

import pytest

from bot.core import replies
from bot.core.session import Format, Pace, Setup
from bot.scheduler import TIMER_SECONDS, Ticker
from bot.storage import open_store
from fakes import FakeClock, FakeMessenger, interviewer_of, said
from sample_bank import CORE, sample_bank


async def test_due_timers_ring_and_the_heart_beats_without_anyone_typing(tmp_path: Path) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock, messenger = FakeClock(), FakeMessenger()
    interviewer = interviewer_of(store, sample_bank(), messenger, clock)
    await interviewer.start(said("", "console:here", "me"), Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7))
    await interviewer.hear(said(CORE, "console:here", "me"))
    ticker = Ticker(store, interviewer, clock)
    ticker.start()
    clock.forward(3600)
    for _ in range(40):
        await asyncio.sleep(TIMER_SECONDS / 4)
        if replies.TIME_UP_STRICT in messenger.texts:
            break
    await ticker.stop()
    assert messenger.texts.count(replies.TIME_UP_STRICT) == 1
    await store.close()


async def test_a_store_that_fails_does_not_stop_the_ticking(tmp_path: Path) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock = FakeClock()
    interviewer = interviewer_of(store, sample_bank(), FakeMessenger(), clock)
    ticker = Ticker(store, interviewer, clock)
    async with store._engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE timers")
    ticker.start()
    await asyncio.sleep(2.5 * TIMER_SECONDS)
    assert len(ticker._ticks.get_jobs()) == 3
    await ticker.stop()
    await store.close()


async def test_stopping_in_the_middle_of_a_tick_lets_it_finish_and_reports_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock = FakeClock()
    interviewer = interviewer_of(store, sample_bank(), FakeMessenger(), clock)
    for _ in range(20):
        ticker = Ticker(store, interviewer, clock)
        ticker.start()
        ticking = [asyncio.create_task(ticker._ring_due()), asyncio.create_task(ticker._beat())]
        await asyncio.sleep(0)
        await ticker.stop()
        await asyncio.gather(*ticking)
    await store.close()
    assert capfd.readouterr().err == ""


async def test_a_terminal_rings_no_clock_of_a_chat(tmp_path: Path) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock, messenger = FakeClock(), FakeMessenger()
    interviewer = interviewer_of(store, sample_bank(), messenger, clock)
    await interviewer.start(said("", "telegram:7", "telegram:7"), Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7))
    clock.forward(3600)
    await Ticker(store, interviewer, clock)._ring_due()
    assert replies.TIME_UP_STRICT not in messenger.texts
    await Ticker(store, interviewer, clock, ("telegram",))._ring_due()
    assert replies.TIME_UP_STRICT in messenger.texts
    await store.close()

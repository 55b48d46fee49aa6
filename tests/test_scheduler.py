"""The ticker, with a real APScheduler and a real SQLite file."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from assembled import router_of
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Subscription
from bot.core.session import Format, Pace, Setup, TimerKind
from bot.core.text import replies
from bot.scheduler import TIMER_SECONDS, Ticker
from bot.service.conversation.due import DueWork
from bot.service.ports.daily import Planned, Prompt, PromptState
from bot.service.ports.store import DueTimer
from bot.storage import open_store
from fakes import FakeClock, FakeMessenger, said
from sample_bank import CORE, sample_bank


async def test_due_timers_ring_and_the_heart_beats_without_anyone_typing(tmp_path: Path) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock, messenger = FakeClock(), FakeMessenger()
    router = router_of(store, sample_bank(), messenger, clock)
    await router.interviews.start(said("", "console:here", "me"), Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7))
    await router.handle(said(CORE, "console:here", "me"))
    ticker = Ticker(store.schedule, store.heartbeat, DueWork(router.units), clock)
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
    router = router_of(store, sample_bank(), FakeMessenger(), clock)
    ticker = Ticker(store.schedule, store.heartbeat, DueWork(router.units), clock)
    async with store.database.connected() as connection:
        await connection.execute(text("DROP TABLE timers"))
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
    router = router_of(store, sample_bank(), FakeMessenger(), clock)
    for _ in range(20):
        ticker = Ticker(store.schedule, store.heartbeat, DueWork(router.units), clock)
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
    router = router_of(store, sample_bank(), messenger, clock)
    setup = Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7)
    await router.interviews.start(said("", "telegram:7", "telegram:7"), setup)
    clock.forward(3600)
    await Ticker(store.schedule, store.heartbeat, DueWork(router.units), clock)._ring_due()
    assert replies.TIME_UP_STRICT not in messenger.texts
    await Ticker(store.schedule, store.heartbeat, DueWork(router.units), clock, ("telegram",))._ring_due()
    assert replies.TIME_UP_STRICT in messenger.texts
    await store.close()


class Slow(DueWork):
    """Takes a while for each timer."""

    rung = 0

    async def ring(self, timer: DueTimer) -> None:
        self.rung += 1
        await asyncio.sleep(0.05)


async def test_a_stop_waits_for_one_thing_that_is_due_and_not_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock = FakeClock()
    slow = Slow(router_of(store, sample_bank(), FakeMessenger(), clock).units)
    ticker = Ticker(store.schedule, store.heartbeat, slow, clock)

    async def due(*_all: object) -> list[DueTimer]:
        return [DueTimer(number, "console:local", 0, TimerKind.DEADLINE) for number in range(100)]

    monkeypatch.setattr(store.schedule, "due_timers", due)
    ticker.start()
    ticking = asyncio.create_task(ticker._ring_due())
    await asyncio.sleep(0.02)
    await ticker.stop()
    await ticking
    assert slow.rung == 1
    await store.close()


async def test_a_stop_does_not_wait_for_a_database_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock = FakeClock()
    work = DueWork(router_of(store, sample_bank(), FakeMessenger(), clock).units)
    ticker = Ticker(store.schedule, store.heartbeat, work, clock)

    async def hang(*_all: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(store.schedule, "due_timers", hang)
    ticker.start()
    ticking = asyncio.create_task(ticker._ring_due())
    await asyncio.sleep(0.02)
    async with asyncio.timeout(20):
        await ticker.stop(0.1)
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    await store.close()


async def test_one_daily_question_that_breaks_keeps_no_other_from_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'mockbot.db'}")
    clock, asked = FakeClock(), []
    work = DueWork(router_of(store, sample_bank(), FakeMessenger(), clock).units)
    due = [Planned(Subscription(person, person, Rhythm("UTC", 0)), 0, None, None) for person in "abc"]
    prompts = [Prompt(number, "a", "a", date(2026, 11, 21), 1, "q", PromptState.ASKED) for number in (1, 2)]

    async def ask(one: Planned | Prompt) -> None:
        if one in {due[0], prompts[0]}:
            raise KeyError
        asked.append(one)

    monkeypatch.setattr(work, "ask_daily", ask)
    monkeypatch.setattr(work, "ask_again", ask)
    monkeypatch.setattr(store.schedule, "due_subscriptions", answering(due))
    monkeypatch.setattr(store.schedule, "due_prompts", answering(prompts))
    await Ticker(store.schedule, store.heartbeat, work, clock)._ask_daily()
    assert asked == [due[1], due[2], prompts[1]]
    await store.close()


def answering(rows: list) -> Callable[..., Awaitable[list]]:
    async def answer(*_all: object) -> list:
        return rows

    return answer

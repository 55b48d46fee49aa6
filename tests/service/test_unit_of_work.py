"""One job at a time in a place, each thing once, and a refusal told to whoever caused it."""

import asyncio

import pytest

from bot.core.effects import Say
from bot.core.refusal import Refusal
from bot.service.conversation import resume
from bot.service.conversation.unit_of_work import UnitOfWork, Work
from bot.service.delivery.direct import DirectDelivery
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Said
from bot.storage import SqlStore
from fakes import FakeClock, FakeMessenger, FakePlatform
from rows import left_unsent, waiting
from sample_bank import sample_bank

HERE, THERE, ME = "telegram:7", "telegram:8", "telegram:7"
HELLO = Incoming("telegram:1", HERE, ME, 0, Said("hello"))


@pytest.fixture
async def store(sqlite_store: SqlStore) -> SqlStore:
    await sqlite_store.inbox.keep([HELLO], 0)
    return sqlite_store


@pytest.fixture
def messenger() -> FakeMessenger:
    return FakeMessenger()


@pytest.fixture
def units(store: SqlStore, messenger: FakeMessenger) -> UnitOfWork:
    clock = FakeClock()
    return UnitOfWork(store, DirectDelivery(store.outbox, messenger, clock).deliver, clock, sample_bank())


async def greet(work: Work) -> str:
    await work.reply_privately(HELLO, "Hello.")
    return "greeted"


async def refuse(work: Work) -> str:
    await greet(work)
    sentence = "Not now."
    raise Refusal(sentence)


async def test_what_came_in_with_a_key_is_worked_on_once(units, messenger) -> None:
    assert [await units.run(HERE, greet, HELLO) for _ in range(2)] == ["greeted", None]
    assert messenger.texts == ["Hello."]


async def test_a_refusal_is_told_in_place_of_what_the_job_did_and_counts_as_done(units, store, messenger) -> None:
    assert await units.run(HERE, refuse, HELLO) is None
    assert messenger.texts == ["Not now."]
    assert await waiting(store) == []


async def test_a_refusal_of_what_nobody_asked_for_is_the_callers_and_nothing_is_kept(units, store, messenger) -> None:
    with pytest.raises(Refusal, match="Not now"):
        await units.run(HERE, refuse)
    assert messenger.texts == []
    assert await left_unsent(store) == []


async def test_nobody_works_in_a_place_in_which_a_message_is_still_being_delivered(store) -> None:
    delivering, go_on, order = asyncio.Event(), asyncio.Event(), []

    async def deliver(_messages: object) -> None:
        delivering.set()
        await go_on.wait()
        order.append("delivered")

    async def look(_work: Work) -> None:
        order.append("looked")

    units = UnitOfWork(store, deliver, FakeClock(), sample_bank())
    first = asyncio.create_task(units.run(HERE, greet))
    await delivering.wait()
    second = asyncio.create_task(units.run(HERE, look))
    await units.run(THERE, look)
    go_on.set()
    await asyncio.gather(first, second)
    assert order == ["looked", "delivered", "looked"]


async def test_a_job_that_is_cancelled_is_kept_whole(units, store) -> None:
    begun = asyncio.Event()

    async def speak(work: Work) -> None:
        begun.set()
        await asyncio.sleep(0.01)
        await work.transaction.say(HERE, Say("Hello."), work.now)

    task = asyncio.create_task(units.run(HERE, speak, HELLO))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [message.text for message in await left_unsent(store)] == ["Hello."]
    assert await waiting(store) == []


class Reopening:
    """Interviews of which the first cannot go on."""

    def __init__(self) -> None:
        self.reopened: list[str] = []

    async def reopen(self, place: str, _away: int, *, in_sight: bool) -> bool:
        if place == HERE:
            sentence = "This one is of another version."
            raise Refusal(sentence)
        self.reopened.append(place)
        return True


async def test_an_interview_that_is_refused_to_go_on_does_not_hold_up_the_others(store, monkeypatch) -> None:
    async def running() -> list[str]:
        return [HERE, THERE]

    monkeypatch.setattr(store.heartbeat, "running", running)
    interviews = Reopening()
    await resume.go_on(store.heartbeat, interviews, Platforms({"telegram": FakePlatform()}), 5)
    assert interviews.reopened == [THERE]

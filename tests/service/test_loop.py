"""The loop on the fake store and on a real SQLite file: the same behaviour."""

import pytest

from assembled import router_of
from bot.core.effects import Say
from bot.core.session import Format, Pace, Setup, State
from bot.core.text import replies
from bot.service.conversation import resume
from bot.service.conversation.due import DueWork
from bot.service.conversation.router import Router
from bot.storage import SqlStore
from fakes import FakeClock, FakeMessenger, said
from rows import due_timers
from sample_bank import CORE, FULL_ANSWER, sample_bank

HERE, ME = "console:here", "console:me"


@pytest.fixture
def store(sqlite_store: SqlStore) -> SqlStore:
    return sqlite_store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def messenger() -> FakeMessenger:
    return FakeMessenger()


@pytest.fixture
def router(store: SqlStore, clock: FakeClock, messenger: FakeMessenger) -> Router:
    return router_of(store, sample_bank(), messenger, clock)


async def say(router: Router, *lines: str, place: str = HERE, person: str = ME) -> None:
    for line in lines:
        await router.handle(said(line, place, person))


async def ring_due(store: SqlStore, router: Router, clock: FakeClock) -> int:
    due = await due_timers(store, clock(), 100)
    for timer in due:
        await DueWork(router.units).ring(timer)
    return len(due)


async def test_an_interview_runs_from_hello_to_verdict(router, messenger) -> None:
    await say(router, "/mock fundamentals 6", FULL_ANSWER, "/done", "/skip", "3")
    assert messenger.texts[0].startswith("Fundamentals, mid level, about 6 minutes. One question.")
    assert messenger.last.startswith("Fundamentals, mid level: ")
    assert await router.interviews.session(HERE) is None


async def test_a_second_interview_in_the_same_place_is_refused_and_the_first_goes_on(router, messenger) -> None:
    await say(router, "/mock fundamentals", "/mock coding")
    assert messenger.last == replies.already_open("")
    assert (await router.interviews.session(HERE)).setup.format is Format.FUNDAMENTALS


async def test_two_places_never_mix(router) -> None:
    await say(router, "/mock fundamentals", CORE)
    await say(router, "/mock coding", "I use a dictionary.", place="there", person="you")
    assert (await router.interviews.session(HERE)).turn.text == CORE
    assert (await router.interviews.session("there")).turn.text == "I use a dictionary."


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("hello", replies.NOTHING_OPEN),
        ("/done", replies.NOTHING_OPEN),
        ("/hnit", "I do not know /hnit. Did you mean /hint?"),
        ("/mock codeing", 'I could not find the interview in "codeing". Did you mean coding?'),
        ("/report x", replies.REPORT_NEEDS_NUMBER),
        ("/report 9", replies.NO_REPORT),
        ("/history", "No interviews yet. /mock starts one."),
    ],
)
async def test_what_leads_nowhere_gets_one_kind_sentence(router, messenger, line: str, answer: str) -> None:
    await say(router, line)
    assert messenger.texts == [answer]


async def test_a_command_that_makes_no_sense_now_changes_nothing(router, messenger) -> None:
    await say(router, "/mock fundamentals")
    before = await router.interviews.session(HERE)
    await say(router, "/resume")
    assert messenger.last == "/resume does nothing right now: a question is open. /help lists what works."
    assert await router.interviews.session(HERE) == before


async def test_reports_and_history_belong_to_the_person(router, messenger) -> None:
    await say(router, "/mock fundamentals 6", FULL_ANSWER, "/stop", "3", "/history")
    assert "Fundamentals, mid: " in messenger.last
    await say(router, "/report")
    assert "Model answer" in messenger.last
    await say(router, "/report 1", place="there", person="you")
    assert messenger.last == replies.NO_REPORT


async def test_no_question_comes_twice_over_two_interviews(store, router) -> None:
    await say(router, "/mock fundamentals 30", *["/skip"] * 5, "/mock fundamentals 30")
    asked = {s.question_id for r in (await router.interviews.session(HERE)).rounds for s in r.slots}
    async with store.begin() as transaction:
        history = await transaction.history(ME)
    assert len(history.seen) == 6
    assert len(asked & set(history.seen)) <= 2  # eleven fitting questions in the bank, six of them used
    assert history.finished == 1


async def test_a_timer_rings_once_and_strict_pace_moves_on(store, router, clock, messenger) -> None:
    await router.interviews.start(said("", HERE, ME), Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7))
    await say(router, CORE)
    clock.forward(3600)
    due = await due_timers(store, clock(), 100)
    assert len(due) == 3
    for timer in [*due, *due]:
        await DueWork(router.units).ring(timer)
    assert messenger.texts.count(replies.TIME_UP_STRICT) == 1
    assert len((await router.interviews.session(HERE)).turns) == 2


async def test_an_answer_and_its_deadline_cannot_both_win(store, router, clock) -> None:
    await router.interviews.start(said("", HERE, ME), Setup(Format.FUNDAMENTALS, pace=Pace.STRICT, seed=7))
    clock.forward(3600)
    due = await due_timers(store, clock(), 100)
    await say(router, CORE, "/skip")
    before = await router.interviews.session(HERE)
    for timer in due:
        await DueWork(router.units).ring(timer)
    assert await router.interviews.session(HERE) == before


async def test_what_could_not_be_said_is_said_later_in_order(store, router, messenger) -> None:
    messenger.broken = True
    with pytest.raises(ConnectionError):
        await say(router, "/mock fundamentals")
    messenger.broken = False
    await say(router, "/time")
    assert [text.split(",")[0] for text in messenger.texts] == [
        "Fundamentals",
        "Question 1 of 7. 6 minutes.\n\nWhat does the idea behind language tell you about a random variable?",
        "Question 1 of 7. 6 minutes left.",
    ]
    async with store.begin() as transaction:
        await transaction.say(HERE, Say("the only one left"), 1)
        assert [message.text for message in await transaction.unsent()] == ["the only one left"]


async def test_after_an_outage_the_interview_goes_on_and_the_clock_stood_still(store, router, clock, messenger) -> None:
    await say(router, "/mock fundamentals", CORE)
    await store.heartbeat.beat(clock())
    due = (await router.interviews.session(HERE)).turn.due_at
    clock.forward(7200)
    assert await resume.away(store.heartbeat, clock) == 7200
    assert await router.interviews.reopen(HERE, 7200)
    assert messenger.texts[-2].startswith("Welcome back. I was away for 120 minutes")
    session = await router.interviews.session(HERE)
    assert session.turn.due_at == due + 7200
    assert session.turn.text == CORE
    assert await ring_due(store, router, clock) == 0


async def test_a_place_without_an_interview_has_nothing_to_reopen(router) -> None:
    assert not await router.interviews.reopen(HERE, 60)


async def test_a_bank_without_the_stage_says_so_and_keeps_nothing(store, clock, messenger) -> None:
    from bot.core.model import Bank  # noqa: PLC0415 - only here

    empty = router_of(store, Bank({}, {}), messenger, clock)
    await empty.interviews.start(said("", HERE, ME), Setup(Format.CODING))
    assert messenger.last == "The bank holds no coding question."
    assert await empty.interviews.session(HERE) is None


async def test_the_choice_is_remembered_until_it_is_made(router, messenger) -> None:
    await say(router, "/mock")
    assert (await router.interviews.session(HERE)).state is State.CHOOSING
    await say(router, "4")
    assert messenger.texts[1].startswith("Rapid fire, mid level")

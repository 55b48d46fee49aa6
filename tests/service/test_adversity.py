"""What goes wrong around an interview: a database away, rows nobody can read, forged and late things, odd clocks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from test_platforms import ADA, BOB, DM, GROUP, TOPIC, Running, parts, until

from bot.app.supervisor import Supervisor
from bot.core.effects import Tone
from bot.core.refusal import Refusal
from bot.core.text import replies
from bot.scheduler import Ticker
from bot.service.conversation import resume
from bot.service.conversation.context import AccessRules
from bot.service.inbox import RateLimiter
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Attached, Incoming, Left, Pressed, Said, Submitted, UnreadableError
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import Budget, MovedError, UnreachableError
from bot.service.ports.store import DueTimer, StoreAwayError
from bot.storage import SqlStore
from bot.storage.database import Connection, Database, UnavailableError
from bot.storage.opening import database as database_of
from bot.storage.postgresql import PostgresqlDatabase
from fakes import FakeClock, FakePlatform
from postgres import on_both_databases
from rows import due_timers, left_unsent, waiting
from sample_bank import CORE, FULL_ANSWER

THEIRS = "telegram:8"
_OLD = "telegram:-5"
_MUTED = "Ask an admin to let me send messages in this group."
AWAY = "The database sqlite+aiosqlite:///mockbot.db cannot be used: database is locked. Nothing in it was changed."


class Shaky(Database):
    """A real database that can be told to be away for the next few transactions, before they begin."""

    away_for = 0
    when: Callable[[], bool] | None = None

    def __init__(self, real: Database) -> None:
        super().__init__(real.url)
        self._real = real

    @asynccontextmanager
    async def connected(self, *, urgent: bool = False) -> AsyncIterator[Connection]:
        if self.away_for and (self.when is None or self.when()):
            self.away_for -= 1
            raise UnavailableError(AWAY)
        async with self._real.connected(urgent=urgent) as connection:
            yield connection

    async def close(self) -> None:
        await self._real.close()

    async def sql(self, statement: str, **values: object) -> list:
        """Any statement, as an older version or a person with a shell may have run it."""
        async with self.connected() as connection:
            return list((await connection.execute(text(statement), values)).rows)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Shaky]:
    opened = Shaky(database_of(url))
    yield opened
    opened.away_for = 0
    await opened.close()


@pytest.fixture
def store(database: Shaky) -> SqlStore:
    return SqlStore.on(database)


@pytest.fixture
async def bot(store: SqlStore, database: Shaky) -> AsyncIterator[Running]:
    made = parts(store, FakeClock(), FakePlatform(), AccessRules())
    yield made
    database.away_for = 0
    await made.inbox.stop(1)
    await made.delivery.stop(1)


@pytest.fixture
def ticker(bot: Running) -> Ticker:
    return Ticker(bot.store.schedule, bot.store.heartbeat, bot.due, bot.clock, ("telegram",))


def known(bot: Running) -> Platforms:
    return Platforms({"telegram": bot.platform})


async def rows(bot: Running, statement: str, **values: object) -> list:
    assert isinstance(bot.store.database, Shaky)
    return await bot.store.database.sql(statement, **values)


# The database is away for a moment.


@pytest.mark.parametrize("times", [1, 2, 3])
@on_both_databases
async def test_an_answer_is_kept_however_often_the_database_was_away(
    bot: Running, store: SqlStore, database: Shaky, times: int
) -> None:
    await bot.hear("/mock fundamentals")
    await store.inbox.keep([Incoming("telegram:90", DM, ADA, bot.clock(), Said(CORE, "s90"))], bot.clock())
    database.away_for = times
    await bot.inbox._work((await kept(store, database))[0])
    assert (await bot.session()).turn.text == CORE


async def kept(store: SqlStore, database: Shaky) -> list[Incoming]:
    away, database.away_for = database.away_for, 0
    found = await waiting(store)
    database.away_for = away
    return found


async def test_nobody_in_a_chat_is_told_the_address_of_the_database(
    bot: Running, store: SqlStore, database: Shaky
) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    bot.clock.forward(24 * 3600)
    (timer, *_) = await due_timers(store, bot.clock())
    database.away_for = 1
    with suppress(UnavailableError):
        await bot.due.ring(timer)
    await bot.settled()
    assert not any("database" in text for text in bot.platform.texts)


async def test_a_debrief_is_sent_although_the_database_was_away_for_its_report(bot: Running) -> None:
    for line in ("/mock fundamentals", CORE, "/stop"):
        await bot.hear(line)
    read = bot.delivery._document

    async def away_once(_name: str) -> File | None:
        bot.delivery._document = read
        raise UnavailableError(AWAY)

    bot.delivery._document = away_once
    await bot.hear("3")
    assert bot.platform.sent[-1].tone is Tone.DEBRIEF


async def test_messages_behind_one_to_a_lost_topic_are_sent_although_the_database_is_away(
    bot: Running, store: SqlStore, database: Shaky
) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    bot.platform.failing = [UnreachableError("This topic is closed.", only_here=True)]
    observer = bot.router.reachability.mark_unreachable

    async def lose(place: str, advice: str) -> None:
        bot.router.reachability.mark_unreachable = observer  # type: ignore[method-assign]
        database.away_for = 2
        await observer(place, advice)

    bot.router.reachability.mark_unreachable = lose  # type: ignore[method-assign,assignment]
    await bot.inbox.receive(
        [
            Incoming("telegram:91", TOPIC, ADA, 0, Said("/time"), private=False),
            Incoming("telegram:92", "telegram:-6//8", BOB, 0, Said("/help"), private=False),
        ]
    )
    await until(lambda: bot.router.reachability.mark_unreachable == observer and not database.away_for)
    await bot.settled()
    assert [m.place for m in await left_unsent(store)] == []


async def test_a_stop_ends_in_time_although_the_database_is_away(bot: Running, database: Shaky) -> None:
    await bot.hear("/mock fundamentals")
    database.when, database.away_for = lambda: bool(bot.delivery._outcome) or True, 10**9
    bot.delivery._outcome.arrived[1] = "m1"
    bot.delivery._note_soon()
    try:
        async with asyncio.timeout(0.5):
            await bot.delivery.stop(0.1)
    finally:
        database.away_for = 0


# Rows that nobody can read any more.


@on_both_databases
async def test_one_unreadable_thing_heard_does_not_keep_the_bot_from_starting(
    bot: Running, store: SqlStore, database: Shaky
) -> None:
    await store.inbox.keep([Incoming("telegram:93", DM, ADA, 0, Said("/history"))], bot.clock())
    await database.sql("INSERT INTO inbox (key, heard, received_at) VALUES ('telegram:1', '{\"what\": {}}', 0)")
    await bot.inbox.resume()
    await bot.settled()
    assert len(bot.platform.sent) == 1


@on_both_databases
async def test_one_unreadable_message_does_not_keep_the_bot_from_starting(
    bot: Running, store: SqlStore, database: Shaky
) -> None:
    await database.sql(f"INSERT INTO outbox (place, tone, text, choices, created_at, extras) VALUES "
                    f"('{THEIRS}', 'notice', 'x', '[]', 0, '{{\"commands\": [\"gone\"]}}')")  # fmt: skip
    await bot.delivery.deliver(await left_unsent(store))


@on_both_databases
async def test_one_unreadable_message_does_not_silence_its_chat(bot: Running, database: Shaky) -> None:
    await database.sql(f"INSERT INTO outbox (place, tone, text, choices, created_at) VALUES "
                    f"('{DM}', 'gone', 'x', '[]', 0)")  # fmt: skip
    await bot.hear("/history")
    assert bot.platform.texts == ["No interviews yet. /mock starts one."]


@on_both_databases
async def test_one_unreadable_interview_does_not_keep_others_from_going_on(
    bot: Running, store: SqlStore, database: Shaky
) -> None:
    await bot.hear("/mock fundamentals")
    await bot.hear("/mock fundamentals", THEIRS, BOB, private=True)
    await database.sql(f"UPDATE sessions SET snapshot = '{{}}' WHERE place = '{DM}'")
    await resume.go_on(store.heartbeat, bot.router.interviews, known(bot), 600)
    await bot.settled()
    assert bot.platform.sent[-1].place == THEIRS


async def test_one_timer_that_breaks_does_not_stop_all_clocks(bot: Running, database: Shaky, ticker: Ticker) -> None:
    await bot.hear("/mock fundamentals strict")
    bot.clock.forward(1)
    await bot.hear("/mock fundamentals strict", THEIRS, BOB, private=True)
    await database.sql(f"UPDATE sessions SET snapshot = '{{}}' WHERE place = '{DM}'")
    bot.clock.forward(24 * 3600)
    for _ in range(3):
        try:
            await ticker._ring_due()
        except ValueError:
            continue
    await bot.settled()
    assert any(m.place == THEIRS and replies.TIME_UP_STRICT in m.text for m in bot.platform.sent)


# What is private stays private.


async def test_a_private_debrief_stays_private_when_its_rating_is_pressed(bot: Running) -> None:
    await bot.hear("/settings debrief private", GROUP)
    for line in ("/mock fundamentals", CORE, "/stop"):
        await bot.hear(line, GROUP)
    asked = bot.platform.sent[-1]
    assert asked.choices == ("1", "2", "3", "4")
    await bot.hear(Pressed(asked.session_id or 0, asked.mark, "3"), GROUP)
    assert bot.platform.sent[-1].tone is Tone.DEBRIEF
    assert bot.platform.sent[-1].private


async def test_no_number_of_a_message_is_given_twice(bot: Running) -> None:
    await bot.hear("/history", THEIRS, BOB, private=True)
    await bot.hear("/forget")
    await bot.hear("/forget everything")
    numbers = [message.id for message in bot.platform.sent]
    assert len(numbers) == len(set(numbers))


async def test_what_is_said_after_forgetting_arrives_although_a_message_still_waited(bot: Running) -> None:
    bot.platform.failing = [OSError()] * 3
    await bot.inbox.receive(
        [
            Incoming("telegram:94", DM, ADA, 0, Said("/history")),
            Incoming("telegram:95", DM, ADA, 0, Said("/forget everything")),
        ]
    )
    await bot.settled()
    assert replies.FORGOTTEN in bot.platform.texts


@on_both_databases
async def test_a_debrief_that_waits_never_carries_the_report_of_somebody_else(bot: Running) -> None:
    for line in ("/mock fundamentals", CORE):
        await bot.hear(line)
    bot.platform.failing = [OSError()] * 10_000
    for number, (line, place, person) in enumerate([
        ("/stop", DM, ADA), ("3", DM, ADA), ("/forget everything", DM, ADA),
        ("/mock fundamentals", THEIRS, BOB), (FULL_ANSWER, THEIRS, BOB), ("/stop", THEIRS, BOB), ("4", THEIRS, BOB),
    ]):  # fmt: skip
        await bot.inbox.receive([Incoming(f"telegram:{700 + number}", place, person, 0, Said(line, f"s{number}"))])
        await asyncio.sleep(0.05)
    bot.platform.failing = []
    await bot.settled()
    theirs = await bot.store.outbox.document(f"report:{(await rows(bot, 'SELECT session_id FROM debriefs'))[-1][0]}")
    assert theirs
    assert [m.place for m in bot.platform.sent if m.document == theirs] == [THEIRS]


async def test_a_file_between_others_in_a_group_is_left_alone(bot: Running) -> None:
    bot.platform.files = {"theirs": UnreadableError("I read .py, .txt and .md files.")}
    await bot.hear(Attached("theirs", "holiday.pdf", 10), GROUP, BOB, addressed=False)
    assert bot.platform.sent == []


# Clocks, and what rings or comes late.


async def test_a_deadline_that_came_due_while_stopping_rings_after_the_restart(
    bot: Running, store: SqlStore, ticker: Ticker
) -> None:
    await bot.hear("/mock fundamentals 6 strict")
    bot.clock.forward(6 * 60)  # the last tick is over, what waits is being sent
    await store.heartbeat.beat(bot.clock())
    bot.clock.forward(5)
    await resume.go_on(
        store.heartbeat, bot.router.interviews, known(bot), await resume.away(store.heartbeat, bot.clock)
    )
    for _ in range(5):
        bot.clock.forward(3600)
        await ticker._ring_due()
    await bot.settled()
    assert any(replies.TIME_UP_STRICT in text for text in bot.platform.texts)


@on_both_databases
async def test_a_deadline_moved_by_a_pause_survives_a_ring_that_was_on_its_way(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals 6")
    bot.clock.forward(5 * 60)
    found = await due_timers(store, bot.clock() + 60)  # another process, whose clock is ahead
    await bot.hear("/pause")
    bot.clock.forward(30)
    await bot.hear("/resume")
    before = await rows(bot, "SELECT kind FROM timers ORDER BY kind")
    for timer in found:
        await bot.due.ring(timer)
    assert await rows(bot, "SELECT kind FROM timers ORDER BY kind") == before


async def test_an_answer_sent_before_the_deadline_is_not_taken_for_the_next_question(
    bot: Running, ticker: Ticker
) -> None:
    await bot.hear("/mock fundamentals strict 30")
    sent_at = bot.clock() + 60
    bot.clock.forward(24 * 3600)  # Telegram was out of reach meanwhile
    await ticker._ring_due()
    await bot.inbox.receive([Incoming("telegram:96", DM, ADA, sent_at, Said(CORE, "s96"))])
    await bot.settled()
    session = await bot.session()
    assert len(session.turns) == 2
    assert session.turn.text == ""


async def test_what_gathered_while_the_bot_was_away_is_no_flood(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    start = bot.clock()
    bot.clock.forward(3600)
    lines = [
        Incoming(f"telegram:{1000 + n}", DM, ADA, start + 30 * n, Said(f"line {n}", f"s{1000 + n}")) for n in range(100)
    ]
    await bot.inbox.receive(lines)
    await bot.settled()
    assert len((await bot.session()).turn.answers) == 100


async def test_a_batch_that_could_not_be_kept_is_not_counted_twice(bot: Running, database: Shaky) -> None:
    await bot.hear("/mock fundamentals")
    batch = [Incoming(f"telegram:{2000 + n}", DM, ADA, 0, Said(f"line {n}", f"s{2000 + n}")) for n in range(25)]
    database.away_for = 2
    for _ in range(3):
        try:
            await bot.inbox.receive(batch)
        except UnavailableError:
            continue
    await bot.settled()
    assert len((await bot.session()).turn.answers) == 25


def test_a_clock_set_back_shuts_nobody_out() -> None:
    turnstile = RateLimiter()
    incoming = Incoming("telegram:1", DM, ADA, 0, Said("x"))
    for minute in range(RateLimiter.A_PERSON):
        assert turnstile.allows(incoming, 1_800_000_000 + 60 * minute)
    assert turnstile.allows(incoming, 1_800_000_000)


async def test_a_clock_set_back_takes_no_time_from_a_candidate_who_returns(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    before = (await bot.session()).turn.due_at
    await bot.hear(Left())
    bot.clock.forward(-300)
    await bot.hear(CORE)
    assert (await bot.session()).turn.due_at == before


# Places that are lost, found and moved.


@on_both_databases
async def test_a_question_that_never_arrived_is_said_again_when_the_person_is_back(bot: Running) -> None:
    bot.platform.failing = [None, UnreachableError("Unblock me in Telegram and press Start.")]
    await bot.hear("/mock fundamentals")
    bot.clock.forward(20)
    await bot.hear("/start")
    assert any(message.tone is Tone.QUESTION for message in bot.platform.sent)


async def test_no_clock_runs_in_a_lost_place_after_a_restart(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals")
    await bot.hear(Left())
    await resume.go_on(store.heartbeat, bot.router.interviews, known(bot), 20)
    assert await due_timers(store, bot.clock() + 10**6, 10) == []


async def test_time_away_counts_once_although_topic_and_chat_were_lost(bot: Running) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    before = (await bot.session(TOPIC)).turn.due_at or 0
    await bot.hear(Left(), TOPIC)
    await bot.hear(Left(), "telegram:-6")
    bot.clock.forward(600)
    await bot.hear("/time", TOPIC)
    assert (await bot.session(TOPIC)).turn.due_at == before + 600


@on_both_databases
async def test_a_group_that_moves_onto_an_open_interview_does_not_talk_for_ever(bot: Running) -> None:
    await bot.hear("/mock fundamentals", GROUP)
    await bot.hear("/mock fundamentals", "telegram:-1005//7")
    post, posts = bot.platform.post, 0

    async def moved(part: object) -> str:
        nonlocal posts
        posts += 1
        if posts > 50:
            await asyncio.Event().wait()
        if part.place.startswith(_OLD):  # type: ignore[attr-defined]
            raise MovedError(_OLD, "telegram:-1005")
        return await post(part)  # type: ignore[arg-type]

    bot.platform.post = moved  # type: ignore[method-assign]
    await bot.inbox.receive([Incoming("telegram:97", GROUP, ADA, 0, Said("/time"), private=False)])
    await asyncio.sleep(0.5)
    await bot.delivery._queues.drained(0)
    assert posts < 10
    assert not any("database" in text for text in bot.platform.texts)


async def test_an_interview_whose_room_is_taken_is_refused_in_plain_words(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    bot.platform.rooms = {GROUP: DM}
    await bot.hear("/mock coding", GROUP)
    assert "database" not in bot.platform.texts[-1]
    assert bot.platform.texts[-1].startswith("An interview or a story of yours is still open")


# Things that come from another moment, or another person.


async def test_a_form_of_an_earlier_interview_does_not_answer_the_present_one(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    asked = bot.platform.sent[1]
    await bot.hear("/stop")
    await bot.hear("/mock coding")
    await bot.hear(Submitted(asked.session_id or 0, asked.mark, "about entropy"))
    assert (await bot.session()).turn.text == ""
    assert bot.platform.texts[-1] == replies.too_late("about entropy")


async def test_whoever_fills_in_somebody_elses_form_is_told(bot: Running) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    asked = bot.platform.sent[1]
    await bot.hear(Submitted(asked.session_id or 0, asked.mark, "I know it"), TOPIC, BOB)
    assert bot.platform.sent[-1].person == BOB


# Found in a second round.


async def test_a_full_minute_that_comes_again_passes_again(bot: Running, database: Shaky) -> None:
    await bot.hear("/mock fundamentals")
    bot.clock.forward(120)
    batch = [Incoming(f"telegram:{3000 + n}", DM, ADA, bot.clock(), Said(f"{n}", f"s{n}")) for n in range(60)]
    database.away_for = 1
    with suppress(UnavailableError):
        await bot.inbox.receive(batch)
    await bot.inbox.receive(batch)
    await bot.settled()
    assert len((await bot.session()).turn.answers) == 60


@on_both_databases
async def test_a_hundred_timers_that_break_do_not_stop_all_clocks(
    bot: Running, database: Shaky, ticker: Ticker
) -> None:
    await bot.hear("/mock fundamentals strict")
    for number in range(1000, 1100):
        await database.sql("INSERT INTO sessions (id, person, place, format, level, state, opened_at, snapshot) "
                        f"VALUES ({number}, 'x', 'telegram:{number}', '', 'mid', 'answering', 0, '{{}}')")  # fmt: skip
        await database.sql(f"INSERT INTO timers VALUES ({number}, 0, 'deadline', 'telegram:{number}', 1)")
    bot.clock.forward(24 * 3600)
    for _ in range(3):
        await ticker._ring_due()
    await bot.settled()
    assert any(replies.TIME_UP_STRICT in text for text in bot.platform.texts)


async def test_one_clock_that_breaks_in_the_rules_does_not_stop_all(
    bot: Running, ticker: Ticker, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung, ring = [], bot.due.ring

    async def breaking(timer: DueTimer) -> None:
        rung.append(timer.place)
        if timer.place == DM:
            raise KeyError
        await ring(timer)

    await bot.hear("/mock fundamentals strict")
    await bot.hear("/mock fundamentals strict", THEIRS, BOB, private=True)
    monkeypatch.setattr(bot.due, "ring", breaking)
    bot.clock.forward(24 * 3600)
    with suppress(KeyError):
        await ticker._ring_due()
    assert THEIRS in rung


@on_both_databases
async def test_a_row_that_is_there_already_is_no_sentence_for_a_chat(bot: Running, database: Shaky) -> None:
    await bot.hear("/mock fundamentals")
    await database.sql("INSERT INTO hints VALUES (1, 0, 1, 0)")
    await bot.hear("/hint")
    assert bot.platform.texts[-1] == replies.SOMETHING_BROKE


async def test_a_pool_that_is_used_up_is_a_database_that_is_away(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    small = SqlStore.on(PostgresqlDatabase(postgres_url, engine=engine))
    async with small.begin():
        with pytest.raises(StoreAwayError):
            await small.heartbeat.last_beat()
    await small.close()


@on_both_databases
async def test_a_transaction_that_is_cancelled_does_not_lock_out_the_next(url: str) -> None:
    other = SqlStore.on(database_of(url))
    for number in range(30):
        batch = [Incoming(f"telegram:{number}.{n}", DM, ADA, 0, Said("x")) for n in range(20)]
        task = asyncio.create_task(other.inbox.keep(batch, 0))
        await asyncio.sleep(number / 10_000)
        task.cancel()
        await asyncio.wait({task})
        await other.heartbeat.beat(number)
    await other.close()


async def test_after_the_network_hung_no_more_go_out_at_once_than_the_platform_takes(
    bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, begun, opened = asyncio.get_running_loop(), [], asyncio.Event()

    async def post(part: Message) -> str:
        begun.append(loop.time())
        await opened.wait()
        return f"m{part.id}"

    bot.platform._budgets = (Budget("all", 8, 0.2, one_chat=False),)
    monkeypatch.setattr(bot.platform, "post", post)
    await bot.delivery.deliver([Message(n, f"telegram:{n}", Tone.NOTICE, "x") for n in range(1, 41)])
    loop.call_later(1, opened.set)
    await bot.settled()
    assert max(sum(at <= other < at + 0.2 for other in begun) for at in begun) <= 8


async def test_a_candidate_hears_of_a_muted_group_once(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await bot.hear("/mock fundamentals", GROUP)
    post = bot.platform.post

    async def muted(part: Message) -> str:
        if part.place.startswith("telegram:-5"):
            raise UnreachableError(_MUTED)
        return await post(part)

    monkeypatch.setattr(bot.platform, "post", muted)
    await bot.hear("/time", GROUP)
    for _ in range(5):
        bot.clock.forward(61)
        await bot.hear("lunch?", "telegram:-5//8", BOB, addressed=False)
    assert sum(message.place == DM for message in bot.platform.sent) == 1


async def test_a_platform_that_gives_up_while_the_database_is_away_takes_no_other_down(
    bot: Running, database: Shaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> None:
        raise Refusal

    other = FakePlatform("discord")
    monkeypatch.setattr(other, "run", refused)
    supervisor = Supervisor({"discord": other, "telegram": bot.platform}, bot.router.units, ADA)
    database.away_for = 10
    await supervisor.supervise("discord")
    assert list(supervisor.members) == ["telegram"]


async def test_an_interview_left_alone_for_months_is_not_brought_up_at_each_restart(
    bot: Running, store: SqlStore
) -> None:
    await bot.hear("/mock fundamentals untimed")
    said = len(bot.platform.sent)
    for _ in range(3):
        bot.clock.forward(30 * 24 * 3600)
        await resume.go_on(store.heartbeat, bot.router.interviews, known(bot), 120)
        await bot.settled()
    assert len(bot.platform.sent) <= said + 2

"""Rows of what came in and what goes out, and everything about one person."""

import json
from collections.abc import AsyncIterator

import pytest
from by_hand import downgrade, sql, upgrade
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assembled import router_of
from bot.core.document import Bullets, Folded, Heading, Paragraph, Verbatim
from bot.core.effects import Say
from bot.core.events import Command
from bot.service.ports.incoming import Attached, Edited, Incoming, Left, Moved, Pressed, Said, Submitted, Unreadable
from bot.storage import SqlStore, migrate, open_store, tables
from bot.storage.records import Extras, dump, load
from fakes import FakeClock, FakeMessenger, said
from rows import due_timers, left_unsent
from sample_bank import CORE, sample_bank


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(database_url)
    yield opened
    await opened.close()


WORDS = st.text(max_size=30)
THINGS = st.one_of(
    st.builds(Said, WORDS, WORDS, WORDS),
    st.builds(Edited, WORDS, WORDS),
    st.builds(Pressed, st.integers(0, 9), WORDS, WORDS),
    st.builds(Submitted, st.integers(0, 9), WORDS, WORDS),
    st.builds(Attached, WORDS, WORDS, st.integers(0, 9), WORDS, WORDS, WORDS),
    st.builds(Unreadable, WORDS, WORDS),
    st.builds(Left),
    st.builds(Moved, WORDS, WORDS),
)
BLOCKS = st.one_of(
    st.builds(Heading, st.integers(1, 3), WORDS),
    st.builds(Paragraph, WORDS),
    st.builds(Bullets, st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)),
    st.builds(Verbatim, WORDS, WORDS),
    st.builds(Folded, WORDS, WORDS),
)


@given(THINGS)
def test_whatever_was_heard_comes_back_from_its_row_as_it_was(what) -> None:
    incoming = Incoming("telegram:1", "telegram:7", "telegram:7", 5, what, private=False, ticket="t")
    assert load(Incoming, dump(incoming)) == incoming


@given(st.lists(BLOCKS, max_size=5).map(tuple), st.sets(st.sampled_from(Command)).map(tuple))
def test_whatever_a_message_carries_comes_back_from_its_row_as_it_was(blocks, commands) -> None:
    extras = Extras(commands, blocks, "q1.0.0", 5, "report:1", "m3")
    assert load(Extras, dump(extras)) == extras


async def test_done_things_keep_their_key_for_a_while_and_not_their_words(store: SqlStore) -> None:
    incoming = Incoming("telegram:1", "telegram:7", "telegram:7", 5, Said("my words"))
    assert await store.inbox.keep([incoming, incoming], 100) == [incoming]
    async with store.begin() as transaction:
        assert await transaction.take("telegram:1", 100)
        assert not await transaction.take("telegram:1", 100)
    async with store.database.connected() as connection:
        assert (await connection.execute(select(tables.inbox.c.heard))).scalar() == ""
    assert await store.inbox.keep([incoming], 200) == []
    await store.heartbeat.beat(100 + 3 * 24 * 3600)
    assert await store.inbox.keep([incoming], 300) == [incoming]


async def test_an_export_holds_everything_about_a_person_and_nothing_about_others(store: SqlStore) -> None:
    router = router_of(store, sample_bank(), FakeMessenger(), FakeClock())
    for person in ("me", "you"):
        for line in ("/settings harvest on", "/mock fundamentals", f"{CORE} says {person}", "/hint", "/stop", "3"):
            await router.handle(said(line, person, person))
    file = await store.outbox.document("export:me")
    assert file
    kept = json.loads(file.content)
    assert kept["person"] == "me"
    assert [row["text"] for row in kept["answers"]] == [f"{CORE} says me"]
    assert {"sessions", "turns", "assessments", "debriefs", "hints", "self_ratings", "settings"} <= set(kept)
    assert "says you" not in file.content.decode()


async def test_what_is_forgotten_leaves_no_row_behind(store: SqlStore) -> None:
    router = router_of(store, sample_bank(), FakeMessenger(), FakeClock())
    for line in ("/settings harvest on", "/mock fundamentals", CORE, "/hint", "/stop", "3", "/mock coding"):
        await router.handle(said(line, "here", "me"))
    async with store.begin() as transaction:
        await transaction.forget("me")
    async with store.database.connected() as connection:
        for table in tables.metadata.sorted_tables:
            left = (await connection.execute(select(table))).rows
            assert not left or table.name in {"heartbeats", "inbox"}, table.name


@pytest.mark.parametrize(("person", "home"), [("telegram:7", "telegram:7"), ("discord:7", "discord:@7")])
async def test_that_somebody_could_not_be_reached_in_private_is_forgotten_too(
    store: SqlStore, person: str, home: str
) -> None:
    async with store.begin() as transaction:
        await transaction.mark_unreachable(home, 5)
        await transaction.forget(person)
    async with store.database.connected() as connection:
        assert list((await connection.execute(select(tables.unreachable))).rows) == []


async def test_a_moved_chat_takes_everything_along_and_its_namesakes_stay(store: SqlStore) -> None:
    router = router_of(store, sample_bank(), FakeMessenger(), FakeClock())
    await router.handle(said("/mock fundamentals", "telegram:-5//7", "telegram:7"))
    await router.handle(said("/mock fundamentals", "telegram:-55", "telegram:8"))
    async with store.begin() as transaction:
        await transaction.say("telegram:-5", Say("for all"), 1)
        await transaction.move("telegram:-5", "telegram:-1005", 1)
    assert await store.heartbeat.running() == ["telegram:-1005//7", "telegram:-55"]
    assert {timer.place for timer in await due_timers(store, 2**40, 10)} == {"telegram:-1005//7", "telegram:-55"}
    assert "telegram:-1005" in {message.place for message in await left_unsent(store)}


async def test_a_database_of_the_terminal_is_brought_along_to_platforms(empty_database_url: str) -> None:
    await upgrade(empty_database_url, "0002")
    hello = "INSERT INTO outbox (place, tone, text, choices, created_at) VALUES ('here', 'notice', 'hello', '[]', 1)"
    await sql(empty_database_url, hello)
    await migrate(empty_database_url)
    store = await open_store(empty_database_url)
    (message,) = await left_unsent(store)
    assert (message.text, message.private, message.commands) == ("hello", False, ())
    await store.close()
    await downgrade(empty_database_url, "0002")
    assert await sql(empty_database_url, "SELECT text FROM outbox") == [("hello",)]

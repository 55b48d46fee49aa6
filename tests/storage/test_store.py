"""What the record holds after an interview on a real database."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from assembled import router_of
from bot.core.session import Format, Session, Setup
from bot.storage import SqlStore, StoreError, open_store, tables
from bot.storage.records import dump, load
from fakes import FakeClock, FakeMessenger, said
from playing import started
from sample_bank import CORE, FULL_ANSWER, WRONG, sample_bank

ODD = "emoji \U0001f9d1\u200d\U0001f4bb, right-to-left \u202eabc, zero-width \u200b, quote ' and ; DROP TABLE answers"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(database_url)
    yield opened
    await opened.close()


async def rows(store: SqlStore, table: str) -> list:
    async with store.database.connected() as connection:
        its = tables.metadata.tables[table]
        return list((await connection.execute(select(its).order_by(*its.primary_key))).rows)


async def test_everything_said_scored_and_asked_is_on_record(store: SqlStore) -> None:
    clock = FakeClock()
    router = router_of(store, sample_bank(), FakeMessenger(), clock)
    for line in (
        "/mock fundamentals",
        "Is it discrete or continuous?",
        "/hint",
        ODD,
        CORE,
        "/done",
        "/skip",
        "/stop",
        "2",
    ):
        await router.handle(said(line, "here", "me"))
    (session,) = await rows(store, "sessions")
    assert (session.format, session.state, session.ended_at) == ("fundamentals", "finished", clock())
    assert session.verdict == "not enough evidence"
    assert [row.text for row in await rows(store, "answers")] == [ODD, CORE]
    assert [row.fact_id for row in await rows(store, "facts_asked")] == ["discrete"]
    assert [row.rung for row in await rows(store, "hints")] == [1]
    assert [row.rating for row in await rows(store, "self_ratings")] == [2]
    assert [(row.turn, row.outcome) for row in await rows(store, "turns")] == [(0, "answered"), (1, "stopped")]
    assert {row.bank_version for row in await rows(store, "turns")} == {3}
    (scored,) = await rows(store, "assessments")
    assert 0 < scored.score < 1
    assert len(await rows(store, "questions_seen")) == 2
    assert await rows(store, "timers") == []
    assert all(row.sent_at for row in await rows(store, "outbox"))
    async with store.begin() as transaction:
        assert (await transaction.debrief("me", None)).self_rating == 2


async def test_a_character_no_text_of_postgresql_may_hold_costs_no_answer(store: SqlStore) -> None:
    router = router_of(store, sample_bank(), FakeMessenger(), FakeClock())
    for line in ("/mock fundamentals", "It is\0 discrete."):
        await router.handle(said(line, "here", "me"))
    assert [row.text.replace("\0", "") for row in await rows(store, "answers")] == ["It is discrete."]


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**70])
async def test_a_forged_number_belongs_to_nothing(store: SqlStore, number: int) -> None:
    async with store.begin() as transaction:
        assert await transaction.session(number) is None
        assert await transaction.candidate_of(number) is None
        assert await transaction.daily.prompt(number) is None


async def test_a_second_open_interview_in_a_place_is_impossible(store: SqlStore) -> None:
    async with store.begin() as transaction:
        await transaction.new_session("me", "here", "here", Setup(), 1)
    with pytest.raises(StoreError):
        async with store.begin() as transaction:
            await transaction.new_session("you", "here", "here", Setup(), 2)


@pytest.mark.parametrize("harvest", ["off", "on"])
async def test_an_answer_that_met_nothing_is_kept_for_authors_only_with_consent(store: SqlStore, harvest: str) -> None:
    router = router_of(store, sample_bank(), FakeMessenger(), FakeClock())
    nothing = "Bananas ripen faster in a paper bag beside an apple, as my grandmother told me long ago."
    for line in (f"/settings harvest {harvest}", "/mock fundamentals", nothing, "/done", "/skip", "/stop", "2"):
        await router.handle(said(line, "here", "me"))
    assert [text for _, text in await store.unmatched()] == ([nothing] if harvest == "on" else [])
    assert (await rows(store, "turns"))[0].outcome == "answered"


async def test_whoever_waits_for_other_processes_to_write_has_its_turn_soon(sqlite_url: str) -> None:
    stores = [await open_store(sqlite_url) for _ in range(3)]
    waits: list[int] = []  # how many transactions went before, for each

    async def busy(store: SqlStore) -> None:
        for _ in range(300):  # who has the lock next is chance; that somebody loses so often is none
            asked = len(waits)
            async with store.begin() as transaction:
                waits.append(len(waits) - asked)
                await transaction.set_setting("me", "level", "mid")
                await asyncio.sleep(0.001)

    await asyncio.gather(*map(busy, stores))
    assert max(waits) < 0.5 * len(waits)
    for store in stores:
        await store.close()


async def test_a_transaction_that_fails_leaves_nothing_behind(store: SqlStore) -> None:
    play = started()
    with pytest.raises(RuntimeError):
        async with store.begin() as transaction:
            session = await transaction.new_session("me", "here", "here", Setup(Format.CODING), 1)
            await transaction.save(session, play.records, 1)
            raise RuntimeError
    async with store.database.connected() as connection:
        for table in tables.metadata.sorted_tables:
            assert (await connection.execute(select(func.count()).select_from(table))).scalar() == 0


@given(st.text(max_size=200), st.sampled_from([WRONG, FULL_ANSWER]))
def test_a_session_survives_being_written_and_read(text: str, answer: str) -> None:
    play = started(Format.FUNDAMENTALS)
    play.send("/hint", answer, "/done", answer)
    if text.strip() and not text.strip().startswith("/"):
        play.send(text)
    assert load(Session, dump(play.session)) == play.session

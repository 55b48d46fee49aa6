"""Sessions that are kept beside their text are those that the text holds."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from assembled import router_of
from bot.core.session import Format, Session, Setup
from bot.storage import SqlStore, tables
from bot.storage.records import Snapshots, dump, load
from fakes import FakeClock, FakeMessenger, said
from sample_bank import CORE, FULL_ANSWER, UNIFORM, sample_bank

HERE, ME = "console:here", "console:me"
LINES = ("/mock fundamentals", CORE, UNIFORM, "/time", "/hint", "/done", "/skip", FULL_ANSWER, "/done", "/pause")


def session_in(place: str, person: str = ME) -> Session:
    return Session(1, person, place, Setup(Format.FUNDAMENTALS), 10)


async def snapshot_of(store: SqlStore) -> str:
    async with store.database.connected() as connection:
        return str((await connection.execute(select(tables.sessions.c.snapshot))).scalar())


@pytest.mark.parametrize(
    "begun_with", ["/mock fundamentals", "/mock behavioral", "/mock system-design", "/mock coding"]
)
async def test_what_is_kept_equals_what_its_text_is_decoded_to(sqlite_store: SqlStore, begun_with: str) -> None:
    router = router_of(sqlite_store, sample_bank(), FakeMessenger(), FakeClock())
    for line in (begun_with, *LINES[1:]):
        await router.handle(said(line, HERE, ME))
        text = await snapshot_of(sqlite_store)
        kept_text, kept = sqlite_store.snapshots._kept[HERE]
        assert kept_text == text
        assert kept == load(Session, text)
        assert sqlite_store.snapshots.read(HERE, text) is kept


async def test_what_another_process_wrote_is_decoded_anew(sqlite_store: SqlStore) -> None:
    router = router_of(sqlite_store, sample_bank(), FakeMessenger(), FakeClock())
    await router.handle(said("/mock fundamentals", HERE, ME))
    changed = replace(load(Session, await snapshot_of(sqlite_store)), opened_at=5)
    async with sqlite_store.database.connected() as connection:
        await connection.execute(update(tables.sessions).values(snapshot=dump(changed)))
    assert await router.interviews.session(HERE) == changed


async def test_what_was_rolled_back_is_not_read(sqlite_store: SqlStore) -> None:
    router = router_of(sqlite_store, sample_bank(), FakeMessenger(), FakeClock())
    await router.handle(said("/mock fundamentals", HERE, ME))
    before = await router.interviews.session(HERE)
    assert before
    with pytest.raises(KeyError):
        async with sqlite_store.begin() as transaction:
            await transaction.save(replace(before, opened_at=5), [], 5)
            raise KeyError
    assert await router.interviews.session(HERE) == before


async def test_nothing_of_a_forgotten_person_is_kept(sqlite_store: SqlStore) -> None:
    router = router_of(sqlite_store, sample_bank(), FakeMessenger(), FakeClock())
    for place, person in ((HERE, ME), ("console:there", "console:you")):
        await router.handle(said("/mock fundamentals", place, person))
    async with sqlite_store.begin() as transaction:
        await transaction.forget(ME)
    assert list(sqlite_store.snapshots._kept) == ["console:there"]


def test_a_session_that_has_ended_is_not_kept() -> None:
    snapshots, session = Snapshots(), session_in(HERE)
    snapshots.keep(session, dump(session))
    ended = replace(session, ended_at=20)
    snapshots.keep(ended, dump(ended))
    assert not snapshots._kept
    assert snapshots._size == 0


def test_there_is_a_limit_and_the_oldest_go_first() -> None:
    sessions = [session_in(f"console:{number}") for number in range(10)]
    texts = [dump(session) for session in sessions]
    snapshots = Snapshots(most=3 * len(texts[0]))
    for session, text in zip(sessions, texts, strict=True):
        snapshots.keep(session, text)
    assert list(snapshots._kept) == [session.place for session in sessions[-3:]]
    assert snapshots._size == sum(map(len, texts[-3:]))

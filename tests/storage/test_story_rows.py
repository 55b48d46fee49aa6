"""A person's bank of stories in the database."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from by_hand import downgrade, sql, upgrade
from sqlalchemy import select

from bot.core.commands import story_commands
from bot.core.effects import (
    Effect,
    RecordAnswer,
    RecordStory,
    RecordStoryRating,
    RecordTold,
    RecordTurn,
    Say,
)
from bot.core.session import Format, OwnStory, Rehearsal, RehearsalKind, Session, Setup, State
from bot.core.stories import Rating, Story, Told, Version
from bot.service.ports.store import Transaction
from bot.storage import SqlStore, migrate, open_store, tables
from bot.storage.opening import REVISIONS

ME, YOU = "telegram:1", "telegram:2"
OUTAGE = "The shop was down. I rolled it back."
ODD = "Café \U0001f9d1\u200d\U0001f4bb; DROP TABLE stories"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(database_url)
    yield opened
    await opened.close()


def rehearsal(number: int, competency: str = "ownership") -> Rehearsal:
    return Rehearsal(
        RehearsalKind.TELL, competency, "Ownership", "Tell me about a time", "initiative", "a team", (), number
    )


async def opened(transaction: Transaction, number: int = 1, person: str = ME, place: str = "") -> Session:
    """A rehearsal that is open."""
    here = place or person
    session = await transaction.new_session(person, here, here, Setup(), 10, rehearsal(number))
    session = replace(session, state=State.TELLING)
    await transaction.save(session, [], 10)
    return session


async def over(transaction: Transaction, session: Session, now: int) -> None:
    """The session has ended."""
    await transaction.save(replace(session, state=State.FINISHED, ended_at=now), [], now)


async def write(store: SqlStore, *effects: Effect, person: str = ME, now: int = 100) -> Session:
    """A rehearsal in which this was recorded, and which is over."""
    async with store.begin() as transaction:
        session = await opened(transaction, person=person)
        await transaction.save(session, effects, now)
        await over(transaction, session, now)
    return session


def told(number: int, title: str = "The outage", text: str = OUTAGE) -> tuple[Effect, ...]:
    """A new story that was written and told at once."""
    return RecordStory(number, title, text, ("ownership",), is_new=True), RecordTold(number, "ownership", 8, 60)


async def all_of(store: SqlStore, person: str = ME) -> list[Story]:
    async with store.begin() as transaction:
        return await transaction.stories.all(person)


async def test_a_bank_is_empty_at_first(store: SqlStore) -> None:
    async with store.begin() as transaction:
        assert await transaction.stories.all(ME) == []
        assert story_commands.own(await transaction.stories.all(ME)) == ()
        assert await transaction.stories.next_number(ME) == 1
        assert await transaction.stories.asked(ME) == []


async def test_a_story_has_all_that_was_written_rated_and_told(store: SqlStore) -> None:
    await write(store, *told(1, ODD, ODD), RecordStoryRating(1, 2, 3, before=True), now=100)
    await write(store, RecordStoryRating(1, 4, 5, before=False), now=150)
    again = RecordStory(1, "", "Better.", ("ownership", "conflict"), is_new=False)
    await write(store, again, RecordTold(1, "conflict", 1, 5), now=200)
    story = Story(
        "1", ODD, ("ownership", "conflict"), (Version(ODD, 100), Version("Better.", 200)),
        (Rating(2, 3, 100), Rating(4, 5, 150)), Told(2, 200),
    )  # fmt: skip
    assert await all_of(store) == [story]
    assert story_commands.own(await all_of(store)) == (OwnStory(1, ODD, "Better.", 2, ("ownership", "conflict")),)


async def test_stories_come_by_number_and_belong_to_one_person(store: SqlStore) -> None:
    for number in (2, 10, 1):
        await write(store, *told(number, f"mine {number}"))
    await write(store, *told(1, "yours"), person=YOU)
    assert [(one.id, one.title) for one in await all_of(store)] == [("1", "mine 1"), ("2", "mine 2"), ("10", "mine 10")]
    assert [one.title for one in await all_of(store, YOU)] == ["yours"]
    assert [one.number for one in story_commands.own(await all_of(store))] == [1, 2, 10]


async def test_an_interview_takes_along_the_beginning_of_a_long_story_only(store: SqlStore) -> None:
    await write(store, RecordStory(1, "long", "word " * 500, (), is_new=True))
    (own,) = story_commands.own(await all_of(store))
    assert (len(own.text), own.times) == (1200, 0)
    assert len((await all_of(store))[0].versions[0].text) == 2500


async def test_a_story_can_be_tagged_and_renamed_and_keeps_its_name_when_it_is_written_again(store: SqlStore) -> None:
    await write(store, *told(1), *told(2, "Another"))
    async with store.begin() as transaction:
        await transaction.stories.tag(ME, 1, ["conflict", "failure"])
        await transaction.stories.rename(ME, 1, "The long night")
    await write(store, RecordStory(1, "The outage", "Again.", ("conflict",), is_new=False))
    (first, second) = await all_of(store)
    assert (first.title, first.competencies, first.versions[-1].text) == ("The long night", ("conflict",), "Again.")
    assert (second.title, second.competencies) == ("Another", ("ownership",))


async def test_the_number_of_a_deleted_story_is_never_used_again(store: SqlStore) -> None:
    for number in (1, 2, 3):
        await write(store, *told(number), person=ME)
    for number in (3, 1):
        async with store.begin() as transaction:
            await transaction.stories.delete(ME, number)
    assert [one.id for one in await all_of(store)] == ["2"]
    async with store.begin() as transaction:
        assert await transaction.stories.next_number(ME) == 4
        await transaction.stories.delete(ME, 2)
    async with store.begin() as transaction:
        assert await transaction.stories.next_number(ME) == 4
        assert await transaction.stories.next_number(YOU) == 1
        await transaction.forget(ME)
        assert await transaction.stories.next_number(ME) == 1


async def test_two_rehearsals_at_once_get_different_numbers(store: SqlStore) -> None:
    async with store.begin() as transaction:
        session = await opened(transaction, await transaction.stories.next_number(ME))
        assert await transaction.stories.next_number(ME) == 2
        assert await transaction.stories.next_number(YOU) == 1
        await over(transaction, session, 20)
        assert await transaction.stories.next_number(ME) == 1


async def test_a_new_story_under_a_taken_number_loses_nothing(store: SqlStore) -> None:
    await write(store, *told(1))
    await write(store, *told(1, "Another", "Another text."))
    (story,) = await all_of(store)
    assert (story.title, [one.text for one in story.versions]) == ("The outage", [OUTAGE, "Another text."])


async def test_what_is_recorded_about_a_story_that_was_deleted_meanwhile_is_left_out(store: SqlStore) -> None:
    await write(store, *told(1))
    async with store.begin() as transaction:
        await transaction.stories.delete(ME, 1)
    again = RecordStory(1, "The outage", OUTAGE, (), is_new=False)
    await write(store, again, RecordTold(1, "ownership", 8, 60), RecordStoryRating(1, 3, 3, before=True))
    assert await all_of(store) == []


async def test_what_was_asked_comes_as_often_as_it_was_asked_and_the_latest_last(store: SqlStore) -> None:
    for now, asked in enumerate(("ownership", "conflict", "", "failure", "ownership"), 1):
        await write(store, RecordTurn(0, f"star:{asked}", 0, "", 0, ""), now=now)
    await write(store, RecordTurn(0, "entropy", 1, "bank", 1, ""), RecordTurn(1, "starling", 1, "bank", 1, ""), now=9)
    async with store.begin() as transaction:
        assert await transaction.stories.asked(ME) == ["conflict", "failure", "ownership", "ownership"]


async def test_a_rehearsal_is_no_interview(store: SqlStore) -> None:
    async with store.begin() as transaction:
        await opened(transaction)
        await transaction.new_session(ME, "elsewhere", "elsewhere", Setup(Format.CODING), 10)
        assert [past.format for past in await transaction.sessions_of(ME, 5)] == ["coding"]
        assert await transaction.started_since(ME, 0) == 1
        assert await transaction.started_in(ME, 0) == 0


@pytest.mark.parametrize(
    ("state", "is_asking"),
    [(State.TELLING, True), (State.FOLLOWING_UP, True), (State.APPRAISING, False), (State.PAUSED, False)],
)
async def test_a_story_that_is_told_is_an_open_question(store: SqlStore, state: State, is_asking: bool) -> None:  # noqa: FBT001 - a row of the table above
    async with store.begin() as transaction:
        await transaction.save(replace(await opened(transaction), state=state), [], 11)
    assert await store.heartbeat.running() == [ME] * is_asking


async def test_a_transaction_that_fails_leaves_the_bank_as_it_was(store: SqlStore) -> None:
    await write(store, *told(1))
    before = await all_of(store)
    with pytest.raises(RuntimeError):
        async with store.begin() as transaction:
            await transaction.stories.rename(ME, 1, "x")
            await transaction.save(await opened(transaction), told(2), 300)
            raise RuntimeError
    assert await all_of(store) == before


async def test_a_rehearsal_is_read_as_it_was_written(store: SqlStore) -> None:
    async with store.begin() as transaction:
        session = await opened(transaction, 7)
        assert await transaction.open_session(ME) == session


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
async def test_a_number_no_story_can_have_belongs_to_nothing(store: SqlStore, number: int) -> None:
    await write(store, *told(1))
    before = await all_of(store)
    async with store.begin() as transaction:
        await transaction.stories.tag(ME, number, ["x"])
        await transaction.stories.rename(ME, number, "x")
        await transaction.stories.delete(ME, number)
    assert await all_of(store) == before


async def rows_with(store: SqlStore, words: str) -> list[str]:
    """The tables in which some text holds these words."""
    found = []
    async with store.database.connected() as connection:
        for table in tables.metadata.sorted_tables:
            rows = (await connection.execute(select(table))).rows
            found += [table.name for row in rows if words in repr(row)]
    return found


async def test_a_deleted_story_leaves_no_word_behind_and_touches_nothing_else(store: SqlStore) -> None:
    said = (RecordTurn(0, "star:ownership", 0, "", 0, ""), RecordAnswer(0, 0, OUTAGE), Say(f"You said: {OUTAGE}"))
    session = await write(store, *said, *told(1))
    await write(store, *told(2, "Another", "Another text."))
    assert set(await rows_with(store, OUTAGE)) == {"answers", "outbox", "story_versions"}
    async with store.begin() as transaction:
        await transaction.stories.delete(ME, 1)
        assert await transaction.session(session.id) is None
        assert await transaction.stories.asked(ME) == ["ownership"]
    assert await rows_with(store, OUTAGE) == []
    assert [one.title for one in await all_of(store)] == ["Another"]


async def test_deleting_a_story_leaves_the_mock_it_was_told_in_and_an_open_rehearsal(store: SqlStore) -> None:
    async with store.begin() as transaction:
        mock = await transaction.new_session(ME, "a", "a", Setup(Format.BEHAVIORAL), 1)
        await transaction.save(mock, [*told(1), RecordAnswer(0, 0, OUTAGE)], 2)
        await over(transaction, mock, 3)
        rehearsing = await opened(transaction)
        await transaction.save(rehearsing, [RecordTold(1, "ownership", 8, 60)], 4)
        await transaction.stories.delete(ME, 1)
        assert await transaction.session(mock.id) is not None
        assert await transaction.open_session(ME) == rehearsing


async def test_all_about_stories_can_be_read_in_what_a_person_asks_for(store: SqlStore) -> None:
    await write(store, *told(1), RecordStoryRating(1, 4, 5, before=True))
    await write(store, *told(1, "yours", "Your text."), person=YOU)
    file = await store.outbox.document(f"export:{ME}")
    assert file
    kept = json.loads(file.content)
    (story,) = kept["stories"]
    assert (story["title"], story["competencies"]) == ("The outage", ["ownership"])
    assert [row["text"] for row in kept["story_versions"]] == [OUTAGE]
    assert [(row["clarity"], row["impact"], row["before"]) for row in kept["story_ratings"]] == [(4, 5, True)]
    assert [(row["words"], row["seconds"]) for row in kept["tellings"]] == [(8, 60)]
    assert "Your text." not in file.content.decode()


async def test_a_forgotten_person_has_no_story_and_others_keep_theirs(store: SqlStore) -> None:
    await write(store, *told(1), *told(2), RecordStoryRating(1, 4, 5, before=True))
    await write(store, *told(1, "yours"), person=YOU)
    async with store.begin() as transaction:
        await transaction.stories.delete(ME, 2)
        await transaction.forget(ME)
    assert [one.title for one in await all_of(store, YOU)] == ["yours"]
    assert await rows_with(store, f"'{ME}'") == []


async def test_an_older_database_keeps_what_is_in_it_on_the_way_up_and_down(empty_database_url: str) -> None:
    url = empty_database_url
    await upgrade(url, "0005")
    await sql(
        url,
        "INSERT INTO sessions (id, person, place, format, level, state, opened_at, snapshot) "
        "VALUES (7, 'telegram:1', 'here', 'coding', 'mid', 'finished', 1, '{}')",
        "INSERT INTO answers (session_id, turn, probe, text, at) VALUES (7, 0, 0, 'kept', 1)",
        "INSERT INTO questions_seen VALUES ('telegram:1', 'starling', 1, 1)",
        "INSERT INTO settings VALUES ('telegram:1', 'level', 'senior')",
    )
    before = await content(url)
    assert await migrate(url) == ("0005", REVISIONS[-1])
    store = await open_store(url)
    said = (RecordTurn(0, "star:ownership", 0, "", 0, ""), RecordAnswer(0, 0, OUTAGE), Say("Thank you."))
    await write(store, *said, *told(1), *told(2))
    async with store.begin() as transaction:
        await transaction.stories.delete(ME, 2)
        await opened(transaction, 3)
    await store.close()
    await downgrade(url, "0005")
    assert await content(url) == before


async def content(url: str) -> dict[str, list]:
    """What the tables hold that were there before stories."""
    names = ("sessions", "turns", "answers", "outbox", "questions_seen", "settings", "timers")
    return {name: await sql(url, f"SELECT * FROM {name}") for name in names}

"""`/star` on Discord, from the first story to the last order: the real service and a database file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from discord_rig import Person, Town, labels, program, shown

from bot.adapters.discord import failures, rooms
from bot.core.session import State
from bot.core.text import rehearsal_text, story_text
from sample_stories import CHECKOUT, OF_CHECKOUT, OF_REPORTS, REPORTS, SECTIONS

pytestmark = pytest.mark.simcord(shard_count=1, settle_timeout=30)
MOST_TURNS = 30
REPLIES = ("I would set the alarm first.", "My manager would rather have waited.", "It was 10 % and is 0.2 % now.")


@pytest.fixture
async def running(tmp_path):
    async with program(tmp_path) as running:
        yield running


@pytest.fixture
def simcord_bot(running):
    return running.now.platform.client


@pytest.fixture
def town(simcord_env, running):
    return Town(simcord_env, running)


async def rehearses(person: Person, line: str, *texts: str) -> str:
    """Give an order in direct messages, and go through its rehearsal by typing; the last words."""
    await person.type(f"/star {line}".strip())
    return await tells(person, *texts)


async def tells(person: Person, *texts: str) -> str:
    """Tell a story in these messages, rate it, leave out what else is asked; the last words."""
    following = iter(texts)
    for _ in range(MOST_TURNS):
        if await is_done(person, following):
            return person.texts()[-1]
    raise AssertionError(person.texts()[-1])


async def is_done(person: Person, following: Iterator[str]) -> bool:
    """Do what is asked next; whether nothing is."""
    asked = person.sees()[-1]
    if "is in your bank" in asked.content:
        return True
    if "5" in labels(asked):
        await person.press(person.dm, "4")
    elif asked.content == rehearsal_text.NOTED:
        await person.press(person.dm, "Done")
    else:
        await person.type(next(following, "/skip"))
    return False


async def orders(person: Person, line: str) -> str:
    """What is said in direct messages to an order."""
    before = len(person.sees())
    await person.type(f"/star {line}".strip())
    return "\n".join(shown(message) for message in person.sees()[before:])


async def test_a_first_story_is_asked_for_in_five_steps_probed_and_kept(town):
    last = await rehearses(town.ada, "", *SECTIONS, *REPLIES)
    assert last.startswith("Story 1, Last May our checkout failed")
    asked = town.ada.texts()
    for section in ("Task: ", "Action: ", "Result: ", "Learning: "):
        assert any(text.startswith(section) for text in asked)
    assert any("Story 1, " in (message.embeds[0].title or "") for message in town.ada.sees() if message.embeds)
    words = await orders(town.ada, "show 1")
    assert all(section in words for section in SECTIONS)


async def test_a_story_is_told_with_forms_and_buttons_alone(town):
    await rehearses(town.ada, "", *SECTIONS)
    await town.ada.member.user.slash("star", what="conflict")
    assert labels(town.ada.sees()[-1]) == ["Answer", "Done", "Hint", "Skip", "Stop"]
    await town.ada.fill(town.ada.dm, REPORTS)
    await town.ada.press(town.ada.dm, "Done")
    rating = town.ada.sees()[-1]
    assert labels(rating) == ["1", "2", "3", "4", "5"]
    await town.ada.press(town.ada.dm, "4")
    await town.ada.press(town.ada.dm, "3")
    assert {"Answer", "Skip", "Done", "Stop"} <= set(labels(town.ada.sees()[-1]))
    await town.ada.press(town.ada.dm, "Done")
    assert town.ada.sees()[-2].embeds
    for label in ("5", "4"):
        await town.ada.press(town.ada.dm, label)
    assert "Story 2, " in town.ada.texts()[-1]


async def test_a_story_is_practised_edited_tagged_named_and_deleted(town):
    await rehearses(town.ada, "", *SECTIONS)
    await rehearses(town.ada, "practice 1", CHECKOUT)
    assert any("Kept as a new version of story 1" in text for text in town.ada.texts())
    await rehearses(town.ada, "edit 1", "Result: Failures fell from 10 % to 0.1 %.")
    assert "0.1 %" in await orders(town.ada, "show 1")
    assert "conflict" in await orders(town.ada, "tag 1 ownership, conflict")
    assert await orders(town.ada, "name 1 The dry pool") == story_text.named(1, "The dry pool")
    assert "The dry pool" in await orders(town.ada, "list")
    assert "Send /star delete 1 yes" in await orders(town.ada, "delete 1")
    assert await orders(town.ada, "delete 1 yes") == story_text.deleted(1)
    assert await orders(town.ada, "list") == story_text.EMPTY_BANK


@pytest.mark.parametrize(("line", "says"), [("grid", "1 of 20 competencies"), ("grid amazon", "Customer Obsession")])
async def test_the_grid_is_a_text_with_a_picture_that_the_text_describes(town, line, says):
    await rehearses(town.ada, "", *SECTIONS)
    told = (await town.ada.member.slash(town.channel, "star", what=line)).response
    assert told.ephemeral
    assert says in told.content
    (picture,) = told.message.attachments
    assert picture.filename == "stories.png"
    assert picture.description
    assert told.content.startswith(picture.description[:40])
    assert (await picture.read()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("help", "Your stories are yours alone"),
        ("companies", "Amazon: Leadership Principles, 16 in all"),
        ("list", "Your bank is empty"),
        ("show 7", "You have no story 7"),
        ("practice", "needs the number of a story"),
        ("owenrship", "Did you mean ownership?"),
    ],
)
async def test_orders_in_a_channel_are_answered_for_the_persons_eyes_only(town, line, says):
    told = (await town.ada.member.slash(town.channel, "star", what=line)).response
    assert told.ephemeral
    assert says in told.content
    assert not town.bob.sees(town.channel)


async def test_from_a_channel_a_rehearsal_opens_in_direct_messages(town):
    told = (await town.ada.member.slash(town.channel, "star")).response
    assert (told.content, told.ephemeral) == (story_text.IN_PRIVATE, True)
    assert town.ada.texts()[0] == rooms.STORIES_RUN_HERE
    assert (await town.session(town.ada.dm)).state is State.TELLING
    assert not town.channel.threads
    assert not town.bob.sees(town.channel)


async def test_who_closed_their_direct_messages_is_told_how_to_open_them(town):
    closed = f"/channels/{town.ada.dm.id}/messages"
    town.env.inject_error("POST", closed, status=403, code=50007, times=None)
    told = (await town.ada.member.slash(town.channel, "star")).response
    assert (told.content, told.ephemeral) == (failures.OPEN_DIRECT_MESSAGES, True)


async def test_two_people_rehearse_at_once_on_one_server_without_a_word_of_either_on_it(town):
    for person in (town.ada, town.bob):
        await person.member.slash(town.channel, "star")
    of_ada, of_bob = iter((*SECTIONS, *REPLIES)), iter(REPORTS.split(". "))
    for _ in range(MOST_TURNS):
        if await is_done(town.ada, of_ada) & await is_done(town.bob, of_bob):
            break
    for line in ("list", "show 1", "grid", "tag 1 ownership", "name 1 A secret", "companies", "help", "delete 1"):
        for person in (town.ada, town.bob):
            assert (await person.member.slash(town.channel, "star", what=line)).response.ephemeral, line
    assert not town.eve.sees(town.channel)
    assert not town.channel.threads
    assert was_told(town.ada, *OF_CHECKOUT)
    assert was_told(town.bob, *OF_REPORTS)
    assert not was_told(town.ada, "disagreed about moving")
    assert not was_told(town.bob, "checkout")


def was_told(person: Person, *words: str) -> bool:
    """Whether a person was shown all these words in direct messages."""
    told = "\n".join(shown(message) for message in person.sees())
    return all(word in told for word in words)


async def test_a_story_is_read_in_a_channel_only_once_its_person_shares_it(town):
    await rehearses(town.ada, "", *SECTIONS)
    await town.ada.member.slash(town.channel, "star", what="share 1")
    told = "\n".join(shown(message) for message in town.bob.sees(town.channel))
    assert all(section in told for section in SECTIONS)


async def test_a_restart_in_the_middle_of_a_story_loses_no_word_of_it(town):
    await town.ada.type("/star", *SECTIONS[:2])
    await town.restart(away=3600)
    assert "Welcome back" in town.ada.texts()[-1] or "Welcome back" in town.ada.texts()[-2]
    await tells(town.ada, *SECTIONS[2:], REPLIES[0])
    words = await orders(town.ada, "show 1")
    assert all(section in words for section in SECTIONS)


@pytest.mark.parametrize(
    ("name", "more", "kind"), [("me.png", {}, "photo"), ("me.ogg", {"duration_secs": 3.2, "waveform": "AAAA"}, "voice")]
)
async def test_what_is_no_text_gets_a_kind_word_while_a_story_is_told(town, name, more, kind):
    await town.ada.type("/star")
    (file,) = town.env.backend.store_attachments(town.ada.dm.id, [(name, b"1")])
    await town.ada.member.user.send_dm("", attachments=[{**file, **more}])
    assert town.ada.texts()[-1].startswith(f"I cannot take in {kind}")
    assert (await town.ada.type(SECTIONS[0])).startswith("Task: ")

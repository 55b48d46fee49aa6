"""`/star` on Telegram, from the first story to the last order: the real parts on a strict Bot API server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram_people import Interviewee, program

from bot.adapters.telegram.platform import ANSWERED_IN_PRIVATE, FOR_YOU_ALONE
from bot.core.text import rehearsal_text, replies, story_text
from botapi import BotApi, Chat, Sent, User
from sample_stories import CHECKOUT, OF_CHECKOUT, OF_REPORTS, REPORTS, SECTIONS, shipped_catalogue

REPLIES = ("I would set the alarm first.", "My manager would rather have waited.", "It was 10 % and is 0.2 % now.")


class Storyteller(Interviewee):
    """Somebody who tells stories to the bot in private, perhaps after asking for it elsewhere."""

    def __init__(self, server: BotApi, who: User, chat: Chat | None = None) -> None:
        super().__init__(server, who, chat or server.private(who))

    async def orders(self, line: str) -> Sent:
        """Give an order; what the bot says to it."""
        await self.says(f"/star {line}".strip())
        return await self.next()

    async def rehearses(self, line: str, *texts: str) -> str:
        """Give an order that begins a rehearsal, and go through it; the last words."""
        await self.says(f"/star {line}".strip())
        return await self.tells(*texts)

    async def tells(self, *texts: str) -> str:
        """Tell a story in these messages, rate it, leave out what else is asked; the last words."""
        following = iter(texts)
        while "is in your bank" not in (message := await self.next()).text:
            if message.text == rehearsal_text.NOTED:
                await self.presses(message, "Done")
            elif "5" in message.labels:
                await self.presses(message, "4")
            elif "Skip" in message.labels:
                await self.says(next(following, "/skip"))
        return message.text


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def database(server: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    async with program(server, tmp_path, monkeypatch, shipped_catalogue()) as database:
        yield database
    assert [m.mentions for chat in server.chats.values() for m in chat.messages if m.mentions] == []


@pytest.fixture
def ada(server: BotApi, database: Path) -> Storyteller:  # noqa: ARG001 - the program runs
    return Storyteller(server, server.user(7, "Ada"))


async def test_a_first_story_is_asked_for_in_five_steps_probed_and_kept(ada: Storyteller) -> None:
    last = await ada.rehearses("", *SECTIONS, *REPLIES)
    asked = [message.text for message in ada.heard]
    for section in ("Task: ", "Action: ", "Result: ", "Learning: "):
        assert any(text.startswith(section) for text in asked)
    assert last.startswith("Story 1, Last May our checkout failed")
    shown = (await ada.orders("show 1")).text
    assert all(section in shown for section in SECTIONS)


async def test_the_ratings_are_five_buttons_in_a_row(ada: Storyteller) -> None:
    await ada.orders("")
    for section in SECTIONS:
        await ada.says(section)
    rating = await ada.asked("1", "5")
    assert [[button.text for button in row] for row in rating.buttons] == [["1", "2", "3", "4", "5"]]
    await ada.presses(rating, "4")
    stale = await ada.chat.presses(ada.who, rating, "2")
    assert (await stale.answered()).text == replies.STALE_BUTTON


async def test_while_a_story_is_told_done_hint_skip_and_stop_are_buttons_under_the_prompt(ada: Storyteller) -> None:
    await ada.rehearses("", *SECTIONS)
    prompt = await ada.orders("conflict")
    assert prompt.labels == ["Done", "Hint", "Skip", "Stop"]
    assert any(entity.type == "date_time" for entity in prompt.entities)
    await ada.presses(prompt, "Hint")
    assert "At your level: " in (await ada.next()).text
    await ada.presses(prompt, "Stop")
    assert "/star picks another" in (await ada.next()).text


async def test_a_story_told_in_several_messages_is_kept_as_one(ada: Storyteller) -> None:
    await ada.rehearses("", *SECTIONS)
    await ada.orders("conflict")
    await ada.says(REPORTS[:150])
    noted = await ada.next()
    await ada.says(REPORTS[150:])
    await ada.presses(noted, "Done")
    await ada.tells()
    assert REPORTS[150:] in (await ada.orders("show 2")).text


async def test_a_story_is_practised_edited_tagged_named_and_deleted(ada: Storyteller) -> None:
    await ada.rehearses("", *SECTIONS)
    assert "Kept as a new version of story 1" in await everything(ada, "practice 1", CHECKOUT)
    assert "as it stands" in await everything(ada, "edit 1", "Result: Failures fell from 10 % to 0.1 %.")
    assert "0.1 %" in (await ada.orders("show 1")).text
    assert "Conflict" in (await ada.orders("tag 1 ownership, conflict")).text.title()
    assert (await ada.orders("name 1 The dry pool")).text == story_text.named(1, "The dry pool")
    assert "The dry pool" in (await ada.orders("list")).text
    assert "Send /star delete 1 yes" in (await ada.orders("delete 1")).text
    assert (await ada.orders("delete 1 yes")).text == story_text.deleted(1)
    assert (await ada.orders("list")).text == story_text.EMPTY_BANK


async def everything(person: Storyteller, line: str, *texts: str) -> str:
    """All that is said from an order to the end of its rehearsal."""
    begun = len(person.heard)
    await person.rehearses(line, *texts)
    return "\n".join(message.text for message in person.heard[begun:])


@pytest.mark.parametrize(("line", "says"), [("", "1 of 20 competencies"), (" amazon", "Customer Obsession")])
async def test_the_grid_is_a_text_and_a_photo(ada: Storyteller, line: str, says: str) -> None:
    await ada.rehearses("", *SECTIONS)
    text, photo = await ada.orders(f"grid{line}"), await ada.next()
    assert says in text.text
    assert photo.kind == "photo"
    assert photo.document
    assert photo.document.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("help", "Your stories are yours alone"),
        ("companies", "Amazon: Leadership Principles, 16 in all"),
        ("list", "Your bank is empty"),
        ("grid", "Your bank is empty"),
        ("show 7", "You have no story 7"),
        ("practice", "needs the number of a story"),
        ("owenrship", "Did you mean ownership?"),
        ("grid amazone", "Did you mean amazon?"),
    ],
)
async def test_orders_are_answered_in_words(ada: Storyteller, line: str, says: str) -> None:
    assert says in (await ada.orders(line)).text


async def test_the_menu_has_it_and_a_deep_link_begins_a_rehearsal(server: BotApi, ada: Storyteller) -> None:
    await ada.says("/start star_conflict")
    assert (await ada.next()).labels
    (menu, *_) = server.called("setMyCommands")
    assert "star" in {command["command"] for command in json.loads(menu.params["commands"])}


@pytest.mark.parametrize("kind", ["voice", "photo"])
async def test_what_is_no_text_gets_a_kind_word_while_a_story_is_told(ada: Storyteller, kind: str) -> None:
    await ada.orders("")
    await ada.chat.sends(ada.who, kind)
    assert (await ada.next()).text.startswith(f"I cannot take in {kind}")
    await ada.says(SECTIONS[0])
    assert (await ada.next()).text.startswith("Task: ")


async def test_two_people_rehearse_at_once_in_one_group_without_a_word_of_either_in_it(
    server: BotApi, ada: Storyteller
) -> None:
    bob = Storyteller(server, server.user(8, "Bob"))
    group = server.group(-4001, "Study group", ada.who, bob.who)
    for person in (ada, bob):
        await group.says(person.who, "/star")
        await group.next_message()
    async with asyncio.TaskGroup() as both:
        one, two = (
            both.create_task(ada.tells(*SECTIONS, *REPLIES)),
            both.create_task(bob.tells(*REPORTS.split(". "))),
        )
    assert "checkout" in one.result()
    assert "colleague" in two.result()
    for order in ("list", "show 1", "grid", "tag 1 ownership", "name 1 A secret name", "companies", "help", "delete 1"):
        for person in (ada, bob):
            await group.says(person.who, f"/star {order}")
            await group.next_message()
    await server.settled()
    assert {message.text for message in group.messages} == {ANSWERED_IN_PRIVATE}
    assert {message.kind for message in group.messages} == {"text"}
    assert told(ada, *OF_CHECKOUT)
    assert told(bob, *OF_REPORTS)
    assert not told(ada, "disagreed about moving")
    assert not told(bob, "checkout")


def told(person: Storyteller, *words: str) -> bool:
    """Whether a person was shown all these words."""
    shown = "\n".join(message.text for message in person.chat.messages)
    return all(word in shown for word in words)


async def test_a_story_is_read_in_a_group_only_once_its_person_shares_it(server: BotApi, ada: Storyteller) -> None:
    group = server.group(-4001, "Study group", ada.who)
    await ada.rehearses("", *SECTIONS)
    await group.says(ada.who, "/star share 1")
    shared = await group.next_message()
    assert all(section in shared.text for section in SECTIONS)


async def test_whoever_never_wrote_to_the_bot_learns_in_the_group_how_to_begin(
    server: BotApi, ada: Storyteller
) -> None:
    eve = server.user(9, "Eve")
    server.private(eve, started=False)
    group = server.group(-4001, "Study group", ada.who, eve)
    await group.says(eve, "/star")
    pointer = await group.next_message()
    assert pointer.text == FOR_YOU_ALONE
    assert pointer.buttons[0][0].url.endswith("?start=hello")

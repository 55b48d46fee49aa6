"""Long polling: commit, then confirm; and going on whatever happens on the way."""

from __future__ import annotations

import logging

import pytest
from telegram.error import InvalidToken, TelegramError
from telegram_rig import NOW, Rig, told_to_wait

from bot.adapters.telegram.polling import ELSEWHERE, retry_while_down
from bot.core.effects import Tone
from bot.core.events import Command
from bot.core.refusal import Refusal
from bot.service.ports.incoming import Edited, Left, Moved, Pressed, Said
from bot.service.ports.messages import Message
from botapi.server import BotApi


async def test_what_people_write_is_heard_in_order(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada", language="de")
    chat = rig.server.private(ada)
    async with rig.running():
        sent = await chat.says(ada, "/start")
        await chat.says(ada, "one")
        await chat.edits(ada, sent, "two")
        first, second, third = await rig.inbox.first(3)
    source = str(sent.message_id)
    assert (first.content, first.place, first.locale) == (Said("/start", source), "telegram:7", "de")
    assert isinstance(second.content, Said)
    assert third.content == Edited("two", source)


async def test_what_was_committed_is_confirmed(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
        await rig.server.settled(quiet=0)
    assert not rig.server.updates.pending


async def test_what_could_not_be_committed_comes_again(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    rig.inbox.failures = 2
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        (incoming,) = await rig.inbox.first()
    assert incoming.content == Said("hello", "1")
    assert rig.sleep.pauses == [1, 2]


async def test_nothing_is_confirmed_while_nothing_can_be_committed(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    rig.inbox.failures = 1_000_000
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.sleep.reached(3)
    assert rig.server.updates.pending


async def test_ignored_updates_are_confirmed_too(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    async with rig.running():
        rig.server.supergroup(-1001, "Group", ada).post(ada, {"new_chat_title": "Study"})
        await rig.server.settled(quiet=0)
    assert not rig.inbox.incoming


async def test_an_update_that_looks_like_nothing_known_does_not_hold_up_others(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    rig.server.updates.add("message", {"message_id": 1}, 7)
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        (incoming,) = await rig.inbox.first()
    assert isinstance(incoming.content, Said)


async def test_a_press_brings_what_the_button_was_offered_for(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    chat = rig.server.private(ada)
    question = Message(1, "telegram:7", Tone.QUESTION, "Why?", commands=(Command.DONE,), session_id=5, mark="3-0")
    async with rig.running():
        for part in rig.platform.compose(question):
            await rig.platform.post(part)
        press = await chat.presses(ada, chat.messages[0], "Done")
        (incoming,) = await rig.inbox.first()
        await rig.platform.acknowledge(incoming, "")
    assert (incoming.content, incoming.at) == (Pressed(5, "3-0", "done"), NOW)
    assert (press.answers[0].text, press.answers[0].alert) == ("", False)


async def test_in_a_group_each_person_has_a_place_and_others_commands_are_not_ours(rig: Rig) -> None:
    ada, bob = rig.server.user(7, "Ada"), rig.server.user(8, "Bob")
    group = rig.server.supergroup(-1001, "Group", ada, bob)
    async with rig.running():
        await group.says(ada, "just chatting")
        await group.says(ada, "/play@other_bot")
        await group.says(ada, "/mock coding")
        await group.says(bob, "/mock@mockbot_bot coding")
        incoming = await rig.inbox.first(2)
    assert [h.place for h in incoming] == ["telegram:-1001//7", "telegram:-1001//8"]
    assert all(h.addressed and not h.private for h in incoming)


async def test_a_topic_is_a_place(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    forum = rig.server.forum(-1002, "Forum", ada)
    topic = forum.topic("Interviews")
    async with rig.running():
        await forum.says(ada, "/mock", topic=topic)
        (incoming,) = await rig.inbox.first()
    assert incoming.place == f"telegram:-1002/{topic}"


async def test_a_block_and_a_removal_are_heard(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    chat, group = rig.server.private(ada), rig.server.group(-100, "Group", ada)
    async with rig.running():
        await chat.blocks()
        await group.kicks(ada)
        incoming = await rig.inbox.first(2)
    assert [(h.place, h.content) for h in incoming] == [("telegram:7", Left()), ("telegram:-100", Left())]


async def test_a_move_is_heard_from_both_sides(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    group = rig.server.group(-100, "Group", ada)
    async with rig.running():
        await rig.server.migrate(group, -1009)
        incoming = await rig.inbox.first(2)
    assert [h.content for h in incoming] == [Moved("telegram:-100", "telegram:-1009")] * 2


async def test_another_poller_is_named_once_and_waited_for(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    ada = rig.server.user(7, "Ada")
    rig.server.fail_next(
        "getUpdates", code=409, description="Conflict: terminated by other getUpdates request", times=6
    )
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
    assert rig.sleep.pauses == [2, 4, 8, 16, 30, 30]
    assert [record.message for record in caplog.records].count(ELSEWHERE) == 1


async def test_a_webhook_that_was_set_is_taken_back_and_what_waits_is_kept(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    await rig.platform._bot.set_webhook("http://127.0.0.1:9/")
    await rig.server.private(ada).says(ada, "hello")
    async with rig.running():
        await rig.inbox.first()


@pytest.mark.parametrize("token", ["123456789:AAwrong-token_of_somebody_else", "no token at all"])
async def test_a_wrong_token_is_refused_without_quoting_it(
    server: BotApi, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rig = Rig(server, token)
    with pytest.raises(Refusal, match="@BotFather") as refused:
        await rig.platform.run()
    await rig.platform.close()
    assert token not in str(refused.value)
    assert refused.value.__suppress_context__
    assert token not in caplog.text


async def test_a_page_of_a_gateway_is_no_wrong_token(rig: Rig) -> None:
    pages = [InvalidToken("Not Found (404)"), InvalidToken("Unauthorized (401)")]

    async def call() -> str:
        if pages:
            raise pages.pop() from TelegramError("Invalid server response")
        return "answered"

    assert await retry_while_down(call, rig.sleep) == "answered"
    assert rig.sleep.pauses == [1, 2]


async def test_a_token_revoked_meanwhile_ends_the_run(rig: Rig) -> None:
    rig.server.fail_next("getUpdates", code=401, description="Unauthorized")
    with pytest.raises(Refusal):
        await rig.platform.run()


@pytest.mark.parametrize("fault", [{"code": 500}, {"code": 502}, {"drop": "before"}, {"code": 504}, {"drop": "after"}])
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
async def test_trouble_on_the_way_is_waited_out(rig: Rig, method: str, fault: dict[str, object]) -> None:
    ada = rig.server.user(7, "Ada")
    rig.server.fail_next(method, **fault, times=3)
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
    assert rig.sleep.pauses == [1, 2, 4]


@told_to_wait
async def test_a_pause_that_telegram_asks_for_is_kept(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    rig.server.fail_next("getUpdates", code=429, retry_after=17)
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
    assert rig.sleep.pauses == [17]


async def test_nothing_logged_holds_the_token(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada = rig.server.user(7, "Ada")
    rig.server.fail_next("getUpdates", code=502, description=f"/bot{rig.server.token}/getUpdates")
    rig.server.fail_next("getUpdates", drop="before")
    async with rig.running():
        await rig.server.private(ada).says(ada, "hello")
        await rig.inbox.first()
    assert rig.server.token not in caplog.text
    assert rig.server.token.partition(":")[2] not in caplog.text

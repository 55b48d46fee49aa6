"""What is said, where it goes, and what becomes of it when Telegram refuses."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram_rig import FakeInbox, FakeKept, Rig, told_to_wait

from bot.adapters.telegram import platform as telegram
from bot.adapters.telegram import rendering
from bot.adapters.telegram.platform import Access, TelegramPlatform, link
from bot.core.effects import Tone
from bot.core.events import Command
from bot.service.delivery.pacing import Pacer
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import MovedError, NotSentError, RefusedError, TryAgainError, UnreachableError
from botapi.faults import Rates
from botapi.server import TOKEN
from running import free_port


def question(place: str, *, reply_to: str = "", person: str = "telegram:7") -> Message:
    return Message(
        1, place, Tone.QUESTION, "Why is it slow?", commands=(Command.DONE, Command.HINT), person=person,
        session_id=5, mark="3-0", reply_to=reply_to,
    )  # fmt: skip


def notice(place: str, text: str = "Noted.", **more: object) -> Message:
    return Message(1, place, Tone.NOTICE, text, **more)  # type: ignore[arg-type]


async def say(rig: Rig, message: Message) -> list[str]:
    return [await rig.platform.post(part) for part in rig.platform.compose(message)]


async def test_a_question_in_private_is_one_message_with_its_buttons(rig: Rig) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    (number,) = await say(rig, question("telegram:7"))
    (sent,) = chat.messages
    assert (sent.text, sent.labels, str(sent.message_id)) == ("Why is it slow?", ["Done", "Hint"], number)


async def test_a_question_in_a_group_opens_the_reply_box_of_who_is_asked(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    group = rig.server.supergroup(-1001, "Group", ada)
    asked = await group.says(ada, "/mock")
    await say(rig, question("telegram:-1001//7", reply_to=str(asked.message_id)))
    asking, box = group.messages
    assert (asking.labels, asking.reply_to) == (["Done", "Hint"], asked.message_id)
    assert (box.text, box.reply_to) == (rendering.ANSWER_HERE, asked.message_id)
    assert box.markup == {
        "force_reply": True, "selective": True, "input_field_placeholder": rendering.PLACEHOLDER
    }  # fmt: skip


async def test_with_no_message_to_reply_to_the_reply_box_names_who_is_asked(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    group = rig.server.supergroup(-1001, "Group", ada)
    await say(rig, question("telegram:-1001//7"))
    (entity,) = group.messages[-1].entities
    assert (entity.type, entity.text) == ("text_mention", "your answer")


async def test_a_message_that_was_deleted_meanwhile_is_answered_without_quoting_it(rig: Rig) -> None:
    group = rig.server.supergroup(-1001, "Group", rig.server.user(7, "Ada"))
    await say(rig, notice("telegram:-1001//7", reply_to="999"))
    assert [(sent.text, sent.reply_to) for sent in group.messages] == [("Noted.", None)]


async def test_what_is_said_in_a_topic_stays_in_the_topic(rig: Rig) -> None:
    forum = rig.server.forum(-1002, "Forum", rig.server.user(7, "Ada"))
    topic = forum.topic("Interviews")
    await say(rig, question(f"telegram:-1002/{topic}"))
    assert [sent.thread for sent in forum.messages] == [topic, topic]


async def test_links_show_no_previews(rig: Rig) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    await say(rig, notice("telegram:7", "See https://example.org"))
    (call,) = rig.server.called("sendMessage")
    assert "is_disabled" in call.params["link_preview_options"]


async def test_a_long_text_is_several_messages_and_only_the_first_answers(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    chat = rig.server.private(ada)
    asked = await chat.says(ada, "/report")
    await say(rig, notice("telegram:7", "word " * 2000, reply_to=str(asked.message_id)))
    assert [sent.reply_to for sent in chat.messages] == [asked.message_id, None, None]


async def test_a_document_follows_the_text(rig: Rig) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    await say(rig, notice("telegram:7", document=File("report.html", b"<p>well</p>")))
    text, file = chat.messages
    assert text.text == "Noted."
    assert file.document
    assert (file.document.name, file.document.content) == ("report.html", b"<p>well</p>")


async def test_a_private_answer_in_a_group_goes_to_the_persons_own_chat(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    own, group = rig.server.private(ada), rig.server.supergroup(-1001, "Group", ada)
    asked = await group.says(ada, "/report")
    report = notice(
        "telegram:-1001//7", "word " * 2000, person="telegram:7", private=True, reply_to=str(asked.message_id)
    )
    numbers = await say(rig, report)
    (pointer,) = group.messages
    assert len(own.messages) == 3
    assert (pointer.text, pointer.reply_to) == (telegram.ANSWERED_IN_PRIVATE, asked.message_id)
    assert numbers == ["", "", str(pointer.message_id)]


async def test_a_person_who_never_wrote_to_the_bot_is_told_how_to_get_the_private_answer(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    rig.server.private(ada, started=False)
    group = rig.server.supergroup(-1001, "Group", ada)
    asked = await group.says(ada, "/report")
    await say(
        rig,
        notice("telegram:-1001//7", "word " * 2000, person="telegram:7", private=True, reply_to=str(asked.message_id)),
    )
    (pointer,) = group.messages
    assert (pointer.text, pointer.reply_to) == (telegram.FOR_YOU_ALONE, asked.message_id)
    assert pointer.buttons[0][0].url == "https://t.me/mockbot_bot?start=hello"


async def test_a_private_answer_is_not_sent_twice_because_its_pointer_failed(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    own = rig.server.private(ada)
    rig.server.supergroup(-1001, "Group", ada)
    rig.server.fail_next("sendMessage", code=500, chat=-1001)
    numbers = await say(rig, notice("telegram:-1001//7", person="telegram:7", private=True))
    assert (numbers, len(own.messages)) == ([""], 1)


async def test_a_private_answer_in_private_is_just_said(rig: Rig) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    await say(rig, notice("telegram:7", person="telegram:7", private=True))
    assert [sent.text for sent in chat.messages] == ["Noted."]


async def test_a_group_that_takes_no_files_is_told_so(rig: Rig) -> None:
    group = rig.server.supergroup(-1001, "Group", rig.server.user(7, "Ada"))
    why = "Bad Request: not enough rights to send documents to the chat"
    rig.server.fail_next("sendDocument", code=400, description=why)
    await say(rig, notice("telegram:-1001//7", document=File("report.html", b"<p>well</p>")))
    assert [sent.text for sent in group.messages] == ["Noted.", telegram.NO_FILES]


async def test_a_picture_follows_the_text_as_a_photo(rig: Rig) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    await say(rig, notice("telegram:7", "word " * 900, document=File("stories.png", b"\x89PNG")))
    assert [sent.kind for sent in chat.messages] == ["text", "text", "photo"]
    photo = chat.messages[-1].document
    assert photo
    assert photo.content == b"\x89PNG"


async def test_a_picture_for_one_persons_eyes_goes_to_their_own_chat(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    own, group = rig.server.private(ada), rig.server.supergroup(-1001, "Group", ada)
    shown = notice("telegram:-1001//7", person="telegram:7", private=True, document=File("stories.png", b"\x89PNG"))
    await say(rig, shown)
    assert [sent.kind for sent in own.messages] == ["text", "photo"]
    assert [sent.text for sent in group.messages] == [telegram.ANSWERED_IN_PRIVATE]


@pytest.mark.parametrize(
    "why",
    ["PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "not enough rights to send photos to the chat"],
)
async def test_a_picture_that_is_no_photo_to_telegram_goes_as_a_file(rig: Rig, why: str) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendPhoto", code=400, description=f"Bad Request: {why}")
    await say(rig, notice("telegram:7", document=File("stories.png", b"\x89PNG")))
    assert [sent.kind for sent in chat.messages] == ["text", "document"]


async def test_a_chat_that_is_lost_to_texts_is_lost_to_pictures(rig: Rig) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendPhoto", code=400, description="Bad Request: chat not found")
    with pytest.raises(UnreachableError):
        await say(rig, notice("telegram:7", document=File("stories.png", b"\x89PNG")))
    assert not rig.server.called("sendDocument")


@told_to_wait
async def test_a_wait_that_telegram_asks_for_is_told(rig: Rig) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendMessage", code=429, retry_after=8)
    with pytest.raises(TryAgainError) as told:
        await say(rig, notice("telegram:7"))
    assert told.value.seconds == 8


async def test_a_group_that_moved_is_told(rig: Rig) -> None:
    group = rig.server.group(-100, "Group", rig.server.user(7, "Ada"))
    await rig.server.migrate(group, -1009)
    with pytest.raises(MovedError) as told:
        await say(rig, notice("telegram:-100//7"))
    assert (told.value.old, told.value.new) == ("telegram:-100", "telegram:-1009")


async def test_who_blocked_the_bot_is_unreachable(rig: Rig) -> None:
    await rig.server.private(rig.server.user(7, "Ada")).blocks()
    with pytest.raises(UnreachableError, match="Unblock me"):
        await say(rig, notice("telegram:7"))


async def test_a_closed_topic_says_who_can_open_it(rig: Rig) -> None:
    forum = rig.server.forum(-1002, "Forum", rig.server.user(7, "Ada"))
    topic = forum.topic("Interviews", closed=True)
    with pytest.raises(UnreachableError, match="an admin can open it again"):
        await say(rig, notice(f"telegram:-1002/{topic}"))


async def test_a_deleted_topic_is_unreachable(rig: Rig) -> None:
    rig.server.forum(-1002, "Forum", rig.server.user(7, "Ada"))
    with pytest.raises(UnreachableError, match="no longer exists"):
        await say(rig, notice("telegram:-1002/77"))


@pytest.mark.parametrize(
    ("code", "description", "advice"),
    [
        (400, "Bad Request: not enough rights to send text messages to the chat", "let me send messages"),
        (400, "Bad Request: have no rights to send a message", "let me send messages"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "let me send messages"),
        (400, "Bad Request: chat not found", "press Start"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "add me to the group again"),
        (403, "Forbidden: bot is not a member of the supergroup chat", "add me to the group again"),
        (403, "Forbidden: user is deactivated", "no longer exists"),
        (403, "Forbidden: something new", "press Start"),
    ],
)
async def test_an_unreachable_chat_comes_with_what_would_mend_it(
    rig: Rig, code: int, description: str, advice: str
) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendMessage", code=code, description=description)
    with pytest.raises(UnreachableError, match=advice):
        await say(rig, notice("telegram:7"))


async def test_what_telegram_will_never_take_is_refused(rig: Rig) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendMessage", code=400, description="Bad Request: message is too long")
    with pytest.raises(RefusedError):
        await say(rig, notice("telegram:7"))


@pytest.mark.parametrize("fault", [{"code": 500}, {"code": 502}, {"drop": "before"}, {"drop": "after"}])
async def test_trouble_on_the_way_is_the_networks(rig: Rig, fault: dict[str, object]) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendMessage", **fault)
    with pytest.raises(OSError, match="Telegram") as told:
        await say(rig, notice("telegram:7"))
    assert told.value.__suppress_context__


async def test_what_found_no_connection_was_not_sent() -> None:
    access = Access(TOKEN, f"http://127.0.0.1:{free_port()}")
    platform = TelegramPlatform(access, FakeInbox().receive, FakeKept(), lambda: 0)
    with pytest.raises(NotSentError) as told:
        await platform.post(rendering.Part(rendering.Spot(7), "Noted."))
    await platform.close()
    assert TOKEN not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413])
async def test_what_a_gateway_says_in_place_of_telegram_says_nothing_about_the_chat(status: int) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=status, text=f"<html>{request.path} is blocked</html>", content_type="text/html")

    gateway = web.Application()
    gateway.router.add_route("*", "/{path:.*}", page)
    async with TestServer(gateway) as proxy:
        access = Access(TOKEN, str(proxy.make_url("")).rstrip("/"))
        platform = TelegramPlatform(access, FakeInbox().receive, FakeKept(), lambda: 0)
        with pytest.raises(OSError, match="Telegram") as told:
            await platform.post(rendering.Part(rendering.Spot(7), "Noted."))
        await platform.close()
    assert TOKEN not in "".join(traceback.format_exception(told.value))


async def test_a_press_is_answered_with_a_notice(rig: Rig) -> None:
    ada = rig.server.user(7, "Ada")
    chat = rig.server.private(ada)
    await say(rig, question("telegram:7"))
    press = await chat.presses(ada, chat.messages[0], "Done")
    incoming = Incoming("telegram:1", "telegram:7", "telegram:7", 0, Said(""), ticket=press.id)
    await rig.platform.acknowledge(incoming, "x" * 300)
    assert (press.answers[0].text, press.answers[0].alert) == ("x" * 200, True)


async def test_acknowledging_too_late_or_what_was_no_press_is_no_harm(rig: Rig) -> None:
    incoming = Incoming("telegram:1", "telegram:7", "telegram:7", 0, Said(""), ticket="long ago")
    await rig.platform.acknowledge(incoming, "Noted.")
    await rig.platform.acknowledge(Incoming("telegram:2", "telegram:7", "telegram:7", 0, Said("")), "")
    assert len(rig.server.called("answerCallbackQuery")) == 1


async def test_an_interview_runs_where_it_was_asked_for(rig: Rig) -> None:
    incoming = Incoming("telegram:1", "telegram:-1001//7", "telegram:7", 0, Said("/mock"))
    assert await rig.platform.room(incoming, "Coding", public=False) == "telegram:-1001//7"


def in_a_group(person: str = "telegram:7") -> Incoming:
    return Incoming(
        "telegram:1", f"telegram:-1001//{person.removeprefix('telegram:')}", person, 0, Said("/star"), private=False
    )


async def test_the_private_room_of_somebody_in_a_group_is_their_own_chat(rig: Rig) -> None:
    chat = rig.server.private(rig.server.user(7, "Ada"))
    assert await rig.platform.private_room(in_a_group()) == "telegram:7"
    assert chat.messages == []


async def test_whoever_is_in_private_already_stays_there(rig: Rig) -> None:
    incoming = Incoming("telegram:1", "telegram:7", "telegram:7", 0, Said("/star"))
    assert await rig.platform.private_room(incoming) == "telegram:7"
    assert not rig.server.calls


async def test_who_never_wrote_to_the_bot_or_blocked_it_has_no_private_room(rig: Rig) -> None:
    rig.server.private(rig.server.user(7, "Ada"), started=False)
    await rig.server.private(rig.server.user(8, "Bob")).blocks()
    with pytest.raises(UnreachableError, match="press Start"):
        await rig.platform.private_room(in_a_group())
    with pytest.raises(UnreachableError, match="Unblock me"):
        await rig.platform.private_room(in_a_group("telegram:8"))


@told_to_wait
@pytest.mark.parametrize("fault", [{"code": 500}, {"drop": "before"}, {"code": 429, "retry_after": 8}])
async def test_a_private_room_is_there_although_telegram_cannot_be_asked_just_now(
    rig: Rig, fault: dict[str, object]
) -> None:
    rig.server.private(rig.server.user(7, "Ada"))
    rig.server.fail_next("sendChatAction", **fault)
    assert await rig.platform.private_room(in_a_group()) == "telegram:7"


async def test_forty_messages_go_out_at_the_same_time(rig: Rig) -> None:
    for number in range(1, 41):
        rig.server.private(rig.server.user(number, "Somebody"))
    rig.server.latency = 0.01
    await asyncio.gather(*(say(rig, notice(f"telegram:{number}")) for number in range(1, 41)))
    assert all(len(chat.messages) == 1 for chat in rig.server.chats.values())


async def test_the_budgets_stay_within_telegrams_rates(rig: Rig) -> None:
    now, pacer = 0.0, Pacer()
    rates = Rates(lambda: now)
    chats = [7, 8, -1001, -1002, *range(100, 150)]
    for chat in chats * 25:
        while wait := pacer.reserve(rig.platform.budgets(f"telegram:{chat}"), now):
            now += wait
        rates.take(chat)
    assert now < 120


def test_messages_of_supergroups_have_addresses() -> None:
    assert link("telegram:-1001234567890//7", "55") == "https://t.me/c/1234567890/55"
    assert link("telegram:-1001234567890/77", "55") == "https://t.me/c/1234567890/77/55"
    assert [link("telegram:7", "5"), link("telegram:-1002//7", "5"), link("telegram:-1001234567890", "")] == [""] * 3

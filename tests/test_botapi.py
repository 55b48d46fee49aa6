"""The local Bot API server is as strict as Telegram, to the real python-telegram-bot and to plain HTTP."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram import BotCommand, BotCommandScopeChat, MessageEntity
from telegram import InlineKeyboardButton as Key
from telegram import InlineKeyboardMarkup as Keys
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.error import TelegramError as Refusal

from botapi import BotApi, Chat, User


@pytest.fixture(autouse=True)
def _durations(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the library warns at every RetryAfter


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(server: BotApi) -> AsyncIterator[telegram.Bot]:
    async with speaking(server) as bot:
        yield bot


@pytest.fixture
def ada(server: BotApi) -> User:
    return server.user(7, "Ada", language="de")


@pytest.fixture
def chat(server: BotApi, ada: User) -> Chat:
    return server.private(ada)


def speaking(server: BotApi, token: str = "") -> telegram.Bot:
    """A real client of the server."""
    return telegram.Bot(token or server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


def keys(*labels: str) -> Keys:
    return Keys([[Key(label, callback_data=label.lower()) for label in labels]])


async def refused(call: Awaitable[object], words: str, kind: type[Refusal] = BadRequest) -> None:
    with pytest.raises(kind) as caught:
        await call
    assert str(caught.value) == words


async def polled(bot: telegram.Bot, offset: int | None = None) -> list[telegram.Update]:
    return list(await bot.get_updates(offset=offset, timeout=0))


async def test_a_wrong_token_is_refused(server):
    bot = speaking(server, "1:wrong")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_an_unknown_method_and_a_wrong_token_are_worded_as_telegram_does(server):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/bot1:wrong/getMe") as answer:
            told = await answer.json()
        assert told == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        async with session.get(f"{server.url}/bot{server.token}/sendLove") as answer:
            assert (await answer.json())["error_code"] == 404


@pytest.mark.parametrize("kind", ["json", "data", "params"])
async def test_a_request_may_be_json_a_form_or_a_query(server, chat, kind):
    markup = '{"inline_keyboard": [[{"text": "Done", "callback_data": "d"}]]}'
    said = {"chat_id": "7", "text": "Hello", "reply_markup": markup}
    address = f"{server.url}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(address, **{kind: said}) as answer:
        assert (await answer.json())["ok"]
    assert chat.messages[0].labels == ["Done"]


async def test_an_offset_confirms_all_earlier_updates(bot, chat, ada):
    for word in ("one", "two", "three"):
        await chat.says(ada, word)
    first = await polled(bot)
    assert [update.message.text for update in first] == ["one", "two", "three"]
    assert await polled(bot) == first
    assert [update.message.text for update in await polled(bot, first[2].update_id)] == ["three"]
    assert [update.message.text for update in await polled(bot, 0)] == ["three"]
    assert await polled(bot, first[2].update_id + 1) == []


async def test_a_long_poll_returns_as_soon_as_something_comes(bot, chat, ada):
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await bot.get_me()
    await chat.says(ada, "hello")
    async with asyncio.timeout(20):
        assert (await polling)[0].message.text == "hello"


async def test_a_second_poller_ends_the_first(server, bot, chat, ada):
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await bot.get_me()
    async with speaking(server) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        await refused(first, words, Conflict)
        await chat.says(ada, "hello")
        assert len(await second) == 1


async def test_only_the_kinds_of_update_asked_for_are_queued(bot, chat, ada):
    await bot.get_updates(allowed_updates=["callback_query"], timeout=0)
    await chat.says(ada, "unheard")
    message = await bot.send_message(7, "Ready", reply_markup=keys("Done"))
    await chat.presses(ada, message.message_id, "Done")
    assert [update.callback_query.data for update in await polled(bot)] == ["done"]


async def test_a_webhook_gets_every_update_with_its_secret_until_it_takes_it(bot, chat, ada):
    incoming: list[tuple[str, str]] = []
    answers = iter([500, 200, 200])
    done = asyncio.Event()

    async def hear(request: web.Request) -> web.Response:
        update = await request.json()
        incoming.append((update["message"]["text"], request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        if len(incoming) == 3:
            done.set()
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await chat.says(ada, "one")
    await chat.says(ada, "two")
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")  # noqa: S106 - of this test
    async with asyncio.timeout(20):
        await done.wait()
    assert incoming == [("one", "s3cret"), ("one", "s3cret"), ("two", "s3cret")]
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    await runner.cleanup()


@pytest.mark.usefixtures("chat")
async def test_text_beyond_4096_utf16_units_is_refused(bot):
    await bot.send_message(7, "\N{GRINNING FACE}" * 2048)
    await refused(bot.send_message(7, "\N{GRINNING FACE}" * 2048 + "a"), "Message is too long")
    await refused(bot.send_message(7, "<b>" + "a" * 4097 + "</b>", parse_mode="HTML"), "Message is too long")


@pytest.mark.usefixtures("chat")
async def test_empty_text_is_refused(bot):
    await refused(bot.send_message(7, ""), "Message text is empty")
    await refused(bot.send_message(7, " \n\N{ZERO WIDTH SPACE}"), "Text must be non-empty")
    await refused(bot.send_message(7, "<b> </b>", parse_mode="HTML"), "Text must be non-empty")


@pytest.mark.usefixtures("chat")
async def test_broken_markup_is_refused_with_telegrams_words(bot):
    words = "Can't parse entities: can't find end tag corresponding to start tag \"b\""
    await refused(bot.send_message(7, "<b>open", parse_mode="HTML"), words)
    with pytest.raises(BadRequest, match="reserved and must be escaped"):
        await bot.send_message(7, "So.", parse_mode="MarkdownV2")


async def test_entities_are_kept_as_telegram_would_show_them(bot, chat):
    when = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    given = [
        MessageEntity("bold", 2, 5),
        MessageEntity("spoiler", 8, 4),
        MessageEntity("expandable_blockquote", 13, 3),
        MessageEntity("date_time", 17, 4, unix_time=when, date_time_format="r"),
    ]
    message = await bot.send_message(7, "  *Hi*! open why soon", entities=given)
    assert message.text == "*Hi*! open why soon"
    assert [(e.type, e.text) for e in chat.messages[0].entities] == [
        ("bold", "*Hi*!"),
        ("spoiler", "open"),
        ("expandable_blockquote", "why"),
        ("date_time", "soon"),
    ]
    assert message.entities[-1].unix_time == when
    assert message.entities[-1].date_time_format == "r"


async def test_a_press_reaches_the_bot_and_its_answer_the_person(bot, chat, ada):
    await bot.send_message(7, "Ready", reply_markup=keys("Done", "Skip"))
    press = await chat.presses(ada, await chat.next_message(), "Done")
    (update,) = await polled(bot)
    await refused(update.callback_query.answer("x" * 201), "Message_too_long")
    await update.callback_query.answer("Noted", show_alert=True)
    answer = await press.answered()
    assert (answer.text, answer.alert) == ("Noted", True)
    press.expired = True
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer()


async def test_an_edit_changes_the_message_and_drops_its_buttons(bot, chat):
    message = await bot.send_message(7, "One", reply_markup=keys("Done"))
    await message.edit_text("Two")
    assert [(now.text, now.labels, now.edits) for now in chat.messages] == [("Two", [], 1)]
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await message.edit_text("Two")
    await message.delete()
    assert chat.messages == []
    await refused(message.edit_text("Three"), "Message to edit not found")


async def test_a_reply_needs_a_message_that_exists(bot, chat, ada):
    asked = await chat.says(ada, "Question")
    await bot.send_message(7, "Answer", reply_to_message_id=asked.message_id)
    assert chat.messages[0].reply_to == asked.message_id
    await refused(bot.send_message(7, "Answer", reply_to_message_id=99), "Message to be replied not found")
    await bot.send_message(7, "Answer", reply_to_message_id=99, allow_sending_without_reply=True)
    assert chat.messages[1].reply_to is None


async def test_topics_are_told_apart(server, bot, ada):
    forum = server.forum(-1002, "Study", ada)
    await bot.get_updates(timeout=0)
    algebra, shut = forum.topic("Algebra"), forum.topic("Old", closed=True)
    await forum.says(ada, "/start", topic=algebra)
    update = (await polled(bot))[-1]
    await update.message.reply_text("Hello")
    assert forum.messages[0].thread == algebra
    assert update.message.reply_to_message.forum_topic_created.name == "Algebra"
    await refused(bot.send_message(-1002, "x", message_thread_id=777), "Message thread not found")
    await refused(bot.send_message(-1002, "x", message_thread_id=shut), "Topic_closed")


async def test_privacy_mode_keeps_ordinary_talk_from_the_bot(server, bot, ada):
    group = server.group(-100, "Friends", ada)
    message = await bot.send_message(-100, "Question")
    for text in ("chatter", "/start@other_bot", f"/start@{server.bot.username}", "/stop", "hello @mockbot_bot"):
        await group.says(ada, text)
    await group.says(ada, "my answer", reply_to=message.message_id)
    await group.joins(server.user(8, "Bob"))
    incoming = [update.message.text or "joined" for update in await polled(bot)]
    assert incoming == [f"/start@{server.bot.username}", "/stop", "my answer", "joined"]


async def test_an_administrator_hears_everything(server, bot, ada):
    group = server.supergroup(-1001, "Friends", ada, admin=True)
    await group.says(ada, "chatter")
    assert len(await polled(bot)) == 1


async def test_whoever_is_gone_cannot_be_written_to(server, bot, chat, ada):
    await refused(bot.send_message(404, "x"), "Chat not found")
    await chat.blocks()
    await refused(bot.send_message(7, "x"), "Forbidden: bot was blocked by the user", Forbidden)
    server.private(server.user(8, "Bob"), started=False)
    await refused(bot.send_message(8, "x"), "Forbidden: bot can't initiate conversation with a user", Forbidden)
    group = server.group(-100, "Friends", ada)
    await group.restricts(ada)
    await refused(bot.send_message(-100, "x"), "Not enough rights to send text messages to the chat")
    await group.kicks(ada)
    await refused(bot.send_message(-100, "x"), "Forbidden: bot was kicked from the group chat", Forbidden)
    standing = [update.my_chat_member.new_chat_member.status for update in await polled(bot)]
    assert standing == ["kicked", "restricted", "kicked"]


async def test_a_group_that_became_a_supergroup_says_where_it_is_now(server, bot, ada):
    group = server.group(-100, "Friends", ada)
    await server.migrate(group, -1009)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-100, "x")
    assert caught.value.new_chat_id == -1009
    old, new = await polled(bot)
    assert (old.message.migrate_to_chat_id, new.message.migrate_from_chat_id) == (-1009, -100)


async def test_a_bot_that_was_added_is_told_so(server, bot, ada):
    group = server.group(-100, "Friends", ada)
    await group.kicks(ada)
    await group.says(ada, "/start")
    await group.invites(ada)
    gone, back, welcome = await polled(bot)
    assert gone.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member.new_chat_member.status == "member"
    assert welcome.message.new_chat_members[0].id == server.bot.id


async def test_a_long_paste_comes_in_several_messages(bot, chat, ada):
    await chat.pastes(ada, "a" * 5000)
    assert [len(update.message.text) for update in await polled(bot)] == [4096, 904]


async def test_fetching_a_file_can_fail(server, bot, chat, ada):
    await chat.sends(ada, "document", b"print(1)", name="a.py")
    file = await (await polled(bot))[0].message.document.get_file()
    server.fail_next("download", drop="before")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"print(1)"


async def test_failures_can_strike_one_chat_only_and_be_called_off(server, bot, chat):
    other = server.private(server.user(8, "Bob"))
    server.fail_next("*", code=500, times=100, chat=7)
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(7, "x")
    await bot.send_message(8, "x")
    server.recover()
    await bot.send_message(7, "x")
    assert len(other.messages) == len(chat.messages) == 1


async def test_files_go_both_ways(bot, chat, ada):
    await bot.send_document(7, b"# Debrief", filename="debrief.md", caption="Here it is")
    assert chat.messages[0].document.content == b"# Debrief"
    await refused(bot.send_document(7, b"x", caption="a" * 1025), "Message caption is too long")
    await chat.sends(ada, "document", b"print(1)", name="a.py", caption="my answer")
    await chat.sends(ada, "document", b"", name="big.bin", size=30_000_000)
    small, big = await polled(bot)
    assert small.message.document.file_name == "a.py"
    assert await (await small.message.document.get_file()).download_as_bytearray() == b"print(1)"
    await refused(big.message.document.get_file(), "File is too big")


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "video", "video_note", "audio", "animation"])
async def test_every_kind_of_message_is_one_the_library_reads(bot, chat, ada, kind):
    await chat.sends(ada, kind)
    assert getattr((await polled(bot))[0].message, kind)


async def test_edits_of_people_reach_the_bot(bot, chat, ada):
    post = await chat.says(ada, "frist")
    await chat.edits(ada, post, "first")
    assert (await polled(bot))[1].edited_message.text == "first"


@pytest.mark.usefixtures("chat")
async def test_commands_are_kept_by_scope_and_language(bot):
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "Los")], scope=BotCommandScopeChat(7), language_code="de")
    assert (await bot.get_my_commands())[0].description == "Begin"
    assert (await bot.get_my_commands(BotCommandScopeChat(7), "de"))[0].description == "Los"
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    await refused(bot.set_my_commands([("Start", "x")]), "Bot_command_invalid")


async def test_failures_come_as_ordered(server, bot, chat):
    server.fail_next("sendMessage", code=429, retry_after=3)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(7, "one")
    assert caught.value.retry_after == dt.timedelta(seconds=3)
    server.fail_next("sendMessage", code=502)
    with pytest.raises(NetworkError):
        await bot.send_message(7, "two")
    server.fail_next("sendMessage", drop="before")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "three")
    server.fail_next("sendMessage", drop="after")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "four")
    assert [message.text for message in chat.messages] == ["four"]
    assert [call.code for call in server.called("sendMessage")] == [429, 502, 0, 0]


async def test_settled_waits_until_the_bot_has_nothing_left_to_do(server, bot, chat, ada):
    async def echo() -> None:
        offset = None
        while True:
            for update in await bot.get_updates(offset=offset, timeout=10):
                offset = update.update_id + 1
                await bot.send_message(7, update.message.text)

    echoing = asyncio.create_task(echo())
    for word in ("one", "two", "three"):
        await chat.says(ada, word)
    await server.settled()
    assert [message.text for message in chat.messages] == ["one", "two", "three"]
    echoing.cancel()


async def test_telegrams_rates_can_be_enforced(server, bot, chat):
    server.clock = lambda: 1000.0
    server.enforce_rates(burst=1)
    await bot.send_message(7, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "two")
    assert [message.text for message in chat.messages] == ["one"]

"""Interviews on Discord when things go wrong: restarts, taps and forms too late, shut doors, hostile texts, files."""

from __future__ import annotations

import html
import re

import pytest
from discord_rig import Town, program

from bot.core.session import Outcome, Turn
from bot.core.text import replies
from rows import due_timers, left_unsent
from sample_bank import CORE, FULL_ANSWER, UNIFORM

pytestmark = pytest.mark.simcord(shard_count=1, settle_timeout=30)
HOSTILE = (
    "@everyone @here **bold** __line__ ~~gone~~ ||spoiler|| `code` [a](https://example.org) :smile: <t:0:R> </mock:1>",
    "# heading\n- list\n> quote\n```py\nx = 1\n``` ``",
    "\u202eright to left\u202c \u200bzero\u200dwidth 👩‍👩‍👧‍👦 <b>x</b> &amp; <script>alert(1)</script>",
)


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


@pytest.fixture
async def thread(town):
    return await town.ada.mock(stage="fundamentals", minutes=20)


async def test_after_a_restart_the_open_question_goes_on_and_nothing_is_asked_twice(town, thread):
    form = await town.ada.press(thread, "Answer")
    before = town.ada.texts(thread)
    await town.restart(30)
    assert town.ada.texts(thread) == before
    await town.ada.send_form(thread, form, CORE)
    await town.ada.fill(thread, UNIFORM)
    turn = (await town.session(thread)).turn
    assert turn.text == f"{CORE}\n{UNIFORM}"
    assert turn.due_at == turn.asked_at + turn.slot.seconds + 30
    await town.ada.press(thread, "Done")
    follow_up = f"How does cross-entropy differ from it?{due(turn)}"
    assert town.ada.texts(thread)[len(before) :] == [
        replies.added(CORE),
        replies.NOTED,
        replies.added(UNIFORM),
        follow_up,
    ]


def due(turn: Turn) -> str:
    return f"\n\nDeadline: <t:{turn.due_at}:R>"


async def test_after_a_long_outage_the_question_is_said_once_more_with_its_new_deadline(town, thread):
    await town.restart(600)
    turn = (await town.session(thread)).turn
    welcome, question = town.ada.texts(thread)[-2:]
    assert welcome == "Welcome back. I was away for 10 minutes; your clock stood still meanwhile."
    assert question.startswith("Question 1 of 3.")
    assert question.endswith(due(turn))
    await town.ada.reply(thread, CORE)
    assert (await town.session(thread)).turn.text == CORE


async def test_what_could_not_be_sent_before_a_restart_is_sent_after_it(town, thread):
    town.now.delivery._queues.put = lambda _lane, _message: None  # the program ends before anything goes out
    await town.ada.press(thread, "Hint")
    before = town.ada.texts(thread)
    await town.restart(5)
    assert [text[:11] for text in town.ada.texts(thread)[len(before) :]] == ["Hint 1 of 3"]
    assert await left_unsent(town.now.store) == []


async def test_an_interview_survives_a_restart_at_every_step(town):
    for line in ("/mock fundamentals 6", CORE, "/done", UNIFORM, "/done", "/skip", "3"):
        await town.ada.type(line)
        await town.restart(1)
    questions = [text for text in town.ada.texts() if text.startswith("Question 1")]
    assert len(questions) == 1
    assert town.ada.sees()[-1].embeds[0].title.startswith("Fundamentals")


async def test_a_second_tap_changes_nothing_and_says_so(town, thread):
    await town.ada.fill(thread, CORE)
    for label, outcome in (("Done", "When is it largest?"), ("Skip", "Question 2 of 3")):
        asked = town.ada.with_button(thread, label)
        await town.ada.member.click(asked, label=label)
        before, said = await town.session(thread), town.ada.texts(thread)
        assert outcome in said[-1]
        (told,) = (await town.ada.member.click(asked, label=label)).followups
        assert (told.content, told.ephemeral) == (replies.STALE_BUTTON, True)
        assert await town.session(thread) == before


async def test_a_form_sent_off_after_its_question_was_closed_gives_the_text_back(town, thread):
    form = await town.ada.press(thread, "Answer")
    await town.ada.press(thread, "Skip")
    before = await town.session(thread)
    (told,) = (await town.ada.send_form(thread, form, "What I *typed*.")).followups
    assert told.content == replies.too_late(r"What I \*typed\*.")
    assert told.ephemeral
    assert await town.session(thread) == before


async def test_a_form_sent_off_after_the_interview_gives_the_text_back(town, thread):
    form = await town.ada.press(thread, "Answer")
    await town.ada.press(thread, "Stop")
    told = (await town.ada.send_form(thread, form, "word " * 799)).followups
    assert sum(part.content.count("word") for part in told) == 799
    assert all(part.ephemeral for part in told)


async def test_without_permission_the_person_is_told_in_private_and_the_clock_stands_still(town, thread):
    due_at = (await town.session(thread)).turn.due_at
    town.permit(town.channel, send_messages_in_threads=False)
    await town.wait(due_at - town.clock() - 100)
    (told,) = town.ada.texts()
    assert "Ask an admin to allow me 'Send Messages in Threads' in this channel." in told
    await town.wait(7200)
    assert town.ada.texts() == [told]
    town.permit(town.channel)
    await town.ada.reply(thread, CORE)
    turn = (await town.session(thread)).turn
    assert (turn.text, turn.due_at) == (CORE, due_at + 7200)
    assert any(text.startswith("Welcome back. I was away for 120 minutes") for text in town.ada.texts(thread))


async def test_the_clock_does_not_start_again_before_the_permission_is_back(town, thread):
    due_at = (await town.session(thread)).turn.due_at
    town.permit(town.channel, send_messages_in_threads=False)
    await town.ada.press(thread, "Hint")
    await town.ada.press(thread, "Hint")
    town.forward(600)
    town.permit(town.channel)
    await town.ada.press(thread, "Hint")
    assert (await town.session(thread)).turn.due_at == due_at + 600


async def test_a_hint_that_could_not_be_shown_is_shown_later(town, thread):
    town.permit(town.channel, send_messages_in_threads=False)
    await town.ada.press(thread, "Hint")
    town.forward(600)
    town.permit(town.channel)
    await town.ada.member.slash(thread, "time")
    assert any("Hint 1 of 3" in text for text in town.ada.texts(thread))


async def test_with_closed_direct_messages_the_clock_stands_still_until_they_are_open(town):
    await town.ada.type("/mock fundamentals 20")
    due_at = (await town.session(town.ada.dm)).turn.due_at
    closed = f"/channels/{town.ada.dm.id}/messages"
    town.env.inject_error("POST", closed, status=403, code=50007)
    await town.ada.type("/hint")
    await town.wait(7200)
    assert len(town.ada.texts()) == 2
    await town.ada.type(CORE)
    assert (await town.session(town.ada.dm)).turn.due_at == due_at + 7200
    assert any(text.startswith("Welcome back.") for text in town.ada.texts())


async def test_without_permission_for_threads_the_interview_runs_in_direct_messages(town):
    town.permit(town.channel, create_private_threads=False)
    await town.ada.member.slash(town.channel, "mock", stage="fundamentals", minutes=20)
    assert town.ada.texts()[0].startswith(f"I cannot open a thread in <#{town.channel.id}>")
    assert "Question 1 of 3." in await town.ada.type("/repeat")
    (told,) = town.ada.sees(town.channel)
    assert told.content.startswith("Your interview is here: ")
    assert told.flags.ephemeral


async def test_a_deleted_thread_stops_the_clock(town, thread):
    town.env.backend.delete_channel(thread.id)
    await town.env.settle()
    await town.wait(7200)
    assert await due_timers(town.now.store, town.clock() + 7200, 10) == []


async def test_after_its_thread_was_deleted_another_interview_can_start(town, thread):
    town.env.backend.delete_channel(thread.id)
    await town.env.settle()
    again = await town.ada.mock(stage="coding")
    assert again.id != thread.id
    assert (await town.session(again)).turn.outcome is Outcome.OPEN


async def test_hostile_answers_stand_in_the_report_as_they_were_typed_and_call_nobody(town, thread):
    texts = [*HOSTILE, f"<@{town.bob.member.id}> {CORE}", "😀" * 4000]
    for text in texts:
        await town.ada.fill(thread, text)
    assert (await town.session(thread)).turn.text == "\n".join(texts)
    for label in ("Done", "Stop", "2"):
        await town.ada.press(thread, label)
    debrief = town.ada.sees(thread)[-1]
    page = (await debrief.attachments[0].read()).decode()
    read = html.unescape(re.sub("</?code>", "", page))
    assert [text for text in texts if text not in read] == []
    assert "<script>alert" not in page
    sent = [r.json for r in town.env.http_requests if r.method == "POST" and r.path.endswith("/messages")]
    greeting, *others = [body["allowed_mentions"] for body in sent]
    assert greeting["users"] == [town.ada.member.id]
    assert all(allowed == {"parse": []} for allowed in others)


async def test_a_late_hostile_form_is_given_back_readable_and_calls_nobody(town, thread):
    form = await town.ada.press(thread, "Answer")
    await town.ada.press(thread, "Skip")
    for told in (await town.ada.send_form(thread, form, HOSTILE[0] + f" <@{town.bob.member.id}>")).followups:
        assert told.message.flags.ephemeral
        assert not told.message.mention_everyone
        assert not told.message.mentions


async def with_file(town: Town, name: str, content: bytes, **more: object) -> str:
    """A direct message that is nothing but a file; what the bot said last."""
    (file,) = town.env.backend.store_attachments(town.ada.dm.id, [(name, content)])
    await town.ada.member.send_dm("", attachments=[{**file, **more}])
    return town.ada.texts()[-1]


async def test_a_file_is_an_answer_and_what_cannot_be_read_gets_a_kind_word(town):
    await town.ada.type("/mock coding")
    assert await with_file(town, "answer.py", b"def two_sum():\r\n    return {}\r\n") == replies.NOTED
    assert (await town.session(town.ada.dm)).turn.text == "def two_sum():\n    return {}"
    assert await with_file(town, "sketch.png", b"1") == replies.unreadable("photo")
    voice = {"duration_secs": 3.2, "waveform": "AAAA"}
    assert await with_file(town, "voice.ogg", b"1", **voice) == replies.unreadable("voice")
    assert await with_file(town, "answer.pdf", b"1") == replies.FILE_ONLY_TEXT
    assert (await town.session(town.ada.dm)).turn.text == "def two_sum():\n    return {}"


async def test_a_file_in_a_thread_is_an_answer_when_it_replies_to_the_bot(town, thread):
    asked = town.ada.with_button(thread, "Done")
    await town.ada.member.send(thread, "", reply_to=asked, attachments=[("answer.txt", FULL_ANSWER.encode())])
    assert (await town.session(thread)).turn.text == FULL_ANSWER

"""Whole interviews on Telegram, from the first word to the verdict: the real parts on a strict Bot API server."""

import asyncio
import html
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from telegram_people import Interviewee, program

from botapi import BotApi, Chat, Sent, User
from sample_bank import CORE, FULL_ANSWER, PHASES, STORY, WRONG, sample_bank

GOOD = (
    f"{FULL_ANSWER} I would ask about an empty list, use a dictionary, look up before I insert, in linear time. "
    f"{' '.join(f'I plan the {phase} carefully.' for phase in PHASES)} With a smaller model I relabel a sample. {STORY}"
)
HOSTILE = (
    "<b>bold</b> <script>alert('x')</script> <a href=\"tg://user?id=7\">me</a> &amp; &lt;pre> </details></main>",
    "*a* _b_ **c** __d__ ~e~ ||f|| [g](https://example.org) `h` \\*i\\* # j\n> k\n```python\nprint('l')\n```",
    "@channel @everyone @here @mockbot_bot @ada_lovelace /stop@mockbot_bot t.me/joinchat #tag $USD",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe \N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} \N{ARABIC LETTER ALEF}",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}\N{WAVING HAND SIGN}\U0001f3fd",
    "ze\N{ZERO WIDTH SPACE}ro\N{ZERO WIDTH NON-JOINER}wi\N{WORD JOINER}dth\N{SOFT HYPHEN} a\N{COMBINING DIAERESIS}",
    "\N{MATHEMATICAL FRAKTUR SMALL A}" * 2048,
    "\N{MATHEMATICAL FRAKTUR SMALL B}" * 2048,
    *("`" * length for length in (4096, 4096, 1808)),
)


@pytest.fixture
async def database(server: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    async with program(server, tmp_path, monkeypatch) as database:
        yield database
    refused = [call for call in server.calls if call.code != 200]
    assert refused == []
    assert [m.mentions for chat in server.chats.values() for m in chat.messages if m.mentions] == []


@pytest.fixture
def ada(server: BotApi) -> Interviewee:
    who = server.user(7, "Ada")
    return Interviewee(server, who, server.private(who))


def page(report: Sent) -> str:
    """The report's page as text."""
    assert report.document
    assert report.document.name.endswith(".html")
    return html.unescape(re.sub(r"<[^>]+>", "", report.document.content.decode()))


def styles(messages: Sequence[Sent]) -> set[str]:
    return {entity.type for message in messages for entity in message.entities}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("wish", "title"),
    [
        ("rapid-fire 30", "Rapid"),
        ("full", "Full"),  # it has all others in it
    ],
)
async def test_an_interview_in_private_ends_with_a_verdict_folded_answers_and_a_page(
    ada: Interviewee, wish: str, title: str
) -> None:
    report = await ada.is_interviewed(wish, (GOOD, "Hint", GOOD, WRONG, "Skip", GOOD))
    verdict = next(m for m in ada.heard if re.match(rf"{title}.*, mid level: (strong )?(no )?hire", m.text))
    debrief = ada.heard[ada.heard.index(verdict) :]
    assert report is debrief[-1]
    assert {"bold", "expandable_blockquote", "spoiler"} <= styles(debrief)
    assert "Model answer" in page(report)


async def test_two_interviews_run_in_one_group_as_chains_of_replies_while_a_third_person_chatters(
    server: BotApi, database: Path
) -> None:
    bob, cy = server.user(8, "Bob"), server.user(9, "Cy")
    group = server.group(-4001, "Study group", bob, cy)
    first, second = Interviewee(server, server.user(7, "Ada"), group), Interviewee(server, bob, group)
    chatting = asyncio.create_task(chatter(group, cy, [first, second]))
    async with asyncio.TaskGroup() as both:
        one = both.create_task(first.is_interviewed("fundamentals 20", (GOOD, "Hint", WRONG)))
        two = both.create_task(second.is_interviewed("coding", (STORY, "Hint", "It is linear time, O(n).")))
    assert chatting.cancel()
    assert "Fundamentals, mid level" in page(one.result())
    assert "Coding, mid level" in page(two.result())
    assert {*answers(database, "telegram:7")} == {GOOD, WRONG}
    assert {*answers(database, "telegram:8")} <= {STORY, "It is linear time, O(n)."}
    assert {m.reply_to for m in group.messages if m.reply_to} <= first.said | second.said


async def chatter(group: Chat, who: User, interviews: Sequence[Interviewee]) -> None:
    """Talks beside the interviews, answers other people's questions, and presses their buttons."""
    seen: list[Sent] = []
    while True:
        for interview in interviews:
            if interview.below and interview.below not in seen:
                seen.append(interview.below)
                await group.says(who, "By the way, lunch at noon?")
                await group.says(who, "I would say it is entropy.", reply_to=interview.below)
                press = await group.presses(who, interview.below, "Skip")
                assert "somebody else" in (await press.answered()).text
        await asyncio.sleep(0.005)


def answers(database: Path, person: str) -> list[str]:
    """What somebody answered."""
    query = "SELECT text FROM answers JOIN sessions ON sessions.id = session_id WHERE person = ? ORDER BY answers.id"
    connection = sqlite3.connect(database)
    try:
        return [text for (text,) in connection.execute(query, (person,))]
    finally:
        connection.close()


async def test_an_interview_in_a_topic_stays_there(server: BotApi, database: Path) -> None:
    forum = server.forum(-1002, "Forum", admin=True)
    elsewhere, here = forum.topic("Announcements"), forum.topic("Mock interviews")
    bob = server.user(8, "Bob")
    interview = Interviewee(server, server.user(7, "Ada"), forum, here)
    await forum.says(bob, "What does entropy tell you?", topic=elsewhere)
    await forum.says(bob, "Good luck.", topic=here)
    report = await interview.is_interviewed("behavioral 15", (STORY, "Hint", STORY))
    assert "Behavioral, mid level" in page(report)
    assert {message.thread for message in forum.messages} == {here}
    assert {*answers(database, "telegram:7")} == {STORY}


async def test_hostile_texts_come_back_as_they_were_typed_and_call_nobody(ada: Interviewee, database: Path) -> None:
    await ada.says("/mock @everyone <b> **bold**")
    await ada.says("/mock fundamentals 6")
    question = await ada.asked("Done")
    quoted = f"As @ada_lovelace and <b>@bob_the_builder</b> say: {CORE}"
    for text in (*HOSTILE, quoted):
        await ada.says(text)
    await ada.presses(question, "Done")
    report = await ada.finishes(["Stop"])
    assert "\n".join((*HOSTILE, quoted)) in page(report)
    assert answers(database, "telegram:7") == [*HOSTILE, quoted]
    assert any("@\u2060bob_the_builder</b>" in message.text for message in ada.heard)


async def test_a_long_answer_that_the_app_sent_as_several_messages_counts_in_full(
    ada: Interviewee, database: Path
) -> None:
    await ada.says("/mock fundamentals 6")
    question = await ada.asked("Done")
    essay = "I tried it on many coins and wrote down what I saw. " * 400
    essay = essay[: 20_000 - len(FULL_ANSWER)] + FULL_ANSWER
    await ada.chat.pastes(ada.who, essay)
    await ada.presses(question, "Done")
    report = await ada.finishes(["Stop"])
    assert "".join(answers(database, "telegram:7")) == essay
    assert page(report).count("I tried it on many coins") == essay.count("I tried it on many coins")
    assert f"Made: {sample_bank().questions['entropy-entropy'].key_points[1].statement}" in page(report)
    assert sum(message.text.startswith("Noted.") for message in ada.heard) == 1

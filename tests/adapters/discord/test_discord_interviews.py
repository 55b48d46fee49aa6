"""Whole interviews on Discord: the real service and a database file around the adapter, people who type and press."""

from __future__ import annotations

import discord
import pytest
import simcord
from discord_rig import Person, Town, answer_to, labels, program, shown

from bot.adapters.discord import rendering
from bot.core.session import Format, State
from bot.core.text import replies
from bot.core.text.prose import units
from sample_bank import CORE, UNIFORM

pytestmark = pytest.mark.simcord(shard_count=1, settle_timeout=30)
MOST_TURNS = 60


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


async def by_typing(person: Person, line: str) -> discord.Message:
    """An interview in direct messages without a single button; the debrief."""
    await person.type(line)
    rapid = "Rapid fire" in person.texts()[0]
    for _ in range(MOST_TURNS):
        asked = person.sees()[-1]
        if asked.embeds:
            return asked
        await person.type(*lines_for(asked.content, rapid=rapid))
    raise AssertionError(shown(asked))


def lines_for(asked: str, *, rapid: bool) -> tuple[str, ...]:
    """What is typed next."""
    if "how did you do" in asked:
        return ("3",)
    if "Take a break" in asked:
        return ("/resume",)
    return (answer_to(asked),) if rapid else (answer_to(asked), "/done")


async def by_pressing(person: Person, thread: simcord.ChannelHandle) -> discord.Message:
    """An interview in a thread with forms and buttons alone; the debrief."""
    rapid = "Rapid fire" in person.texts(thread)[1]
    for _ in range(MOST_TURNS):
        asked = person.sees(thread)[-1]
        if asked.embeds:
            return asked
        for label in ("3", "Resume"):
            if label in labels(asked):
                await person.press(thread, label)
                break
        else:
            await person.fill(thread, answer_to(asked.content))
            await (person.press(thread, "Done") if not rapid else person.town.now.settled())
    raise AssertionError(shown(asked))


@pytest.mark.parametrize(("stage", "minutes"), [("fundamentals", 20), ("rapid-fire", 6)])
async def test_an_interview_runs_to_its_verdict_by_typing_in_direct_messages(town, stage, minutes):
    debrief = await by_typing(town.ada, f"/mock {stage} {minutes}")
    assert debrief.embeds[0].title.startswith(f"{replies.TITLES[Format(stage)]}, mid level: ")
    assert [file.filename for file in debrief.attachments] == ["mock-interview-1.html"]


@pytest.mark.parametrize(("stage", "minutes"), [("rapid-fire", 6), ("full", 90)])  # the full one has all others in it
async def test_every_stage_runs_to_its_verdict_by_buttons_and_forms_in_a_thread(town, stage, minutes):
    thread = await town.ada.mock(stage=stage, minutes=minutes)
    debrief = await by_pressing(town.ada, thread)
    assert debrief.embeds[0].title.startswith(f"{replies.TITLES[Format(stage)]}, mid level: ")
    assert debrief.attachments
    assert_within_limits([message for message in town.ada.sees(thread) if message.embeds])
    assert not town.bob.sees(town.channel)


def assert_within_limits(framed: list[discord.Message]) -> None:
    """Discord counts all embeds of a message together."""
    for message in framed:
        assert len(message.embeds) <= rendering.EMBEDS_LIMIT
        assert sum(map(len, message.embeds)) <= rendering.TOTAL_LIMIT
        assert all(units(embed.description or "") <= rendering.DESCRIPTION_LIMIT for embed in message.embeds)


async def test_replies_and_mentions_in_a_thread_are_answers_and_every_button_works(town):
    thread = await town.ada.mock(stage="fundamentals", minutes=20)
    await town.ada.press(thread, "Seen it")
    assert replies.SWAPPED in town.ada.texts(thread)
    await town.ada.reply(thread, CORE)
    await town.ada.member.send(thread, f"<@{town.me}> {UNIFORM}")
    assert (await town.session(thread)).turn.text == f"{CORE}\n{UNIFORM}"
    await town.ada.press(thread, "Hint")
    assert town.ada.texts(thread)[-1].startswith("Hint 1 of 3")
    await town.ada.press(thread, "Done")
    await town.ada.press(thread, "Skip")
    assert "Question 2 of 3" in town.ada.texts(thread)[-1]
    await town.ada.press(thread, "Stop")
    await town.ada.press(thread, "2")
    assert "you rated yourself 2" in shown(town.ada.sees(thread)[-1])


async def test_slash_commands_work_in_the_thread_and_leave_nothing_behind(town):
    thread = await town.ada.mock(stage="fundamentals", minutes=20)
    for name in ("time", "repeat", "pause", "resume", "help", "hint"):
        before = len(town.ada.sees(thread))
        result = await town.ada.member.slash(thread, name)
        assert result.deferred
        assert result.response is None
        assert len(town.ada.sees(thread)) > before, name


async def test_without_a_stage_the_choice_is_offered_as_buttons(town):
    thread = await town.ada.mock()
    await town.ada.press(thread, "Behavioral")
    assert (await town.session(thread)).setup.format is Format.BEHAVIORAL
    await town.ada.press(thread, "Screen")
    assert town.ada.texts(thread)[-1] == replies.STALE_BUTTON


async def test_a_deadline_is_shown_by_discord_and_a_strict_question_closes_by_itself(town):
    thread = await town.ada.mock(stage="fundamentals", minutes=20, pace="strict")
    due = (await town.session(thread)).turn.due_at
    assert town.ada.texts(thread)[-1].endswith(f"Deadline: <t:{due}:R>")
    await town.ada.fill(thread, CORE)
    await town.wait(due - town.clock())
    assert replies.TIME_UP_STRICT in town.ada.texts(thread)
    assert "Question 2 of 3" in town.ada.texts(thread)[-1]


async def test_two_people_at_once_each_have_their_own_thread_and_nothing_mixes(town):
    threads = {person: await thread_of(person) for person in (town.ada, town.bob)}
    for line in ("one", "two"):
        for person, thread in threads.items():
            await person.reply(thread, f"{line} by {person.member.name}")
    for person, thread in threads.items():
        name = person.member.name
        assert (await town.session(thread)).turn.text == f"one by {name}\ntwo by {name}"
        assert (await town.session(thread)).person == f"discord:{person.member.id}"
    await town.ada.press(threads[town.ada], "Stop")
    assert (await town.session(threads[town.bob])).state is State.ANSWERING


async def thread_of(person: Person) -> simcord.ChannelHandle:
    """A common interview of somebody."""
    return await person.mock(stage="fundamentals", minutes=20)


async def public_thread(town: Town) -> simcord.ChannelHandle:
    """Ada's interview where others can look on."""
    await town.ada.member.slash(town.channel, "settings", change="thread public")
    return await thread_of(town.ada)


async def test_others_change_nothing_in_a_thread_and_are_told_so_for_their_eyes_only(town):
    thread = await public_thread(town)
    before, said = await town.session(thread), town.ada.texts(thread)
    told = [(await town.eve.member.slash(thread, name)).response for name in ("done", "stop")]
    told += [(await town.eve.press(thread, label)).followups[0] for label in ("Skip", "Stop")]
    assert {(answer.content, answer.ephemeral) for answer in told} == {(replies.NOT_YOURS, True)}
    await town.eve.member.send(thread, f"<@{town.me}> I know it")
    await town.eve.member.send(thread, "So do I", reply_to=town.ada.with_button(thread, "Done"))
    assert (await town.session(thread), town.ada.texts(thread)) == (before, said)


async def test_somebody_else_who_sends_off_the_form_is_told_so(town):
    thread = await public_thread(town)
    (told,) = (await town.eve.fill(thread, "What I typed for a long time.")).followups
    assert (told.content, told.ephemeral) == (replies.not_yours("What I typed for a long time."), True)
    assert not (await town.session(thread)).turn.answers


async def test_a_second_interview_is_refused_in_private_with_a_link_to_the_first(town):
    thread = await public_thread(town)
    link = f"https://discord.com/channels/{town.guild.id}/{thread.id}/"
    for channel in (town.channel, thread):
        refused = (await town.ada.member.slash(channel, "mock", stage="coding")).response
        assert refused.content.startswith("An interview or a story of yours is still open")
        assert (link in refused.content, refused.ephemeral) == (True, True)
    of_eve = (await town.eve.member.slash(thread, "mock", stage="coding")).response
    assert of_eve.content.startswith("Somebody else's interview is open here.")
    assert (link in of_eve.content, of_eve.ephemeral) == (True, True)
    assert len(town.channel.threads) == 1
    assert await thread_of(town.eve) != thread


PRIVATE = [
    ("settings", {}, "harvest: off"),
    ("settings", {"change": "harvest on"}, "Thank you."),
    ("settings", {"change": "nonsense"}, "There is no setting"),
    ("privacy", {}, "I keep what an interview needs"),
    ("history", {}, r"1\. 2026-01-01 Fundamentals, mid: "),
    ("report", {}, "Fundamentals, mid level: "),
    ("report", {"number": "99"}, "There is no such report of yours."),
    ("export", {}, "Here is everything I keep about you"),
    ("mock", {"stage": "coding", "topic": "nonsense"}, "There is no topic"),
    ("done", {}, "No interview is open here."),
    ("help", {}, "Hello. I am a mock interviewer"),
    ("forget", {}, "This deletes your interviews"),
    ("forget", {"confirm": "everything"}, "Done. Everything I kept"),
]


async def test_private_matters_are_for_the_persons_eyes_only(town):
    thread = await thread_of(town.ada)
    await town.ada.reply(thread, CORE)
    await town.ada.press(thread, "Stop")
    await town.ada.press(thread, "3")
    for name, options, begins in PRIVATE:
        told = (await town.ada.member.slash(town.channel, name, **options)).response
        assert told.ephemeral, name
        assert shown(told.message).removeprefix("## ").startswith(begins), shown(told.message)
    assert not town.bob.sees(town.channel)
    assert not town.ada.sees()


async def test_a_misspelt_command_typed_with_a_mention_is_answered_in_direct_messages(town):
    await town.ada.member.send(town.channel, f"<@{town.me}> /mock codign")
    assert town.ada.texts() == ['I could not find the interview in "codign". Did you mean coding?']
    assert not town.ada.sees(town.channel)


async def test_the_debrief_hides_model_answers_and_brings_the_report(town):
    thread = await thread_of(town.ada)
    last = await by_pressing(town.ada, thread)
    models = shown(last).partition("**Model answers**")[2]
    assert "||Entropy is a measure of uncertainty; it is largest for a uniform distribution.||" in models
    page = (await last.attachments[0].read()).decode()
    assert page.startswith("<!doctype html>")
    assert CORE in page


async def test_a_private_debrief_of_an_interview_in_a_public_thread_is_shown_to_the_candidate_alone(town):
    await town.ada.member.slash(town.channel, "settings", change="debrief private")
    thread = await public_thread(town)
    await town.ada.reply(thread, CORE)
    await town.ada.press(thread, "Stop")
    await town.ada.press(thread, "3")
    assert not any(message.embeds for message in town.eve.sees(thread))
    assert any(message.embeds for message in (*town.ada.sees(thread), *town.ada.sees()))

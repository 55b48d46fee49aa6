"""The daily question on Discord: in direct messages, and in a channel with a thread below it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from discord_rig import Town, labels, program, shown

from bot.core.session import DailyQuestion
from bot.scheduler import Ticker
from sample_bank import CORE

pytestmark = pytest.mark.simcord(shard_count=1)


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


async def tomorrow(town) -> None:
    """Wait until ten the next morning."""
    town.forward(86_400 - (town.clock() - 10 * 3600) % 86_400)
    await Ticker(town.now.store.schedule, town.now.store.heartbeat, town.now.due, town.clock, ("discord",))._ask_daily()
    await town.now.settled()


async def subscribed(town) -> None:
    await town.ada.member.slash(town.channel, "daily", order="09:50 UTC")
    await tomorrow(town)
    assert labels(town.ada.sees()[-1])[0] == "Answer"


async def to_the_result(town) -> str:
    """Leave out what is asked further; what was said in the end."""
    for _ in range(3):
        if not town.ada.sees()[-1].embeds:
            await town.ada.type("/skip")
    return shown(town.ada.sees()[-1])


async def test_a_question_is_answered_by_typing_below_it(town):
    await subscribed(town)
    await town.ada.type(CORE)
    assert "Your streak has begun" in await to_the_result(town)


async def test_a_question_is_answered_by_button_and_form(town):
    await subscribed(town)
    await town.ada.press(town.ada.dm, "Answer")
    await town.ada.fill(town.ada.dm, CORE)
    assert "Your streak has begun" in await to_the_result(town)


async def test_a_question_asked_after_a_restart_is_answered_too(town):
    await town.ada.member.slash(town.channel, "daily", order="09:50 UTC")
    await town.restart()
    await tomorrow(town)
    await town.ada.press(town.ada.dm, "Answer")
    assert isinstance((await town.session(town.ada.dm)).activity, DailyQuestion)
    await town.ada.type(CORE)
    assert "Your streak has begun" in await to_the_result(town)


async def test_an_interview_in_direct_messages_is_not_interrupted(town):
    await town.ada.member.slash(town.channel, "daily", order="09:50 UTC")
    await town.ada.type("/mock fundamentals 20")
    await tomorrow(town)
    assert not any(text.startswith("Daily question") for text in town.ada.texts())


async def test_a_channels_question_has_a_thread_and_is_answered_in_private(town):
    town.permit(town.channel, manage_channels=True)
    await town.ada.member.slash(town.channel, "daily", order="channel 09:50 UTC")
    await tomorrow(town)
    (question,) = [message for message in town.ada.sees(town.channel) if labels(message)]
    (thread,) = town.channel.threads
    day = datetime.fromtimestamp(town.clock(), UTC)
    assert (thread.id, thread.name) == (question.id, f"Daily question, {day.day} {day:%B}")
    await town.ada.press(town.channel, "Answer in private")
    assert town.ada.texts()[-1].startswith("Daily question, ")
    await town.ada.type(CORE)
    assert "Model answer" in await to_the_result(town)


async def test_the_next_day_a_channels_question_is_talked_about_in_its_thread(town):
    town.permit(town.channel, manage_channels=True)
    await town.ada.member.slash(town.channel, "daily", order="channel 09:50 UTC")
    await tomorrow(town)
    (thread,) = town.channel.threads
    before = len(town.ada.sees(town.channel))
    await tomorrow(town)
    assert "Model answer" in shown(town.ada.sees(thread)[-1])
    assert len(town.ada.sees(town.channel)) == before + 1
    assert len(town.channel.threads) == 2

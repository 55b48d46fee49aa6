"""A talk of its own below a message: begun with it, and gone on with on the next day."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.simcord(shard_count=1)

TITLE = "Daily question, 21 November"


async def ask(world, channel=None, number: int = 1, **more: object) -> str:
    """A question for everybody in a channel; the number of its message."""
    return await world.say(f"discord:{(channel or world.channel).id}", number=number, thread=TITLE, **more)


def contents(channel) -> list[str]:
    """What people and the bot wrote there, without Discord's own notes."""
    return [message.content for message in channel.history() if not message.is_system()]


def opened(world) -> list[dict]:
    return [r.json for r in world.env.http_requests if r.method == "POST" and r.path.endswith("/threads")]


async def test_a_message_begins_a_public_thread_that_is_put_away_after_a_quiet_day(world):
    sent = await ask(world)
    (thread,) = world.channel.threads
    assert (str(thread.id), thread.name) == (sent, TITLE)
    assert opened(world)[0]["auto_archive_duration"] == 1440


async def test_only_the_first_part_of_a_long_message_begins_it(world):
    await ask(world, text="word " * 900)
    (thread,) = world.channel.threads
    assert next(message.id for message in world.channel.history()) == thread.id
    assert len(opened(world)) == 1


async def test_the_next_day_goes_on_in_the_thread_with_all_its_parts(world):
    sent = await ask(world)
    before = contents(world.channel)
    await ask(world, number=2, text="word " * 900, reply_to=sent)
    (thread,) = world.channel.threads
    assert len(contents(thread)) == 3
    assert contents(world.channel) == before
    assert len(opened(world)) == 1


async def test_a_thread_that_was_put_away_is_opened_again_for_the_next_day(world):
    sent = await ask(world)
    (thread,) = world.channel.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=50083)
    await ask(world, number=2, text="And you?", reply_to=sent)
    assert contents(thread) == ["And you?"]


@pytest.mark.parametrize("missing", ["create_public_threads", "send_messages_in_threads"])
async def test_without_permission_the_question_stands_alone_and_the_next_day_answers_it(world, missing):
    world.deny(missing)
    sent = await ask(world)
    await ask(world, number=2, text="And you?", reply_to=sent)
    assert not opened(world)
    assert contents(world.channel) == ["Why?", "And you?"]
    assert world.channel.last_message.reference.message_id == int(sent)


@pytest.mark.parametrize(("status", "code"), [(400, 160004), (400, 160006), (403, 50013), (500, 0)])
async def test_when_discord_opens_none_the_message_has_arrived_all_the_same(world, status, code):
    """160004: the thread is there already, as after a message that was sent twice."""
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=status, code=code, times=None)
    sent = await ask(world)
    assert sent == str(world.channel.last_message.id)


@pytest.mark.parametrize("code", [10003, 50001, 160005])
async def test_when_the_thread_is_gone_or_closed_the_next_day_comes_in_the_channel(world, code):
    sent = await ask(world)
    world.env.inject_error("POST", f"/channels/{sent}/messages", status=403, code=code, times=None)
    await ask(world, number=2, text="And you?", reply_to=sent)
    assert contents(world.channel) == ["Why?", "And you?"]


async def test_channels_without_threads_get_the_message_alone(world):
    for channel in (world.guild.create_voice_channel("talk"), world.ada.user.dm_channel):
        await ask(world, channel)
        assert contents(channel) == ["Why?"]
    assert not opened(world)


async def test_in_a_thread_no_other_one_is_begun(world):
    await ask(world)
    (thread,) = world.channel.threads
    await ask(world, thread, number=2)
    assert contents(thread) == ["Why?"]
    assert len(opened(world)) == 1


async def test_what_people_say_in_the_thread_is_not_meant_for_the_bot(world):
    await ask(world)
    (thread,) = world.channel.threads
    await world.bob.send(thread, "I would say it differently.")
    assert not any(incoming.addressed for incoming in world.ears.heard)
    await world.bob.send(thread, f"{world.mention} help")
    assert world.ears.last.addressed
    assert world.ears.last.place == f"discord:{thread.id}"

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
from simcord.enums import ChannelType

from bot.adapters.discord import failures, rooms
from bot.service.ports.platform import UnreachableError

pytestmark = pytest.mark.simcord(shard_count=1)


async def room(world, channel=None, title: str = "Coding", *, public: bool = False) -> str:
    await world.ada.slash(channel or world.channel, "mock")
    return await world.platform.room(world.ears.last, title, public=public)


async def test_on_a_server_an_interview_gets_a_private_thread_with_the_candidate_in_it(world):
    place = await room(world)
    (thread,) = world.channel.threads
    assert place == f"discord:{thread.id}"
    assert thread.name == "Coding"
    assert thread._channel.type == ChannelType.PRIVATE_THREAD
    assert world.ada.id in thread._channel.thread_members
    assert world.bob.id not in thread._channel.thread_members


async def test_the_candidate_is_called_there_once_and_told_how_to_answer(world):
    await room(world)
    (greeting,) = world.channel.threads[0].history()
    assert [user.id for user in greeting.mentions] == [world.ada.id]
    assert "reply to my messages" in greeting.content
    await world.say(f"discord:{world.channel.threads[0].id}", f"<@{world.ada.id}> Why?")
    assert not world.channel.threads[0].last_message.mentions


async def test_a_public_thread_is_opened_when_asked_for(world):
    await room(world, public=True)
    assert world.channel.threads[0]._channel.type == ChannelType.PUBLIC_THREAD


async def test_a_long_title_is_cut(world):
    await room(world, title="x" * 200)
    assert len(world.channel.threads[0].name) == 100


async def test_in_direct_messages_and_in_a_thread_it_runs_right_there(world):
    await world.ada.user.slash("mock")
    assert await world.platform.room(world.ears.last, "Coding", public=False) == world.dm(world.ada)
    place = await room(world, public=True)
    assert await room(world, world.channel.threads[0]) == place


@pytest.mark.parametrize("missing", ["create_private_threads", "send_messages_in_threads"])
async def test_without_permission_for_threads_it_runs_in_direct_messages(world, missing):
    world.deny(missing)
    assert await room(world) == world.dm(world.ada)
    assert world.ada.user.dm_channel.last_message.content == (
        f"I cannot open a thread in <#{world.channel.id}>, so your interview runs here, between the two of us."
    )
    assert not world.channel.threads


async def test_when_discord_refuses_a_thread_it_runs_in_direct_messages(world):
    world.env.inject_error("POST", "/channels/*/threads", status=400, code=160006)
    assert await room(world) == world.dm(world.ada)


async def test_with_direct_messages_closed_too_it_runs_in_the_channel(world):
    world.deny("create_private_threads")
    world.env.inject_error("POST", f"/channels/{world.ada.user.dm_channel.id}/messages", status=403, code=50007)
    assert await room(world) == world.chain(world.ada)


async def private_room(world) -> str:
    await world.ada.slash(world.channel, "star")
    return await world.platform.private_room(world.ears.last)


async def test_stories_are_rehearsed_in_direct_messages(world):
    assert await private_room(world) == world.dm(world.ada)
    assert [message.content for message in world.ada.user.dm_channel.history()] == [rooms.STORIES_RUN_HERE]
    assert not world.channel.history(viewer=world.bob)
    assert not world.channel.threads


async def test_whoever_is_in_direct_messages_already_stays_there(world):
    await world.ada.user.slash("star")
    assert await world.platform.private_room(world.ears.last) == world.dm(world.ada)
    assert not world.ada.user.dm_channel.history()


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        ({"status": 403, "code": 50007}, failures.OPEN_DIRECT_MESSAGES),
        ({"status": 403, "code": 50278}, failures.OPEN_DIRECT_MESSAGES),
        ({"status": 403, "code": 50001}, failures.OPEN_DIRECT_MESSAGES),
    ],
)
async def test_closed_direct_messages_come_with_what_opens_them(world, fault, advice):
    world.env.inject_error("POST", f"/channels/{world.ada.user.dm_channel.id}/messages", **fault)
    with pytest.raises(UnreachableError) as raised:
        await private_room(world)
    assert raised.value.advice == advice


async def test_who_has_to_wait_for_direct_messages_is_told_so(world, monkeypatch):
    async def too_fast(*_: object) -> None:
        raise discord.RateLimited(75.0)

    monkeypatch.setattr(discord.abc.Messageable, "send", too_fast)
    with pytest.raises(UnreachableError) as raised:
        await private_room(world)
    assert raised.value.advice == failures.LATER


async def test_an_outage_opens_no_second_place(world):
    await world.ada.slash(world.channel, "mock")
    world.env.inject_error("POST", "/channels/*/threads", status=503)
    with pytest.raises(OSError, match="503"):
        await world.platform.room(world.ears.last, "Coding", public=False)
    assert not world.ada.user.dm_channel.history()


async def test_a_voice_channel_has_no_threads(world):
    assert await room(world, world.guild.create_voice_channel("talk")) == world.dm(world.ada)


async def test_a_news_channel_has_public_threads_only(world):
    news = world.guild.create_news_channel("news")
    assert await room(world, news) == world.dm(world.ada)
    world.env.inject_error("POST", "/channels/*/threads", status=400)  # simcord opens no threads there
    await room(world, news, public=True)
    (asked,) = [request for request in world.env.http_requests if request.path.endswith("/threads")]
    assert asked.json["type"] == discord.ChannelType.news_thread.value


async def test_on_a_server_without_the_bot_it_runs_in_direct_messages(world):
    """A person may bring the bot along to servers that never let it in."""
    place = await room(world, public=True)
    foreign = replace(world.ears.last, place="discord:123")
    assert await world.platform.room(foreign, "Coding", public=True) == world.dm(world.ada)
    foreign = replace(foreign, place=f"discord:123//{world.ada.id}")
    assert await world.platform.room(foreign, "Coding", public=True) == world.dm(world.ada)
    assert place != world.dm(world.ada)


async def test_after_a_restart_the_thread_is_still_known_as_one(world, another):
    place = await room(world)
    await world.say(place)
    await world.env.restart_bot(another().client)
    thread = world.channel.threads[0]
    await world.ada.send(thread, "Because.", reply_to=thread.last_message)
    assert world.ears.last.place == place

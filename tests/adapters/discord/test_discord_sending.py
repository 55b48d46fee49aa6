from __future__ import annotations

from dataclasses import dataclass

import aiohttp
import discord
import pytest

from bot.adapters.discord import failures
from bot.core.document import Heading, Paragraph
from bot.core.effects import Tone
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import RefusedError, TryAgainError, UnreachableError

pytestmark = pytest.mark.simcord(shard_count=1)


def sent(world) -> list[dict]:
    """What the bot asked Discord to post, as JSON."""
    return [r.json for r in world.env.http_requests if r.method == "POST" and r.path.endswith("/messages")]


async def test_a_message_goes_through_the_channel_and_gives_its_id(world):
    number = await world.say(world.chain(world.ada), "Why?")
    assert (str(world.channel.last_message.id), world.channel.last_message.content) == (number, "Why?")


async def test_a_repeated_part_carries_the_same_nonce_and_discord_is_told_to_mind_it(world):
    parts = world.platform.compose(Message(41, world.chain(world.ada), Tone.NOTICE, "word " * 900))
    for part in (*parts, parts[0]):
        await world.platform.post(part)
    assert [body["nonce"] for body in sent(world)] == ["41.0", "41.1", "41.2", "41.0"]
    assert all(body["enforce_nonce"] for body in sent(world))


async def test_nothing_that_is_said_calls_anybody(world):
    await world.say(world.chain(world.ada), f"@everyone @here <@{world.bob.id}> <@&1> said")
    assert sent(world)[0]["allowed_mentions"] == {"parse": []}
    assert not world.channel.last_message.mentions
    assert not world.channel.last_message.mention_everyone


async def test_only_the_first_part_replies_and_it_may_reply_to_what_is_gone(world):
    asked = await world.ada.send(world.channel, f"{world.mention} hello")
    await world.say(world.chain(world.ada), "word " * 900, reply_to=str(asked.id))
    first, second, third = sent(world)
    assert first["message_reference"] == {
        "type": 0,
        "message_id": asked.id,
        "channel_id": world.channel.id,
        "fail_if_not_exists": False,
    }
    assert "message_reference" not in second
    assert "message_reference" not in third


async def test_a_link_in_a_text_brings_no_preview(world):
    await world.say(world.chain(world.ada), "See https://example.org")
    assert discord.MessageFlags._from_value(sent(world)[0]["flags"]).suppress_embeds


async def test_a_document_goes_with_the_last_part(world):
    await world.say(world.dm(world.ada), "word " * 900, document=File("report.html", b"<p>"))
    *others, last = world.ada.user.dm_channel.history()
    assert not any(message.attachments for message in others)
    assert await last.attachments[0].read() == b"<p>"
    assert last.attachments[0].filename == "report.html"


async def test_a_picture_is_described_for_those_who_cannot_see_it(world):
    await world.say(world.dm(world.ada), "Ownership: no story yet.", document=File("stories.png", b"png"))
    assert world.ada.user.dm_channel.last_message.attachments[0].description == "Ownership: no story yet."


async def test_the_description_of_a_picture_is_as_long_as_discord_takes_it(world):
    await world.say(world.dm(world.ada), "word " * 900, document=File("stories.png", b"png"))
    described = world.ada.user.dm_channel.last_message.attachments[0].description
    assert (len(described), described[:5], described[-1]) == (1024, "word ", "…")


async def test_a_document_that_is_no_picture_needs_no_description(world):
    await world.say(world.dm(world.ada), "Your report.", document=File("report.html", b"<p>"))
    assert not world.ada.user.dm_channel.last_message.attachments[0].description


async def test_a_document_needs_no_words(world):
    await world.say(world.dm(world.ada), "", document=File("report.html", b"<p>"))
    assert world.ada.user.dm_channel.last_message.attachments


async def test_a_debrief_is_shown_in_frames(world):
    await world.say(world.dm(world.ada), "as text", blocks=(Heading(1, "Debrief"), Paragraph("Hire.")))
    (embed,) = world.ada.user.dm_channel.last_message.embeds
    assert (embed.title, embed.description) == ("Debrief", "Hire.")


async def test_a_persons_direct_messages_are_found_by_the_person(world):
    await world.say(f"discord:@{world.ada.id}", "I cannot write there any more.", person=f"discord:{world.ada.id}")
    assert world.ada.user.dm_channel.last_message.content == "I cannot write there any more."


async def test_what_is_private_is_shown_to_whoever_waits_for_it(world):
    result = await world.ada.slash(world.channel, "report")
    await whisper(world, "Your report.", document=File("report.html", b"<p>"))
    told = result.response
    assert (told.content, told.ephemeral, len(told.attachments)) == ("Your report.", True, 1)
    await whisper(world, "And more.")
    assert [(more.content, more.ephemeral) for more in result.followups] == [("And more.", True)]
    assert not world.channel.history(viewer=world.bob)


async def whisper(world, text: str, place: str = "", **more: object) -> str:
    place = place or world.chain(world.ada)
    return await world.say(place, text, person=f"discord:{world.ada.id}", private=True, **more)


async def test_what_is_private_goes_into_direct_messages_when_nobody_waits(world):
    await whisper(world, "Your report.")
    assert world.ada.user.dm_channel.last_message.content == "Your report."
    assert not world.channel.history()


async def test_what_is_private_goes_into_direct_messages_when_the_waiting_ended_early(world):
    await world.ada.slash(world.channel, "report")
    world.env.inject_error("POST", "/webhooks/*", status=404, code=10015)
    await whisper(world, "Your report.")
    assert world.ada.user.dm_channel.last_message.content == "Your report."


async def test_what_is_private_stays_to_be_read_in_direct_messages(world):
    await world.ada.user.slash("report")
    await whisper(world, "Your report.", world.dm(world.ada))
    last = world.ada.user.dm_channel.last_message
    assert (last.content, last.flags.ephemeral) == ("Your report.", False)


async def test_who_closed_their_direct_messages_learns_in_the_channel_how_to_be_answered(world):
    closed = f"/channels/{world.ada.user.dm_channel.id}/messages"
    world.env.inject_error("POST", closed, status=403, code=50007, times=None)
    await whisper(world, "secret " * 900)
    (told,) = world.channel.history()
    assert told.content.startswith("I have an answer that is for you alone")


@pytest.mark.parametrize("code", [50007, 50278, 40003])
async def test_closed_direct_messages_are_out_of_reach_with_advice(world, code):
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=code)
    with pytest.raises(UnreachableError) as raised:
        await whisper(world, "Your report.", world.dm(world.ada))
    assert raised.value.advice == failures.OPEN_DIRECT_MESSAGES


async def test_a_missing_permission_is_named_in_the_advice(world):
    world.deny("send_messages")
    with pytest.raises(UnreachableError) as raised:
        await world.say(world.chain(world.ada))
    assert raised.value.advice == "Ask an admin to allow me 'Send Messages' in this channel."


async def test_several_missing_permissions_are_named_together(world):
    world.deny("send_messages", "attach_files", "embed_links")
    with pytest.raises(UnreachableError) as raised:
        await world.say(world.chain(world.ada), "x", blocks=(Paragraph("Hire."),), document=File("report.html", b"<p>"))
    assert raised.value.advice == (
        "Ask an admin to allow me 'Send Messages' and 'Embed Links' and 'Attach Files' in this channel."
    )


async def test_in_a_thread_the_advice_names_the_permission_for_threads(world):
    place = await a_thread(world)
    world.deny("send_messages_in_threads")
    with pytest.raises(UnreachableError, match="'Send Messages in Threads' in this channel"):
        await world.say(place)


async def a_thread(world) -> str:
    await world.ada.slash(world.channel, "mock")
    return await world.platform.room(world.ears.last, "Coding", public=False)


async def test_an_unknown_channel_gets_advice_all_the_same(world):
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50001)
    with pytest.raises(UnreachableError, match="'View Channel' and 'Send Messages'"):
        await world.say("discord:123")


@pytest.mark.parametrize("code", [10003, 10004])
async def test_a_channel_that_is_gone_is_out_of_reach(world, code):
    world.env.inject_error("POST", "/channels/*/messages", status=404, code=code)
    with pytest.raises(UnreachableError) as raised:
        await world.say(world.chain(world.ada))
    assert raised.value.advice == failures.GONE


async def test_an_archived_thread_is_opened_again(world):
    place = await a_thread(world)
    (thread,) = world.channel.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=50083)
    await world.say(place, "Are you there?")
    assert thread.last_message.content == "Are you there?"
    assert not thread._channel.thread_metadata.archived


@pytest.mark.parametrize("code", [50083, 160005])
async def test_a_locked_thread_is_out_of_reach(world, code):
    place = await a_thread(world)
    (thread,) = world.channel.threads
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=code, times=None)
    with pytest.raises(UnreachableError) as raised:
        await world.say(place)
    assert raised.value.advice == failures.UNLOCK


async def test_an_outage_of_discord_is_tried_again(world):
    for status in (500, 503, 401):
        world.env.inject_error("POST", "/channels/*/messages", status=status)
        with pytest.raises(OSError, match=str(status)):
            await world.say(world.chain(world.ada))


@dataclass
class FakeResponse:
    """As much of a response as discord.py's errors read."""

    headers: dict[str, str]
    status: int = 429
    reason: str = "Too Many Requests"


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7.5"}, 7.5), ({}, 30), ({"Retry-After": "Sat, 21 Nov 2026"}, 30)]
)
async def test_a_demand_to_wait_is_passed_on(headers, seconds):
    with pytest.raises(TryAgainError) as raised, failures.translated_errors(""):
        raise discord.HTTPException(FakeResponse(headers), "banned for now")  # type: ignore[arg-type]
    assert raised.value.seconds == seconds


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (discord.RateLimited(75.0), TryAgainError),
        (aiohttp.ServerDisconnectedError(), OSError),
        (TimeoutError(), TimeoutError),
    ],
)
async def test_what_happens_on_the_way_is_told_in_our_words(error, expected):
    with pytest.raises(expected), failures.translated_errors(""):
        raise error


async def test_a_message_that_discord_will_never_take_is_refused(world):
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    with pytest.raises(RefusedError, match="50035"):
        await world.say(world.chain(world.ada))


async def test_before_it_is_connected_and_after_it_hung_up_everything_is_tried_later(another):
    part = another().compose(Message(1, "discord:1", Tone.NOTICE, "Why?"))[0]
    with pytest.raises(OSError, match="not connected"):
        await another().post(part)


async def test_hostile_texts_arrive_as_they_were_typed_and_call_nobody(world):
    hostile = ["<b>x</b> [a](http://b) ||c||", "\u202eabc\u202c", "👩‍👩‍👧" * 300, "\u200b", "`" * 10_000, "😀" * 4_096]
    for number, text in enumerate(hostile):
        await world.say(world.dm(world.ada), text, number=number)
    assert all(len(m.content.encode("utf-16-le")) // 2 <= 2000 for m in world.ada.user.dm_channel.history())


async def test_links_lead_to_the_message_on_the_server_or_in_direct_messages(world):
    server = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}"
    assert world.platform.link(world.chain(world.ada), "5") == f"{server}/5"
    assert world.platform.link(world.chain(world.ada), "") == server
    assert world.platform.link("discord:123", "5") == "https://discord.com/channels/@me/123/5"
    assert world.platform.link("discord:@7", "5") == ""


async def test_a_channel_has_a_budget_of_its_own_below_the_one_of_all(world):
    own, shared = world.platform.budgets(world.chain(world.ada))
    assert (own.key, own.one_chat) == (f"discord:{world.channel.id}", True)
    assert not shared.one_chat
    assert world.platform.budgets(world.chain(world.bob))[0] == own

from __future__ import annotations

import discord
import pytest
from simcord.backend.models import MessageSticker, Poll, PollAnswer
from simcord.enums import MessageType

from bot.service.ports.incoming import Attached, Edited, Left, Said, Unreadable, UnreadableError

pytestmark = pytest.mark.simcord(shard_count=1)


async def test_a_direct_message_is_heard_in_private(world):
    sent = await world.ada.send_dm("A cache keeps what was computed.")
    incoming = world.ears.last
    assert incoming.content == Said("A cache keeps what was computed.", str(sent.id))
    assert (incoming.key, incoming.place) == (f"discord:{sent.id}", world.dm(world.ada))
    assert (incoming.person, incoming.private, incoming.addressed) == (f"discord:{world.ada.id}", True, True)
    assert incoming.at == int(sent.created_at.timestamp())


async def test_what_people_say_among_themselves_does_not_even_reach_the_bot(world):
    await world.ada.send(world.channel, "Shall we have lunch?")
    await world.ada.send(world.channel, "Look at this", attachments=[("answer.py", b"x = 1")])
    assert not world.ears.heard


async def test_a_mention_is_heard_without_the_mention(world):
    sent = await world.ada.send(world.channel, f"{world.mention} /mock coding")
    incoming = world.ears.last
    assert incoming.content == Said("/mock coding", str(sent.id))
    assert (incoming.place, incoming.private, incoming.addressed) == (world.chain(world.ada), False, True)


async def test_a_bare_mention_says_nothing(world):
    await world.ada.send(world.channel, world.mention)
    assert not world.ears.heard


async def test_a_reply_to_the_bot_is_heard_with_what_it_replies_to(world):
    asked = await world.say(world.chain(world.ada))
    await world.ada.send(world.channel, "Because of the cache.", reply_to=world.channel.last_message)
    assert world.ears.last.content.text == "Because of the cache."
    assert world.ears.last.content.reply_to == asked
    assert world.ears.last.place == world.chain(world.ada)


async def test_a_reply_in_a_thread_belongs_to_the_thread(world):
    place = await a_thread(world)
    await world.say(place)
    (thread,) = world.channel.threads
    await world.ada.send(thread, "Because.", reply_to=thread.last_message)
    assert (world.ears.last.place, world.ears.last.private) == (place, False)


async def a_thread(world) -> str:
    await world.ada.slash(world.channel, "mock", stage="coding")
    return await world.platform.room(world.ears.last, "Coding", public=False)


async def test_other_bots_and_webhooks_are_not_heard(world):
    other = world.guild.add_member(world.env.create_user("other", bot=True))
    await other.send(world.channel, f"{world.mention} hello")
    await world.guild.create_webhook(world.channel).send(f"{world.mention} hello")
    assert not world.ears.heard


async def test_notes_of_discord_itself_are_not_heard(world):
    await world.ada.user.send_dm("ada pinned a message", message_type=MessageType.NEW_MEMBER)
    assert not world.ears.heard


async def test_an_edit_is_heard_with_the_new_text_and_a_key_of_its_own(world):
    sent = await world.ada.send_dm("A cache")
    await world.ada.user.edit(sent, "A cache keeps results.")
    first = world.ears.last
    await world.env.advance_time(5)
    await world.ada.user.edit(sent, "A cache keeps results near.")
    assert first.content == Edited("A cache keeps results.", str(sent.id))
    assert world.ears.last.content == Edited("A cache keeps results near.", str(sent.id))
    assert len({incoming.key for incoming in world.ears.heard}) == 3


async def test_an_edit_that_only_brings_a_link_preview_is_not_heard(world):
    sent = await world.ada.send_dm("See https://example.org")
    payload = next(p for kind, name, p in world.env.backend.transcript if name == "MESSAGE_CREATE")
    world.env.backend.emit("MESSAGE_UPDATE", {**payload, "embeds": [{"type": "link", "url": "https://example.org"}]})
    await world.env.settle()
    assert world.ears.whats == [Said("See https://example.org", str(sent.id))]


async def test_an_edit_of_a_mention_is_heard_without_the_mention(world):
    sent = await world.ada.send(world.channel, f"{world.mention} one")
    await world.ada.edit(sent, f"{world.mention} two")
    assert world.ears.last.content == Edited("two", str(sent.id))


async def test_a_file_is_heard_with_its_text_as_caption_and_can_be_read(world):
    sent = await dm_with_files(world, "Here it is.", ("answer.py", b"\xef\xbb\xbfx = 1\r\ny = 2\r\n"))
    incoming = world.ears.last
    assert isinstance(incoming.content, Attached)
    assert (incoming.content.name, incoming.content.caption, incoming.content.source) == (
        "answer.py",
        "Here it is.",
        str(sent.id),
    )
    assert await world.platform.read(incoming, incoming.content) == "Here it is.\n\nx = 1\ny = 2"


async def dm_with_files(world, text: str, *files: tuple[str, bytes]) -> discord.Message:
    channel = world.ada.user.dm_channel
    return await world.ada.user.send_dm(text, attachments=world.env.backend.store_attachments(channel.id, files))


async def test_two_files_are_two_things_heard(world):
    await dm_with_files(world, "Both.", ("a.py", b"a"), ("b.py", b"b"))
    assert [(what.name, what.caption) for what in world.ears.whats] == [("a.py", "Both."), ("b.py", "")]
    assert len({incoming.key for incoming in world.ears.heard}) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answer.pdf", b"text"),
        ("answer", b"text"),
        ("answer.py", b"\xff\xfe\x00"),
        ("answer.txt", b"a\0b"),
        ("answer.md", b"x" * (64 * 1024 + 1)),
    ],
)
async def test_a_file_that_is_no_text_is_refused_in_one_sentence(world, name, content):
    await dm_with_files(world, "", (name, content))
    with pytest.raises(UnreadableError, match=r"I can read files ending in \.py, \.txt or \.md"):
        await world.platform.read(world.ears.last, world.ears.last.content)


async def test_a_file_whose_message_was_deleted_is_asked_for_again(world):
    sent = await dm_with_files(world, "", ("answer.py", b"x"))
    await world.ada.user.delete(sent)
    with pytest.raises(UnreadableError, match="send it again"):
        await world.platform.read(world.ears.last, world.ears.last.content)


async def test_a_file_that_cannot_be_fetched_just_now_is_tried_again(world):
    await dm_with_files(world, "", ("answer.py", b"x"))
    world.env.inject_error("GET", "/channels/*/messages/*", status=503)
    with pytest.raises(OSError, match="503"):
        await world.platform.read(world.ears.last, world.ears.last.content)


async def test_a_photo_beside_a_text_is_said_to_be_unreadable(world):
    sent = await dm_with_files(world, "My sketch.", ("one.png", b"1"), ("two.png", b"2"))
    assert world.ears.whats == [Said("My sketch.", str(sent.id)), Unreadable("photo")]


async def test_videos_and_recordings_are_unreadable(world):
    await dm_with_files(world, "", ("talk.mp4", b"1"), ("talk.mp3", b"2"))
    assert world.ears.whats == [Unreadable("video"), Unreadable("audio")]


async def test_a_voice_message_is_unreadable(world):
    channel = world.ada.user.dm_channel
    (file,) = world.env.backend.store_attachments(channel.id, [("voice.ogg", b"1")])
    await world.ada.user.send_dm("", attachments=[{**file, "duration_secs": 3.2, "waveform": "AAAA"}])
    assert world.ears.whats == [Unreadable("voice")]


async def test_stickers_and_polls_are_unreadable(world):
    sticker = MessageSticker(1, "wave", 1, world.guild.id)
    await world.ada.user.send_dm("", stickers=[sticker])
    poll = Poll(
        "Which?", [PollAnswer(1, "A", None)], world.env.backend.iso_after(60), allow_multiselect=False, layout_type=1
    )
    await world.ada.user.send_dm("", poll=poll)
    assert world.ears.whats == [Unreadable("sticker"), Unreadable("poll")]


async def test_a_forwarded_message_is_unreadable(world):
    sent = await world.ada.send(world.channel, "Somebody else's words")
    reference = {"type": 1, "channel_id": str(world.channel.id), "message_id": str(sent.id)}
    await world.ada.user.send_dm("", reference=reference)
    assert world.ears.whats == [Unreadable("forward")]


async def test_hostile_text_arrives_as_it_was_typed(world):
    hostile = "@everyone <@&1> \u202eabc\u202c 👩‍👩‍👧 \u200b <b>x</b> `" + "😀" * 900
    await world.ada.send_dm(hostile)
    assert world.ears.last.content.text == hostile


async def test_a_bot_that_is_taken_out_of_a_server_has_left_all_its_places(world):
    place = await a_thread(world)
    world.ears.heard.clear()
    world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()
    assert {incoming.place for incoming in world.ears.heard} >= {f"discord:{world.channel.id}", place}
    assert set(world.ears.whats) == {Left()}
    assert len({incoming.key for incoming in world.ears.heard}) == len(world.ears.heard)


async def test_a_deleted_thread_or_channel_is_left(world):
    place = await a_thread(world)
    world.env.backend.delete_channel(world.channel.threads[0].id)
    await world.env.settle()
    assert (world.ears.last.place, world.ears.last.content) == (place, Left())
    world.env.backend.delete_channel(world.channel.id)
    await world.env.settle()
    assert (world.ears.last.place, world.ears.last.content) == (f"discord:{world.channel.id}", Left())


async def test_a_thread_that_the_bot_was_taken_out_of_is_left(world):
    place = await a_thread(world)
    world.env.backend.remove_thread_member(world.channel.threads[0].id, world.me)
    await world.env.settle()
    assert (world.ears.last.place, world.ears.last.content) == (place, Left())


async def test_a_public_thread_is_not_left_with_its_members(world):
    await world.ada.slash(world.channel, "mock")
    await world.platform.room(world.ears.last, "Coding", public=True)
    world.ears.heard.clear()
    world.env.backend.remove_thread_member(world.channel.threads[0].id, world.me)
    await world.env.settle()
    assert not world.ears.heard


async def test_a_message_that_cannot_be_kept_is_kept_later(world, sleep):
    world.ears.failures = 3
    sent = await world.ada.send_dm("Do not lose me.")
    assert world.ears.whats == [Said("Do not lose me.", str(sent.id))]
    assert sleep.pauses == [1, 2, 4]


async def test_what_can_never_be_kept_is_given_up_with_an_error(world, sleep):
    world.ears.failures = 6
    await world.ada.send_dm("Lost.")
    assert not world.ears.heard
    assert sleep.pauses == [1, 2, 4, 8, 16]
    assert [type(error) for error in world.env.errors] == [ConnectionError]


async def test_messages_are_heard_after_the_connection_was_interrupted(world):
    shard = world.platform.client.get_shard(0)
    await shard.disconnect()
    await shard.reconnect()
    await world.env.settle()
    await world.ada.send_dm("Still there?")
    assert world.ears.last.content.text == "Still there?"

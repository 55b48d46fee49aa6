from __future__ import annotations

import asyncio

import discord
import pytest
from simcord.backend.models import Channel
from simcord.enums import ChannelType, InteractionType
from simcord.interactions import base_payload

from bot.adapters.discord.pending import PendingInteractions
from bot.core.effects import Tone
from bot.core.events import Command
from bot.service.ports.incoming import Pressed, Said, Submitted
from bot.service.ports.messages import Message

pytestmark = pytest.mark.simcord(shard_count=1)
OFFER = {"session_id": 7, "mark": "q1.0.0", "commands": (Command.DONE, Command.HINT)}


async def ask(world, place: str | None = None, number: int = 1) -> discord.Message:
    """A question in the channel with its buttons."""
    place = place or world.chain(world.ada)
    message = Message(number, place, Tone.QUESTION, "What is a cache?", **OFFER)
    for part in world.platform.compose(message):
        await world.platform.post(part)
    channel = world.channel if "//" in place else world.ada.user.dm_channel
    return channel.last_message


async def test_a_press_is_heard_with_what_was_offered(world):
    pressed = await world.ada.click(await ask(world), label="Hint")
    incoming = world.ears.last
    assert incoming.content == Pressed(7, "q1.0.0", "hint")
    assert (incoming.place, incoming.person) == (world.chain(world.ada), f"discord:{world.ada.id}")
    assert pressed.deferred
    assert incoming.key == f"discord:{incoming.ticket}"


async def test_a_choice_with_a_dash_comes_back_whole(world):
    await world.say(world.dm(world.ada), session_id=7, mark="c0.0.0", choices=("system-design", "rapid-fire"))
    await world.ada.user.click(world.ada.user.dm_channel.last_message, label="System design")
    assert world.ears.last.content == Pressed(7, "c0.0.0", "system-design")
    assert world.ears.last.private


async def test_two_taps_are_two_presses(world):
    question = await ask(world)
    await world.ada.click(question, label="Done")
    await world.ada.click(question, label="Done")
    assert world.ears.whats == [Pressed(7, "q1.0.0", "done")] * 2
    assert len({incoming.key for incoming in world.ears.heard}) == 2


async def test_a_press_of_somebody_else_is_heard_as_theirs(world):
    question = await ask(world)
    await world.bob.click(question, label="Done")
    assert (world.ears.last.person, world.ears.last.place) == (f"discord:{world.bob.id}", world.chain(world.bob))


async def test_an_answer_typed_into_the_form_is_heard_as_submitted(world):
    shown = await world.ada.click(await ask(world), label="Answer")
    assert shown.modal["title"] == "Your answer"
    sent = await world.ada.submit_modal(shown, {"answer": "It keeps results.\n`x = 1`"})
    incoming = world.ears.last
    assert incoming.content == Submitted(7, "q1.0.0", "It keeps results.\n`x = 1`")
    assert incoming.place == world.chain(world.ada)
    assert sent.deferred


async def test_the_form_takes_four_thousand_characters_and_fits_discords_limits(world):
    shown = await world.ada.click(await ask(world), label="Answer")
    (field,) = shown.modal["components"]
    assert field["component"]["max_length"] == 4000
    assert len(shown.modal["custom_id"]) <= 100
    assert len(field["label"]) <= 45
    assert len(field["description"]) <= 100


async def test_two_people_with_the_same_form_lose_no_answer(world):
    question = await ask(world)
    of_ada, of_bob = await world.ada.click(question, label="Answer"), await world.bob.click(question, label="Answer")
    assert of_ada.modal["custom_id"] != of_bob.modal["custom_id"]
    await world.bob.submit_modal(of_bob, {"answer": "Bob's"})
    await world.ada.submit_modal(of_ada, {"answer": "Ada's"})
    assert [(incoming.person, incoming.content.text) for incoming in world.ears.heard] == [
        (f"discord:{world.bob.id}", "Bob's"),
        (f"discord:{world.ada.id}", "Ada's"),
    ]


async def test_buttons_and_open_forms_outlive_the_program(world, another):
    question = await ask(world)
    shown = await world.ada.click(question, label="Answer")
    await world.env.restart_bot(another().client)
    await world.ada.submit_modal(shown, {"answer": "Typed across the restart."})
    await world.ada.click(question, label="Done")
    assert world.ears.whats == [Submitted(7, "q1.0.0", "Typed across the restart."), Pressed(7, "q1.0.0", "done")]


async def test_no_button_and_no_form_stays_in_memory(world):
    for number in range(3):
        await world.ada.click(await ask(world, number=number), label="Answer")
    store = world.platform.client._connection._view_store
    assert not any(store._views.values())
    assert not store._modals


async def test_buttons_work_after_the_connection_was_interrupted(world):
    question = await ask(world)
    shard = world.platform.client.get_shard(0)
    await shard.disconnect()
    await shard.reconnect()
    await world.env.settle()
    await world.ada.click(question, label="Done")
    assert world.ears.whats == [Pressed(7, "q1.0.0", "done")]


async def test_a_foreign_button_or_form_is_not_heard(world):
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id="b:what:ever"))
    view.stop()
    channel = world.platform.client.get_channel(world.channel.id)
    await channel.send("An old message", view=view)
    assert not (await world.ada.click(world.channel.last_message, label="Old")).acknowledged
    await emit(world, InteractionType.MODAL_SUBMIT, {"custom_id": "ans:other", "components": []})
    assert not world.ears.heard


async def emit(world, kind: InteractionType, data: dict, place: Channel | None = None, **changes: object) -> None:
    """An interaction that simcord's people cannot make."""
    place = place or world.ada.user.dm_channel
    _, payload = base_payload(
        world.env.backend, type=kind, channel_id=place.id, guild_id=None, user_id=world.ada.id, data=data
    )
    world.env.backend.emit("INTERACTION_CREATE", {**payload, **changes})
    await world.env.settle()


async def test_a_form_of_either_layout_is_read(world):
    field = {"type": 4, "custom_id": "answer", "value": "Typed."}
    for components in ([{"type": 1, "components": [field]}], [{"type": 10}, {"type": 18, "component": field}]):
        await emit(world, InteractionType.MODAL_SUBMIT, {"custom_id": "ans:7:q1.0.0:5", "components": components})
    await emit(world, InteractionType.MODAL_SUBMIT, {"custom_id": "ans:7:q1.0.0:6", "components": [{"type": 10}]})
    assert [what.text for what in world.ears.whats] == ["Typed.", "Typed.", ""]


async def test_what_happens_in_a_channel_of_an_unknown_kind_is_not_heard(world):
    command = {"id": "1", "name": "done", "type": 1, "options": []}
    await emit(world, InteractionType.APPLICATION_COMMAND, command, channel={"id": "5", "type": 99})
    assert not world.ears.heard


async def test_a_press_that_cannot_be_kept_is_not_confirmed_and_a_form_stays_open(world):
    question = await ask(world)
    shown = await world.ada.click(question, label="Answer")
    world.ears.failures = 2
    assert not (await world.ada.submit_modal(shown, {"answer": "x"})).acknowledged
    assert not (await world.ada.click(question, label="Done")).acknowledged
    assert len(world.env.errors) == 2


async def test_a_notice_answers_a_command_for_the_persons_eyes_only(world):
    result = await world.ada.slash(world.channel, "hint")
    await world.platform.acknowledge(world.ears.last, "No interview is open here.")
    assert result.response.content == "No interview is open here."
    assert result.response.ephemeral
    assert not world.channel.history(viewer=world.bob)


async def test_a_notice_answers_a_press_for_the_persons_eyes_only(world):
    result = await world.ada.click(await ask(world), label="Hint")
    await world.platform.acknowledge(world.ears.last, "That button belongs to an earlier moment.")
    assert [(told.content, told.ephemeral) for told in result.followups] == [
        ("That button belongs to an earlier moment.", True)
    ]


async def test_a_notice_that_gives_back_a_long_answer_arrives_whole(world):
    shown = await world.ada.click(await ask(world), label="Answer")
    result = await world.ada.submit_modal(shown, {"answer": "word " * 700})
    await world.platform.acknowledge(world.ears.last, "You wrote:\n" + "word " * 700)
    assert len(result.followups) == 2
    assert sum(told.content.count("word") for told in result.followups) == 700
    assert all(told.ephemeral for told in result.followups)


async def test_without_a_notice_the_thinking_ends_quietly(world):
    result = await world.ada.slash(world.channel, "hint")
    assert result.deferred
    await end_quietly(world)
    assert result.response is None
    assert not world.channel.history(viewer=world.ada)
    await end_quietly(world)


async def end_quietly(world) -> None:
    await world.platform.acknowledge(world.ears.last, "")
    await asyncio.wait(world.platform._ending)


async def test_a_private_message_on_its_way_still_ends_the_thinking(world, sleep):
    result = await world.ada.slash(world.channel, "history")

    async def meanwhile(_seconds: float) -> None:
        await whisper_history(world)

    sleep.meanwhile = meanwhile
    await end_quietly(world)
    assert result.response.content == "Your interviews"


async def whisper_history(world) -> None:
    await world.say(world.chain(world.ada), "Your interviews", person=f"discord:{world.ada.id}", private=True)


async def test_a_thinking_that_cannot_be_ended_breaks_nothing(world):
    await world.ada.slash(world.channel, "hint")
    world.env.inject_error("DELETE", "/webhooks/*", status=404, code=10015)
    await end_quietly(world)


async def test_hanging_up_ends_the_thinking_first(world):
    result = await world.ada.slash(world.channel, "hint")
    await world.platform.acknowledge(world.ears.last, "")
    await world.platform.close()
    assert result.response is None


async def test_in_direct_messages_the_thinking_ends_at_once(world, sleep):
    await world.ada.user.slash("hint")
    await end_quietly(world)
    assert not sleep.pauses


async def test_without_a_notice_a_press_leaves_the_question_as_it_is(world):
    question = await ask(world)
    result = await world.ada.click(question, label="Hint")
    await end_quietly(world)
    assert not result.followups
    assert world.channel.last_message.id == question.id


async def test_a_private_message_that_came_first_is_not_taken_away(world):
    result = await world.ada.slash(world.channel, "history")
    await whisper_history(world)
    await end_quietly(world)
    assert result.response.content == "Your interviews"


async def test_who_is_acknowledged_before_discord_was_told_waits_for_that(world):
    acknowledged = []

    async def receive(batch):
        async def at_once() -> None:
            await world.platform.acknowledge(batch[0], "Noted.")

        acknowledged.append(asyncio.create_task(at_once()))
        await asyncio.sleep(0)

    world.platform.client._receive = receive
    result = await world.ada.slash(world.channel, "hint")
    await acknowledged[0]
    assert result.response.content == "Noted."


async def test_a_confirmation_that_is_refused_breaks_nothing(world):
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await world.ada.slash(world.channel, "hint")
    assert world.ears.whats == [Said("/hint")]
    await world.platform.acknowledge(world.ears.last, "Too late.")
    assert not world.channel.history()


async def test_a_form_that_cannot_be_opened_breaks_nothing(world):
    question = await ask(world)
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    assert (await world.ada.click(question, label="Answer")).modal is None


async def test_a_notice_that_cannot_be_shown_breaks_nothing(world):
    await world.ada.slash(world.channel, "hint")
    world.env.inject_error("POST", "/webhooks/*", status=404, code=10015)
    await world.platform.acknowledge(world.ears.last, "Noted.")


async def test_after_a_quarter_of_an_hour_or_a_restart_nobody_waits_any_more(world, another):
    result = await world.ada.slash(world.channel, "hint")
    await another().acknowledge(world.ears.last, "Noted.")
    world.clock.forward(15 * 60)
    await world.platform.acknowledge(world.ears.last, "Noted.")
    assert not result.response.content


async def test_only_so_many_people_are_kept_waiting(world):
    for _ in range(3):
        await world.ada.slash(world.channel, "hint")
    kept = PendingInteractions(world.clock, at_most=2)
    for incoming in world.ears.heard:
        kept.add(world.platform._pending.by_ticket(incoming.ticket).interaction, incoming)
    assert [kept.by_ticket(incoming.ticket) is not None for incoming in world.ears.heard] == [False, True, True]


async def test_where_two_people_talk_in_private_the_bot_is_not_in_private(world):
    """A person who brings the bot along can use it between two people, where the bot itself cannot write."""
    channel = world.env.backend.create_channel(None, None, type=ChannelType.DM)
    channel.recipient_ids = [world.bob.id]
    command = {"id": "1", "name": "done", "type": 1, "options": []}
    await emit(world, InteractionType.APPLICATION_COMMAND, command, channel, context=2)
    incoming = world.ears.last
    assert (incoming.private, incoming.place) == (False, f"discord:{channel.id}//{world.ada.id}")
    assert await world.platform.room(incoming, "Coding", public=False) == world.dm(world.ada)

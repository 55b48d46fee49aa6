from __future__ import annotations

import pytest

from bot.core.text import replies, story_text
from bot.service.ports.incoming import Said

pytestmark = pytest.mark.simcord(shard_count=1)


async def test_every_known_command_is_offered_with_its_meaning(world):
    offered = {command["name"]: command["description"] for command in registered(world)}
    assert offered == dict(replies.all_commands())
    assert all(1 <= len(description) <= 100 for description in offered.values())


def registered(world) -> list[dict]:
    return list(world.env.backend.commands[None].values())


async def test_commands_work_on_servers_in_direct_messages_and_wherever_a_person_brings_the_bot(world):
    for command in registered(world):
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert sorted(command["integration_types"]) == [0, 1]


async def test_a_command_is_heard_as_the_line_a_person_would_type(world):
    options = {"stage": "system-design", "topic": "load balancing", "level": "senior", "minutes": 30, "pace": "strict"}
    await world.ada.slash(world.channel, "mock", **options)
    incoming = world.ears.last
    assert incoming.content == Said("/mock system-design load balancing senior 30 strict")
    assert (incoming.place, incoming.private, incoming.addressed) == (world.chain(world.ada), False, True)
    assert (incoming.key, incoming.locale) == (f"discord:{incoming.ticket}", "en-US")


async def test_mock_may_stand_alone(world):
    await world.ada.user.slash("mock")
    assert world.ears.last.content == Said("/mock")
    assert (world.ears.last.place, world.ears.last.private) == (world.dm(world.ada), True)


@pytest.mark.parametrize(
    ("name", "options", "line"),
    [
        ("done", {}, "/done"),
        ("report", {}, "/report"),
        ("report", {"number": "3"}, "/report 3"),
        ("settings", {"change": "harvest on"}, "/settings harvest on"),
        ("daily", {}, "/daily"),
        ("daily", {"order": "08:30 Europe/London"}, "/daily 08:30 Europe/London"),
        ("forget", {"confirm": "everything"}, "/forget everything"),
        ("star", {}, "/star"),
        ("star", {"what": "tag 3 ownership conflict"}, "/star tag 3 ownership conflict"),
    ],
)
async def test_other_commands_may_have_one_detail(world, name, options, line):
    await world.ada.slash(world.channel, name, **options)
    assert world.ears.last.content == Said(line)


async def test_a_command_in_a_thread_belongs_to_the_thread(world):
    await world.ada.slash(world.channel, "mock")
    place = await world.platform.room(world.ears.last, "Coding", public=True)
    await world.ada.slash(world.channel.threads[0], "hint")
    assert (world.ears.last.content, world.ears.last.place) == (Said("/hint"), place)


async def test_topics_are_suggested_for_the_chosen_stage(world):
    suggested = await world.ada.autocomplete(world.channel, "mock", "topic", "a", stage="coding")
    assert [choice["value"] for choice in suggested] == ["arrays"]
    suggested = await world.ada.autocomplete(world.channel, "mock", "topic", "Load b")
    assert [choice["value"] for choice in suggested] == ["load-balancing"]
    assert not await world.ada.autocomplete(world.channel, "mock", "topic", "zzz")


async def test_orders_competencies_and_companies_are_suggested_for_stories(world):
    async def suggested(typed: str) -> dict[str, str]:
        found = await world.ada.autocomplete(world.channel, "star", "what", typed)
        return {choice["value"]: choice["name"] for choice in found}

    everything = await suggested("")
    assert list(everything)[: len(story_text.ORDERS)] == list(story_text.ORDERS)
    assert 1 <= len(everything) <= 25
    assert all(1 <= len(name) <= 100 for name in everything.values())
    assert await suggested("deciding w") == {"data-driven-decision": "Deciding with data"}
    assert await suggested("Acme") == {"grid acme": "grid: Acme"}
    assert (await suggested("pract")) == {"practice": f"practice: {story_text.ORDERS['practice']}"}
    assert not await suggested("zzz")


async def test_a_command_is_committed_before_discord_is_told(world):
    order = []

    async def receive(_batch):
        order.append(("heard", len(world.env.http_requests)))

    world.platform.client._receive = receive
    world.env.http_requests.clear()
    await world.ada.slash(world.channel, "done")
    assert order == [("heard", 0)]
    assert world.env.http_requests[0].path.endswith("/callback")


async def test_a_command_that_cannot_be_kept_is_not_confirmed(world):
    world.ears.failures = 1
    result = await world.ada.slash(world.channel, "done")
    assert not result.acknowledged
    assert len(world.env.errors) == 1


async def test_commands_are_told_to_discord_only_when_they_changed(world, another, monkeypatch):
    await world.env.restart_bot(another().client)
    assert synced(world) == 1
    monkeypatch.setitem(replies._REQUESTS, "history", "what you did so far")
    await world.env.restart_bot(another().client)
    assert synced(world) == 2


def synced(world) -> int:
    return sum(request.method == "PUT" and request.path.endswith("/commands") for request in world.env.http_requests)

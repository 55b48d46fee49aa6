"""Recorded updates of each kind, and what is heard in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.adapters.telegram.translate import ALLOWED_UPDATES, Json, Me, translate
from bot.service.ports.incoming import Attached, Content, Edited, Incoming, Left, Moved, Pressed, Said, Unreadable

PAYLOADS = Path(__file__).parent / "payloads"
ME = Me(123456789, "mockbot_bot")
SENT_AT, NOW = 1795000000, 1795000099
PRIVATE, SUPERGROUP, FORUM = "telegram:7001", "telegram:-1001234567890", "telegram:-1009876543210"


def payload(name: str) -> Json:
    update: Json = json.loads((PAYLOADS / f"{name}.json").read_text())
    return update


def incoming(name: str) -> Incoming:
    found = translate(payload(name), ME, NOW)
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "place", "what"),
    [
        ("private_text", PRIVATE, Said("A hash map gives O(1) look-ups 🙂", "11")),
        ("private_code_block", PRIVATE, Said("def f(n):\n    return n * 2", "12")),
        ("private_start_deep_link", PRIVATE, Said("/start mock_system-design", "13")),
        ("private_edit", PRIVATE, Edited("A hash map gives O(1) look-ups on average", "11")),
        ("private_press", PRIVATE, Pressed(5, "3-0", "done")),
        ("private_document", PRIVATE, Attached("BQACAgIAAxkDocument", "solution.py", 512, "15", "My solution")),
        ("private_voice", PRIVATE, Unreadable("voice")),
        ("private_photo", PRIVATE, Unreadable("photo")),
        ("private_photo_with_caption", PRIVATE, Said("The cache sits in front of the store", "18")),
        ("private_animation", PRIVATE, Unreadable("animation")),
        ("private_sticker", PRIVATE, Unreadable("sticker")),
        ("private_video_note", PRIVATE, Unreadable("video note")),
        ("private_venue", PRIVATE, Unreadable("venue")),
        ("private_poll", PRIVATE, Unreadable("poll")),
        ("private_contact", PRIVATE, Unreadable("contact")),
        ("group_command", "telegram:-4001//7001", Said("/mock coding senior", "31")),
        ("group_command_to_us", "telegram:-4001//7001", Said("/mock@MockBot_bot coding", "32")),
        ("group_reply_to_us", f"{SUPERGROUP}//7002", Said("I would shard by user", "34", "21")),
        ("group_reply_edit", f"{SUPERGROUP}//7002", Edited("I would shard by user id", "34")),
        ("group_mention", f"{SUPERGROUP}//7001", Said("start a mock please", "36")),
        ("group_document_reply", f"{SUPERGROUP}//7002", Attached("BQACMd", "notes.md", 2048, "45", "", "21")),
        ("group_press", f"{SUPERGROUP}//7002", Pressed(6, "0-1", "system-design")),
        ("old_message_press", f"{SUPERGROUP}//7002", Pressed(6, "0-1", "stop")),
        ("topic_command", f"{FORUM}/77", Said("/mock", "41")),
        ("topic_reply", f"{FORUM}/77", Said("Precision and recall", "42", "40")),
        ("topic_press", f"{FORUM}/77", Pressed(6, "0-1", "4")),
        ("forum_general_command", f"{FORUM}//7001", Said("/mock", "44")),
        ("blocked", PRIVATE, Left()),
        ("removed_from_group", SUPERGROUP, Left()),
        ("silenced", SUPERGROUP, Left()),
        ("migrated_away", "telegram:-4001", Moved("telegram:-4001", SUPERGROUP)),
        ("migrated_here", "telegram:-4001", Moved("telegram:-4001", SUPERGROUP)),
    ],
)
def test_what_happens_for_us_is_heard_in_its_place(name: str, place: str, what: Content) -> None:
    found = incoming(name)
    assert (found.place, found.content, found.addressed) == (place, what, True)


@pytest.mark.parametrize(
    "name",
    [
        "group_command_to_another", "group_bare_mention", "group_member_joined", "anonymous_admin", "another_bot",
        "linked_channel_post", "private_pinned", "private_document_edit", "unblocked", "restricted_but_may_write",
        "foreign_press", "inline_press",
    ],
)  # fmt: skip
def test_what_is_not_for_us_is_not_heard(name: str) -> None:
    assert translate(payload(name), ME, NOW) is None


@pytest.mark.parametrize("name", ["group_reply_to_a_person", "group_mention_in_the_middle", "topic_chatter"])
def test_what_people_say_to_each_other_is_not_addressed_to_us(name: str) -> None:
    assert not incoming(name).addressed


def test_writing_in_a_topic_answers_no_message() -> None:
    assert incoming("topic_command").content == Said("/mock", "41", "")


def test_a_message_brings_its_key_its_person_its_time_and_language() -> None:
    found = incoming("private_text")
    assert (found.key, found.person, found.at, found.locale) == ("telegram:880000101", PRIVATE, SENT_AT, "de")


def test_a_press_happens_now_and_brings_a_ticket() -> None:
    found = incoming("private_press")
    assert (found.at, found.ticket, found.person) == (NOW, "30123456789012345", PRIVATE)


def test_only_a_private_chat_is_private() -> None:
    assert incoming("private_text").private
    assert not incoming("topic_reply").private
    assert not incoming("group_press").private


def test_only_what_can_be_translated_is_asked_for() -> None:
    kinds = {kind for path in PAYLOADS.glob("*.json") for kind in payload(path.stem) if kind != "update_id"}
    assert kinds == set(ALLOWED_UPDATES)

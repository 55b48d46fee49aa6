"""The strings that name places and people: each form is written as it is stored, and comes apart into what it is of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import place
from bot.core.place import Address

platforms = st.sampled_from(sorted(place.PRIVATE_TALKS))
numbers = st.integers(-(2**63), 2**63 - 1)
above_zero = st.integers(1, 2**63 - 1)


@given(platforms, numbers)
def test_a_chat_comes_apart_into_what_it_was_made_of(platform: str, number: int) -> None:
    made = place.chat(platform, number)
    assert place.parse(made) == Address(number)
    assert place.name_of(made) == platform
    assert place.chat_of(made) == place.everybody_in(made) == made


@given(platforms, numbers, above_zero)
def test_a_topic_comes_apart_into_what_it_was_made_of(platform: str, number: int, topic: int) -> None:
    chat = place.chat(platform, number)
    made = place.topic(chat, topic)
    assert place.parse(made) == Address(number, topic=topic)
    assert place.chat_of(made) == chat
    assert place.everybody_in(made) == made
    assert place.is_within(made, chat)


@given(platforms, numbers, above_zero)
def test_a_chain_of_replies_comes_apart_into_what_it_was_made_of(platform: str, number: int, replier: int) -> None:
    chat = place.chat(platform, number)
    made = place.replies(chat, replier)
    assert place.parse(made) == Address(number, replier=replier)
    assert place.chat_of(made) == place.everybody_in(made) == chat
    assert place.is_within(made, chat)


@given(platforms, above_zero)
def test_a_private_talk_comes_apart_into_the_person_it_is_with(platform: str, number: int) -> None:
    person = place.person(platform, number)
    assert place.number_of(person) == number
    home = place.parse(place.home_of(person))
    assert (home.chat, home.topic, home.replier) == (number, None, None)
    assert home.direct == (platform == "discord")


@st.composite
def places_of(draw: st.DrawFn, chat: place.Chat) -> place.Place:
    """The chat, a topic of it, or somebody's chain of replies in it."""
    number = draw(above_zero)
    return draw(st.sampled_from([chat, place.topic(chat, number), place.replies(chat, number)]))


@given(st.data(), platforms, numbers, numbers)
def test_a_place_of_a_moved_chat_is_the_same_part_of_the_new_chat(
    data: st.DataObject, platform: str, old: int, new: int
) -> None:
    before, after = place.chat(platform, old), place.chat(platform, new)
    here = data.draw(places_of(before))
    there = place.moved(here, before, after)
    assert place.parse(there) == replace(place.parse(here), chat=new)
    assert place.moved(there, after, before) == here


@given(st.data(), platforms, st.lists(numbers, min_size=3, max_size=3, unique=True))
def test_a_place_elsewhere_stays_when_a_chat_moves_even_one_whose_number_begins_alike(
    data: st.DataObject, platform: str, chats: list[int]
) -> None:
    old, new, other = (place.chat(platform, number) for number in chats)
    elsewhere = data.draw(places_of(other))
    assert place.moved(elsewhere, old, new) == elsewhere
    longer = place.chat(platform, chats[0] * 10 + (1 if chats[0] > 0 else -1))
    assert place.moved(longer, old, new) == longer


@given(platforms, numbers, above_zero)
def test_only_a_chain_of_replies_is_one(platform: str, number: int, within: int) -> None:
    chat = place.chat(platform, number)
    assert place.is_chain_of_replies(place.replies(chat, within))
    others = [chat, place.topic(chat, within), place.home_of(place.person(platform, within)), place.CONSOLE]
    assert not any(map(place.is_chain_of_replies, others))


@given(st.data(), platforms, numbers)
def test_the_crowd_of_a_place_is_no_person_of_a_platform_and_each_place_has_its_own(
    data: st.DataObject, platform: str, number: int
) -> None:
    chat = place.chat(platform, number)
    one, other = data.draw(places_of(chat)), data.draw(places_of(chat))
    assert not place.is_person_or_chat(place.crowd(one))
    assert (place.crowd(one) == place.crowd(other)) == (one == other)


@given(platforms, numbers, above_zero)
def test_people_and_whole_chats_are_known_by_how_they_are_written(platform: str, number: int, within: int) -> None:
    chat = place.chat(platform, number)
    assert place.is_person_or_chat(chat)
    assert place.is_person_or_chat(place.person(platform, within))
    others = [place.topic(chat, within), place.replies(chat, within), place.CONSOLE, place.NOBODY]
    assert not any(map(place.is_person_or_chat, others))


@given(platforms, above_zero, st.from_regex(r"[a-z-]+", fullmatch=True))
def test_a_person_in_front_of_a_text_is_told_from_what_follows(platform: str, number: int, rest: str) -> None:
    person = place.person(platform, number)
    assert place.leading_person(person) == (person, "")
    assert place.leading_person(f"{person}:{rest}") == (person, rest)


@pytest.mark.parametrize(
    ("made", "stored"),
    [
        (place.chat("telegram", -1001), "telegram:-1001"),
        (place.topic(place.chat("telegram", -1001), 5), "telegram:-1001/5"),
        (place.replies(place.chat("telegram", -1001), 7), "telegram:-1001//7"),
        (place.home_of(place.person("telegram", 7)), "telegram:7"),
        (place.chat("discord", 90), "discord:90"),
        (place.replies(place.chat("discord", 90), 7), "discord:90//7"),
        (place.home_of(place.person("discord", 7)), "discord:@7"),
        (place.person("discord", 7), "discord:7"),
        (place.home_of(place.AT_CONSOLE), place.CONSOLE),
        (place.crowd(place.chat("telegram", -1001)), "channel:telegram:-1001"),
    ],
)
def test_the_strings_that_are_stored_stay_as_they_are(made: str, stored: str) -> None:
    assert made == stored


@pytest.mark.parametrize("stray", ["", "telegram:", "telegram:me", "telegram:1/x", "telegram:1//", "console:local"])
def test_what_is_no_place_of_a_platform_is_refused(stray: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        place.parse(stray)

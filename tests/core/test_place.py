"""The strings that name places and people: each form is written as it is stored, and comes apart into what it is of."""

from __future__ import annotations

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
        (place.home_of(place.CONSOLE), place.CONSOLE),
    ],
)
def test_the_strings_that_are_stored_stay_as_they_are(made: str, stored: str) -> None:
    assert made == stored


@pytest.mark.parametrize("stray", ["", "telegram:", "telegram:me", "telegram:1/x", "telegram:1//", "console:local"])
def test_what_is_no_place_of_a_platform_is_refused(stray: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        place.parse(stray)

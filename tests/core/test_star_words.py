"""What is said about the bank of stories."""

import re

import pytest

from bot.core.commands import story_commands
from bot.core.stories import Rating, Story, Told, Version
from bot.core.text import blocks, rehearsal_text, story_text
from playing import START
from rehearsing import ALERTS, CATALOGUE, DAY, IMPORT, story

TITLES = CATALOGUE.titles
BANK = (story(1, IMPORT, "ownership", times=2, rating=4, days=1), story(4, ALERTS))


def test_an_empty_list_invites_to_the_first_story() -> None:
    assert story_text.listed((), TITLES, START) == story_text.EMPTY_BANK


def test_the_list_has_a_line_for_each_story_and_the_goal() -> None:
    assert story_text.listed(BANK, TITLES, START).splitlines() == [
        "Your 2 stories:",
        "1. Title 1: ownership; rated 4 of 5, told twice, last yesterday.",
        "4. Title 4: not tagged yet; not rated yet, not told yet.",
        "Rated 4 or more: 1, over 1 competency. The goal is 8 over 20.",
        "/star show 1 shows one, /star practice 1 tells it again.",
    ]


def test_a_story_is_shown_with_its_versions_and_ratings_over_time() -> None:
    versions = tuple(Version("word " * n, START - (9 - n) * DAY) for n in range(1, 9))
    ratings = (Rating(2, 3, START - 5 * DAY), Rating(4, 4, START))
    shown = story_text.shown(Story("3", "The import", ("failure",), versions, ratings, Told(1, START)), TITLES, START)
    text = blocks.text(shown)
    assert "Story 3, The import" in text
    assert "Competencies: failure. Told once, last today." in text
    assert "Versions, and 2 earlier" in text
    assert "Version 8, 2027-01-14, yesterday: 8 words" in text
    assert "Version 2," not in text
    assert "5 days ago: clarity 2, impact 3" in text
    assert "today: clarity 4, impact 4" in text


def test_a_story_without_words_or_ratings_is_shown_too() -> None:
    text = blocks.text(story_text.shown(Story("3", "Bare"), TITLES, START))
    assert "not tagged yet. Not told yet." in text
    assert "ratings" not in text


def test_a_shared_story_shows_its_title_and_its_words_and_nothing_else() -> None:
    text = blocks.text(story_text.shared(BANK[0]))
    assert text == f"A shared story: Title 1\n\nThe story:\n{IMPORT}"


def test_the_grid_can_be_read_line_by_line() -> None:
    lines = story_text.grid_text(story_commands.grid(CATALOGUE, BANK, START)).splitlines()
    assert lines[1:] == [
        "Ownership: Title 1, rated 4, told yesterday.",
        "No story yet: Customer focus, Failure.",
    ]


def test_the_grid_of_a_company_goes_by_its_principles() -> None:
    grid = story_commands.grid(CATALOGUE, BANK, START, "acme")
    assert story_text.grid_text(grid, CATALOGUE.company("acme")).splitlines() == [
        "Acme, Six values, as of 2024-06: stories for 1 of 2.",
        "Own It: Title 1, rated 4 of 5.",
        "Care: no story yet; it asks for customer focus.",
    ]


def test_companies_are_listed_with_the_age_of_their_lists() -> None:
    assert story_text.companies(CATALOGUE.companies).splitlines() == [
        "Acme: Six values, 2 in all, as of 2024-06.",
        "/star grid acme shows which of them your stories speak to.",
    ]
    assert story_text.companies(()) == story_text.NO_COMPANIES


def test_tags_are_confirmed_and_suggested_from_the_words() -> None:
    assert story_text.tagged(BANK[0], ("failure", "ownership"), TITLES) == (
        "Story 1, Title 1, shows failure and ownership."
    )
    asked = story_text.tag_asks(BANK[0], ("ownership", "customer-focus"), TITLES)
    assert asked.endswith("it may also show customer focus. To say so: /star tag 1 ownership, customer-focus")
    assert isinstance(story_commands.parse(asked.split("/star ")[-1], CATALOGUE), story_commands.Tag)
    assert "as in /star tag 4 ownership, failure" in story_text.tag_asks(BANK[1], (), TITLES)


def test_a_deletion_says_what_it_takes_along() -> None:
    assert story_text.delete_asks(BANK[0]) == (
        "This deletes story 1, Title 1, with its ratings, for good. Send /star delete 1 yes to go ahead."
    )
    two = Story("2", "Two", (), (Version("a", 1), Version("b", 2)))
    assert "with its 2 versions and its ratings" in story_text.delete_asks(two)
    assert story_text.deleted(2) == "Story 2 is deleted."
    assert story_text.named(2, "New") == "Story 2 is called New now."


def test_the_help_names_every_order_as_it_can_be_typed() -> None:
    for word in story_text.ORDERS:
        assert f"/star {word}" in story_text.HELP


@pytest.mark.parametrize(("times", "said"), [(3, "three times"), (4, "four times"), (12, "12 times")])
def test_how_often_is_said_in_words_where_it_is_few(times: int, said: str) -> None:
    assert rehearsal_text.told_often(times) == f"You have told this one {said}: have another."


def test_nothing_is_shouted() -> None:
    said = [text for module in (story_text, rehearsal_text) for text in vars(module).values() if isinstance(text, str)]
    assert not any(re.search(r"\w!", text) for text in said)

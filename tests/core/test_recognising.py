"""A story known again, a title for one that has none, and one section put in the place of another."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from test_star_answers import ANSWERS

from bot.core.assessment import Section
from bot.core.scoring.story_sections import parts
from bot.core.session import OwnStory
from bot.core.stories import labelled, recognised, rewritten, title_of
from rehearsing import ALERTS, IMPORT, IMPORT_AGAIN

RETOLD = yaml.safe_load(Path(__file__).with_name("star_retold.yaml").read_text(encoding="utf-8"))
BANK = [OwnStory(number, answer.id, answer.text, 0) for number, answer in enumerate(ANSWERS, 1)]
TEXTS = st.one_of(st.text(max_size=300), st.sampled_from([IMPORT, ALERTS, "S: a. T: b. A: c.", "Result: none.", "R:"]))


def test_nine_of_ten_stories_are_known_again_in_other_words() -> None:
    known = [recognised(told["retold"], BANK) for told in RETOLD]
    right = [own for own, told in zip(known, RETOLD, strict=True) if own and own.title == told["of"]]
    assert len(right) >= 0.9 * len(RETOLD)
    assert all(own is None or own in right for own in known)


def test_no_other_story_from_the_same_job_is_taken_for_one_of_the_bank() -> None:
    assert [recognised(told["near"], BANK) for told in RETOLD if "near" in told] == [None] * 4


def test_no_two_of_sixty_stories_are_taken_for_one_another() -> None:
    for own in BANK:
        others = [other for other in BANK if other.number != own.number]
        assert recognised(own.text, others) is None


def test_the_same_words_are_known_and_a_few_words_are_not() -> None:
    own = OwnStory(3, "Import", IMPORT, 0)
    assert recognised(IMPORT, [own]) is own
    assert recognised(IMPORT_AGAIN, [OwnStory(4, "Alerts", ALERTS, 0), own]) is own
    assert recognised("The nightly import failed.", [own]) is None
    assert recognised(IMPORT, []) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Our churn model had been in production for a year.", "Our churn model"),
        ("situation: nightly build took 95 min, every day", "Nightly build took 95 min, every"),
        ("\n\n  The login broke.\nIt was bad.", "The login broke"),
        ("", ""),
        ("x" * 500, "X" + "x" * 59),
    ],
)
def test_the_first_words_are_a_title(text: str, title: str) -> None:
    assert title_of(text) == title


def test_the_sections_of_a_labelled_text_are_taken_apart() -> None:
    assert labelled("S: a shop.\nIt was old.\nResult: it opened. L: call early") == {
        Section.SITUATION: "a shop.\nIt was old.",
        Section.RESULT: "it opened.",
        Section.LEARNING: "call early",
    }
    assert labelled("We had a shop. Result: it opened.") == {}
    assert labelled("Result:") == {}


def test_one_labelled_section_replaces_that_section() -> None:
    new = rewritten("S: a shop.\nT: open it.\nA: I called.\nR: open.", "Result: open within 3 days.")
    assert new.splitlines() == [
        "Situation: a shop.",
        "Task: open it.",
        "Action: I called.",
        "Result: open within 3 days.",
    ]
    new = rewritten(IMPORT, "Result: none failed since May. Nobody was called at night.")
    assert "nine a month" not in new
    assert new.replace("\nResult: none failed since May. Nobody was called at night.\n", " ") == IMPORT.replace(
        " As a result the failures fell from nine a month to one.", ""
    )


def test_a_section_that_was_missing_is_put_where_it_belongs() -> None:
    bare = IMPORT.replace("As a result the failures fell from nine a month to one. ", "")
    new = rewritten(bare, "Result: none failed since.")
    assert new.splitlines()[1:] == [
        "Result: none failed since.",
        "I learned to look for a pattern before I touch the code.",
    ]
    assert (
        rewritten("We ran a shop in May. I called them all.", "L: call early").splitlines()[-1]
        == "Learning: call early"
    )


def test_a_text_without_labels_or_with_three_is_the_whole_story() -> None:
    assert rewritten(IMPORT, ALERTS) == ALERTS
    assert rewritten(IMPORT, "S: a\nT: b\nA: c") == "S: a\nT: b\nA: c"


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_whatever_is_rewritten_no_word_is_invented(old: str, new: str) -> None:
    words = {*old.split(), *new.split(), *(f"{section.capitalize()}:" for section in Section)}
    told = rewritten(old, new)
    assert all(any(word in known or known in word for known in words) for word in told.split())
    assert all(part.text in told for part in parts(told))

"""Every sentence of a story put into its section, labelled or not."""

import time

import pytest

from bot.core.assessment import Section
from bot.core.scoring.story_sections import parts
from bot.core.stories import with_labels
from rehearsing import IMPORT

BY_SECTION = {
    Section.SITUATION: "The import of a shop failed every Friday.",
    Section.TASK: "Have it stable before May.",
    Section.ACTION: "I read the logs. I wrote a check.",
    Section.RESULT: "Failures fell from nine a month to one.",
    Section.LEARNING: "Look for a pattern first.",
}


def sections(text):
    """The sentences that show each section, in the order told."""
    found = {section: tuple(part.text for part in parts(text) if part.shows(section)) for section in Section}
    return {section: sentences for section, sentences in found.items() if sentences}


def test_each_section_is_shown_by_the_sentences_that_tell_it():
    assert sections(IMPORT) == {
        Section.SITUATION: ("Two years ago our nightly import kept failing at a shop for bicycles.",),
        Section.TASK: ("I was asked to have it stable before May.",),
        Section.ACTION: (
            "I read three months of logs and found that one supplier sent a broken file every Friday.",
            "Then I wrote a check and talked to the supplier.",
        ),
        Section.RESULT: ("As a result the failures fell from nine a month to one.",),
        Section.LEARNING: ("I learned to look for a pattern before I touch the code.",),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Situation: shop closed.\nTask: open it.\nAction: I called.\nResult: open.\nLearning: call early.",
        "S: shop closed. T: open it. A: I called. R: open. L: call early.",
        "S - shop closed.\nT - open it.\nA - I called.\nR - open.\nL - call early.",
        "S: shop closed T: open it A: I called R: open L: call early",
        "**Context:** shop closed.\n**Goal:** open it.\n**What I did:** I called.\n**R:** open.\n**L:** call early.",
        "1. Situation: shop closed.\n2. Task: open it.\n3. Action: I called.\n4. Result: open.\n5. L: call early.",
        "SITUATION\nshop closed.\nTASK\nopen it.\nACTION\nI called.\nRESULT\nopen.\nLEARNING\ncall early.",
        "Context here: shop closed.\nTask I set myself: open it.\nA: I called.\nResult so far: open.\nL: call early.",
    ],
)
def test_labels_are_taken_at_their_word(text):
    assert [quote.rstrip(".") for quotes in sections(text).values() for quote in quotes] == [
        "shop closed",
        "open it",
        "I called",
        "open",
        "call early",
    ]


def test_a_story_told_section_by_section_keeps_its_sections():
    found = sections(with_labels(BY_SECTION))
    assert {section: " ".join(found[section]) for section in Section} == BY_SECTION


def test_who_stops_labelling_at_the_task_is_still_heard_to_act():
    text = (
        "Situation: the lab had no scales. Task: weigh a whale. I borrowed a crane. I built a frame. Result: 31 tons."
    )
    assert sections(text)[Section.ACTION] == ("I borrowed a crane.", "I built a frame.")


def test_a_label_that_stands_alone_holds_for_its_own_sentence_only():
    text = IMPORT.replace("I read three", "Problem: no logs since March. I read three")
    assert {section: len(quotes) for section, quotes in sections(text).items()} == {
        Section.SITUATION: 2,
        Section.TASK: 1,
        Section.ACTION: 2,
        Section.RESULT: 1,
        Section.LEARNING: 1,
    }


@pytest.mark.parametrize(
    "text", [IMPORT.partition(" As a")[0] + "\nResult: -", "S: a shop.\nA: I called.\nR: -\nT: open it."]
)
def test_a_label_without_words_shows_nothing(text):
    assert Section.RESULT not in sections(text)


def test_one_sentence_may_be_situation_and_task():
    text = (
        "Last May I was asked to save the import of a shop. I wrote a check and I added an alert. In the end it worked."
    )
    assert sections(text)[Section.SITUATION] == sections(text)[Section.TASK]


def test_what_one_would_do_is_no_story():
    text = "I would always listen to both sides first. I usually look for a compromise. In general that is best. " * 3
    assert not sections(text)


TOLD = (
    "In our clinic the phones were never answered before ten and patients complained.",
    "My task was to fix it by May.",
    "I drew a plan with two shifts and asked the doctor to try it. I phoned the loudest patients myself.",
    "Calls dropped to ten a day.",
    "I learned to ask first.",
)


@pytest.mark.parametrize(
    ("at", "section", "sentence"),
    [
        (1, Section.TASK, "My manager needed the figures on her desk by Thursday."),
        (1, Section.TASK, "What they asked from me was a plan for the move."),
        (1, Section.TASK, "Nobody else spoke Polish, so the thing landed with me."),
        (1, Section.TASK, "I wanted the queue under five minutes."),
        (1, Section.TASK, "I told her I would look into it by Monday."),
        (3, Section.RESULT, "She signed the contract two days later."),
        (3, Section.RESULT, "The parents now bring the cakes themselves."),
        (3, Section.RESULT, "We lost the account, and two people lost their jobs."),
        (3, Section.RESULT, "It has not happened again."),
        (4, Section.LEARNING, "These days I write everything down twice."),
        (4, Section.LEARNING, "I do not promise dates any more without asking the team."),
        (4, Section.LEARNING, "I ask now what it is for, before I fight over the slot."),
        (4, Section.LEARNING, "People don't resist change, they resist being changed."),
        (4, Section.LEARNING, "Since that night I carry a charger."),
    ],
)
def test_a_section_is_heard_as_people_tell_it_where_it_is_told(at, section, sentence):
    assert sentence in sections(" ".join((*TOLD[:at], sentence, *TOLD[at + 1 :])))[section]


@pytest.mark.parametrize("at", range(5), ids=[section.name.lower() for section in Section])
def test_a_section_that_is_left_out_is_not_heard_in_the_others(at):
    left = sections(" ".join(sentence for place, sentence in enumerate(TOLD) if place != at))
    assert set(Section) - set(left) == {tuple(Section)[at]}


def test_what_one_does_in_general_is_no_story():
    text = (
        "When it gets tight, I would make a list. I talk to my manager. Then I'd check every evening. It is important."
    )
    assert not sections(text)


def test_a_deed_told_in_passing_is_the_action_where_no_sentence_is_only_that():
    text = "At the time our site was slow. In the end I told the team about it, and the idea was accepted."
    assert sections(text)[Section.ACTION] == sections(text)[Section.RESULT]


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 10_000,
        "\t" * 10_000,
        " \n" * 5_000,
        "I did it " + " " * 10_000,
        "word " * 46 + " " * 10_000 + "x",
        "word, " * 46 + " " * 10_000 + "and I",
        "1. " * 3_333,
    ],
    ids=["lines", "tabs", "blank lines", "spaces", "long sentence", "commas", "numbers"],
)
def test_a_story_of_hardly_any_words_is_read_at_once(text):
    started = time.process_time()
    parts(text)
    assert time.process_time() - started < 1

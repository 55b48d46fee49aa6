"""Stories taken apart, and what of them an answer is scored by."""

import pytest
from questions import story

from bot.banks.loader import read
from bot.config import shipped_content
from bot.core.assessment import Section, StarReading
from bot.core.model import Kind
from bot.core.scoring import assess
from bot.core.scoring.story_reading import read_story
from bot.core.stories import review
from bot.core.text.feedback import story as story_lines
from bot.storage.records import load

STORIES = tuple(q.noun for q in read([shipped_content() / "behavioral"]).questions if q.noun.kind is Kind.STORY)
COMPLETE = tuple((q, text) for q in STORIES for text in q.samples.full)
SHIPPED = (*COMPLETE, *((q, text) for q in STORIES for text in (*q.samples.partial, *q.samples.wrong)))
OURS = "We take care of things. We read logs, we talked to the supplier, we added an alert. In the end it worked."

TOLD = (
    "Two years ago I was an engineer in a team of six, our nightly import kept failing. My task was to have it stable "
    "before the audit in May. I read three months of logs and found that one supplier sent a broken file every Friday. "
    "I wrote a check, I added an alert, and I talked to the supplier. As a result the failures fell from nine a month "
    "to one. I learned to look for a pattern before I touch the code."
)
LABELLED = """Result: failures fell from 9 to 1 a month.
Situation: nightly import of a shop, kept failing.
Action: Read the logs, wrote a check and added an alert.
Task: have it stable before the audit.
Learning: look for a pattern first."""


def names(reading):
    return {section.name for section in reading.sections}


@pytest.mark.parametrize("text", [TOLD, LABELLED])
def test_all_sections_are_recognised_labelled_or_not_in_any_order(text):
    reading = read_story(text)
    assert names(reading) == {"situation", "task", "action", "result", "learning"}
    assert reading.missing == ()


def test_every_section_quotes_the_sentence_that_shows_it():
    sections = {section.name: section.evidence for section in read_story(TOLD).sections}
    assert sections["result"].startswith("As a result the failures fell")
    assert sections["task"].startswith("My task was")
    assert all(evidence in TOLD for evidence in sections.values())


def test_shares_add_up_to_one_at_most():
    assert 0.9 < sum(section.share for section in read_story(TOLD).sections) <= 1.01


def test_i_and_we_are_counted():
    reading = read_story("I wrote it. We shipped it. My part was the parser, ours was the rest.")
    assert (reading.singular, reading.plural) == (2, 2)


def test_a_number_in_the_result_is_quoted():
    reading = read_story(TOLD)
    assert reading.quantified
    assert reading.quantity in TOLD
    assert not read_story("I fixed the import. As a result the failures went away.").quantified


def test_missing_sections_are_named():
    assert set(read_story("I rewrote the importer. I added tests.").missing) == {
        "situation",
        "task",
        "result",
        "learning",
    }


def test_pace_is_measured_against_two_to_four_minutes_of_speech():
    assert read_story("I wrote it. " * 20).pace == "short"
    assert read_story("I wrote the code of it. " * 75).pace == "right"
    assert read_story("I wrote the code of it. " * 200).pace == "long"


def test_fillers_are_counted_per_hundred_words():
    assert read_story("Um, I basically wrote, you know, the thing.").fillers_per_100 > 30
    assert read_story(TOLD).fillers_per_100 == 0


def test_what_one_would_do_is_no_story():
    reading = read_story("I would talk to the team. Then I would write a plan, and I'd measure it.")
    assert reading.hypothetical
    assert "action" in reading.missing


def test_the_deeds_of_others_are_no_action():
    assert "action" in read_story("We had a bug. The team fixed it. They shipped it on time.").missing


def test_a_complete_story_with_the_behaviours_scores_high():
    assert assess(story("read logs", "added an alert", "talked to the supplier"), TOLD).score >= 0.8


def test_half_a_story_scores_in_the_middle():
    question = story("read logs", "talked to the supplier")
    half = "Our nightly import kept failing at my last job. I read the logs and I wrote a check for the broken file."
    assert 0.25 <= assess(question, half).score <= 0.75


@pytest.mark.parametrize(
    "answer",
    [
        "I would read logs first, and then I would have talked to the supplier and added an alert.",
        "We always take care of things together. We read logs, we talked to the supplier, we added an alert.",
        "I am a very proactive person and I believe in ownership.",
    ],
)
def test_vague_hypothetical_or_we_only_answers_score_low(answer):
    assert assess(story("read logs", "added an alert", "talked to the supplier"), answer).score <= 0.25


def test_length_accent_and_fillers_do_not_change_the_score():
    question = story("read logs", "added an alert")
    um = TOLD.replace("I wrote", "um, you know, I wrote")
    assert assess(question, um).score == assess(question, TOLD).score


def test_every_section_of_every_complete_sample_that_is_shipped_is_found():
    assert len(COMPLETE) == 48
    assert [text for _, text in COMPLETE if read_story(text).missing] == []


def test_an_assessment_and_a_review_of_the_same_story_never_contradict_each_other():
    for question, text in SHIPPED:
        star, seen = assess(question, text).star, review(text)
        assert star is not None
        if seen.enough:
            assert {s.name: s.evidence for s in star.sections} == seen.quotes
            assert star.missing == seen.missing
            assert {s.name: round(100 * s.share) for s in star.sections} == {s: seen.shares[s] for s in seen.quotes}
            assert (star.singular, star.plural, star.own_deeds) == (seen.singular, seen.plural, seen.own_deeds)
            assert (star.quantity, star.words) == (seen.number, seen.words)


def test_what_only_we_did_is_shown_as_action_and_earns_nothing():
    star = read_story(OURS)
    assert "action" not in star.missing
    assert not star.own_deeds
    assert not star.earns("action")
    assert star.earns("result")


def test_one_own_deed_among_many_of_ours_is_enough_to_earn_the_action():
    assert read_story(f"{OURS} I wrote the check.").earns("action")


def test_a_deed_told_in_passing_is_scored_as_a_story_of_ones_own():
    question = story("told the team")
    text = "At the time our site was slow. In the end I told the team about it, and the idea was accepted."
    assert assess(question, text).score > assess(question, text.replace("I told", "we told")).score


def test_a_reading_stored_before_deeds_were_kept_still_earns_what_it_earned():
    kept = (
        '{"sections":[{"name":"action","evidence":"I wrote it.","share":1.0}],'
        '"missing":["situation","task","result","learning"],"singular":1,"plural":0,"quantified":false,"quantity":"",'
        '"fillers_per_100":0.0,"words":3,"minutes":0.02,"pace":"short","hypothetical":false}'
    )
    star = load(StarReading, kept)
    assert [section for section in Section if star.earns(section)] == [Section.ACTION]
    assert star.sections[0].evidence == "I wrote it."


@pytest.mark.parametrize(
    ("ending", "number"),
    [
        ("In the end the failures fell from nine a week to one.", "nine a week"),
        ("As a result three of the teams use it and latency is 40 ms.", "40 ms"),
        ("In the end it went from 8 to 15 deployments.", "from 8 to 15"),
    ],
)
def test_the_number_of_a_result_is_quoted_with_what_it_counts(ending, number):
    assert read_story(f"I wrote a check. {ending}").quantity == number


@pytest.mark.parametrize(
    "ending",
    [
        "In the end our team of four was happy.",
        "As a result the two of us kept it.",
        "In the end it was ready in week three.",
    ],
)
def test_a_number_of_people_or_of_a_week_is_no_number_of_a_result(ending):
    assert not read_story(f"I wrote a check. {ending}").quantified


def test_a_section_told_within_a_sentence_of_another_has_no_share_of_its_own():
    reading = read_story(
        "In my last job I had to learn Kubernetes within a month. I took a course and asked a colleague."
    )
    told = [line for line, _ in story_lines(reading)]
    assert "Situation: within a sentence of another part, usually about 20 %" in told
    assert not any(": 0 %" in line for line in told)

"""Stories: their sections, what is said of them, what is asked next, and the bank with its grid."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.assessment import Section
from bot.core.scoring.story_sections import parts
from bot.core.stories import (
    Rating,
    Seek,
    Story,
    Told,
    already_said,
    coverage,
    next_competency,
    next_probe,
    over_used,
    review,
    with_labels,
)
from bot.core.text.feedback import review_lines
from bot.core.text.story_text import as_text

TOLD = (
    "Two years ago our nightly import kept failing at a shop for bicycles. I was asked to have it stable before May. "
    "I read three months of logs and found that one supplier sent a broken file every Friday. Then I wrote a check "
    "and talked to the supplier. As a result the failures fell from nine a month to one. I learned to look for a "
    "pattern before I touch the code."
)
BY_SECTION = {
    Section.SITUATION: "The import of a shop failed every Friday.",
    Section.TASK: "Have it stable before May.",
    Section.ACTION: "I read the logs. I wrote a check.",
    Section.RESULT: "Failures fell from nine a month to one.",
    Section.LEARNING: "Look for a pattern first.",
}
NOW = 1_800_000_000
DAY = 86_400
TITLES = {"ownership": "Ownership", "conflict": "Conflict", "failure": "Failure and learning"}
FRAGMENTS = st.sampled_from(
    [
        *TOLD.split(". "),
        "Situation: ",
        "T - ",
        "A) ",
        "\n",
        "!",
        "I would ",
        "we did it and we won ",
        "from 9 to 1",
        "\u0130",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=25).map(" ".join))


def story(name, *competencies: str, strength=0, times=0, days=None):
    ratings = (Rating(strength, 5, NOW),) if strength else ()
    told = Told(times, None if days is None else NOW - days * DAY)
    return Story(name, name.capitalize(), competencies, (), ratings, told)


def test_machine_learning_is_not_a_lesson():
    text = (
        "In 2021 I was a machine-learning engineer at a bank. I rebuilt the model. In the end fraud fell by 9 percent."
    )
    assert Section.LEARNING in review(text).missing


def test_a_review_quotes_names_and_counts():
    seen = review(TOLD)
    assert seen.enough
    assert seen.missing == ()
    assert seen.number == "nine a month"
    assert (seen.singular, seen.plural, seen.mostly_we) == (5, 1, False)
    assert seen.words == len(TOLD.split())
    assert 95 <= sum(seen.shares.values()) <= 105


@pytest.mark.parametrize("text", ["", "...", "!? " * 40, "I fixed it.", "We argued. I spoke up. It went well."])
def test_too_little_is_not_judged(text):
    seen = review(text)
    assert not seen.enough
    assert review_lines(seen)[0][0].startswith("Not enough evidence yet")
    assert seen.target.startswith("Write a sentence each")


@pytest.mark.parametrize(
    ("leave_out", "target"),
    [
        (Section.SITUATION, "Say where this was, and what was going wrong, before"),
        (Section.TASK, "Say in one sentence what was expected of you, after"),
        (Section.ACTION, "Say what you did yourself, step by step, after"),
        (Section.RESULT, "Say how it ended, and what had changed, after"),
        (Section.LEARNING, "Say what you do differently since then, after"),
    ],
)
def test_the_rewrite_asks_for_what_is_missing(leave_out, target):
    seen = review(with_labels({section: text for section, text in BY_SECTION.items() if section is not leave_out}))
    assert seen.missing == (leave_out,)
    assert seen.target.startswith(target)
    assert f'"{seen.about}"' in seen.target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (TOLD.replace("from nine a month to one", "a lot"), 'Put a number, before and after, into "As a result'),
        (TOLD.replace("I ", "we "), 'Say which part of "we read'),
        (
            TOLD.replace("Then I", "Um, then I basically, you know,"),
            "Tell it once more, with a short pause in place of",
        ),
        (TOLD, "Tell it once more, and say why you chose this over something else"),
        (TOLD.replace("Then I", "I considered a new parser. Then I"), "Tell it once more from memory"),
        (TOLD.replace("bicycles.", f"bicycles. It was{' old and dusty and' * 30} slow."), "Say "),
    ],
)
def test_a_complete_story_gets_one_thing_to_work_on(text, target):
    assert review(text).target.startswith(target)


def test_a_story_far_above_its_target_says_how_much_to_cut():
    seen = review(TOLD, target_words=40)
    assert seen.target.startswith(f"Cut about {seen.words - 40} words, most of them from the ")


def test_the_lines_of_a_review_are_plain_sentences():
    lines = review_lines(review(TOLD))
    assert [said for said, _ in lines[:2]] == [
        "Situation: 18 % of the words, usually about 20 %.",
        "Task: 12 % of the words, usually about 10 %.",
    ]
    assert ("A number in the result: nine a month.", "") in lines
    assert all(quote in TOLD for _, quote in lines)
    assert not any("!" in said for said, _ in lines)


def test_a_missing_section_is_a_line_of_its_own():
    lines = review_lines(review(with_labels({**BY_SECTION, Section.RESULT: "All was well."})))
    assert ("No number in the result.", "") in lines
    bare = {section: text for section, text in BY_SECTION.items() if section is not Section.TASK}
    assert ("Task: not enough evidence.", "") in review_lines(review(with_labels(bare)))


def test_probes_leave_out_what_was_said_and_what_was_asked():
    first = next_probe(TOLD, (), ())
    assert (first.seeks, first.question) == (Seek.DIFFERENTLY, "What would you do differently?")
    second = next_probe(TOLD, (), (Seek.DIFFERENTLY,))
    assert second.seeks is Seek.DISSENT
    assert next_probe(TOLD, ("My boss objected at first.",), (Seek.DIFFERENTLY,)) is None


def test_a_single_deed_is_followed_by_what_came_next():
    probe = next_probe("Last year the import failed. I rewrote it.", (), ())
    assert (probe.question, probe.quote) == ("What did you do next?", "I rewrote it.")


@pytest.mark.parametrize(
    ("said", "seeks"),
    [
        ("I called the supplier.", Seek.OWN_ACTION),
        ("It was 40 before and 6 after.", Seek.NUMBER),
        ("Next time I would call first.", Seek.DIFFERENTLY),
        ("My manager was against it.", Seek.DISSENT),
        ("We considered a new parser.", Seek.ALTERNATIVE),
    ],
)
def test_an_answer_to_a_probe_counts_as_said(said, seeks):
    bare = "Last year the import failed."
    assert seeks not in already_said(bare)
    assert seeks in already_said(bare, (said,))


def test_the_probes_of_a_competency_follow_the_usual_ones():
    asked = [Seek.OWN_ACTION, Seek.NUMBER, Seek.DIFFERENTLY, Seek.DISSENT]
    others = [(Seek.LEARNING, "What did you take from it?"), (Seek.ALTERNATIVE, "What else did you think of?")]
    assert next_probe(TOLD, (), asked, others).question == "What else did you think of?"


@pytest.mark.parametrize(
    "text",
    [
        "Last year the site was slow. I cut the latency from 340 to 80 milliseconds.",
        "Last year a page took 9 seconds. I added an index. In the end it took 2 seconds.",
        "The build was slow. I split it. In the end it took 4 minutes instead of 20.",
        "R: 24 min from 95",
    ],
)
def test_a_number_before_and_after_is_recognised(text):
    assert Seek.NUMBER in already_said(text)


def test_a_number_without_its_before_is_asked_for():
    assert Seek.NUMBER not in already_said("The build was slow. I split it. In the end it took 4 minutes.")


@settings(deadline=None)
@given(TEXTS)
def test_whatever_is_typed_every_quote_was_typed(text):
    seen = review(text)
    quotes = [*seen.quotes.values(), seen.about, seen.number, *seen.fillers]
    assert all(part.text and part.text in text for part in parts(text))
    assert all(quote in text for quote in quotes)
    assert all(quote.lower() in text.lower() or ", " in quote for _, quote in review_lines(seen))


@settings(deadline=None)
@given(TEXTS)
def test_whatever_is_typed_sections_are_shown_or_missing_and_never_both(text):
    seen = review(text)
    if seen.enough:
        assert {*seen.quotes, *seen.missing} == set(Section)
        assert set(seen.quotes).isdisjoint(seen.missing)
    assert seen.target
    assert all(0 <= share <= 100 for share in seen.shares.values())


@settings(deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_whatever_is_typed_no_probe_comes_twice_and_they_end(text, said):
    asked = []
    while probe := next_probe(text, said, asked):
        assert probe.seeks not in asked
        assert probe.quote in text
        asked.append(probe.seeks)
    assert len(asked) <= 4


def test_the_grid_shows_coverage_freshness_and_strength():
    stories = [story("import", "ownership", "failure", strength=4, times=1, days=3), story("talk", "conflict")]
    grid = coverage(stories, TITLES, NOW)
    (cell,) = grid.cells["failure"]
    assert (cell.story.id, cell.days, cell.stale, cell.story.strength) == ("import", 3, False, 4)
    assert grid.cells["conflict"][0].stale
    assert (grid.covered, grid.polished) == (3, 1)


def test_a_story_is_as_strong_as_its_weaker_rating_of_the_last_time():
    rated = Story("a", "A", ratings=(Rating(5, 5, NOW - DAY), Rating(5, 3, NOW)))
    assert rated.strength == 3


def test_a_moment_in_the_future_is_today():
    assert coverage([story("import", "ownership", days=-2)], TITLES, NOW).cells["ownership"][0].days == 0


def test_the_grid_reads_well_as_text():
    stories = [
        story("import", "ownership", strength=4, times=3, days=1),
        story("talk", "ownership", "conflict"),
        story("race", "conflict", strength=2, times=1, days=0),
        story("plan", "conflict", strength=5, times=2, days=40),
    ]
    assert as_text(coverage(stories, TITLES, NOW)) == (
        "2 of 3 competencies have a story. 2 of your 4 stories are rated 4 or more. "
        "The goal is 8 such stories over 20 competencies.\n"
        "Ownership: Import, rated 4, told yesterday, told 3 times so far; Talk, not rated yet, not told yet.\n"
        "Conflict: Talk, not rated yet, not told yet; Race, rated 2, told today; Plan, rated 5, told 40 days ago.\n"
        "No story yet: Failure and learning."
    )


def test_an_empty_bank_says_how_to_begin():
    text = as_text(coverage([], TITLES, NOW))
    assert text.startswith("0 of 3 competencies have a story. Your bank is empty; the first story takes five minutes.")


def test_the_least_covered_competency_comes_first():
    grid = coverage([story("import", "ownership", "conflict")], TITLES, NOW)
    assert next_competency(grid, (), seed=1) == "failure"


def test_among_equally_covered_ones_a_stale_story_comes_first_and_then_an_over_used_one():
    stories = [
        story("import", "ownership", times=1, days=2),
        story("talk", "conflict", times=5, days=2),
        story("race", "failure", times=1, days=90),
    ]
    grid = coverage(stories, TITLES, NOW)
    assert next_competency(grid, (), seed=1) == "failure"
    assert next_competency(grid, ("failure",), seed=1) == "conflict"


def test_the_same_competency_is_not_asked_twice_in_a_row():
    grid = coverage([], TITLES, NOW)
    asked = []
    for seed in range(3):
        asked.append(next_competency(grid, asked, seed))
    assert sorted(asked) == sorted(TITLES)
    only = coverage([], {"ownership": "Ownership"}, NOW)
    assert next_competency(only, ("ownership",), seed=1) == "ownership"


def test_the_seed_decides_among_equals():
    grid = coverage([], TITLES, NOW)
    assert {next_competency(grid, (), seed) for seed in range(40)} == set(TITLES)
    assert next_competency(grid, (), seed=7) == next_competency(grid, (), seed=7)


def test_a_story_told_three_times_is_over_used():
    assert [over_used(story("import", times=times)) for times in (0, 2, 3)] == [False, False, True]


def test_nothing_that_can_be_said_shouts_or_praises():
    said = [target for text in (TOLD, *TOLD.split(". ")) for target, _ in review_lines(review(text))]
    assert not any(re.search(r"!|\b(?:great|excellent|perfect|amazing|well done)\b", line) for line in said)

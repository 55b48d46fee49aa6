"""What holds for every answer."""

import gc
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from questions import PENALTIES, RIGHT, story

from bot.core.scoring import assess, checks
from bot.service.textfile import LARGEST

STORY = story("read logs", "added an alert")
WORDS = [
    "l1",
    "l2",
    "lasso",
    "ridge",
    "sparse",
    "not",
    "exactly",
    "zero",
    "weights",
    "only",
    "shrinks",
    "but",
    ",",
    ".",
    "\n",
    "is",
]
ANSWERS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))


@given(ANSWERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_scores_stay_between_0_and_1_and_evidence_is_quoted_verbatim(answer):
    for question in (PENALTIES, STORY):
        assessment = assess(question, answer)
        assert 0 <= assessment.score <= 1
        assert all(point.evidence in answer for point in assessment.points)
        assert all(finding.evidence in answer for finding in assessment.misconceptions)
        if assessment.star:
            assert all(section.evidence in answer for section in assessment.star.sections)


@given(st.lists(st.sampled_from(WORDS[:10] + WORDS[12:]), max_size=30).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_saying_it_twice_never_earns_more(answer):
    assert assess(PENALTIES, f"{answer}.\n{answer}.").score <= assess(PENALTIES, f"{answer}.").score


@given(ANSWERS)
@settings(max_examples=50, deadline=None)
def test_the_same_answer_always_gets_the_same_assessment(answer):
    assert assess(PENALTIES, answer) == assess(PENALTIES, answer)


SIZE = LARGEST // 2  # of a file with an answer; what is not linear shows here as well
AWKWARD = {
    "one letter": "a",
    "words": "a ",
    "lines": "\n",
    "brackets": "(",
    "negators": "not ",
    "subject": "L1 ",
    "claims": "the claim that ",
    "conditions": "if we ",
    "commas": "1,",
    "quotes": "a'",
    "combining": "e\u0301",
    "emoji": "\U0001f600",
    "spaces": " ",
    "wrapped": "a\n \n",
    "answer": f"{RIGHT} ",
    "prompt": f"{PENALTIES.prompt} ",
    "grader": "give me the ",
    "ignoring": "ignore ",
    "adverbs": "I really ",
    "range": "from 1 ",
    "dotted": "\u0130",
    "arabic": "\u0645\u0627 ",
}


MOST = 8  # times as long for four times as much; what grows with the square takes sixteen times as long
TINY = 0.02  # seconds below which the ratio says nothing


def work(answer):
    """The processor's time for all that looks at an answer, whoever else is busy."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    assess(PENALTIES, answer)
    assess(STORY, answer)
    checks.mistakes(STORY, answer)
    gc.enable()
    return time.process_time() - began


def ratio(text):
    """How many times as long 64 KB of a text take as 16 KB of it."""
    short = max(work(text[: SIZE // 4]), TINY)
    return work(text[:SIZE]) / short


def in_step(text):
    """Whether the work grows with the length of a text; a second try is on a text that no cache knows yet."""
    assess(PENALTIES, text[:100])
    return any(ratio(text[start:]) < MOST for start in (0, 1))


@pytest.mark.parametrize("unit", AWKWARD.values(), ids=AWKWARD)
def test_64_kb_of_anything_take_no_more_than_their_length(unit):
    assert in_step(unit * (SIZE // len(unit) + 2))


def test_64_kb_of_random_characters_take_no_more_than_their_length():
    chance = random.Random(7)  # noqa: S311 - a test wants the same text each time
    answer = "".join(chr(chance.randrange(32, 0x2FFF)) for _ in range(SIZE + 1))
    assert in_step(answer)
    assert assess(PENALTIES, answer).score == 0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Fact
from bot.core.questions.clarification import find_fact, split

SHEET = (
    Fact(
        "scale", "How many users are there?", "Ten million.", ("what scale", "expected traffic", "requests per second")
    ),
    Fact("latency", "What is the latency budget?", "100 ms at p99.", ("how fast must it answer", "response time")),
    Fact(
        "labels", "Where do the labels come from?", "Chargebacks.", ("what is the ground truth", "are labels available")
    ),
)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How many users do we have?", "scale"),
        ("what's the expected traffic?", "scale"),
        ("What latency can we afford?", "latency"),
        ("What response time do you need?", "latency"),
        ("do we have labels available?", "labels"),
        ("What is the ground truth here?", "labels"),
        ("What is the latncy budget?", "latency"),
        ("Roughly how many requests per second?", "scale"),
        ("How many engineers are on the team?", None),
        ("How long is a piece of string?", None),
        ("Which cloud do we use?", None),
        ("Can I use Python?", None),
    ],
)
def test_a_question_finds_its_fact_or_none(question: str, fact: str | None) -> None:
    found = find_fact(question, SHEET)
    assert (found.id if found else None) == fact


@pytest.mark.parametrize(
    ("message", "answer", "questions"),
    [
        ("How many users are there?", "", ["How many users are there?"]),
        ("I would start simple. What is the latency budget?", "I would start simple.", ["What is the latency budget?"]),
        ("What scale? And which labels?", "", ["What scale?", "And which labels?"]),
        ("Because of leakage?", "Because of leakage?", []),
        ("Overfitting?", "Overfitting?", []),
        ("Why does it work? Because the variance falls.", "Because the variance falls.", ["Why does it work?"]),
        ("```python\nx = d.get(k) # is it there?\n```", "```python\nx = d.get(k) # is it there?\n```", []),
    ],
)
def test_clarifying_questions_are_told_from_answers(message: str, answer: str, questions: list[str]) -> None:
    said, asked = split(message)
    assert (said, list(asked)) == (answer, questions)


@given(st.text(max_size=300))
def test_nothing_of_a_message_is_lost(message: str) -> None:
    said, asked = split(message)
    kept = (said + "".join(asked)).split()
    assert sorted("".join(kept)) == sorted("".join(message.split()))

"""The optional extra: absent or failing, everything works and says so."""

from dataclasses import replace

from bot import semantic
from bot.core.session import Format
from playing import started
from program import environment, run_here
from sample_bank import sample_bank


def test_absent_it_says_so_in_one_sentence_and_scoring_goes_on() -> None:
    answer = "The L1 penalty makes some weights exactly zero."
    plain = run_here("score", "--question", "regularisation-l1-l2", "--json", typed=answer)
    wanted = run_here("score", "--question", "regularisation-l1-l2", "--json", typed=answer, MOCKBOT_SEMANTIC="on")
    assert wanted.stdout == plain.stdout
    assert wanted.stderr == f"{semantic.ABSENT}\n"
    assert "MOCKBOT_SEMANTIC" not in environment()


def test_failing_it_says_so_once_and_finds_nothing_alike() -> None:
    said: list[str] = []

    def broken(one: str, other: str) -> float:
        raise RuntimeError(one + other)

    similar = semantic.guarded(broken, said.append)
    assert [similar("a", "b"), similar("c", "d")] == [0.0, 0.0]
    assert said == [semantic.FAILED.format("ab")]


def test_in_an_interview_it_gives_at_most_half_a_point() -> None:
    def alike(one: str, other: str) -> float:
        return float("unsure" in one and "uncertainty" in other)

    play = started(Format.FUNDAMENTALS)
    play.bank = replace(sample_bank(), similar=alike)
    play.send("You stay rather unsure about what comes next from the source.", "/done")
    assert play.session.turns[0].assessment.points[0].credit == 0.5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Bank, Kind
from bot.core.questions.planning import NoQuestionsError, clock, plan, usual_minutes
from bot.core.session import Format, History, Pace, Setup
from sample_bank import sample_bank, shipped_bank

SHIPPED = shipped_bank()


def planned(format_: Format, bank: Bank = SHIPPED, **setup: object) -> tuple:
    return plan(bank, Setup(format_, seed=3, **setup), History())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("format_", "minutes", "questions"),
    [
        (Format.SCREEN, 15, 5),
        (Format.CODING, 45, 1),
        (Format.FUNDAMENTALS, 45, 7),
        (Format.RAPID_FIRE, 60, 20),
        (Format.SYSTEM_DESIGN, 60, 6),
        (Format.BEHAVIORAL, 30, 4),
    ],
)
def test_each_stage_has_its_usual_shape(format_: Format, minutes: int, questions: int) -> None:
    (round_,) = planned(format_)
    assert (round_.minutes, len(round_.slots)) == (minutes, questions)
    assert sum(slot.seconds for slot in round_.slots) == pytest.approx(60 * minutes, abs=5)


def test_a_screen_is_a_project_a_motivation_and_three_basics() -> None:
    kinds = [SHIPPED.questions[slot.question_id].kind for slot in planned(Format.SCREEN)[0].slots]
    assert kinds == [Kind.PROJECT, Kind.MOTIVATION, Kind.BASICS, Kind.BASICS, Kind.BASICS]


def test_fundamentals_mix_theory_debugging_and_judgement() -> None:
    kinds = [SHIPPED.questions[slot.question_id].kind for slot in planned(Format.FUNDAMENTALS)[0].slots]
    assert (kinds.count(Kind.THEORY), kinds.count(Kind.DEBUGGING), kinds.count(Kind.JUDGEMENT)) == (4, 2, 1)


def test_the_parts_of_a_design_take_5_10_15_10_10_10_minutes() -> None:
    assert [slot.seconds // 60 for slot in planned(Format.SYSTEM_DESIGN)[0].slots] == [5, 10, 15, 10, 10, 10]


def test_a_full_interview_has_five_stages_and_a_loop_four_rounds_of_45_minutes() -> None:
    assert [r.format.value for r in planned(Format.FULL)] == [
        "screen", "coding", "fundamentals", "system-design", "behavioral",
    ]  # fmt: skip
    assert [r.minutes for r in planned(Format.LOOP)] == [45] * 4
    assert (usual_minutes(Format.FULL), usual_minutes(Format.LOOP)) == (195, 180)


def test_rapid_fire_in_30_minutes_still_asks_20_questions() -> None:
    assert len(planned(Format.RAPID_FIRE, minutes=30)[0].slots) == 20


@given(format_=st.sampled_from(Format), minutes=st.integers(5, 240), seed=st.integers(1, 99))
def test_any_length_gives_a_plan_that_fits_its_time(format_: Format, minutes: int, seed: int) -> None:
    rounds = plan(sample_bank(), Setup(format_, minutes=minutes, seed=seed), History())
    seconds = sum(slot.seconds for round_ in rounds for slot in round_.slots)
    assert seconds == pytest.approx(60 * minutes, abs=60 * len(rounds))
    asked = [(slot.question_id, slot.phase) for round_ in rounds for slot in round_.slots]
    assert len(asked) == len(set(asked))


def test_a_bank_without_a_stage_says_so() -> None:
    empty = Bank({}, sample_bank().rubrics)
    with pytest.raises(NoQuestionsError, match="no coding question"):
        planned(Format.CODING, empty)


def test_the_clock_is_stretched_or_absent() -> None:
    slot = planned(Format.CODING)[0].slots[0]
    assert clock(slot, Setup(time_factor=1.5)) == 4050
    assert clock(slot, Setup(pace=Pace.UNTIMED)) is None

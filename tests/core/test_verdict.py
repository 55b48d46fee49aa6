from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.debrief import verdict
from bot.core.debrief.debrief import debrief
from bot.core.judgement import DimensionLevel, Verdict
from bot.core.model import Evidence, Level
from bot.core.session import Format, State
from playing import Play, started
from sample_bank import CORE, FULL_ANSWER, NEGATIVE, REFINED, UNIFORM, WRONG, sample_bank


def dimensions(*levels: int | None) -> list[DimensionLevel]:
    return [DimensionLevel(str(i), "", level, 0.0, "", "") for i, level in enumerate(levels)]


def of_round(level: Level, *levels: int | None) -> Verdict:
    play = started()
    play.send(FULL_ANSWER)
    judged = [verdict.Judged(play.session.turn, sample_bank().questions["entropy-entropy"], None)]
    return verdict.of_round(dimensions(*levels), judged, 1, level)


@pytest.mark.parametrize(
    ("level", "levels", "expected"),
    [
        (Level.JUNIOR, (3, 3, 2, 2), Verdict.HIRE),
        (Level.MID, (3, 3, 2, 2), Verdict.NO_HIRE),
        (Level.MID, (3, 3, 3, 2), Verdict.HIRE),
        (Level.MID, (4, 4, 3, 3), Verdict.STRONG_HIRE),
        (Level.SENIOR, (3, 3, 3, 3), Verdict.NO_HIRE),
        (Level.SENIOR, (4, 3, 3, 2), Verdict.HIRE),
        (Level.STAFF, (4, 3, 3, 3), Verdict.NO_HIRE),
        (Level.STAFF, (4, 4, 3, 3), Verdict.HIRE),
        (Level.STAFF, (4, 4, 4, 4), Verdict.STRONG_HIRE),
        (Level.JUNIOR, (4, 4, 4, 1), Verdict.NO_HIRE),
        (Level.MID, (4, 4, 1, 1), Verdict.STRONG_NO_HIRE),
        (Level.MID, (4, 4, None, None), Verdict.NOT_ENOUGH_EVIDENCE),
        (Level.MID, (3, 3, 3, None), Verdict.HIRE),
    ],
)
def test_the_bar_depends_on_the_level_and_is_not_the_mean(level: Level, levels: tuple, expected: Verdict) -> None:
    assert of_round(level, *levels) is expected


H, S, N, W, E = (
    Verdict.HIRE, Verdict.STRONG_HIRE, Verdict.NO_HIRE, Verdict.STRONG_NO_HIRE, Verdict.NOT_ENOUGH_EVIDENCE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ((H,), H), ((E,), E), ((H, H, H), H), ((S, S, H), S), ((S, H, N), H), ((H, H, N), N), ((S, N, N), N),
        ((S, S, W), N), ((W, W, S), W), ((H, E, E), E), ((H, H, E), H),
    ],
)  # fmt: skip
def test_rounds_combine_without_averaging(rounds: tuple, expected: Verdict) -> None:
    assert verdict.overall(rounds, Level.MID) is expected


def test_a_senior_is_not_forgiven_a_round() -> None:
    assert verdict.overall((S, H, N), Level.SENIOR) is N


@given(st.lists(st.sampled_from(Verdict), min_size=1, max_size=5), st.sampled_from(Level))
def test_a_better_round_never_lowers_the_verdict(rounds: list[Verdict], level: Level) -> None:
    order = [W, N, H, S]
    for index, given_ in enumerate(rounds):
        if given_ in order[:-1]:
            better = [*rounds[:index], order[order.index(given_) + 1], *rounds[index + 1 :]]
            before, after = verdict.overall(rounds, level), verdict.overall(better, level)
            assert before is E or after is E or order.index(after) >= order.index(before)


def finished(*answers: str, format_: Format = Format.RAPID_FIRE, **setup: object) -> Play:
    play = started(format_, **setup)
    while play.session.state is State.ANSWERING:
        play.send(answers[(len(play.session.turns) - 1) % len(answers)])
    play.send("3")
    return play


def test_complete_answers_everywhere_are_a_strong_hire() -> None:
    judged = debrief(finished(FULL_ANSWER).session, sample_bank())
    assert judged.verdict is Verdict.STRONG_HIRE
    assert [d.level for d in judged.rounds[0].dimensions] == [4, 4, 4, 4]


def test_not_knowing_anything_is_a_strong_no_hire_and_not_a_crash() -> None:
    judged = debrief(finished("I don't know").session, sample_bank())
    assert judged.verdict is Verdict.STRONG_NO_HIRE
    assert judged.went_well == ()


def test_length_alone_earns_nothing() -> None:
    padding = "There are many things one could say about coins and dice and how they fall on the table. " * 20
    short, long = (debrief(finished(a).session, sample_bank()) for a in (UNIFORM, f"{padding} {UNIFORM}"))
    assert long.own_level <= short.own_level


def test_a_knock_out_that_stands_caps_the_verdict() -> None:
    bank = sample_bank()
    knock_out = replace(NEGATIVE, knock_out=True)
    questions = {
        i: replace(q, misconceptions=(knock_out,)) if q.misconceptions else q for i, q in bank.questions.items()
    }
    play = started(Format.RAPID_FIRE)
    play.bank = replace(bank, questions=questions)
    while play.session.state is State.ANSWERING:
        play.send(f"{FULL_ANSWER} {WRONG}" if len(play.session.turns) == 1 else FULL_ANSWER)
    judged = debrief(play.session, play.bank)
    assert judged.knocked_out
    assert judged.verdict is Verdict.NO_HIRE


def test_a_hint_on_the_core_costs_a_level() -> None:
    def level(*lines: str) -> int | None:
        play = started(Format.FUNDAMENTALS)
        while play.session.state in {State.ANSWERING, State.PROBING}:
            play.send(*lines, FULL_ANSWER, "/done", REFINED, "/done")
        return debrief(play.session, sample_bank()).rounds[0].dimensions[0].level

    assert level("/hint", "/hint") == 4
    assert level("/hint", "/hint", "/hint") == 3


def test_a_dimension_nobody_was_asked_about_is_left_open() -> None:
    play = started(Format.FUNDAMENTALS, minutes=6)
    play.send(CORE, "/stop", "/skip")
    levels = {d.id: d.level for d in debrief(play.session, sample_bank()).rounds[0].dimensions}
    assert levels["debugging"] is None
    assert levels["theory"] is not None


def test_every_kind_of_evidence_is_a_field_of_the_rubric_and_is_computed_in_one_place() -> None:
    about_points = {"kinds", "phases", "core_only", "twists"}
    assert set(verdict.OBSERVED) | about_points == {field.name for field in fields(Evidence)}

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Level, Stage
from bot.core.questions.selection import draw
from bot.core.session import Format, History, Setup
from sample_bank import sample_bank, theory

POOL = tuple(theory(f"topic-{number}") for number in range(12))


def first(setup: Setup, history: History | None = None) -> str:
    return draw(POOL, 1, setup, history or History())[0].topic


@given(seed=st.integers(1, 10**6), seen=st.sets(st.sampled_from([q.id for q in POOL]), max_size=11))
def test_no_question_comes_twice_while_unseen_ones_are_left(seed: int, seen: set[str]) -> None:
    history = History(dict.fromkeys(seen, 1))
    chosen = draw(POOL, len(POOL) - len(seen), Setup(seed=seed), history)
    assert {q.id for q in chosen}.isdisjoint(seen)


@given(seed=st.integers(1, 10**6))
def test_a_draw_holds_no_question_twice_and_repeats_itself(seed: int) -> None:
    chosen = draw(POOL, 20, Setup(seed=seed), History())
    assert len(chosen) == len({q.id for q in chosen}) == len(POOL)
    assert chosen == draw(reversed(POOL), 20, Setup(seed=seed), History())


def test_a_weak_topic_comes_up_more_often() -> None:
    weak = History(topic_scores={"topic-3": 0.0})
    count = sum(first(Setup(seed=seed), weak) == "topic-3" for seed in range(1, 601))
    usual = sum(first(Setup(seed=seed)) == "topic-3" for seed in range(1, 601))
    assert count > 1.8 * usual


def test_questions_of_the_level_come_up_more_often() -> None:
    staff_only = replace(POOL[0], levels=(Level.STAFF,))
    pool = (staff_only, *POOL[1:])
    as_staff = sum(draw(pool, 1, Setup(level=Level.STAFF, seed=s), History())[0] is staff_only for s in range(1, 301))
    as_mid = sum(draw(pool, 1, Setup(level=Level.MID, seed=s), History())[0] is staff_only for s in range(1, 301))
    assert as_staff > 3 * as_mid


def test_the_wished_topic_comes_first_even_when_seen() -> None:
    history = History({POOL[5].id: 4})
    assert all(first(Setup(topic="topic-5", seed=s), history) == "topic-5" for s in range(1, 30))


def test_topics_do_not_repeat_within_a_round_while_others_are_left() -> None:
    doubled = [*POOL, *(replace(q, id=f"{q.id}-2") for q in POOL)]
    for seed in range(1, 40):
        chosen = draw(doubled, 8, Setup(seed=seed), History())
        assert len({q.topic for q in chosen}) >= 7


def test_topics_of_a_stage_are_listed() -> None:
    assert "ownership" in sample_bank().topics_of_stage(Stage.BEHAVIORAL)
    assert Format.SCREEN.value not in sample_bank().topics_of_stage(Stage.BEHAVIORAL)

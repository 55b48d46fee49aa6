"""Lanes keep order; windows of time are never overfull."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.concurrency import OrderedQueues
from bot.service.delivery.pacing import Pacer
from bot.service.ports.platform import Budget


async def test_each_lane_keeps_its_order_while_lanes_go_on_side_by_side() -> None:
    done: list[tuple[int, int]] = []
    chance = random.Random(3)  # noqa: S311 - who goes first, not a secret
    at_work: dict[int, int] = {}

    async def work(item: tuple[int, int]) -> None:
        lane, _ = item
        at_work[lane] = at_work.get(lane, 0) + 1
        assert at_work[lane] == 1
        await asyncio.sleep(chance.choice([0, 0, 0.001]))
        at_work[lane] -= 1
        done.append(item)

    lanes = OrderedQueues(work)
    for number in range(50):
        for lane in range(8):
            lanes.put(str(lane), (lane, number))
        await asyncio.sleep(0)
    assert await lanes.drained(10)
    for lane in range(8):
        assert [number for its, number in done if its == lane] == list(range(50))


async def test_one_slow_lane_does_not_hold_up_others() -> None:
    gate, done = asyncio.Event(), []

    async def work(item: str) -> None:
        if item == "slow":
            await gate.wait()
        done.append(item)

    lanes = OrderedQueues(work)
    lanes.put("a", "slow")
    lanes.put("b", "quick")
    assert not await lanes.drained(0.01)
    assert done == ["quick"]


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.floats(0, 2)), max_size=60),
    st.integers(1, 5),
    st.floats(0.5, 5),
)
def test_no_window_ever_holds_more_than_its_budget(asked: list[tuple[str, float]], count: int, seconds: float) -> None:
    pacer, now, sent = Pacer(), 0.0, []
    for chat, pause in asked:
        now += pause
        budgets = [Budget(chat, count, seconds), Budget("all", 7, 1.0, one_chat=False)]
        while wait := pacer.reserve(budgets, now):
            assert wait > 0
            now += wait
        sent.append((chat, now))
    for chat, at in sent:
        assert sum(c == chat and at - seconds + 1e-6 < t <= at for c, t in sent) <= count
        assert sum(at - 1.0 + 1e-6 < t <= at for _, t in sent) <= 7


def test_a_halt_holds_until_its_time_and_silence_is_forgotten() -> None:
    pacer, budget = Pacer(), Budget("a", 10, 1)
    assert pacer.reserve([budget], 0) == 0
    pacer.halt(budget, 5)
    assert pacer.reserve([budget], 1) == pytest.approx(4)
    pacer.forget_old(500)
    assert pacer.reserve([budget], 500) == 0
    assert len(pacer._sent) == 1

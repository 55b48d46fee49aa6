"""Telegram's rates, by a clock that the test moves."""

import pytest

from botapi.faults import Rates
from botapi.nouns import ApiError


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, chats: list[int]) -> int:
    """How many sends went through before the first refusal."""
    for number, chat in enumerate(chats):
        try:
            rates.take(chat)
        except ApiError:
            return number
    return len(chats)


def test_a_chat_takes_a_small_burst_and_then_one_a_second():
    clock = Clock()
    rates = Rates(clock, burst=2)
    assert taken(rates, [7] * 3) == 2
    with pytest.raises(ApiError, match="retry after 2") as caught:
        rates.take(7)
    assert caught.value.parameters == {"retry_after": 2}
    clock.now += 2
    assert taken(rates, [7] * 3) == 2


def test_a_group_takes_20_a_minute():
    clock = Clock()
    rates = Rates(clock)
    for _ in range(20):
        rates.take(-4001)
        clock.now += 2
    with pytest.raises(ApiError, match="retry after 20"):
        rates.take(-4001)


def test_all_chats_together_take_30_a_second():
    assert taken(Rates(Clock()), list(range(1, 41))) == 30

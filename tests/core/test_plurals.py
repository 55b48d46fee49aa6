import pytest

from bot.core.plurals import plural, times
from bot.core.text.replies import minutes


@pytest.mark.parametrize(("count", "words"), [(0, "0 words"), (1, "1 word"), (2, "2 words")])
def test_a_noun_agrees_with_its_number(count: int, words: str) -> None:
    assert plural(count, "word") == words


def test_a_plural_of_its_own_is_named() -> None:
    assert [plural(count, "story", "stories") for count in (1, 8)] == ["1 story", "8 stories"]


def test_some_numbers_are_said_in_words_of_their_own() -> None:
    hints = [plural(count, "hint", named={0: "No hints", 1: "One hint"}) for count in range(3)]
    assert hints == ["No hints", "One hint", "2 hints"]
    assert [times(count) for count in range(4)] == ["0 times", "once", "twice", "3 times"]


def test_a_duration_agrees_with_its_number() -> None:
    assert [minutes(seconds) for seconds in (0.4, 1, 119, 120)] == ["0 seconds", "1 second", "119 seconds", "2 minutes"]

"""What buttons and forms carry: everything comes back as it was written, and codes shown long ago are still read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.ports.button_codes import ButtonCode, FormCode

interviews = st.integers(0, 10**18 - 1)
marks = st.text(st.characters(exclude_characters=":"), max_size=20)


@given(st.builds(ButtonCode, interviews, marks, st.text(min_size=1)))
def test_a_button_comes_back_as_it_was_written(button: ButtonCode) -> None:
    assert ButtonCode.parse(button.encode()) == button


@given(st.builds(FormCode, interviews, marks), st.integers(0))
def test_a_form_comes_back_as_it_was_written(form: FormCode, press: int) -> None:
    assert FormCode.parse_opening(form.encode_opening()) == form
    assert FormCode.parse(form.encode(press)) == form


@given(st.builds(FormCode, interviews, marks), st.integers(0), st.text(min_size=1))
def test_a_button_a_form_and_what_opens_it_are_never_taken_for_one_another(
    form: FormCode, press: int, what: str
) -> None:
    button = ButtonCode(form.session_id, form.mark, what).encode()
    assert FormCode.parse(button) is None
    assert FormCode.parse_opening(button) is None
    assert ButtonCode.parse(form.encode(press)) is None
    assert ButtonCode.parse(form.encode_opening()) is None
    assert FormCode.parse(form.encode_opening()) is None
    assert FormCode.parse_opening(form.encode(press)) is None


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("b:7:q1.0.0:done", ButtonCode(7, "q1.0.0", "done")),  # Telegram: under a question
        ("b:0:c0.0.0:system-design", ButtonCode(0, "c0.0.0", "system-design")),  # Telegram: before an interview began
        ("b:12:r3.1.0:4", ButtonCode(12, "r3.1.0", "4")),  # Telegram: a rating
        ("b:0:p42:Tell me more: why?", ButtonCode(0, "p42", "Tell me more: why?")),  # Telegram: a daily question
        ("b:7:t1.2.0:skip", ButtonCode(7, "t1.2.0", "skip")),  # Discord: in a rehearsal
        ("b:7:2.1:stop", ButtonCode(7, "2.1", "stop")),  # Discord: of the first version, without a letter
    ],
)
def test_buttons_that_are_on_screens_are_still_read(shown: str, meant: ButtonCode) -> None:
    assert ButtonCode.parse(shown) == meant


def test_forms_that_are_on_screens_are_still_read() -> None:
    assert FormCode.parse_opening("a:7:q1.0.0") == FormCode(7, "q1.0.0")
    assert FormCode.parse("ans:7:q1.0.0:1423000000000000001") == FormCode(7, "q1.0.0")


@pytest.mark.parametrize("other", ["", "b:", "b:7", "b:7:q1", "b:7:q1:", "b:x:q1:done", f"b:{10**18}:q1:done", "d"])
def test_what_somebody_else_wrote_is_no_button_of_ours(other: str) -> None:
    assert ButtonCode.parse(other) is None

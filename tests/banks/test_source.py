import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banks.source import BankError, parse


def test_yaml_1_2_scalars_keep_times_and_no_as_strings() -> None:
    data = parse("x.yaml", "a: 9:00\nb: no\nc: true\nd: 3\ne: 1.5\nf: ~\ng: 017\nh: '3'\n").data
    assert data == {"a": "9:00", "b": "no", "c": True, "d": 3, "e": 1.5, "f": None, "g": "017", "h": "3"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2\n", "x.yaml:2:1: is not valid YAML"),
        ("a: 1\na: 2\n", "x.yaml:2:1: `a` is written twice"),
        ("a: &x [1]\nb: *x\n", "uses a YAML alias"),
        ("", "x.yaml:1:1: is empty"),
        ("a: \x00", "is not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BankError, match=message.replace("`", ".")):
        parse("x.yaml", text)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse("x.yaml", text)
    except BankError as error:
        assert str(error).startswith("x.yaml:")


def test_plain_scalars_in_flow_style_have_their_types() -> None:
    assert parse("x.yaml", "a: [3, -1, null, true, 0.5, '3', [1]]").data == {"a": [3, -1, None, True, 0.5, "3", [1]]}

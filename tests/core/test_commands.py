import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands.grammar import Request, parse
from bot.core.commands.mock_commands import parse_choice, parse_mock
from bot.core.events import Command
from bot.core.refusal import UsageError
from bot.core.session import Format, Level, Pace, Setup
from sample_bank import sample_bank


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/done", Command.DONE),
        ("  /HINT ", Command.HINT),
        ("/stop@mockbot", Command.STOP),
        ("/mock coding senior", Request("mock", "coding senior")),
        ("/report 3", Request("report", "3")),
        ("done", "done"),
        ("/usr/bin/python is slow", "/usr/bin/python is slow"),
        ("// a comment", "// a comment"),
        ("a / b", "a / b"),
    ],
)
def test_a_line_is_a_command_a_request_or_text(text: str, parsed: object) -> None:
    assert parse(text) == parsed


def test_an_unknown_command_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"I do not know /hnit\. Did you mean /hint\?"):
        parse("/hnit")


def test_text_behind_a_command_is_not_swallowed_silently() -> None:
    with pytest.raises(UsageError, match="stands alone"):
        parse("/done and one more thing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("system-design senior 30", (Format.SYSTEM_DESIGN, Level.SENIOR, 30, "")),
        ("system design", (Format.SYSTEM_DESIGN, Level.MID, None, "")),
        ("rapid fire junior", (Format.RAPID_FIRE, Level.JUNIOR, None, "")),
        ("Behavioural conflict", (Format.BEHAVIORAL, Level.MID, None, "conflict")),
    ],
)
def test_mock_takes_its_words_in_any_order(text: str, expected: tuple) -> None:
    setup = parse_mock(text, Setup(), sample_bank())
    assert (setup.format, setup.level, setup.minutes, setup.topic) == expected


def test_pace_can_be_said_too() -> None:
    assert parse_mock("coding strict", Setup(), sample_bank()).pace is Pace.STRICT


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("codeing", "Did you mean coding?"),
        ("behavioral conflit", "Did you mean conflict?"),
        ("coding 3", "5 to 240 minutes, not 3"),
        ("", "could not find"),
    ],
)
def test_what_cannot_be_understood_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence.replace("?", r"\?")):
        parse_mock(text, Setup(), sample_bank())


def test_a_number_that_is_not_listed_is_refused() -> None:
    with pytest.raises(UsageError, match="no interview number 9"):
        parse_choice("9", Setup(), sample_bank())


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_with_a_sentence(text: str) -> None:
    for reader in (parse, lambda line: parse_mock(line, Setup(), sample_bank())):
        try:
            reader(text)
        except UsageError as error:
            assert str(error)

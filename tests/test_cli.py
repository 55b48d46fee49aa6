"""The program as a person at a shell meets it."""

import json
import re
from pathlib import Path

import pytest

from program import database, run

PASTED = Path(__file__).parent / "chats"


def script(*lines: str) -> str:
    return "\n".join([*lines, ""])


@pytest.mark.parametrize(
    "stage", ["screen", "coding", "fundamentals", "rapid-fire", "system-design", "behavioral", "full", "loop"]
)
def test_a_script_plays_a_whole_interview_of_every_stage(stage: str, tmp_path: Path) -> None:
    answers = ["I am not sure, but I would start from a simple baseline and measure it.", "/done", "/skip"] * 60
    done = run("chat", stage, "--seed", "7", "--db", database(tmp_path), typed=script(*answers, "/stop", "2"))
    assert done.stderr == ""
    assert done.returncode == 0
    assert "level, about" in done.stdout
    assert re.search(r"level: (strong )?(no )?(hire|not enough evidence)", done.stdout)


def test_the_same_seed_asks_the_same_questions(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (
        run("chat", "fundamentals", "--seed", "7", "--db", database(tmp_path / name), typed="/skip\n/stop\n")
        for name in "ab"
    )
    assert first.stdout == second.stdout


def test_an_interview_is_kept_when_the_input_ends_and_goes_on_later(tmp_path: Path) -> None:
    first = run("chat", "fundamentals", "--seed", "7", "--db", database(tmp_path), typed="a first thought\n")
    assert "Your interview is kept" in first.stdout
    second = run("chat", "coding", "--db", database(tmp_path), typed="/done\n")
    assert second.stdout.startswith("An interview is still open, so we go on with that one.")
    assert "Welcome back." in second.stdout
    assert "Question 1 of 7" in second.stdout


def test_without_a_stage_it_asks(tmp_path: Path) -> None:
    done = run("chat", "--db", database(tmp_path), typed="coding\n/stop\n")
    assert "Which interview shall we do?" in done.stdout
    assert "Coding, mid level" in done.stdout


def test_it_needs_nothing_but_a_home_folder(tmp_path: Path) -> None:
    done = run("chat", "screen", typed="/stop\n", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("mockbot.db"))


def test_history_and_reports_in_every_format(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    run("chat", "coding", "--seed", "7", *db, typed="I would use a hash map, which takes O(n) time.\n/stop\n3\n")
    assert re.match(r"1\. \d{4}-\d\d-\d\d Coding, mid: ", run("history", *db).stdout)
    assert run("report", "1", *db).stdout.startswith("Mock interview 1\n")
    assert run("report", "1", "--format", "md", *db).stdout.startswith("# Mock interview 1\n")
    assert run("report", "1", "--format", "html", *db).stdout.startswith("<!doctype html>")
    assert json.loads(run("report", "1", "--format", "json", *db).stdout)["self_rating"] == 3


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    assert run("migrate", *db).stdout == "The database was brought from nothing to revision 0005.\n"
    assert run("migrate", *db).stdout == "The database is up to date (revision 0005).\n"


def test_check_and_schema() -> None:
    assert re.fullmatch(r"\d+ questions, no problems\.\n", run("check", "content").stdout)
    assert json.loads(run("schema").stdout)["title"] == "BankFile"


def test_version() -> None:
    assert re.fullmatch(r"mockbot \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("chat", "painting"), "'painting' is not one of"),
        (("chat", "coding", "--minutes", "3"), "takes 5 to 240 minutes, not 3"),
        (("chat", "coding", "--minutes", "soon"), "--minutes': Input should be a valid integer"),
        (("chat", "coding", "--seed", "-1"), "greater than or equal to 0"),
        (("chat", "coding", "--pace", "fast"), "'fast' is not one of"),
        (("chat", "--topic", "graphs"), "--topic needs a stage"),
        (("chat", "fundamentals", "--topic", "regularization"), "Did you mean regularisation?"),
        (("chat", "coding", "--content", "/nowhere"), "does not exist"),
        (("chat", "coding", "--db", "nonsense://x"), "no database address"),
        (("chat", "coding", "--db", "sqlite+aiosqlite:////proc/x/y.db"), "cannot be opened"),
        (("check", "/nowhere"), "does not exist"),
        (("report", "7"), "There is no report 7"),
        (("report", "seven"), "ID': Input should be a valid integer"),
        (("sing",), "No such command 'sing'"),
    ],
)
def test_every_error_a_person_can_cause_is_one_sentence(arguments: tuple, sentence: str, tmp_path: Path) -> None:
    done = run(*arguments, home=tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3


def test_a_broken_bank_is_refused_with_places(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(
        "bank: {id: x, title: X, version: 1, licence: MIT}\nquestions:\n  - id: X Y\n"
    )
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert "broken.yaml:3:9: `questions.0.id` must be lower-case words" in done.stderr
    assert "Traceback" not in done.stderr


def test_hostile_lines_on_standard_input_break_nothing(tmp_path: Path) -> None:
    lines = ["\x00\x01", "\U0001f4a9" * 4096, "/" * 300, "<script>", "{{7*7}}", "'; DROP TABLE sessions; --", "\u202e"]
    done = run("chat", "fundamentals", "--db", database(tmp_path), typed=script(*lines, "/done", "/skip", "/stop", "1"))
    assert (done.returncode, done.stderr) == (0, "")

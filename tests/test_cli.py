"""The program as a person at a shell meets it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from bot.core.text import story_text
from program import PROGRAM, database, environment, run, run_here

PASTED = Path(__file__).parent / "chats"


def script(*lines: str) -> str:
    return "\n".join([*lines, ""])


@pytest.mark.parametrize(
    "stage", ["screen", "coding", "fundamentals", "rapid-fire", "system-design", "behavioral", "full", "loop"]
)
def test_a_script_plays_a_whole_interview_of_every_stage(stage: str, sqlite_url: str) -> None:
    answers = ["I am not sure, but I would start from a simple baseline and measure it.", "/done", "/skip"] * 60
    done = run_here("chat", stage, "--seed", "7", "--db", sqlite_url, typed=script(*answers, "/stop", "2"))
    assert done.stderr == ""
    assert done.returncode == 0
    assert "level, about" in done.stdout
    assert re.search(r"level: (strong )?(no )?(hire|not enough evidence)", done.stdout)


def test_the_same_seed_asks_the_same_questions(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (
        run_here("chat", "fundamentals", "--seed", "7", "--db", database(tmp_path / name), typed="/skip\n/stop\n")
        for name in "ab"
    )
    assert first.stdout == second.stdout


def test_an_interview_is_kept_when_the_input_ends_and_goes_on_later(tmp_path: Path) -> None:
    first = run_here("chat", "fundamentals", "--seed", "7", "--db", database(tmp_path), typed="a first thought\n")
    assert "What you began is kept" in first.stdout
    second = run_here("chat", "coding", "--db", database(tmp_path), typed="/done\n")
    assert second.stdout.startswith("An interview is still open, so we go on with that one.")
    assert "Welcome back." in second.stdout
    assert "Question 1 of 7" in second.stdout


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+pysqlite"])
def test_a_database_on_sqlite_may_be_named_without_its_driver(scheme: str, tmp_path: Path) -> None:
    done = run_here("chat", "coding", "--db", f"{scheme}:///{tmp_path / 'x.db'}", typed="/stop\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert run_here("history", "--db", f"sqlite+aiosqlite:///{tmp_path / 'x.db'}").stdout.startswith("1. ")


def test_without_a_stage_it_asks(tmp_path: Path) -> None:
    done = run_here("chat", "--db", database(tmp_path), typed="coding\n/stop\n")
    assert "Which interview shall we do?" in done.stdout
    assert "Coding, mid level" in done.stdout


def test_it_needs_nothing_but_a_home_folder(tmp_path: Path) -> None:
    done = run("chat", "screen", typed="/stop\n", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("mockbot.db"))


def test_history_and_reports_in_every_format(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    run_here("chat", "coding", "--seed", "7", *db, typed="I would use a hash map, which takes O(n) time.\n/stop\n3\n")
    assert re.match(r"1\. \d{4}-\d\d-\d\d Coding, mid: ", run_here("history", *db).stdout)
    assert run_here("report", "1", *db).stdout.startswith("Mock interview 1\n")
    assert run_here("report", "1", "--format", "md", *db).stdout.startswith("# Mock interview 1\n")
    assert run_here("report", "1", "--format", "html", *db).stdout.startswith("<!doctype html>")
    assert json.loads(run_here("report", "1", "--format", "json", *db).stdout)["self_rating"] == 3


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    assert run_here("migrate", *db).stdout == "The database was brought from nothing to revision 0008.\n"
    assert run_here("migrate", *db).stdout == "The database is up to date (revision 0008).\n"


def test_check_and_schema() -> None:
    assert re.fullmatch(
        r"\d+ questions, no problems(, \d+ pieces of advice)?\.\n", run_here("check", "content/coding").stdout
    )
    assert json.loads(run_here("schema").stdout)["title"] == "BankFile"


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
    done = run_here(*arguments, home=tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3


def test_a_broken_bank_is_refused_with_places(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(
        "bank: {id: x, title: X, version: 1, licence: MIT}\nquestions:\n  - id: X Y\n"
    )
    done = run_here("check", str(tmp_path))
    assert done.returncode == 1
    assert "broken.yaml:3:9: `questions.0.id` must be lower-case words" in done.stderr
    assert "Traceback" not in done.stderr


def test_hostile_lines_on_standard_input_break_nothing(tmp_path: Path) -> None:
    lines = ["\x00\x01", "\U0001f4a9" * 4096, "/" * 300, "<script>", "{{7*7}}", "'; DROP TABLE sessions; --", "\u202e"]
    done = run("chat", "fundamentals", "--db", database(tmp_path), typed=script(*lines, "/done", "/skip", "/stop", "1"))
    assert (done.returncode, done.stderr) == (0, "")


TOLD = (
    "Last May our checkout failed for one customer in ten, every evening between six and nine.",
    "I was asked to find out why and to bring the failures down before the summer sale.",
    "I traced the failed requests, I found a pool that ran dry, and I rewrote how we hand out connections.",
    "Failures fell from 10 % to 0.2 %, and the sale brought 40,000 orders in one evening.",
    "Since then I put a limit and an alarm on every pool before it goes live.",
)


def test_a_first_story_is_told_section_by_section_and_the_bank_has_it_afterwards(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    first = run_here("chat", "star", *db, typed=script(*TOLD, "3 4", "/done", "4 5"))
    assert (first.returncode, first.stderr) == (0, "")
    assert "Kept as story 1" in first.stdout
    assert "0.2 %" in first.stdout
    assert "No interview is open" not in first.stdout
    orders = ("list", "show 1", "tag 1 ownership", "name 1 The dry pool", "grid", "grid amazon", "companies", "help")
    bank = run_here(
        "chat", "star", *db, typed=script("/stop", *(f"/star {order}" for order in orders), "/star share 1")
    )
    assert (bank.returncode, bank.stderr) == (0, "")
    assert "The dry pool" in bank.stdout
    assert "1 of 20 competencies has a story" in bank.stdout
    assert "Customer Obsession" in bank.stdout
    gone = run_here("chat", "star", *db, typed=script("/stop", "/star delete 1", "/star delete 1 yes", "/star list"))
    assert "The dry pool" in gone.stdout
    assert "The dry pool" not in gone.stdout.split("/star delete 1 yes")[-1]
    assert run_here("history", *db).stdout == "No interviews yet. /mock starts one.\n"


def test_a_story_is_practised_and_edited(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    run_here("chat", "star", *db, typed=script(*TOLD, "/stop"))
    again = run_here("chat", "star", *db, typed=script("/stop", "/star practice 1", " ".join(TOLD), "/done", "/stop"))
    assert "Kept as a new version of story 1" in again.stdout
    edited = run_here(
        "chat", "star", *db, typed=script("/stop", "/star edit 1", "Result: It fell to 0.1 %.", "/done", "/stop")
    )
    assert "Kept as a new version of story 1" in edited.stdout
    assert "0.1 %" in run_here("chat", "star", *db, typed=script("/stop", "/star show 1")).stdout


def test_a_rehearsal_goes_on_after_the_program_was_killed(tmp_path: Path) -> None:
    db = ("--db", database(tmp_path))
    command = [*PROGRAM, "chat", "star", *db]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment()
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(script(*TOLD[:2]))
    process.stdin.flush()
    while "Action" not in process.stdout.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    back = run("chat", "coding", *db, typed=script(*TOLD[2:], "3 3", "/stop"))
    assert story_text.REHEARSAL_OPEN in back.stdout  # before it, perhaps, what may not have arrived
    assert "Welcome back." in back.stdout
    assert "Kept as story 1" in back.stdout


def test_content_without_competencies_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = run_here("chat", "star", "--db", database(tmp_path), "--content", "content/rubrics", typed="")
    assert (done.returncode, done.stdout.strip()) == (0, story_text.NO_CATALOGUE)

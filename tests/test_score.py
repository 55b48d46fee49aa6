"""`mockbot score`, `mockbot check --coverage` and `mockbot harvest` as a person at a shell meets them."""

import json
from pathlib import Path

from program import database, run_here

RIGHT = "The L1 penalty makes some weights exactly zero."
LINES = [
    {"question_id": "regularisation-l1-l2", "answer": RIGHT},
    {
        "question": "What is UDP?",
        "reference": "A connectionless protocol without guarantees.",
        "answer": "Connectionless.",
    },
    {
        "question": "Why does a deep tree overfit?",
        "key_points": [{"id": "variance", "statement": "High variance.", "all": [["high variance", "fits noise"]]}],
        "misconceptions": [{"id": "bias", "statement": "High bias.", "all": [["high bias"]], "feedback": "Low bias."}],
        "answer": "It has high variance, since it fits noise in the sample.",
    },
]


def batch(*lines: str) -> list[dict]:
    done = run_here("score", "--batch", typed="\n".join(lines) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_answer_is_scored_for_a_person() -> None:
    done = run_here("score", "--question", "regularisation-l1-l2", typed=RIGHT)
    assert done.stdout.startswith("regularisation-l1-l2: ")
    assert "made" in done.stdout
    assert "I would ask next: " in done.stdout


def test_and_for_a_program() -> None:
    found = json.loads(run_here("score", "--question", "regularisation-l1-l2", "--json", typed=RIGHT).stdout)
    assert found["points"][0]["credit"] == 1
    assert found["points"][0]["evidence"] in RIGHT
    assert found["band"] == "partial"


def test_a_batch_takes_questions_references_and_rubrics() -> None:
    known, reference, rubric = batch(*(json.dumps(line) for line in LINES))
    assert known["points"][0]["credit"] == 1
    assert 0 < reference["score"] <= 1
    assert (rubric["score"], rubric["band"], rubric["flags"]) == (1.0, "complete", [])


def test_a_bad_line_gets_its_number_and_the_rest_goes_on() -> None:
    good = json.dumps(LINES[0])
    found = batch(good, "not json", "", '{"answer": 3}', '{"question_id": "nobody", "answer": "x"}', "[]", "null", good)
    assert found[0] == found[-1]
    assert [line["line"] for line in found[1:-1]] == [2, 4, 5, 6, 7]
    assert all(line["error"].startswith(f"line {line['line']} ") for line in found[1:-1])


def test_a_rubric_of_ones_own_needs_no_more_than_ids_and_phrasings() -> None:
    point = {"id": "K_1", "weight": 10, "all": [["high variance"]]}
    wrong = {"id": "M 1", "all": [["because of bias"]]}
    asked = {"question": "Why?", "misconceptions": [wrong]}
    found = batch(
        json.dumps(asked | {"key_points": [point], "answer": "It is because of high variance."}),
        json.dumps(asked | {"key_points": [point], "answer": "It is because of bias."}),
        json.dumps(asked | {"key_points": [{"id": "empty", "all": []}], "answer": "Anything."}),
        json.dumps(asked | {"key_points": [{"id": "empty", "all": [[" "]]}], "answer": "Anything."}),
    )
    assert [line.get("score") for line in found] == [1.0, 0.0, None, None]
    assert [m["id"] for m in found[1]["misconceptions"]] == ["M 1"]


def test_any_text_is_scored() -> None:
    hostile = ["", "\x00", "\U0001f4a9" * 4000, "a" * 100_000, "not " * 20_000, "(((((" * 5000, "\u202e\u200b" * 100]
    found = batch(*(json.dumps({"question_id": "regularisation-l1-l2", "answer": text}) for text in hostile))
    assert [line["score"] for line in found] == [0] * len(hostile)


def test_what_to_score_has_to_be_said() -> None:
    assert "Name one question with --question ID" in run_here("score").stderr
    assert "Did you mean regularisation-l1-l2?" in run_here("score", "--question", "regularisation-l1").stderr


def test_coverage_lists_phrasings_that_no_sample_uses() -> None:
    done = run_here("check", "--coverage", "content/fundamentals/trees.yaml")
    assert "no sample uses the phrasing" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("phrasings are used by no sample.")


def harvested(folder: Path, *settings: str) -> str:
    db = ("--db", database(folder))
    odd = "The committee of squirrels decides by acclamation in the second autumn.\n/done\n/skip\n/stop\n1\n"
    run_here("chat", "fundamentals", "--seed", "7", *db, typed="\n".join([*settings, odd]))
    return run_here("harvest", *db).stdout


def test_answers_that_met_nothing_are_kept_only_with_consent(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert "No answers are kept." in harvested(tmp_path / "a")
    kept = harvested(tmp_path / "b", "/settings harvest on")
    assert kept.endswith(": The committee of squirrels decides by acclamation in the second autumn.\n")


def test_taking_the_consent_back_deletes_what_was_kept(tmp_path: Path) -> None:
    harvested(tmp_path, "/settings harvest on")
    run_here("chat", "coding", "--db", database(tmp_path), typed="/settings harvest off\n/stop\n")
    assert "No answers are kept." in run_here("harvest", "--db", database(tmp_path)).stdout


def test_settings_say_what_was_agreed_to(tmp_path: Path) -> None:
    done = run_here(
        "chat", "coding", "--db", database(tmp_path), typed="/settings\n/settings harvest on\n/settings\n/settings x\n"
    )
    assert "harvest: off (answers in which I found no key point may be kept for the authors)" in done.stdout
    assert "harvest: on (" in done.stdout
    assert 'There is no setting "x". /settings lists them.' in done.stdout

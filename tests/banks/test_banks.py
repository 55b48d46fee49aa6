import json
from pathlib import Path

import pytest

from bot.banks.check import check
from bot.banks.loader import bank_of, read
from bot.banks.source import BankError
from bot.config import cache_folder, shipped_content

GOOD = """
bank: {id: sample, title: Sample, version: 2, licence: MIT}
questions:
  - id: entropy-what
    stage: fundamentals
    kind: theory
    topic: entropy
    difficulty: 2
    levels: [junior, mid]
    minutes: 5
    prompt: What does entropy tell you about a random variable?
    key_points:
      - id: core
        statement: It measures uncertainty.
        must: true
        weight: 2
        all:
          - [measures uncertainty, measure of uncertainty, how uncertain, how unsure, how hard to guess]
        hint: Think of a coin.
        follow_up: What is it a measure of?
      - id: uniform
        statement: It is largest for the uniform distribution.
        all:
          - [uniform distribution, outcomes equally likely, nothing is favoured, all equally likely, fair die]
    hints: [Think of a coin., Compare two coins., It is about being unsure.]
    model_answer: It measures uncertainty and is largest for the uniform distribution.
    anchors: {1: a, 2: b, 3: c, 4: d}
    samples:
      full: [It measures uncertainty and is largest for the uniform distribution.]
      partial: [It is a measure of uncertainty.]
      wrong: [It is the temperature of the data.]
      right_sounding:
        - It says how unsure I am before I look, and a fair die makes me most unsure.
        - How hard to guess the outcome is; hardest when all are equally likely.
        - measure of uncertainty, max at uniform distribution
      wrong_sounding:
        - It is the mean of the squared values.
        - It is the most likely value of the variable.
        - It is a fundamental notion of modern theory.
    sources: ["Cover and Thomas (2006), section 2.1"]
    version: 1
    last_verified: 2026-11-21
"""

SCHEMAS = {"rubrics": "rubric", "lexicon": "lexicon", "competencies": "competencies", "companies": "companies"}


@pytest.fixture
def write(tmp_path: Path):
    def writer(text: str, name: str = "bank.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return writer


def problems(path: Path) -> list[str]:
    return [str(problem).removeprefix(f"{path.parent}/") for problem in check([path])[1]]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_good_bank_has_no_problems(write) -> None:
    assert check([write(GOOD)]) == (1, ())
    question = bank_of(read([write(GOOD)])).questions["entropy-what"]
    assert question.bank_version == 2
    assert question.key_points[0].all_of[0][0] == "measures uncertainty"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    topic: entropy\n", "", "bank.yaml:4:5: `questions.0.topic` is missing: add it"),
        ("    minutes: 5", "    minuts: 5", "did you mean `minutes`?"),
        ("difficulty: 2", "difficulty: 7", "bank.yaml:8:17: `questions.0.difficulty` is wrong"),
        ("[junior, mid]", "[junior, boss]", "must be one of 'junior', 'mid', 'senior' or 'staff', not 'boss'"),
        ("kind: theory", "kind: story", "kind story does not belong to fundamentals: use debugging, judgement, theory"),
        ("        hint: Think of a coin.\n", "", "the must point `core` needs a `follow_up` and a `hint`"),
        ("[uniform distribution,", "[random variable,", "the phrasing 'random variable' stands in the prompt"),
        ("      - id: uniform", "      - id: core", "the id `core` is used for two claims"),
        ("        weight: 2\n", "        weight: 2\n        any_n: 2\n", "`core` asks for 2 of 1 groups"),
        ("What does entropy", "What " * 400 + "does entropy", "keep it to 1800"),
        ("    hints: [Think of a coin., Compare two coins., It", "    hints: [It", "needs at least 3 entries, not 1"),
        (
            "    hints:",
            "    follow_ups: [{when: wrong, about: nothing, ask: Why so?}]\n    hints:",
            "`nothing` is no key point or misconception here",
        ),
        (
            "    hints:",
            "    follow_ups: [{when: strong, ask: Why so?}]\n    hints:",
            "needs `key_points` and a `sample`",
        ),
        (
            "hints: [Think of a coin., Compare two coins., It is about being unsure.]",
            "hints: A coin.",
            "must be a list",
        ),
        (
            "- [uniform distribution, outcomes equally likely, nothing is favoured, all equally likely, fair die]",
            "- uniform distribution",
            "`questions.0.key_points.1.all.0` must be a list",
        ),
        (
            "anchors: {1: a, 2: b, 3: c, 4: d}",
            "anchors: [a, b]",
            "`questions.0.anchors` must hold fields, each as `name: value`",
        ),
        (
            "anchors: {1: a, 2: b, 3: c, 4: d}",
            "anchors: {1: a, 2: b, 3: c}",
            "`questions.0.anchors.4` is missing: add it",
        ),
        ("What does entropy tell you about a random variable?", "What?", "has 5 characters: write at least 10"),
        (
            "statement: It measures uncertainty.",
            'statement: " "',
            "`questions.0.key_points.0.statement` is empty: fill it in",
        ),
        ("topic: entropy", "topic: Entropy, twice", "must be lower-case words joined by hyphens, not 'Entropy, twice'"),
        (
            "    topic: entropy",
            "    bank_id: mine\n    topic: entropy",
            "`questions.0.bank_id` is not a field of a bank",
        ),
        ("bank: {id: sample,", "bank: {id: sample, licens: MIT,", "did you mean `licence`?"),
        ("[It is the temperature of the data.]", "[It measures uncertainty.]", "this wrong sample scores"),
        ("[It measures uncertainty and is largest", "[It is largest", "this full sample scores"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_place(write, old: str, new: str, problem: str) -> None:
    found = problems(write(changed(old, new)))
    assert any(problem in line for line in found), found


def test_a_list_is_not_called_too_short_because_its_entries_are_wrong(write) -> None:
    assert problems(write(changed("difficulty: 2", "difficulty: 7"))) == [
        "bank.yaml:8:17: `questions.0.difficulty` is wrong: input should be less than or equal to 5"
    ]


def test_a_number_is_a_text_to_its_author_and_spaces_around_a_text_are_none(write) -> None:
    text = changed("how hard to guess]", "how hard to guess, -1]").replace("topic: entropy", 'topic: " entropy "')
    (placed,) = read([write(text)]).questions
    assert placed.noun.key_points[0].all_of[0][-1] == "-1"
    assert placed.noun.topic == "entropy"


def test_all_problems_of_all_files_are_reported_at_once(write) -> None:
    first = write(changed("difficulty: 2", "difficulty: 9"), "a.yaml")
    write("bank: [", "b.yaml")
    write(changed("    topic: entropy\n", ""), "c.yaml")
    with pytest.raises(BankError) as caught:
        bank_of(read([first.parent]))
    assert [problem.file.rsplit("/", 1)[1] for problem in caught.value.problems] == ["a.yaml", "b.yaml", "c.yaml"]


def test_duplicate_ids_and_near_duplicates_are_found_over_files(write) -> None:
    write(GOOD, "a.yaml")
    path = write(changed("about a random variable?", "about any random variable?"), "b.yaml")
    found = [str(problem) for problem in check([path.parent])[1]]
    assert any("this id is already used in" in line for line in found)
    assert any("asks nearly the same as `entropy-what`" in line for line in found)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="does not exist"):
        bank_of(read([tmp_path / "nowhere"]))


def test_the_shipped_banks_together_are_right_and_large_enough() -> None:
    """As in `mockbot check`, samples that passed are scored again only when question or scorer has changed."""
    count, found = check([shipped_content()], cache_folder())
    assert [str(problem) for problem in found if not problem.is_advice] == []
    assert count >= 116


@pytest.mark.parametrize("path", sorted(shipped_content().rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_file_starts_with_the_schema_line(path: Path) -> None:
    schema = SCHEMAS.get(path.parent.name, "bank")
    first = path.read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../{schema}.schema.json"
    assert json.loads((path.parent.parent / f"{schema}.schema.json").read_text())["type"] == "object"


def test_samples_that_passed_are_scored_again_only_when_their_question_changes(write, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = write(GOOD)
    assert check([path], cache) == check([path], cache) == (1, ())
    assert len(list(cache.iterdir())) == 1
    path = write(changed("[It is the temperature of the data.]", "[It measures uncertainty.]"))
    assert any("this wrong sample scores" in str(problem) for problem in check([path], cache)[1])
    assert any("this wrong sample scores" in str(problem) for problem in check([path], cache)[1])


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        (", how unsure, how hard to guess]", "]", "a group with 3 wordings"),
        ("        - It is the mean of the squared values.\n", "", "has 2 `wrong_sounding` samples: write 3"),
        (
            "It is the mean of the squared values.",
            "A fair die measures uncertainty.",
            "this wrong_sounding sample scores",
        ),
        ("measure of uncertainty, max at uniform distribution", "It is big.", "this right_sounding sample scores"),
        ("model_answer: It measures", "model_answer: It tells", "the model answer does not earn the point `core`"),
        (
            "statement: It measures uncertainty.",
            "statement: It is a number.",
            "`core` is not earned by its own statement",
        ),
    ],
)
def test_what_a_rubric_does_not_recognise_of_its_own_is_advice(write, old: str, new: str, advice: str) -> None:
    found = check([write(changed(old, new))])[1]
    assert any(advice in str(problem) and problem.is_advice for problem in found)


LEXICON = """\
area: Information
concepts:
  - id: uncertainty
    names: [uncertainty, surprise, randomness]
    plain: [how hard to guess, not knowing what comes]
    contrast: [certainty]
    definition: How little one knows of what comes.
  - id: certainty
    names: [certainty, determinism]
    plain: [knowing what comes]
"""


def test_a_claim_may_name_a_concept_and_is_bound_to_its_contrast(write) -> None:
    shared = write(LEXICON, "lexicon/information.yaml")
    named = changed("[measures uncertainty,", '["@uncertainty", measures uncertainty,').replace(
        "        hint: Think of a coin.", '        subject: ["@uncertainty"]\n        hint: Think of a coin.'
    )
    path = write(named)
    (question,) = read([path], shared.parent).questions
    core = question.noun.key_points[0]
    assert core.all_of[0][:4] == ("uncertainty", "surprise", "randomness", "how hard to guess")
    assert core.subject[0] == "uncertainty"
    assert core.confusable == ("certainty", "determinism", "knowing what comes")
    assert read([path]).problems[0].message.startswith("entropy-what: there is no concept `@uncertainty`")


def test_a_contrast_must_be_known(write) -> None:
    path = write(LEXICON.replace("contrast: [certainty]", "contrast: [certitude]"), "lexicon/information.yaml")
    assert [p.message for p in read([path]).problems] == ["there is no concept `certitude`: fix the id"]

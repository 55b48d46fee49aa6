"""Competencies and company sets: what is shipped, and how mistakes in them are named."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.banks.loader import catalogue_of, read, reading_of
from bot.banks.schema import CompanyFile, CompetencyFile, File, for_editors
from bot.banks.source import BankError, parse
from bot.config import shipped_content
from bot.core.model import Level
from bot.core.stories.competencies import CompanySet, Competency, Probe, Seek

SHIPPED = catalogue_of(read([shipped_content() / "competencies", shipped_content() / "companies"]))
COMPETENCIES, COMPANIES = SHIPPED.competencies, SHIPPED.companies
KNOWN = {competency.id for competency in COMPETENCIES}
AMAZON = (
    "Customer Obsession",
    "Ownership",
    "Invent and Simplify",
    "Are Right, A Lot",
    "Learn and Be Curious",
    "Hire and Develop the Best",
    "Insist on the Highest Standards",
    "Think Big",
    "Bias for Action",
    "Frugality",
    "Earn Trust",
    "Dive Deep",
    "Have Backbone; Disagree and Commit",
    "Deliver Results",
    "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
)

COMPETENCY = """competencies:
  - id: patience
    title: Patience
    looks_for: The interviewer wants to see that you can wait. They listen for what you did meanwhile.
    prompts:
      - Tell me about a time when you had to wait.
      - Describe a moment when haste would have done harm.
      - When did you last calm somebody down?
      - Give me an example of slow work that paid off.
      - Tell me about a queue that you stood in.
    scope: {junior: You wait your turn., senior: You plan for waiting., staff: You shorten the queue.}
    probes:
      own_action: What did you do meanwhile?
      number: How long did it last?
      result: What came of it?
      learning: What would you change?
    red_flags: [You could not wait., You never noticed.]
    cues: [waited, patience, patient, took its time, no hurry, slowly, queue, in due course]
"""
COMPANY = """companies:
  - id: snail
    company: Snail
    title: Values
    about: How to be slow.
    as_of: 2024-02
    sources: [The snail itself]
    principles:
      - {name: Slow, looks_for: You take your time., competencies: [patience]}
"""


def problems(*texts: str) -> list[str]:
    return [str(problem) for problem in reading_of(parse("x.yaml", text) for text in texts).problems]


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def texts_of(competency: Competency) -> list[str]:
    scope = competency.scope
    asked = [probe.ask for probe in competency.probes]
    told = [competency.looks_for, *competency.prompts, scope.junior, scope.senior, scope.staff]
    return [*told, *asked, *competency.red_flags]


def test_there_are_twenty_competencies_and_five_company_sets() -> None:
    assert len(COMPETENCIES) == len(KNOWN) == 20
    assert [company.id for company in COMPANIES] == ["amazon", "google", "meta", "microsoft", "netflix"]


def test_every_topic_of_the_behavioral_bank_is_a_competency() -> None:
    topics = {placed.noun.topic for placed in read([shipped_content() / "behavioral"]).questions}
    assert topics <= KNOWN


def test_amazon_has_its_sixteen_principles_by_their_official_names() -> None:
    assert tuple(principle.name for principle in COMPANIES[0].principles) == AMAZON


def test_every_competency_is_asked_for_by_a_company() -> None:
    assert {name for company in COMPANIES for name in company.competencies()} == KNOWN


def test_all_prompts_and_all_titles_differ() -> None:
    prompts = Counter(prompt for competency in COMPETENCIES for prompt in competency.prompts)
    assert len(prompts) == 100
    assert len({competency.title for competency in COMPETENCIES}) == 20


@pytest.mark.parametrize("competency", COMPETENCIES, ids=lambda competency: competency.id)
def test_every_text_is_made_of_whole_calm_sentences(competency: Competency) -> None:
    for text in texts_of(competency):
        assert text[0].isupper()
        assert text[-1] in ".?"
        assert "!" not in text
        assert "  " not in text
    assert 2 <= len(re.findall(r"[.?](?:\s|$)", competency.looks_for)) <= 3
    assert all(probe.ask.endswith("?") for probe in competency.probes)


@pytest.mark.parametrize("competency", COMPETENCIES, ids=lambda competency: competency.id)
def test_cues_are_short_and_in_lower_case(competency: Competency) -> None:
    assert len(competency.cues) >= 15
    for cue in competency.cues:
        assert re.sub(r"\bI\b", "i", cue) == cue.lower()
        assert len(cue.split()) <= 7


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_every_principle_is_one_sentence(company: CompanySet) -> None:
    for principle in company.principles:
        assert re.fullmatch(r"You [^.!?]+\.", principle.looks_for)
        assert len(set(principle.competencies)) == len(principle.competencies)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(COMPETENCY)
    (tmp_path / "b.yaml").write_text(COMPANY)
    return tmp_path


def test_good_files_have_no_problems() -> None:
    assert problems(COMPETENCY, COMPANY) == []


def test_probes_are_found_by_what_they_seek(folder: Path) -> None:
    (patience,) = catalogue_of(read([folder])).competencies
    assert [probe.seeks for probe in patience.probes] == [Seek.OWN_ACTION, Seek.NUMBER, Seek.LEARNING, Seek.RESULT]
    assert patience.probe(Seek.NUMBER) == Probe(Seek.NUMBER, "How long did it last?")
    assert patience.probe(Seek.DISSENT) is None


def test_the_scope_of_a_level_between_is_that_of_the_next_one_up(folder: Path) -> None:
    (patience,) = catalogue_of(read([folder])).competencies
    assert patience.scope.expected_of(Level.JUNIOR) == "You wait your turn."
    assert patience.scope.expected_of(Level.MID) == patience.scope.expected_of(Level.SENIOR) == "You plan for waiting."
    assert patience.scope.expected_of(Level.STAFF) == "You shorten the queue."


def test_a_company_set_asks_for_the_competencies_of_its_principles(folder: Path) -> None:
    (snail,) = catalogue_of(read([folder])).companies
    assert snail.competencies() == ("patience",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    title: Patience\n", "", "x.yaml:2:5: `competencies.0.title` is missing: add it"),
        ("    title: Patience\n", "    titel: Patience\n", "x.yaml:3:12: `competencies.0.titel` is not a field"),
        (
            "title: Patience",
            f"title: {'P' * 31}",
            "x.yaml:3:12: `competencies.0.title` has 31 characters: keep it to 30",
        ),
        ("      - Tell me about a queue that you stood in.\n", "", "needs at least 5 entries, not 4"),
        ("      number: How long did it last?\n", "", "x.yaml:13:7: `competencies.0.probes.number` is missing"),
        ("      number:", "      amount:", "x.yaml:14:15: `competencies.0.probes.amount` is not a field"),
        ("[You could not wait., You never noticed.]", "[You could not wait.]", "needs at least 2 entries, not 1"),
        ("no hurry", "waited", "x.yaml:18:54: the cue `waited` is already used in x.yaml: choose another"),
        (
            "Describe a moment when haste would have done harm.",
            "Tell me about the time when you had to wait.",
            "x.yaml:7:9: asks nearly the same as 'Tell me about a time when you had to wait.'",
        ),
    ],
)
def test_a_mistake_in_a_competency_is_named_with_its_place(old: str, new: str, problem: str) -> None:
    assert any(problem in line for line in problems(changed(COMPETENCY, old, new)))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[patience]", "[patience, haste]", "x.yaml:9:79: there is no competency `haste`: fix the id"),
        (
            "as_of: 2024-02",
            "as_of: 2024-13",
            "x.yaml:6:12: `companies.0.as_of` is wrong: it must be a year and a month",
        ),
        ("- {name: Slow, looks_for: You take your time.,", "- {name: Slow, looks_for: Slow.,", "has 5 characters"),
        ("    sources: [The snail itself]\n", "", "`companies.0.sources` is missing: add it"),
        ("principles:\n", "principals:\n", "`companies.0.principles` is missing: add it"),
    ],
)
def test_a_mistake_in_a_company_set_is_named_with_its_place(old: str, new: str, problem: str) -> None:
    assert any(problem in line for line in problems(COMPETENCY, changed(COMPANY, old, new)))


def test_the_same_id_twice_is_a_mistake() -> None:
    found = problems(COMPETENCY, COMPETENCY, COMPANY, COMPANY)
    assert "x.yaml:2:9: the id `patience` is already used in x.yaml: choose another" in found
    assert "x.yaml:2:9: the id `snail` is already used in x.yaml: choose another" in found


def test_a_company_set_read_alone_is_not_judged_by_competencies_that_were_not_read() -> None:
    assert problems(COMPANY) == []


def test_loading_refuses_with_every_problem_of_every_file(folder: Path) -> None:
    (folder / "a.yaml").write_text(changed(COMPETENCY, "    title: Patience\n", ""))
    (folder / "b.yaml").write_text("companies: [")
    with pytest.raises(BankError) as refused:
        catalogue_of(read([folder]))
    assert [Path(problem.file).name for problem in refused.value.problems] == ["a.yaml", "b.yaml"]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="does not exist"):
        catalogue_of(read([tmp_path / "nowhere"]))


@pytest.mark.parametrize("nouns", [COMPETENCIES, COMPANIES], ids=["competencies", "companies"])
def test_they_can_be_kept_as_json(nouns: tuple) -> None:
    kept = TypeAdapter(tuple[type(nouns[0]), ...])
    assert kept.validate_json(kept.dump_json(nouns)) == nouns


@pytest.mark.parametrize(("name", "file"), [("competencies", CompetencyFile), ("companies", CompanyFile)])
def test_the_schema_files_for_editors_are_current(name: str, file: type[File]) -> None:
    written = json.loads((shipped_content() / f"{name}.schema.json").read_text())
    assert written == for_editors(file)

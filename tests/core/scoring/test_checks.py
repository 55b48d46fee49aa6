"""The five named mistakes of machine-learning interviews."""

from dataclasses import replace

from questions import PENALTIES

from bot.core.model import Kind
from bot.core.scoring import checks

DESIGN = replace(PENALTIES, kind=Kind.DESIGN)
PROJECT = replace(PENALTIES, kind=Kind.PROJECT)
FILLER = " and so it went on for quite a while with one thing after another until all of us were tired of it" * 3


def found(question, answer):
    return {finding.id: finding.evidence for finding in checks.mistakes(question, answer)}


def test_a_model_before_the_requirements_is_named_with_its_sentence():
    findings = found(DESIGN, f"I would train XGBoost on it. Then I ask for the latency budget{FILLER}.")
    assert findings[checks.MODEL_FIRST] == "I would train XGBoost on it"


def test_requirements_first_are_no_mistake():
    assert checks.MODEL_FIRST not in found(DESIGN, f"What is the latency budget? Then I would train XGBoost{FILLER}.")


def test_missing_data_and_upkeep_are_named():
    findings = found(DESIGN, f"The goal is revenue. I take XGBoost because it is quick{FILLER}.")
    assert {checks.NO_DATA, checks.NO_UPKEEP} <= set(findings)


def test_an_effect_without_a_number_is_named():
    assert found(PROJECT, f"We improved the search a lot{FILLER}.")[checks.NO_IMPACT].startswith("We improved")
    assert checks.NO_IMPACT not in found(PROJECT, f"We improved the search by 12 percent{FILLER}.")


def test_a_buzzword_needs_a_reason():
    assert found(DESIGN, f"I use a state-of-the-art transformer. It is modern{FILLER}.")[checks.BUZZWORD]
    assert checks.BUZZWORD not in found(DESIGN, f"I use a transformer because word order matters here{FILLER}.")


def test_short_answers_and_other_kinds_are_left_alone():
    assert found(DESIGN, "XGBoost.") == {}
    assert found(PENALTIES, f"A transformer is state of the art{FILLER}.") == {}

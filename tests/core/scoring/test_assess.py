"""What an answer earns, and the words that show it."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from questions import PENALTIES, RIGHT, ask

from bot.core.assessment import Assessment, Band, Flag
from bot.core.model import KeyPoint
from bot.core.scoring import assess


def credits_of(answer, question=PENALTIES):
    return {point.id: point.credit for point in assess(question, answer).points}


def test_a_complete_answer_earns_everything():
    assessment = assess(PENALTIES, RIGHT)
    assert assessment.score == 1
    assert assessment.band is Band.COMPLETE
    assert assessment.probe == ""


def test_evidence_is_the_persons_own_clause():
    assessment = assess(PENALTIES, f"Well, here goes. {RIGHT}")
    evidence = {point.id: point.evidence for point in assessment.points}
    assert evidence["sparse"].startswith("L1 makes some weights exactly zero")
    assert evidence["shrinks"] == "L2 only shrinks them and never gets there"


def test_a_swapped_fact_is_contradicted_not_credited():
    assessment = assess(PENALTIES, "L2 gives sparse weights and L1 only shrinks them.")
    assert [(p.credit, p.contradicted) for p in assessment.points] == [(0, True), (0, True), (0, False)]
    assert assessment.score == 0


def test_a_misconception_costs_its_penalty_and_caps_nothing():
    assessment = assess(PENALTIES, f"{RIGHT} Ridge drops features as well.")
    assert [finding.id for finding in assessment.misconceptions] == ["l2-sparse"]
    assert assessment.score == pytest.approx(1 - 0.4)


@pytest.mark.parametrize(
    "answer",
    [
        "Some people think that L2 gives sparse weights.",
        "It is a common mistake to say that ridge is sparse.",
        "L2 does not give sparse weights.",
        "It is false that L2 gives sparse weights.",
        "Ridge gives sparse weights, but that is wrong.",
        "If we said that ridge drops features, we would be wrong.",
    ],
)
def test_a_misconception_that_is_denied_or_reported_does_not_count(answer):
    assert assess(PENALTIES, answer).misconceptions == ()


@pytest.mark.parametrize(
    "answer",
    [
        "L1 does not give exact zeros.",
        "L1 never sets weights to 0.",
        "It is false that L1 sets weights to 0.",
        "It is not true that lasso is sparse.",
        "The claim that lasso is sparse is wrong.",
        "Lasso gives sparse weights? No, that is a myth.",
    ],
)
def test_a_denied_point_earns_nothing(answer):
    assert credits_of(answer)["sparse"] == 0


@pytest.mark.parametrize(
    "answer",
    [
        "L1 is not only cheap, it gives sparse weights.",
        "There is no doubt that L1 is sparse.",
        "Unlike L2, L1 drops features.",
        "Compared with ridge, lasso gives exact zeros.",
        "It is L1, not L2, that is sparse.",
        "Sparse weights come from L1 and shrinkage comes from L2.",
        "Ridge shrinks, sparse weights come from lasso.",
        "Lasso is the older idea in geophysics. It gives sparse weights.",
    ],
)
def test_a_point_is_credited_whatever_else_is_named_or_denied(answer):
    assert credits_of(answer)["sparse"] == 1


def test_a_pronoun_carries_the_subject_to_the_next_sentence():
    assert credits_of("Ridge is the squared penalty. It gives sparse weights.")["sparse"] == 0


def test_negation_is_part_of_a_phrasing():
    assert credits_of("L2 gets close but does not reach zero.")["shrinks"] == 1
    assert credits_of("L2 does reach zero.")["shrinks"] == 0


@pytest.mark.parametrize(
    "word", ["regularisation", "regularization", "Regularisation", "regularizaton", "regularsation"]
)
def test_spellings_and_slips_of_long_words_are_forgiven(word):
    assert credits_of(f"I would use {word} here.", ask(("regularisation",)))["point"] == 1


@pytest.mark.parametrize(
    ("phrasing", "answer"),
    [
        ("air", "The chair is blue."),
        ("l1", "L2 is used here."),
        ("macro average", "I would take the micro average."),
        ("minimise", "We maximise the likelihood here."),
        ("dependent", "The errors are independent here."),
        ("linear", "The model is non-linear here."),
        ("logit", "Logistic regression is used."),
        ("token", "The mean is taken over rows."),
    ],
)
def test_near_words_are_not_confused(phrasing, answer):
    assert credits_of(answer, ask((phrasing,)))["point"] == 0


@pytest.mark.parametrize(
    ("phrasing", "answer"),
    [
        ("tp/(tp+fp)", "Precision = TP / (TP + FP)."),
        ("tp/(tp+fp)", "precision is tp over tp plus fp"),
        ("o(n log n)", "Sorting takes O(n*log(n)) time."),
        ("o(n log n)", "That is O(nlogn)."),
        ("o(n^2)", "It would be O(n\u00b2) otherwise."),
        ("softmax(qk^t/sqrt(d))v", "Attention is softmax(QK^T / sqrt(d)) V."),
        ("sigma^2/tau^2", "lambda = \u03c3\u00b2/\u03c4\u00b2"),
        ("seen = set()", "```python\nseen=set()\nfor x in xs:\n    pass\n```"),
        ("seen = set()", "    seen = set()"),
        ("false positive rate", "The FPR hardly moves."),
        ("hash map", "A hashmap will do."),
        ("overfitting", "That is over-fitting."),
        ("x_i", "Take every x_i once."),
        ("kl divergence", "It is the KL divergence."),
    ],
)
def test_formulas_code_and_abbreviations_survive(phrasing, answer):
    assert credits_of(answer, ask((phrasing,)))["point"] == 1


def test_words_of_direction_stay_with_their_noun():
    question = ask(("variance falls", "variance goes down"))
    assert credits_of("Bias falls and variance rises.", question)["point"] == 0
    assert credits_of("Bias goes down and the variance goes up.", question)["point"] == 0
    assert credits_of("Bias rises and variance falls.", question)["point"] == 1


def test_words_far_apart_or_in_different_clauses_do_not_match():
    question = ask(("learning rate",))
    assert credits_of("I was learning a lot in those days about many things, at a high rate.", question)["point"] == 0
    assert credits_of("We were learning. The rate was high.", question)["point"] == 0


def test_half_of_the_groups_earn_half():
    question = ask(("alpha one",), ("beta two",))
    assert credits_of("It is alpha one.", question)["point"] == 0.5
    assert credits_of("It is alpha one. It is beta two.", question)["point"] == 1


def test_a_long_phrasing_but_for_one_word_earns_half():
    question = ask(("random subset of training columns",))
    assert credits_of("It draws a random subset of columns.", question)["point"] == 0.5
    assert credits_of("It draws columns.", question)["point"] == 0


def test_what_is_said_to_be_of_no_use_is_not_credited():
    question = ask(("more data",))
    assert credits_of("I would collect more data.", question)["point"] == 1
    assert credits_of("More data will not help.", question)["point"] == 0


def test_names_that_share_a_statement_are_not_confused():
    assert credits_of("Both L1 and L2 keep weights small; L1 or L2 gives sparse weights.")["sparse"] == 1
    threads = replace(
        ask(("share memory",)),
        key_points=(KeyPoint("point", "", (("share memory",),), subject=("thread",), confusable=("process",)),),
    )
    assert credits_of("A line within a process: the threads of one process share its memory.", threads)["point"] == 1
    assert credits_of("Processes share memory.", threads)["point"] == 0


def test_any_n_groups_suffice():
    question = ask(("drift",), ("latency",), ("outages",), any_n=2)
    assert credits_of("I would watch drift.", question)["point"] == 0.5
    assert credits_of("I would watch drift and latency.", question)["point"] == 1


def test_phrasings_with_i_need_the_speaker():
    question = ask(("I wrote the parser",))
    assert credits_of("Then I wrote the parser.", question)["point"] == 1
    assert credits_of("Wrote the parser in two days.", question)["point"] == 1
    assert credits_of("We wrote the parser.", question)["point"] == 0


def test_vague_leftovers_of_a_phrasing_must_be_said_literally():
    question = ask(("in the end",))
    assert credits_of("In the end it worked.", question)["point"] == 1
    assert credits_of("The end of the file was missing.", question)["point"] == 0


def test_the_probe_is_the_weightiest_missing_must_point():
    points = (
        KeyPoint("a", "", (("alpha",),), weight=3),
        KeyPoint("b", "", (("beta",),), weight=1, must=True),
        KeyPoint("c", "", (("gamma",),), weight=2, must=True),
    )
    question = replace(ask(("x",)), key_points=points)
    assert assess(question, "Nothing of that sort comes to my mind here.").probe == "c"
    assert assess(question, "gamma and beta are it").probe == "a"


def test_messages_add_up():
    first, second = RIGHT.split(". ")
    assert assess(PENALTIES, f"{first}.\n{second}").score == 1


def test_repeating_earns_nothing():
    once = assess(PENALTIES, "L1 gives sparse weights.").score
    assert assess(PENALTIES, "L1 gives sparse weights. " * 20).score <= once


def test_padding_does_not_raise_the_score():
    padding = " I find this a lovely question and have thought about it in many a quiet hour at home." * 10
    assert (
        assess(PENALTIES, f"L1 gives sparse weights.{padding}").score
        <= assess(PENALTIES, "L1 gives sparse weights.").score
    )


def test_an_assessment_survives_json():
    adapter = TypeAdapter(Assessment)
    assessment = assess(PENALTIES, f"{RIGHT} Ridge drops features.")
    assert adapter.validate_json(adapter.dump_json(assessment)) == assessment


def test_a_question_without_any_key_takes_no_guess():
    question = replace(PENALTIES, key_points=(), misconceptions=())
    assert assess(question, RIGHT).score == 0
    assert Flag.ECHO not in assess(question, RIGHT).flags


def test_an_answer_that_denies_sentence_by_sentence_earns_nothing():
    denied = (
        "The L1 penalty isn't what makes weights exactly zero. L2 doesn't only shrink them. "
        "The gradient of L1 is not constant near zero, and the slope of L2 does not fade."
    )
    assert assess(PENALTIES, denied).score <= 0.2

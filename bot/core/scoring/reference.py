"""Scoring against a reference answer alone: a linear model over lexical features, on the scale of human grades."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.scoring.coefficients import INTERCEPT, WEIGHTS
from bot.core.scoring.features import Compared, compare, reference
from bot.core.scoring.text import Reading

# "Not thread safe" shares all its words with "thread safe". The graded sets hold few such answers, so this is set by
# judgement and not fitted: an answer that shares most of the reference but denies it earns half.
CONTRARY = 0.5
CONTRARY_FROM = 0.6
LEAST_SHARED = 0.02  # of the reference: with less in common there is hardly any evidence
LITTLE = 0.7


def likeness(question: str, model_answer: str, answer: Reading) -> float:
    """The score of `answer`, 0..1, judged by `model_answer` alone."""
    return judged(compare(reference(question, model_answer), answer), INTERCEPT, WEIGHTS)


def judged(compared: Compared, intercept: float, weights: Sequence[float]) -> float:
    """The linear model and what bounds it.

    Least squares on grades is calibrated as it stands: a monotone curve fitted on top lay within .04 of the diagonal
    and did worse on questions it had not seen, so the scale is only cut off at 0 and 1.
    """
    score = intercept + sum(weight * value for weight, value in zip(weights, compared.values, strict=True))
    contrary = compared.contrary and compared.recall >= CONTRARY_FROM
    little = LITTLE if compared.recall < LEAST_SHARED else 1.0
    return min(1.0, max(0.0, score)) * (CONTRARY if contrary else 1.0) * little

"""Which follow-up an assessed answer calls for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.assessment import Assessment, Flag
from bot.core.model import Bank, Question, When
from bot.core.questions.turns import question_of
from bot.core.session import Probe, Turn

PROBES_AT_MOST = 2
_OTHER_WORDS = "unrecognised"
STRONG = 0.8  # an answer this complete gets the harder question


def next_probe(turn: Turn, bank: Bank, asks: Mapping[Flag, str]) -> Probe | None:
    """The follow-up this answer calls for: the weightiest missing core point, a misconception, or a harder question.

    `asks` is what to say to an answer that cannot be judged as it is: one in another language, or a mere list of terms.
    """
    assessment = turn.assessment
    if assessment is None or len(turn.probes) >= PROBES_AT_MOST:
        return None
    asked = {probe.about for probe in turn.probes}
    special = _special(assessment, asks)
    if special and special.about not in asked:
        return special
    if special and special.about != _OTHER_WORDS:
        return None
    if {Flag.EMPTY, Flag.DONT_KNOW} & set(assessment.flags):
        return None
    question = question_of(turn, bank)
    return (
        _missing(question, assessment, asked, must=True)
        or _challenge(question, assessment, asked)
        or _harder(turn, question, assessment, asked)
        or _missing(question, assessment, asked, must=False)
        or _open_ended(question, assessment, asked)
    )


def _special(assessment: Assessment, asks: Mapping[Flag, str]) -> Probe | None:
    if Flag.OTHER_LANGUAGE in assessment.flags:
        return Probe(When.MISSING, asks[Flag.OTHER_LANGUAGE], "language")
    if Flag.KEYWORD_LIST in assessment.flags:
        return Probe(When.MISSING, asks[Flag.KEYWORD_LIST], "keyword-list")
    if Flag.UNRECOGNISED in assessment.flags:
        return Probe(When.MISSING, asks[Flag.UNRECOGNISED], _OTHER_WORDS)
    return None


def _missing(question: Question, assessment: Assessment, asked: set[str], *, must: bool) -> Probe | None:
    earned = {credit.id: credit.credit for credit in assessment.points}
    open_points = [
        point
        for point in question.key_points
        if point.must is must and earned[point.id] < (1 if must else 0.5) and point.id not in asked and point.follow_up
    ]
    point = max(open_points, key=lambda p: (earned[p.id] == 0, p.weight), default=None)
    return Probe(When.MISSING, point.follow_up, point.id) if point else None


def _challenge(question: Question, assessment: Assessment, asked: set[str]) -> Probe | None:
    known = {m.id: m for m in question.misconceptions}
    found = [known[f.id] for f in assessment.misconceptions if f.id in known and f.id not in asked]
    worst = max(found, key=lambda m: m.penalty, default=None)
    return Probe(When.WRONG, worst.challenge, worst.id) if worst else None


def _harder(turn: Turn, question: Question, assessment: Assessment, asked: set[str]) -> Probe | None:
    if assessment.score < STRONG:
        return None
    if turn.slot.phase:
        dives = [d for d in question.deep_dives if d.phase == turn.slot.phase and d.id not in asked]
        return Probe(When.STRONG, dives[0].ask, dives[0].id) if dives else None
    strong = [f.ask for f in question.follow_ups if f.when is When.STRONG and f.ask not in asked]
    return Probe(When.STRONG, strong[0], strong[0]) if strong else None


def _open_ended(question: Question, assessment: Assessment, asked: set[str]) -> Probe | None:
    if assessment.score >= STRONG:
        return None
    prepared = [f.ask for f in question.follow_ups if f.when is When.MISSING and not f.about and f.ask not in asked]
    return Probe(When.MISSING, prepared[0], prepared[0]) if prepared else None

"""What an answer is worth so far, and which follow-up it calls for."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Bank, KeyPoint, Misconception, Question, When
from bot.core.scoring import Assessment, Flag, PointCredit, assess
from bot.core.session import Probe, Session, Turn
from bot.core.text import replies

PROBES_AT_MOST = 2
_NO_ATTEMPT = {Flag.EMPTY, Flag.DONT_KNOW, Flag.OTHER_LANGUAGE, Flag.ECHO, Flag.INSTRUCTIONS}
STRONG = 0.8  # an answer this complete gets the harder question
# What a hint takes off the score of its question. The third one names the core and costs a level of the dimension
# as well (see verdict.py), as an interviewer would note it.
HINT_COSTS = (0.05, 0.10, 0.15)
CORE_HINT = 3
HINT_WORDS = (
    "5 points of 100 on this question",
    "10 points more",
    "15 points more and one level of four, since it points at the core",
)


def question_of(turn: Turn, bank: Bank) -> Question:
    """The question of a turn, narrowed to the phase when it has phases."""
    question = bank.questions[turn.slot.question_id]
    if not turn.slot.phase:
        return question
    phase = question.phase(turn.slot.phase)
    return question.narrowed_to(phase.prompt, phase.key_points)


def assessed(session: Session, turn: Turn, bank: Bank) -> Turn:
    """The turn with all that was said assessed; a point made in an earlier phase of a design counts here too."""
    question = question_of(turn, bank)
    own = assess(question, _spoken(turn), bank.similar)
    if turn.slot.phase:
        elsewhere = session.said_about(turn.slot.question_id)
        own = with_points_from(own, assess(replace(question, misconceptions=()), elsewhere, bank.similar))
    return replace(turn, assessment=own)


def with_points_from(own: Assessment, other: Assessment) -> Assessment:
    """An assessment in which each point takes the better credit of two readings."""
    best = {credit.id: credit for credit in other.points}
    points = tuple(_better(credit, best[credit.id]) for credit in own.points)
    score = own.score if own.misconceptions else max(own.score, other.score)
    return replace(own, points=points, score=score)


def _better(one: PointCredit, two: PointCredit) -> PointCredit:
    return two if two.credit > one.credit else one


def _spoken(turn: Turn) -> str:
    """What was said, without what the candidate took back when challenged."""
    text = turn.text
    for probe in turn.probes:
        if probe.retracted:
            text = text.replace(probe.retracted, " ")
    return text


def next_probe(turn: Turn, bank: Bank) -> Probe | None:
    """The follow-up this answer calls for: the weightiest missing core point, a misconception, or a harder question."""
    assessment = turn.assessment
    if assessment is None or len(turn.probes) >= PROBES_AT_MOST:
        return None
    asked = {probe.about for probe in turn.probes}
    special = _special(assessment)
    if special:
        return None if special.about in asked else special
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


def _special(assessment: Assessment) -> Probe | None:
    if Flag.OTHER_LANGUAGE in assessment.flags:
        return Probe(When.MISSING, replies.OTHER_LANGUAGE, "language")
    if Flag.KEYWORD_LIST in assessment.flags:
        return Probe(When.MISSING, replies.KEYWORD_LIST, "keyword-list")
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


def reply_assessed(session: Session, turn: Turn, bank: Bank) -> Turn:
    """The turn after the reply to its last follow-up, assessed as a whole, with what the reply earned."""
    probe = turn.probes[-1]
    reply = "\n".join(answer.text for answer in turn.answers if answer.probe == len(turn.probes))
    if not reply.strip():
        return assessed(session, turn, bank)
    if probe.when is When.WRONG:
        return assessed(session, _with_last_probe(turn, _challenged(probe, reply, turn, bank)), bank)
    if probe.when is When.STRONG:
        question = question_of(turn, bank)
        credit = _reply_score(question, probe, reply, bank)
        return assessed(session, _with_last_probe(turn, replace(probe, credit=credit)), bank)
    after = assessed(session, turn, bank)
    gained = _credit(after.assessment) - _credit(turn.assessment)
    return _with_last_probe(after, replace(probe, credit=min(1.0, max(0.0, gained))))


def _reply_score(question: Question, probe: Probe, reply: str, bank: Bank) -> float:
    return assess(question.narrowed_to(probe.ask, _points_of(probe, question)), reply, bank.similar).score


def _challenged(probe: Probe, reply: str, turn: Turn, bank: Bank) -> Probe:
    """A reply that makes a point and does not repeat the misconception takes it back."""
    alone = assess(question_of(turn, bank), reply, bank.similar)
    evidence = (
        next((f.evidence for f in turn.assessment.misconceptions if f.id == probe.about), "") if turn.assessment else ""
    )
    if probe.about in {f.id for f in alone.misconceptions} or not _credit(alone):
        return probe
    return replace(probe, credit=1.0, retracted=evidence)


def _with_last_probe(turn: Turn, probe: Probe) -> Turn:
    return replace(turn, probes=(*turn.probes[:-1], probe))


def _credit(assessment: Assessment | None) -> float:
    return sum(point.credit for point in assessment.points) if assessment else 0.0


def _points_of(probe: Probe, question: Question) -> tuple[KeyPoint, ...]:
    for dive in question.deep_dives:
        if dive.id == probe.about:
            return dive.key_points
    return next((f.key_points for f in question.follow_ups if f.ask == probe.about), ())


def score(turn: Turn) -> float | None:
    """The score of a turn, 0 to 1, after what its hints cost; None when nothing was assessed."""
    if turn.assessment is None:
        return None
    return max(0.0, turn.assessment.score - sum(HINT_COSTS[: turn.hints]))


def matched_nothing(turn: Turn) -> bool:
    """Whether a real attempt at an answer met no key point: either it was wrong, or the rubric lacks its wording."""
    judged = turn.assessment
    if judged is None or not judged.points or set(judged.flags) & _NO_ATTEMPT:
        return False
    return not any(point.credit or point.contradicted for point in judged.points)


def missing_musts(turn: Turn, bank: Bank) -> tuple[KeyPoint, ...]:
    """The core points that nothing said so far has touched."""
    question = question_of(turn, bank)
    if turn.assessment is None:
        return tuple(point for point in question.key_points if point.must)
    earned = {credit.id: credit.credit for credit in turn.assessment.points}
    return tuple(point for point in question.key_points if point.must and not earned[point.id])


def misconception(question: Question, claim_id: str) -> Misconception:
    """The misconception called `claim_id`; KeyError when the question has none of that name."""
    for known in question.misconceptions:
        if known.id == claim_id:
            return known
    raise KeyError(claim_id)

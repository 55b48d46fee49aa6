"""What an answer is worth so far."""

from __future__ import annotations

from dataclasses import replace

from bot.core.assessment import Assessment, Flag, PointCredit
from bot.core.model import Bank, KeyPoint, Question, When
from bot.core.scoring import assess
from bot.core.session import Probe, Session, Turn

_NO_ATTEMPT = {Flag.EMPTY, Flag.DONT_KNOW, Flag.OTHER_LANGUAGE, Flag.ECHO, Flag.INSTRUCTIONS}
# What a hint takes off the score of its question. The third one names the core and costs a level of the dimension
# as well (see verdict.py), as an interviewer would note it.
HINT_COSTS = (0.05, 0.10, 0.15)
CORE_HINT = 3


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
    own = assess(question, _spoken(turn))
    if turn.slot.phase:
        elsewhere = session.said_about(turn.slot.question_id)
        own = with_points_from(own, assess(replace(question, misconceptions=()), elsewhere))
    if turn.examined:
        own = with_points_from(own, turn.examined)
    return replace(turn, assessment=own)


def with_points_from(own: Assessment, other: Assessment) -> Assessment:
    """An assessment in which each point takes the better credit of two readings."""
    best = {credit.id: credit for credit in other.points}
    points = tuple(_better(credit, best.get(credit.id, credit)) for credit in own.points)
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
        credit = assess(question.narrowed_to(probe.ask, _points_of(probe, question)), reply).score
        return assessed(session, _with_last_probe(turn, replace(probe, credit=credit)), bank)
    after = assessed(session, turn, bank)
    gained = _credit(after.assessment) - _credit(turn.assessment)
    return _with_last_probe(after, replace(probe, credit=min(1.0, max(0.0, gained))))


def _challenged(probe: Probe, reply: str, turn: Turn, bank: Bank) -> Probe:
    """A reply that makes a point and does not repeat the misconception takes it back."""
    alone = assess(question_of(turn, bank), reply)
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

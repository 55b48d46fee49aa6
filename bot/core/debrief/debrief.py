"""The debrief: everything a finished interview has to say, computed once and kept.

It holds its own copies of prompts, quotes and advice, so that a report reads the same after the banks have changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.core.assessment import Assessment, Band, Flag
from bot.core.debrief import verdict
from bot.core.debrief.verdict import Judged
from bot.core.judgement import Debrief, Gap, Quote, RoundReport, TurnReport, Verdict
from bot.core.model import Anchors, Bank, Dimension, Evidence, KeyPoint, Kind, StageRubric
from bot.core.questions import turns
from bot.core.scoring import assess
from bot.core.session import Round, Session, Turn
from bot.core.text import feedback

QUOTES_AT_MOST = 5
STEPS = 3
TOP_LEVEL = 4


def debrief(session: Session, bank: Bank) -> Debrief:
    """Judge the interview on what there is."""
    judged = [_judged(session, number, bank) for number in range(len(session.rounds))]
    reports = [_round(session, round_, j, bank) for round_, j in zip(session.rounds, judged, strict=True) if j]
    everything = [j for of_round in judged for j in of_round]
    given = verdict.overall([_verdict(reports, n) for n in range(len(session.rounds))], session.setup.level)
    reached = [d.level for report in reports for d in report.dimensions if d.level is not None]
    limits = [j.turn.limit for j in everything]
    return Debrief(
        session_id=session.id,
        format=session.setup.format.value if session.setup.format else "",
        level=session.setup.level.value,
        verdict=given,
        knocked_out=verdict.knocked_out(everything),
        rounds=tuple(reports),
        went_well=_went_well(everything),
        improve=_improve(everything),
        never_asked=_never_asked(everything),
        mistakes=tuple(dict.fromkeys(line for r in reports for t in r.turns for line in t.mistakes)),
        hints=sum(j.turn.hints for j in everything),
        seconds=sum(j.turn.seconds_used for j in everything),
        limit=None if None in limits else sum(limit or 0 for limit in limits),
        self_rating=session.self_rating,
        own_level=sum(reached) / len(reached) if reached else None,
        next_steps=_next_steps(reports, everything),
        finished_before=session.finished_before,
        ended_at=session.ended_at or session.opened_at,
        at_best=_at_best(session, judged, bank, given),
    )


def _at_best(session: Session, judged: Sequence[Sequence[Judged]], bank: Bank, given: Verdict) -> Verdict | None:
    """The verdict with credit for all that may have been meant, or None where that changes nothing."""
    best = [[replace(j, assessment=_as_meant(j.assessment)) for j in of_round] for of_round in judged]
    rounds = [_round(session, round_, j, bank) for round_, j in zip(session.rounds, best, strict=True) if j]
    found = verdict.overall([_verdict(rounds, n) for n in range(len(session.rounds))], session.setup.level)
    return found if found is not given else None


def _as_meant(assessment: Assessment | None) -> Assessment | None:
    if assessment is None or set(assessment.flags) - {Flag.UNRECOGNISED}:
        return assessment
    points = tuple(replace(point, credit=1.0) if point.maybe else point for point in assessment.points)
    return replace(assessment, points=points)


def _verdict(reports: Sequence[RoundReport], number: int) -> Verdict:
    return reports[number].verdict if number < len(reports) else Verdict.NOT_ENOUGH_EVIDENCE


def _judged(session: Session, number: int, bank: Bank) -> list[Judged]:
    return [_judge(session, turn, bank) for turn in session.turns_of(number) if turn.slot.question_id in bank.questions]


def _judge(session: Session, turn: Turn, bank: Bank) -> Judged:
    question = turns.question_of(turn, bank)
    whole = bank.questions[turn.slot.question_id]
    twist = next((t for t in whole.twists if t.id == turn.slot.twist), None)
    if turn.slot.phase:
        question = replace(question, kind=whole.kind)
        turn = turns.assessed(session, turn, bank) if turn.answers else _from_elsewhere(session, turn, bank)
    if twist is None:
        return Judged(turn, question, turn.assessment)
    first = next(n for n, t in enumerate(session.turns) if t.slot == turn.slot and t.asked_at == turn.asked_at)
    since = "\n".join(t.text for t in session.turns[first:])
    reply = assess(whole.narrowed_to(twist.text, twist.key_points), since)
    return Judged(turn, question, turn.assessment, reply, twist.key_points)


def _from_elsewhere(session: Session, turn: Turn, bank: Bank) -> Turn:
    """A design phase left out still earns what was said about it in the others."""
    assessment = turns.assessed(session, turn, bank).assessment
    found = assessment is not None and any(credit.credit for credit in assessment.points)
    return replace(turn, assessment=assessment) if found else turn


def _round(session: Session, round_: Round, judged: Sequence[Judged], bank: Bank) -> RoundReport:
    # Earlier versions pinned none.
    rubric = unpinned(round_.rubric) if round_.rubric else bank.rubrics[round_.format.value]
    dimensions = verdict.levels(rubric, judged)
    given = verdict.of_round(dimensions, judged, len(round_.slots), session.setup.level)
    reports = tuple(_turn(j, bank, session.said_about(j.turn.slot.question_id)) for j in judged)
    return RoundReport(round_.format.value, rubric.version, given, dimensions, rubric.pass_rate, reports)


def _turn(judged: Judged, bank: Bank, everything: str) -> TurnReport:
    turn, question = judged.turn, judged.question
    whole = bank.questions[turn.slot.question_id]
    statements = {point.id: point.statement for point in question.key_points}
    points = judged.assessment.points if judged.assessment else ()
    last_of_design = not whole.phases or turn.slot.phase == whole.phases[-1].id
    return TurnReport(
        question_id=question.id,
        question_version=question.version,
        bank_id=question.bank_id,
        bank_version=question.bank_version,
        phase=turn.slot.phase,
        topic=question.topic,
        prompt=whole.prompt if not turn.slot.phase else question.prompt,
        answer=turn.text,
        outcome=turn.outcome.value,
        score=turns.score(turn) if turn.answers else None,
        credits=tuple((statements[c.id], c.credit, c.evidence) for c in points),
        hints=turn.hints,
        seconds=turn.seconds_used,
        limit=turn.limit,
        model_answer=whole.model_answer if last_of_design else "",
        story=feedback.story(judged.assessment.star if judged.assessment else None),
        mistakes=feedback.classic_mistakes(whole, everything) if last_of_design else (),
        denied=tuple(statements[c.id] for c in points if c.contradicted),
        maybe=tuple((statements[c.id], c.maybe) for c in points if c.maybe),
    )


def _went_well(judged: Sequence[Judged]) -> tuple[Quote, ...]:
    """The weightiest credited points, each with the candidate's words."""
    found = [
        (point, Quote(_about(j), point.statement, words))
        for j in judged
        for point, credit, words in _credited(j)
        if credit == 1 and words
    ]
    found.sort(key=lambda pair: (not pair[0].must, -pair[0].weight))
    return tuple(quote for _, quote in found[:QUOTES_AT_MOST])


def _credited(judged: Judged) -> list[tuple[KeyPoint, float, str]]:
    points = {point.id: point for point in judged.question.key_points}
    return [(points[c.id], c.credit, c.evidence) for c in judged.assessment.points] if judged.assessment else []


def _improve(judged: Sequence[Judged]) -> tuple[Gap, ...]:
    """Misconceptions first, then core points missed where something was said, then what was left open."""
    wrong = [
        Gap(_about(j), j.question.misconception(finding.id).feedback, finding.evidence, wrong=True)
        for j in judged
        for finding in (j.assessment.misconceptions if j.assessment else ())
    ]
    missed = [
        (point, Gap(_about(j), point.statement, credit.evidence or credit.maybe, wrong=credit.contradicted))
        for j in judged
        if j.turn.answers and j.assessment
        for point, credit in zip(j.question.key_points, j.assessment.points, strict=True)
        if not credit.credit
    ]
    missed.sort(key=lambda pair: (not pair[1].wrong, not pair[0].must, -pair[0].weight))
    left_open = [Gap(_about(j), feedback.LEFT_OPEN) for j in judged if not j.turn.answers]
    return tuple((wrong + [gap for _, gap in missed] + left_open)[:QUOTES_AT_MOST])


def _about(judged: Judged) -> str:
    phase = judged.turn.slot.phase
    return feedback.about(judged.question.topic, phase)


def _never_asked(judged: Sequence[Judged]) -> tuple[str, ...]:
    asked = {(j.question.id, fact) for j in judged for fact in j.turn.facts}
    return tuple(
        dict.fromkeys(
            f"{fact.ask} {fact.answer}"
            for j in judged
            if j.turn.answers
            for fact in j.question.facts
            if fact.linchpin and (j.question.id, fact.id) not in asked
        )
    )


def _next_steps(reports: Sequence[RoundReport], judged: Sequence[Judged]) -> tuple[str, ...]:
    weakest = sorted(
        (d for report in reports for d in report.dimensions if d.level is not None and d.level < TOP_LEVEL),
        key=lambda d: (d.level, d.share),
    )
    steps = [d.advice for d in weakest[:2]]
    steps += [
        feedback.look_up(j.question) for j in sorted(judged, key=_weakness) if j.turn.answers and _weakness(j) < 1
    ]
    steps += [feedback.try_later(j.question) for j in judged if not j.turn.answers]
    steps += feedback.NO_GAP_STEPS
    return tuple(dict.fromkeys(steps))[:STEPS]


def _weakness(judged: Judged) -> float:
    return judged.assessment.score if judged.assessment and judged.assessment.band is not Band.ABSTAIN else 1.0


def pinned(rubric: StageRubric) -> str:
    """The rubric as JSON, which a session carries at next to no cost until it is judged.

    Read as nouns with every answer, it would double the time that a session takes to be stored and to be read.
    """
    return json.dumps(asdict(rubric), ensure_ascii=False, separators=(",", ":"))


def unpinned(text: str) -> StageRubric:
    """The rubric that `pinned` wrote."""
    written = json.loads(text)
    return StageRubric(**{**written, "dimensions": tuple(map(_dimension, written["dimensions"]))})


def _dimension(written: dict[str, Any]) -> Dimension:
    evidence, anchors = _evidence(written["evidence"]), Anchors(**written["anchors"])
    return Dimension(**{**written, "evidence": evidence, "anchors": anchors})


def _evidence(written: dict[str, Any]) -> Evidence:
    lists = {name: tuple(value) for name, value in written.items() if isinstance(value, list)}
    return Evidence(**{**written, **lists, "kinds": tuple(map(Kind, written["kinds"]))})

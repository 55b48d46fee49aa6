"""From judged claims to a score: weights, contradictions, misconceptions, bands and the next probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.assessment import Assessment, Band, Finding, Flag, PointCredit, StarReading
from bot.core.model import KeyPoint, Kind, Misconception, Question
from bot.core.scoring.claims import Judged, judge_misconception, judge_point
from bot.core.scoring.echo import content_stems, echoed, said_before, said_once, scraps
from bot.core.scoring.guards import Scored, cap, flags
from bot.core.scoring.index import index
from bot.core.scoring.matching import Match
from bot.core.scoring.nearness import maybe_said
from bot.core.scoring.phrasing import prepared
from bot.core.scoring.polarity import polarity
from bot.core.scoring.reference import likeness
from bot.core.scoring.story_reading import completeness, read_story, story_cap
from bot.core.scoring.stuffing import is_thick
from bot.core.scoring.text import Reading, read

CONTRADICTED_COST = 0.5  # of the weight of the point
# A half-covered answer is worth a little more than half: the first points cost the most thought.
RISE = 0.8
# A well-told story that shows none of the behaviours asked for is an answer to another question.
OTHER_STORY = 0.35
# Tuned on blind answers written for that. An answer off the topic shares as much as UNLIKE with any model answer, and a
# right one as little as ALIKE. Terse answers are unlike by their length, so likeness lifts more than it pulls.
LIFT, PULL = 0.4, 0.1
UNLIKE, ALIKE = 0.3, 0.6
_UNLIKE = frozenset({Kind.PART, Kind.CODING})  # the model answer answers the whole, and code has no one wording
_LITTLE, _MUCH = 0.4, 25  # of the score; content words
_COMPLETE, _LIFTED_TO = 0.8, 0.7  # only claims make an answer complete
_BANDS = ((_COMPLETE, Band.COMPLETE), (0.55, Band.SOLID), (0.25, Band.PARTIAL))
LONGEST_EVIDENCE = 200  # characters; more is no quotation any more


def grade(question: Question, answer: str) -> Assessment:
    """Judge `answer` by the key points of `question`, or by its model answer where it has none."""
    return _by_points(question, answer) if question.key_points else _by_reference(question, answer)


def _by_reference(question: Question, answer: str) -> Assessment:
    reading = read(answer)
    raised = flags(Scored(question, reading, echoed(question.prompt, reading), (), ()))
    score = likeness(question.prompt, question.model_answer, reading) if question.model_answer else 0.0
    return _assessment(question, min(score, cap(raised)), (), (), raised, None)


def _by_points(question: Question, answer: str) -> Assessment:
    reading = read(answer)
    rubric = prepared(question.key_points, question.misconceptions)
    repeated = echoed(question.prompt, reading)
    empty = frozenset() if question.allow_list or question.kind is Kind.CODING else scraps(reading)
    again = said_before(reading)
    places = index(reading, rubric, repeated | again)
    denials = polarity(reading)
    asked = frozenset(content_stems(question.prompt))
    thick = not question.kind.is_told and is_thick(reading, asked)
    judged = _excused(
        [judge_point(claim, places, denials, thick=thick, scraps=empty) for claim in rubric.points], reading
    )
    wrong = [judge_misconception(claim, places, denials) for claim in rubric.misconceptions]
    raised = flags(Scored(question, reading, repeated, judged, wrong))
    open_ = [None if j.credit or j.against else meaning for j, meaning in zip(judged, rubric.meanings, strict=True)]
    near = maybe_said(open_, places, asked) if not question.kind.is_told else [""] * len(judged)
    points = tuple(
        _credit(point, j, reading, maybe) for point, j, maybe in zip(question.key_points, judged, near, strict=True)
    )
    findings = tuple(
        Finding(m.id, _span(reading, j.support[0]))
        for m, j in zip(question.misconceptions, wrong, strict=True)
        if j.credit and not _earns(question, j, judged, reading)
    )
    star = read_story(answer) if question.kind is Kind.STORY else None
    score = min(_score(question, points, findings, star), cap(raised))
    if question.model_answer and not question.kind.is_told and question.kind not in _UNLIKE:
        doubtful = bool(findings or raised or denials.contrary) or any(point.contradicted for point in points)
        alike = likeness(question.prompt, question.model_answer, said_once(reading, again))
        score = _mixed(score, alike, doubtful=doubtful)
        if not doubtful and _is_unrecognised(score, points, reading):
            raised = (*raised, Flag.UNRECOGNISED)
    return _assessment(question, score, points, findings, raised, star)


def _mixed(claimed: float, alike: float, *, doubtful: bool) -> float:
    """The score of two readings: what the claims earned, and how like the model answer it all is.

    Claims hold against bluff; likeness covers what their author did not think of. It never takes a nearly complete
    answer below COMPLETE, and never lifts one that contradicts a point or was flagged.
    """
    like = min(1.0, max(0.0, (alike - UNLIKE) / (ALIKE - UNLIKE)))
    if like > claimed:
        return claimed if doubtful else max(claimed, min(claimed + LIFT * (like - claimed), _LIFTED_TO))
    mixed = claimed + PULL * (like - claimed)
    return max(mixed, _COMPLETE) if claimed >= _COMPLETE else mixed


def _excused(judged: Sequence[Judged], reading: Reading) -> list[Judged]:
    """Nothing is held against one point that earns another: "recall is ... caught" does not belie precision."""
    earning = {reading.clause[match.first] for j in judged for match in j.support}
    return [replace(j, against=tuple(m for m in j.against if reading.clause[m.first] not in earning)) for j in judged]


def _earns(question: Question, wrong: Judged, judged: Sequence[Judged], reading: Reading) -> bool:
    """Whether the very words that would be a misconception earn a point, or in a part, whose facts differ, its clause.

    A part is a follow-up or a twist: what is right there may be wrong of the whole.
    """
    earning = [match for j in judged if j.credit for match in j.support]
    if question.kind is Kind.PART:
        clauses = {reading.clause[match.first] for match in earning}
        return any(reading.clause[match.first] in clauses for match in wrong.support)
    return all(any(own.first <= m.first and m.last <= own.last for own in earning) for m in wrong.support)


def _score(
    question: Question, points: Sequence[PointCredit], findings: Sequence[Finding], star: StarReading | None
) -> float:
    score = _coverage(question.key_points, points)
    if star:
        score = min((score + completeness(star)) / 2, score + OTHER_STORY, story_cap(star))
    score -= sum(_penalty(question.misconceptions, finding) for finding in findings)
    return min(1.0, max(0.0, score))


def _coverage(points: Sequence[KeyPoint], credited: Sequence[PointCredit]) -> float:
    total = sum(point.weight for point in points)
    earned = sum(_worth(p, c) for p, c in zip(points, credited, strict=True))
    return max(0.0, earned / total) ** RISE if total else 0.0


def _worth(point: KeyPoint, credit: PointCredit) -> float:
    return point.weight * (credit.credit - CONTRADICTED_COST * credit.contradicted)


def _penalty(misconceptions: Sequence[Misconception], finding: Finding) -> float:
    return next(m.penalty for m in misconceptions if m.id == finding.id)


def _credit(point: KeyPoint, judged: Judged, reading: Reading, maybe: str) -> PointCredit:
    contradicted = bool(judged.against) and not judged.support
    shown = judged.support or judged.against
    evidence = _span(reading, shown[0]) if shown else ""
    return PointCredit(point.id, judged.credit, evidence, contradicted, "" if judged.credit or contradicted else maybe)


def _is_unrecognised(score: float, points: Sequence[PointCredit], reading: Reading) -> bool:
    """Whether much was said to the point and hardly any of it was understood."""
    missed = [point for point in points if not point.credit]
    near = sum(bool(point.maybe) for point in missed)
    return score < _LITTLE and len(reading) >= _MUCH and 2 * near >= len(missed)


def _span(reading: Reading, match: Match) -> str:
    """The clause around a match in the person's own words; where that is long, the part of it between commas."""
    clauses, segments = reading.clause_spans, reading.segment_spans
    for spans, keys in ((clauses, reading.clause), (segments, reading.segment)):
        start = min(match.start, spans[keys[match.first]][0])
        end = max(match.end, spans[keys[match.last]][1])
        if end - start <= LONGEST_EVIDENCE:
            return reading.text[start:end]
    return reading.text[match.start : match.end]


def _assessment(  # noqa: PLR0913, PLR0917 - the six things an assessment consists of
    question: Question,
    score: float,
    points: tuple[PointCredit, ...],
    findings: tuple[Finding, ...],
    raised: tuple[Flag, ...],
    star: StarReading | None,
) -> Assessment:
    return Assessment(
        round(score, 4),
        Band.ABSTAIN if Flag.OTHER_LANGUAGE in raised else band(score),
        points,
        findings,
        raised,
        _probe(question.key_points, points),
        star,
    )


def band(score: float) -> Band:
    """A score in words."""
    return next((name for least, name in _BANDS if score >= least), Band.NONE)


def _probe(points: Sequence[KeyPoint], credits_: Sequence[PointCredit]) -> str:
    missing = [point for point, credit in zip(points, credits_, strict=True) if credit.credit < 1]
    return max(missing, key=lambda point: (point.must, point.weight)).id if missing else ""

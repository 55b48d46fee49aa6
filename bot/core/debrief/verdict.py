"""The verdict rule: from what was observed to four levels and one recommendation.

1. A round is judged on the four dimensions of its rubric, each from 1 to 4 or "not enough evidence". A level is the
   weighted share of its evidence that was earned: key points credited (by weight; a question left out earns none),
   linchpins asked for, probes and twists answered, answers free of misconceptions. At least 80 % is a 4, 60 % a 3,
   35 % a 2. Length, speed, spelling and grammar are no evidence.
2. A dimension about which nothing was said is left open; one without a single credited point is at most a 2. The third
   hint of a question names its core and costs a level in the dimensions that its core points count for.
3. The verdict is not the mean. It needs three judged dimensions and half of the planned questions answered, else there
   is not enough evidence. Two dimensions at 1 are a strong no hire. Otherwise the bar of the candidate's level decides:
   how many dimensions must reach 3 and 4, and how many may stay at 2. Anything below is a no hire.
4. A knock-out misconception that stood after its challenge caps the verdict at no hire.
5. Several rounds: one strong no hire or two no hires are a no hire; a single no hire is forgiven only next to a strong
   hire and below senior level; half of the rounds must be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.core.assessment import Assessment
from bot.core.judgement import DimensionLevel, Verdict
from bot.core.model import Dimension, Evidence, KeyPoint, Level, Question, StageRubric
from bot.core.questions import turns
from bot.core.session import Outcome, Turn

LEVELS = ((0.8, 4), (0.6, 3), (0.35, 2), (0.0, 1))
UNCREDITED_AT_MOST = 2
OBSERVABLE_WEIGHT = 2.0  # an observable such as "linchpins asked" counts like one core point of usual weight
JUDGED_AT_LEAST = 3
ANSWERED_AT_LEAST = 0.5
SOLID = 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of the four dimensions have to reach 3 and 4 for a hire and for a strong hire; none may be below 2."""

    threes: int
    fours: int
    strong_threes: int
    strong_fours: int


BARS = {
    Level.JUNIOR: Bar(threes=2, fours=0, strong_threes=3, strong_fours=1),
    Level.MID: Bar(threes=3, fours=0, strong_threes=4, strong_fours=2),
    Level.SENIOR: Bar(threes=3, fours=1, strong_threes=4, strong_fours=3),
    Level.STAFF: Bar(threes=4, fours=2, strong_threes=4, strong_fours=4),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A turn as the debrief sees it: its question, its final assessment, and the reply to its twist."""

    turn: Turn
    question: Question
    assessment: Assessment | None
    twist: Assessment | None = None
    twist_points: tuple[KeyPoint, ...] = ()


def levels(rubric: StageRubric, judged: Sequence[Judged]) -> tuple[DimensionLevel, ...]:
    """The four dimensions of one round."""
    return tuple(_level(dimension, judged) for dimension in rubric.dimensions)


def of_round(dimensions: Sequence[DimensionLevel], judged: Sequence[Judged], planned: int, level: Level) -> Verdict:
    """The verdict on one round of `planned` questions."""
    reached = [d.level for d in dimensions if d.level is not None]
    answered = sum(1 for j in judged if j.turn.answers)
    if len(reached) < JUDGED_AT_LEAST or answered < ANSWERED_AT_LEAST * planned:
        return Verdict.NOT_ENOUGH_EVIDENCE
    if reached.count(1) >= 2:  # noqa: PLR2004 - rule 3
        return Verdict.STRONG_NO_HIRE
    verdict = _against(BARS[level], reached)
    return Verdict.NO_HIRE if knocked_out(judged) else verdict


def overall(verdicts: Sequence[Verdict], level: Level) -> Verdict:
    """The verdict on an interview of several rounds."""
    given = [v for v in verdicts if v is not Verdict.NOT_ENOUGH_EVIDENCE]
    if len(verdicts) == 1:
        return verdicts[0]
    if len(given) < ANSWERED_AT_LEAST * len(verdicts) or not given:
        return Verdict.NOT_ENOUGH_EVIDENCE
    strong_no, no = given.count(Verdict.STRONG_NO_HIRE), given.count(Verdict.NO_HIRE)
    if strong_no:
        return Verdict.STRONG_NO_HIRE if strong_no > 1 else Verdict.NO_HIRE
    strong = given.count(Verdict.STRONG_HIRE)
    if no:
        forgiven = no == 1 and strong and level in {Level.JUNIOR, Level.MID}
        return Verdict.HIRE if forgiven else Verdict.NO_HIRE
    return Verdict.STRONG_HIRE if 2 * strong > len(given) else Verdict.HIRE


def knocked_out(judged: Iterable[Judged]) -> bool:
    """Whether a knock-out misconception still stands."""
    return any(
        j.question.misconception(finding.id).knock_out
        for j in judged
        if j.assessment
        for finding in j.assessment.misconceptions
    )


def _against(bar: Bar, reached: Sequence[int]) -> Verdict:
    threes, fours = sum(r >= 3 for r in reached), sum(r >= 4 for r in reached)  # noqa: PLR2004 - levels
    if min(reached) < 2 or threes < bar.threes or fours < bar.fours:  # noqa: PLR2004 - levels
        return Verdict.NO_HIRE
    strong = threes >= bar.strong_threes and fours >= bar.strong_fours
    return Verdict.STRONG_HIRE if strong else Verdict.HIRE


def _level(dimension: Dimension, judged: Sequence[Judged]) -> DimensionLevel:
    relevant = [j for j in judged if _relevant(dimension, j) and j.turn.outcome is not Outcome.SWAPPED]
    counted = [j for j in relevant if j.turn.answers or j.turn.outcome in {Outcome.SKIPPED, Outcome.TIMED_OUT}]
    points = [pair for j in counted for pair in _points(dimension, j)]
    evidence = points + _observed(dimension.evidence, counted, judged)
    said = any(j.turn.answers for j in counted)
    total = sum(weight for weight, _ in evidence)
    if not said or not total:
        return DimensionLevel(dimension.id, dimension.title, None, 0.0, "", dimension.advice)
    share = sum(weight * credit for weight, credit in evidence) / total
    level = next(level for least, level in LEVELS if share >= least)
    if points and not any(credit for _, credit in points):
        level = min(level, UNCREDITED_AT_MOST)
    if any(j.turn.hints >= turns.CORE_HINT and _core_counts(dimension, j) for j in counted):
        level = max(1, level - 1)
    return DimensionLevel(
        dimension.id, dimension.title, level, round(share, 3), dimension.anchors[level], dimension.advice
    )


def _relevant(dimension: Dimension, judged: Judged) -> bool:
    """Whether a turn bears on a dimension: by its points or twist, or as the dimension is about all questions."""
    evidence = dimension.evidence
    if evidence.twists and judged.twist_points:
        return True
    has_points = any(_belongs(point, dimension, judged) for point in judged.question.key_points)
    return has_points or not (evidence.kinds or evidence.phases)


def _belongs(point: KeyPoint, dimension: Dimension, judged: Judged) -> bool:
    evidence = dimension.evidence
    if evidence.core_only and not point.must:
        return False
    if point.dimension:
        return point.dimension == dimension.id
    return judged.turn.slot.phase in evidence.phases or judged.question.kind in evidence.kinds


def _core_counts(dimension: Dimension, judged: Judged) -> bool:
    return any(point.must and _belongs(point, dimension, judged) for point in judged.question.key_points)


def _points(dimension: Dimension, judged: Judged) -> list[tuple[float, float]]:
    earned = {c.id: c.credit for c in judged.assessment.points} if judged.assessment else {}
    pairs = [(p.weight, earned.get(p.id, 0.0)) for p in judged.question.key_points if _belongs(p, dimension, judged)]
    if dimension.evidence.twists and judged.twist:
        adapted = {c.id: c.credit for c in judged.twist.points}
        pairs += [(p.weight, adapted[p.id]) for p in judged.twist_points]
    return pairs


Shares = Callable[[Evidence, Sequence[Judged], Sequence[Judged]], Iterable[float | None]]


def _observed(evidence: Evidence, counted: Sequence[Judged], judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """The weighted shares of all that a dimension observes beside its points."""
    kinds = (shares for name, shares in OBSERVED.items() if getattr(evidence, name))
    shares = (share for shares_of in kinds for share in shares_of(evidence, counted, judged))
    return [(OBSERVABLE_WEIGHT, share) for share in shares if share is not None]


def _linchpins(evidence: Evidence, _counted: Sequence[Judged], judged: Sequence[Judged]) -> Iterable[float | None]:
    yield linchpins_asked([j for j in judged if not evidence.kinds or j.question.kind in evidence.kinds])


def _probes(_evidence: Evidence, _counted: Sequence[Judged], judged: Sequence[Judged]) -> Iterable[float | None]:
    yield _mean([probe.credit for j in judged for probe in j.turn.probes])


def _accuracy(_evidence: Evidence, counted: Sequence[Judged], _judged: Sequence[Judged]) -> Iterable[float | None]:
    yield _mean([float(_accurate(j)) for j in counted if j.assessment])


def _breadth(_evidence: Evidence, counted: Sequence[Judged], _judged: Sequence[Judged]) -> Iterable[float | None]:
    yield _mean([float((turns.score(j.turn) or 0) >= SOLID) for j in counted])


def _star(evidence: Evidence, counted: Sequence[Judged], _judged: Sequence[Judged]) -> Iterable[float | None]:
    stories = [j.assessment.star for j in counted if j.assessment and j.assessment.star]
    return (_mean([float(story.earns(name)) for story in stories]) for name in evidence.star)


# What each field of `Evidence` observes beside key points, given the turns that count and all turns of the round.
# A new kind of evidence is a field there and a function here.
OBSERVED: Mapping[str, Shares] = MappingProxyType(
    {"linchpins": _linchpins, "probes": _probes, "accuracy": _accuracy, "breadth": _breadth, "star": _star}
)


def _accurate(judged: Judged) -> bool:
    """Something right was said and nothing wrong; an answer without a credited point is not accurate, only empty."""
    assessment = judged.assessment
    if assessment is None or assessment.misconceptions:
        return False
    return any(credit.credit for credit in assessment.points)


def linchpins_asked(judged: Sequence[Judged]) -> float | None:
    """The share of linchpin facts that were asked for; None when the questions have none."""
    asked = {(j.question.id, fact) for j in judged for fact in j.turn.facts}
    linchpins = {(j.question.id, fact.id) for j in judged for fact in j.question.facts if fact.linchpin}
    return len(asked & linchpins) / len(linchpins) if linchpins else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

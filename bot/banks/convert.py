"""From validated bank files to the frozen nouns of the core."""

from __future__ import annotations

from typing import Any

from bot.banks import schema
from bot.core import model


def question(written: schema.QuestionModel, header: schema.BankHeader) -> model.Question:
    """The question as the core knows it; a design question gathers the points of its phases."""
    phases = tuple(_phase(p) for p in written.phases)
    points = tuple(key_point(p) for p in written.key_points)
    return model.Question(
        id=written.id,
        stage=written.stage,
        kind=written.kind,
        topic=written.topic,
        prompt=written.prompt,
        key_points=points + tuple(p for phase in phases for p in phase.key_points),
        difficulty=written.difficulty,
        levels=tuple(written.levels),
        minutes=written.minutes,
        facts=tuple(_fact(f) for f in written.facts),
        misconceptions=tuple(misconception(m) for m in written.misconceptions),
        follow_ups=tuple(_follow_up(f) for f in written.follow_ups),
        hints=tuple(written.hints),
        model_answer=written.model_answer,
        anchors=_anchors(written.anchors),
        samples=model.Samples(
            tuple(written.samples.full), tuple(written.samples.partial), tuple(written.samples.wrong)
        ),
        sources=tuple(written.sources),
        version=written.version,
        last_verified=written.last_verified.isoformat(),
        reserve=written.reserve,
        allow_list=written.allow_list,
        phases=phases,
        twists=tuple(_twist(t) for t in written.twists),
        deep_dives=tuple(_deep_dive(d) for d in written.deep_dives),
        exercise=_exercise(written.exercise) if written.exercise else None,
        bank_id=header.id,
        bank_version=header.version,
    )


def stage_rubric(written: schema.StageRubricModel) -> model.StageRubric:
    """The rubric as the core knows it."""
    return model.StageRubric(
        written.id, written.version, written.pass_rate, tuple(_dimension(d) for d in written.dimensions)
    )


def _dimension(written: schema.DimensionModel) -> model.Dimension:
    counted = written.evidence
    evidence = model.Evidence(
        kinds=tuple(counted.kinds),
        phases=tuple(counted.phases),
        core_only=counted.core_only,
        linchpins=counted.linchpins,
        probes=counted.probes,
        twists=counted.twists,
        accuracy=counted.accuracy,
        breadth=counted.breadth,
        star=tuple(counted.star),
    )
    return model.Dimension(written.id, written.title, written.advice, evidence, _anchors(written.anchors))


def _claim(written: schema.ClaimModel) -> dict[str, Any]:
    return {
        "id": written.id,
        "statement": written.statement,
        "all_of": tuple(tuple(group) for group in written.all),
        "any_n": written.any_n,
        "subject": tuple(written.subject),
        "confusable": tuple(written.confusable),
    }


def key_point(written: schema.KeyPointModel) -> model.KeyPoint:
    """The key point as the core knows it."""
    return model.KeyPoint(
        **_claim(written),
        weight=written.weight,
        must=written.must,
        hint=written.hint,
        follow_up=written.follow_up,
        dimension=written.dimension,
    )


def misconception(written: schema.MisconceptionModel) -> model.Misconception:
    """The misconception as the core knows it."""
    return model.Misconception(
        **_claim(written),
        penalty=written.penalty,
        feedback=written.feedback,
        challenge=written.challenge,
        knock_out=written.knock_out,
    )


def _follow_up(written: schema.FollowUpModel) -> model.FollowUp:
    points = tuple(key_point(p) for p in written.key_points)
    return model.FollowUp(written.when, written.ask, written.about, points, written.sample)


def _fact(written: schema.FactModel) -> model.Fact:
    return model.Fact(written.id, written.ask, written.answer, tuple(written.aliases), written.linchpin)


def _phase(written: schema.PhaseModel) -> model.Phase:
    points = tuple(key_point(p) for p in written.key_points)
    return model.Phase(written.id, written.minutes, written.prompt, points, written.nudge)


def _twist(written: schema.TwistModel) -> model.Twist:
    return model.Twist(written.id, written.text, tuple(key_point(p) for p in written.key_points), written.sample)


def _deep_dive(written: schema.DeepDiveModel) -> model.DeepDive:
    points = tuple(key_point(p) for p in written.key_points)
    return model.DeepDive(written.id, written.phase, written.ask, points, written.sample)


def _exercise(written: schema.ExerciseModel) -> model.Exercise:
    return model.Exercise(
        function=written.function,
        signature=written.signature,
        visible=tuple(model.TestCase(tuple(t.args), t.expected) for t in written.visible),
        hidden=tuple(model.TestCase(tuple(t.args), t.expected) for t in written.hidden),
        solution=written.solution,
        time=written.time,
        space=written.space,
        tolerance=written.tolerance,
        any_order=written.any_order,
    )


def _anchors(written: schema.AnchorsModel) -> dict[int, str]:
    return {1: written.one, 2: written.two, 3: written.three, 4: written.four}

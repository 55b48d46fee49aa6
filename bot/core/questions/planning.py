"""The shape of an interview: which rounds, how many questions, and how the minutes are shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.model import Bank, Kind, Question, Stage
from bot.core.questions import selection
from bot.core.session import Format, History, Outcome, Pace, Round, Session, Setup, Slot

MINUTES = {
    Format.SCREEN: 15,
    Format.CODING: 45,
    Format.FUNDAMENTALS: 45,
    Format.RAPID_FIRE: 60,
    Format.SYSTEM_DESIGN: 60,
    Format.BEHAVIORAL: 30,
}
FULL = (Format.SCREEN, Format.CODING, Format.FUNDAMENTALS, Format.SYSTEM_DESIGN, Format.BEHAVIORAL)
LOOP = (Format.CODING, Format.FUNDAMENTALS, Format.SYSTEM_DESIGN, Format.BEHAVIORAL)
LOOP_MINUTES = 45
SHORTEST, LONGEST = 5, 240
SPARES = 5
TWIST_PHASE = "serving"  # the requirement changes when the model stands and production begins
_RAPID_QUESTIONS, _RAPID_MINUTES = 20, 1.5


class NoQuestionsError(Exception):
    """The bank holds nothing to ask for a round of this stage."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"no {stage.value} question")
        self.stage = stage


@dataclass(frozen=True, slots=True)
class _Wish:
    """One question wanted: of which kinds, and its share of the round's minutes."""

    kinds: tuple[Kind, ...]
    share: float


def usual_minutes(wanted: Format) -> int:
    """How long a format takes when nothing else is asked for."""
    return sum(minutes for _, minutes in _rounds(Setup(wanted)))


def stage_of(wanted: Format) -> Stage:
    """The stage whose questions a single-round format asks."""
    return Stage.FUNDAMENTALS if wanted is Format.RAPID_FIRE else Stage(wanted.value)


def formats_of(wanted: Format) -> tuple[Format, ...]:
    """The rounds a format consists of."""
    return {Format.FULL: FULL, Format.LOOP: LOOP}.get(wanted, (wanted,))


def plan(bank: Bank, setup: Setup, history: History) -> tuple[Round, ...]:
    """The rounds of the interview with their questions chosen; NoQuestionsError when the bank has none."""
    return tuple(_round(bank, setup, history, wanted, minutes) for wanted, minutes in _rounds(setup))


def only(bank: Bank, question_id: str) -> Round:
    """A round of a single question."""
    question = bank.questions[question_id]
    return Round(Format(question.stage.value), question.stage, 0, (Slot(question_id, round(60 * question.minutes)),))


def next_slot(session: Session) -> tuple[int, Slot] | None:
    """The round and slot that come after the turns so far; None when the plan is done."""
    asked = sum(turn.outcome is not Outcome.SWAPPED for turn in session.turns)
    planned = [(number, slot) for number, round_ in enumerate(session.rounds) for slot in round_.slots]
    return planned[asked] if asked < len(planned) else None


def without_missing(session: Session, bank: Bank) -> Session:
    """The plan without questions that the bank no longer holds: a spare takes the place of one still to be asked."""
    rounds = tuple(replace(r, slots=tuple(_kept(r.slots, session, bank))) for r in session.rounds)
    return replace(session, rounds=rounds)


def _kept(slots: tuple[Slot, ...], session: Session, bank: Bank) -> Iterator[Slot]:
    asked = {turn.slot.question_id for turn in session.turns}
    for slot in slots:
        spare = next((q for q in slot.spares if q in bank.questions and q not in asked), None)
        if slot.question_id in bank.questions or slot.question_id in asked:
            yield slot
        elif spare and not slot.phase:
            asked.add(spare)
            yield replace(slot, question_id=spare)


def twist_of(question: Question, setup: Setup) -> str:
    """The id of the requirement that changes in this interview; empty when the question has none."""
    return question.twists[setup.seed % len(question.twists)].id if question.twists else ""


def clock(slot: Slot, setup: Setup) -> int | None:
    """Seconds this slot may take for this person; None when nothing is timed. The time factor stretches it."""
    return None if setup.pace is Pace.UNTIMED else round(slot.seconds * setup.time_factor)


def _rounds(setup: Setup) -> Iterator[tuple[Format, int]]:
    wanted = setup.format or Format.SCREEN
    usual = [(f, LOOP_MINUTES if wanted is Format.LOOP else MINUTES[f]) for f in formats_of(wanted)]
    scale = (setup.minutes or 0) / sum(minutes for _, minutes in usual) or 1
    for format_, minutes in usual:
        yield format_, max(1, round(minutes * scale))


def _round(bank: Bank, setup: Setup, history: History, wanted: Format, minutes: int) -> Round:
    stage = stage_of(wanted)
    pool = bank.of_stage(stage)
    if not pool:
        raise NoQuestionsError(stage)
    slots = _design_slots(pool, setup, history, minutes) if stage is Stage.SYSTEM_DESIGN else None
    return Round(wanted, stage, minutes, slots or _slots(pool, setup, history, wanted, minutes))


def _slots(
    pool: tuple[Question, ...], setup: Setup, history: History, wanted: Format, minutes: int
) -> tuple[Slot, ...]:
    left = list(pool)
    slots: list[tuple[Question, _Wish]] = []
    for wish in _wishes(wanted, minutes):
        fitting = [q for q in left if q.kind in wish.kinds] or left
        for question in selection.draw(fitting, 1, setup, history, [q.topic for q, _ in slots]):
            left = [q for q in left if q.id != question.id]
            slots.append((question, wish))
    total = sum(wish.share for _, wish in slots)
    return tuple(
        Slot(
            question.id,
            round(60 * minutes * wish.share / total),
            spares=_spares(left, question, setup, history),
        )
        for question, wish in slots
    )


def _spares(left: list[Question], question: Question, setup: Setup, history: History) -> tuple[str, ...]:
    alike = [q for q in left if q.kind is question.kind] or left
    return tuple(q.id for q in selection.draw(alike, SPARES, setup, history))


def _wishes(wanted: Format, minutes: int) -> list[_Wish]:
    match wanted:
        case Format.SCREEN:
            wishes = [_Wish((Kind.PROJECT,), 5), _Wish((Kind.MOTIVATION,), 3)]
            return wishes + [_Wish((Kind.BASICS,), 7 / 3)] * (3 if minutes >= 10 else 1)  # noqa: PLR2004 - minutes
        case Format.CODING:
            return [_Wish((Kind.CODING,), 1)] * _scaled(1, minutes, MINUTES[wanted])
        case Format.RAPID_FIRE:
            count = min(_RAPID_QUESTIONS, max(1, round(minutes / _RAPID_MINUTES)))
            return [_Wish((Kind.THEORY, Kind.JUDGEMENT), 1)] * count
        case Format.BEHAVIORAL:
            return [_Wish((Kind.STORY,), 1)] * _scaled(4, minutes, MINUTES[wanted])
    theory, debugging, judgement = _Wish((Kind.THEORY,), 1), _Wish((Kind.DEBUGGING,), 1.4), _Wish((Kind.JUDGEMENT,), 1)
    pattern = [theory, debugging, theory, judgement, theory, debugging, theory]
    count = _scaled(len(pattern), minutes, MINUTES[Format.FUNDAMENTALS])
    return [pattern[i % len(pattern)] for i in range(count)]


def _scaled(count: int, minutes: int, usual: int) -> int:
    return max(1, round(count * minutes / usual))


def _design_slots(pool: tuple[Question, ...], setup: Setup, history: History, minutes: int) -> tuple[Slot, ...]:
    question, *others = selection.draw(pool, 1 + SPARES, setup, history)
    total = sum(phase.minutes for phase in question.phases)
    twist = twist_of(question, setup)
    return tuple(
        Slot(
            question.id,
            round(60 * minutes * phase.minutes / total),
            phase.id,
            twist if phase.id == TWIST_PHASE else "",
            tuple(q.id for q in others),
        )
        for phase in question.phases
    )

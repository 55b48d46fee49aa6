"""Closing a turn: having the answer examined, assessing it, following up, moving on.

While an answer is examined its clock stands still, and nothing else is held up.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.effects import Effect, Examine, Say, StopTimers, Tone
from bot.core.events import Answered, Commanded, Examination, Examined
from bot.core.model import Question
from bot.core.questions import follow_ups, planning, turns
from bot.core.rules import clock, rehearsing
from bot.core.rules.asking import open_next
from bot.core.rules.ending import end_turn, own_story, to_rating
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import Format, Outcome, Rehearsal, Session, Slot, State
from bot.core.text import replies


def close(session: Session, _event: object, context: RuleContext) -> Step:
    """Close an answer: have it examined first where its kind of question is, else assess it at once."""
    turn = session.turn
    if not turn.answers:
        return session, (Say(replies.EMPTY_PROBE),)
    question = context.bank.questions[turn.slot.question_id]
    examiner = context.bank.examiners.get(question.kind)
    if examiner is None:
        return _follow_up(session, context)
    number = session.turn_number
    examine = Examine(examiner, number, len(turn.probes), question.id, turn.text)
    session = replace(session, state=State.EXAMINING, paused_in=session.state, paused_at=context.now)
    return session, (StopTimers(number), examine, Say(replies.EXAMINING))


def _follow_up(session: Session, context: RuleContext) -> Step:
    """Assess a complete answer, and either follow up or move on."""
    session = assess(session, context)
    turn = session.turn
    if session.current_round.format is Format.RAPID_FIRE or turn.overtime:
        return conclude(session, Outcome.ANSWERED, context)
    in_time = clock.has_time_to_probe(turn, context.now)
    probe = follow_ups.next_probe(turn, context.bank, replies.SAY_AGAIN) if in_time else None
    if probe is None:
        return conclude(session, Outcome.ANSWERED, context)
    told = () if turn.probes else own_story(session, context)
    session = session.with_turn(replace(turn, probes=(*turn.probes, probe)))
    return replace(session, state=State.PROBING), (*told, Say(probe.ask, Tone.QUESTION))


def wait(session: Session, _event: Answered, _context: RuleContext) -> Step:
    """Ask the candidate to wait until the answer was examined."""
    return session, (Say(replies.EXAMINING),)


def take_examined(session: Session, event: Examined, context: RuleContext) -> Step:
    """Go on with what was found; an examination that found nothing leaves the answer to be assessed as it reads."""
    if (event.turn, event.probe) != (session.turn_number, len(session.turn.probes)):
        return session, ()
    session, timers = clock.resumed(session, context.now)
    if event.found:
        session = session.with_turn(replace(session.turn, examined=event.found))
    said: tuple[Effect, ...] = () if event.ended is Examination.RESULT else (Say(replies.NOT_EXAMINED),)
    return and_then((*timers, *said), _follow_up(session, context))


def skip_examination(session: Session, event: Commanded, context: RuleContext) -> Step:
    """Go on without the examination; what was said still counts."""
    return skip(clock.unpaused(session, context.now), event, context)


def skip(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Leave the question or the follow-up out; what was said so far still counts."""
    session = assess(session, context)
    outcome = Outcome.ANSWERED if session.turn.answers else Outcome.SKIPPED
    return conclude(session, outcome, context)


def swap(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Replace a question that the candidate knows, and remember that they do."""
    slot = session.turn.slot
    slots = session.current_round.slots
    if slot.phase and slot.phase != slots[0].phase:
        return session, (Say(replies.SWAP_TOO_LATE),)
    used = {turn.slot.question_id for turn in session.turns} | {s.question_id for r in session.rounds for s in r.slots}
    spare = next((q for q in slot.spares if q not in used and q in context.bank.questions), None)
    if spare is None:
        return session, (Say(replies.NOTHING_TO_SWAP),)
    session, ended = end_turn(session, Outcome.SWAPPED, context)
    session = _replan(session, slot.question_id, context.bank.questions[spare])
    return and_then((*ended, Say(replies.SWAPPED)), open_next(session, context))


def drop_missing(session: Session, context: RuleContext) -> Step:
    """End a question that left the bank while the program was away, and ask what comes next."""
    slots = tuple(s for s in session.current_round.slots if s.question_id != session.turn.slot.question_id)
    rounds = tuple(replace(r, slots=slots) if n == session.turn.round else r for n, r in enumerate(session.rounds))
    session, ended = end_turn(session, Outcome.SWAPPED, context)
    return and_then((*ended, Say(replies.QUESTION_GONE)), open_next(replace(session, rounds=rounds), context))


def _replan(session: Session, old: str, new: Question) -> Session:
    """The plan with one question put in the place of another, in all its phases."""
    twist = planning.twist_of(new, session.setup)

    def swapped(slot: Slot) -> Slot:
        if slot.question_id != old:
            return slot
        return replace(slot, question_id=new.id, twist=twist if slot.twist else "")

    rounds = tuple(replace(r, slots=tuple(swapped(s) for s in r.slots)) for r in session.rounds)
    return replace(session, rounds=rounds)


def assess(session: Session, context: RuleContext) -> Session:
    """Assess the open turn as it stands; a turn without an answer stays unassessed."""
    turn = session.turn
    if not turn.answers:
        return session
    judge = turns.reply_assessed if session.state is State.PROBING else turns.assessed
    return session.with_turn(judge(session, turn, context.bank))


def conclude(session: Session, outcome: Outcome, context: RuleContext) -> Step:
    """End the open turn and go on: the next question, a break, or the candidate's own rating."""
    session, ended = end_turn(session, outcome, context)
    following = planning.next_slot(session)
    if following and following[0] != session.turn.round:
        done, coming = session.current_round, session.rounds[following[0]]
        return replace(session, state=State.ON_BREAK), (*ended, Say(replies.on_break(done, coming), Tone.QUESTION))
    return and_then(ended, open_next(session, context))


def leave_break(session: Session, _event: object, context: RuleContext) -> Step:
    """Begin the next round."""
    return open_next(session, context)


def stop(session: Session, event: Commanded, context: RuleContext) -> Step:
    """End here; the debrief judges what there is."""
    if isinstance(session.activity, Rehearsal):
        return rehearsing.stop(session, event, context)
    if session.state in {State.PAUSED, State.EXAMINING}:
        session = clock.unpaused(session, context.now)
    effects: tuple[Effect, ...] = ()
    if session.state is not State.ON_BREAK:
        session, effects = end_turn(assess(session, context), Outcome.STOPPED, context)
    return and_then(effects, to_rating(session, context, replies.STOPPED_HERE))

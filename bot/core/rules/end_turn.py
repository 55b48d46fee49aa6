"""The end of a turn, and of what was open with it."""

from __future__ import annotations

from dataclasses import replace

from bot.core import stories
from bot.core.effects import Effect, RecordOutcome, RecordTold, RecordUnmatched, Say, StopTimers
from bot.core.model import Kind
from bot.core.questions import turns
from bot.core.rules.step import RuleContext, Step
from bot.core.session import Outcome, Session
from bot.core.text import rehearsal_text


def end_turn(session: Session, outcome: Outcome, context: RuleContext) -> Step:
    """Close the open turn for good."""
    turn = replace(session.turn, outcome=outcome, closed_at=context.now)
    session = session.with_turn(turn)
    known = context.bank.questions.get(turn.slot.question_id)
    topic = known.topic if known else ""
    record = RecordOutcome(session.turn_number, outcome, turn.seconds_used, topic, turns.score(turn), turn.assessment)
    unmatched = (RecordUnmatched(known.id, known.version, turn.text),) if known and turns.matched_nothing(turn) else ()
    told = () if turn.probes or outcome is Outcome.SWAPPED else own_story(session, context)
    return session, (record, StopTimers(session.turn_number), *unmatched, *told)


def own_story(session: Session, context: RuleContext) -> tuple[Effect, ...]:
    """What follows when a story of the person's own bank was told in a mock, before the first follow-up to it.

    Its title stays theirs, for others may read along.
    """
    asked, turn = context.bank.questions.get(session.turn.slot.question_id), session.turn
    if asked is None or asked.kind is not Kind.STORY:
        return ()
    own = stories.recognised(turn.text, session.stories)
    if own is None:
        return ()
    seconds = replace(turn, closed_at=context.now).seconds_used
    record = RecordTold(own.number, asked.topic, len(turn.text.split()), seconds)
    often = own.times >= stories.OFTEN_TOLD
    return (record, Say(rehearsal_text.told_often(own.times))) if often else (record,)

"""The end of a turn, and of what was open with it."""

from __future__ import annotations

from dataclasses import replace

from bot.core import rehearsal_words, stories, turns
from bot.core.effects import Effect, RecordOutcome, RecordTold, RecordUnmatched, Say, StopTimers
from bot.core.model import Kind
from bot.core.rules.step import Circumstances, Step
from bot.core.session import Outcome, Session


def end_turn(session: Session, outcome: Outcome, around: Circumstances) -> Step:
    """Close the open turn for good."""
    turn = replace(session.turn, outcome=outcome, closed_at=around.now)
    session = session.with_turn(turn)
    known = around.bank.questions.get(turn.slot.question_id)
    topic = known.topic if known else ""
    record = RecordOutcome(session.turn_number, outcome, turn.seconds_used, topic, turns.score(turn), turn.assessment)
    unmatched = (RecordUnmatched(known.id, known.version, turn.text),) if known and turns.matched_nothing(turn) else ()
    told = () if turn.probes or outcome is Outcome.SWAPPED else own_story(session, around)
    return session, (record, StopTimers(session.turn_number), *unmatched, *told)


def own_story(session: Session, around: Circumstances) -> tuple[Effect, ...]:
    """What follows when a story of the person's own bank was told in a mock, before the first follow-up to it.

    Its title stays theirs, for others may read along.
    """
    asked, turn = around.bank.questions.get(session.turn.slot.question_id), session.turn
    if asked is None or asked.kind is not Kind.STORY:
        return ()
    own = stories.recognised(turn.text, session.stories)
    if own is None:
        return ()
    seconds = replace(turn, closed_at=around.now).seconds_used
    record = RecordTold(own.number, asked.topic, len(turn.text.split()), seconds)
    often = own.times >= stories.OFTEN_TOLD
    return (record, Say(rehearsal_words.told_often(own.times))) if often else (record,)

"""An answer that is examined before it is assessed: it waits, its clock stands still, and nothing else is held up."""

from __future__ import annotations

from dataclasses import replace

from bot.core.effects import Effect, Examine, Say, StopTimers
from bot.core.events import Answered, Commanded, Examination, Examined
from bot.core.rules import clock, closing
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import Session, State
from bot.core.text import replies


def close(session: Session, event: object, context: RuleContext) -> Step:
    """Close an answer: have it examined first where its kind of question is, else assess it at once."""
    question = context.bank.questions[session.turn.slot.question_id]
    examiner = context.bank.examiners.get(question.kind)
    if examiner is None or not session.turn.answers:
        return closing.close(session, event, context)
    turn, number = session.turn, session.turn_number
    examine = Examine(examiner, number, len(turn.probes), question.id, turn.text)
    session = replace(session, state=State.EXAMINING, paused_in=session.state, paused_at=context.now)
    return session, (StopTimers(number), examine, Say(replies.EXAMINING))


def wait(session: Session, _event: Answered, _context: RuleContext) -> Step:
    """Ask the candidate to wait until the answer was examined."""
    return session, (Say(replies.EXAMINING),)


def conclude(session: Session, event: Examined, context: RuleContext) -> Step:
    """Go on with what was found; an examination that found nothing leaves the answer to be assessed as it reads."""
    if (event.turn, event.probe) != (session.turn_number, len(session.turn.probes)):
        return session, ()
    session, timers = clock.resumed(session, context.now)
    if event.found:
        session = session.with_turn(replace(session.turn, examined=event.found))
    said: tuple[Effect, ...] = () if event.ended is Examination.RESULT else (Say(replies.NOT_EXAMINED),)
    return and_then((*timers, *said), closing.close(session, event, context))


def skip(session: Session, event: Commanded, context: RuleContext) -> Step:
    """Go on without the examination; what was said still counts."""
    return closing.skip(clock.unpaused(session, context.now), event, context)

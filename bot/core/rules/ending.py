"""Ending an interview: the candidate's own rating, then the debrief."""

from __future__ import annotations

from dataclasses import replace

from bot.core.debrief.debrief import debrief
from bot.core.effects import RecordDebrief, RecordSelfRating, Say, Tone
from bot.core.events import Answered, Commanded
from bot.core.rules import daily
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import DailyQuestion, Session, State
from bot.core.text import replies
from bot.core.text.report import for_chat, summary

RATINGS = range(1, 5)


def leave(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """End before anything was chosen."""
    session = replace(session, state=State.FINISHED, ended_at=context.now, history=None)
    return session, (Say(replies.NOTHING_STARTED),)


def to_rating(session: Session, context: RuleContext, because: str) -> Step:
    """Ask for the candidate's own rating; with nothing answered there is nothing to rate."""
    if isinstance(session.activity, DailyQuestion):
        return daily.conclude(session, session.activity, context)
    if any(turn.answers for turn in session.turns):
        choices = tuple(str(rating) for rating in RATINGS)
        return replace(session, state=State.RATING), (
            Say(f"{because} {replies.RATE_YOURSELF}", Tone.QUESTION, choices),
        )
    session, effects = _finish(session, context)
    return session, (*(e for e in effects if not isinstance(e, Say)), Say(replies.NOTHING_ANSWERED))


def rate(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take the candidate's own rating, then reveal the debrief."""
    text = event.text.strip().rstrip(".")
    if not (text.isdecimal() and int(text) in RATINGS):
        return session, (Say(replies.RATE_AGAIN, Tone.QUESTION),)
    session = replace(session, self_rating=int(text))
    return and_then((RecordSelfRating(int(text)),), _finish(session, context))


def reveal(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Reveal the debrief without an own rating."""
    return _finish(session, context)


def _finish(session: Session, context: RuleContext) -> Step:
    session = replace(session, state=State.FINISHED, ended_at=context.now, stories=())
    judged = debrief(session, context.bank)
    return session, (
        RecordDebrief(judged),
        Say(summary(judged), Tone.DEBRIEF, blocks=for_chat(judged), with_report=True),
    )

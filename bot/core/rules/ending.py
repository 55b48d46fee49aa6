"""Ending an interview: the candidate's own rating, then the debrief."""

from __future__ import annotations

from dataclasses import replace

from bot.core import replies
from bot.core.debrief import debrief
from bot.core.effects import RecordDebrief, RecordSelfRating, Say, Tone
from bot.core.events import Answered, Commanded
from bot.core.report import for_chat, summary
from bot.core.rules import daily
from bot.core.rules.step import Circumstances, Step, and_then
from bot.core.session import Session, State

RATINGS = range(1, 5)


def leave(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """End before anything was chosen."""
    session = replace(session, state=State.FINISHED, ended_at=around.now, history=None)
    return session, (Say(replies.NOTHING_STARTED),)


def to_rating(session: Session, around: Circumstances, because: str) -> Step:
    """Ask for the candidate's own rating; with nothing answered there is nothing to rate."""
    if session.setup.daily:
        return daily.conclude(session, session.setup.daily, around)
    if any(turn.answers for turn in session.turns):
        choices = tuple(str(rating) for rating in RATINGS)
        return replace(session, state=State.RATING), (
            Say(f"{because} {replies.RATE_YOURSELF}", Tone.QUESTION, choices),
        )
    session, effects = _finish(session, around)
    return session, (*(e for e in effects if not isinstance(e, Say)), Say(replies.NOTHING_ANSWERED))


def rate(session: Session, event: Answered, around: Circumstances) -> Step:
    """Take the candidate's own rating, then reveal the debrief."""
    text = event.text.strip().rstrip(".")
    if not (text.isdecimal() and int(text) in RATINGS):
        return session, (Say(replies.RATE_AGAIN, Tone.QUESTION),)
    session = replace(session, self_rating=int(text))
    return and_then((RecordSelfRating(int(text)),), _finish(session, around))


def reveal(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """The debrief without an own rating."""
    return _finish(session, around)


def _finish(session: Session, around: Circumstances) -> Step:
    session = replace(session, state=State.FINISHED, ended_at=around.now, stories=())
    judged = debrief(session, around.bank)
    return session, (
        RecordDebrief(judged),
        Say(summary(judged), Tone.DEBRIEF, blocks=for_chat(judged), with_report=True),
    )

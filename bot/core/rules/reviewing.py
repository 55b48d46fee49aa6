"""After the story: the person's own ratings, the follow-ups, and the feedback."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.effects import Effect, RecordAnswer, RecordStoryRating, Say, Tone
from bot.core.events import Answered, Commanded
from bot.core.model import When
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import Answer, Probe, RehearsalKind, Session, State
from bot.core.stories import rehearsals
from bot.core.text import blocks, replies
from bot.core.text import rehearsal_text as words

MAX_REPLY = 4_000  # characters to one follow-up
CHOICES = tuple("12345")
_RATED = re.compile(r"([1-5])(?:[\s,;/]+([1-5]))?\.?")
_BEFORE, _AFTER = 2, 4  # ratings given once both were asked for


def begin(session: Session, said: str) -> Step:
    """Ask how the story was; one that was only written anew gets its feedback at once."""
    if rehearsals.of(session).kind is RehearsalKind.EDIT:
        session = _with_ratings(session, (0, 0))
        return and_then((Say(said),), _give_feedback(session))
    session = replace(session, state=State.APPRAISING)
    return session, (_ask(session, said),)


def next_rating(session: Session) -> str:
    """The rating that is asked for."""
    questions = (words.CLARITY, words.IMPACT, words.CLARITY_AFTER, words.IMPACT_AFTER)
    return questions[len(session.telling.ratings)]


def _ask(session: Session, before: str = "") -> Say:
    """Ask for the next rating."""
    return Say(f"{before}\n\n{next_rating(session)}".strip(), Tone.QUESTION, CHOICES)


def rate(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take one rating, or both at once."""
    found = _RATED.fullmatch(event.text.strip())
    given = tuple(int(number) for number in found.groups() if number) if found else ()
    ratings = session.telling.ratings
    if not given or (len(ratings) + len(given) > _BEFORE > len(ratings)) or len(ratings) + len(given) > _AFTER:
        return session, (Say(words.RATE_AGAIN, Tone.QUESTION, CHOICES),)
    return _rated(_with_ratings(session, given), context)


def skip(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Go on without this rating."""
    missing = 2 - len(session.telling.ratings) % 2
    return _rated(_with_ratings(session, (0,) * missing), context)


def _with_ratings(session: Session, given: tuple[int, ...]) -> Session:
    return replace(session, telling=replace(session.telling, ratings=(*session.telling.ratings, *given)))


def _rated(session: Session, context: RuleContext) -> Step:
    """Go on once both ratings are given: with the follow-ups after the first two, with the end after the last."""
    ratings = session.telling.ratings
    if len(ratings) % 2:
        return session, (_ask(session),)
    record = _record(session)
    return and_then(record, _follow_up(session) if len(ratings) == _BEFORE else _finish(session, context))


def _record(session: Session) -> tuple[Effect, ...]:
    *_, clarity, impact = session.telling.ratings
    if not (clarity and impact):
        return ()
    before = len(session.telling.ratings) == _BEFORE
    return (RecordStoryRating(rehearsals.number(session), clarity, impact, before),)


def _follow_up(session: Session) -> Step:
    """Ask what an interviewer would ask next; when there is nothing left to ask, the feedback."""
    found = rehearsals.next_probe(session)
    if found is None:
        return _give_feedback(session)
    probe = Probe(When.MISSING, words.probe(found), found.seeks.value)
    turn = replace(session.turn, probes=(*session.turn.probes, probe))
    return replace(session.with_turn(turn), state=State.FOLLOWING_UP), (Say(probe.ask, Tone.QUESTION),)


def reply(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take one message as the answer to a follow-up."""
    if not event.text.strip():
        return session, ()
    if len(event.text) > MAX_REPLY:
        return session, (Say(replies.TOO_LONG),)
    number = len(session.turn.probes)
    answer = Answer(event.text, context.now, number, event.source)
    session = session.with_answer(answer)
    return and_then((RecordAnswer(session.turn_number, number, event.text, event.source),), _follow_up(session))


def leave_out(session: Session, _event: Commanded, _context: RuleContext) -> Step:
    """Leave this follow-up out, and ask the next one."""
    return _follow_up(session)


def enough(session: Session, _event: Commanded, _context: RuleContext) -> Step:
    """Ask no more follow-ups."""
    return _give_feedback(session)


def _give_feedback(session: Session) -> Step:
    session = replace(session, state=State.APPRAISING)
    return session, (_feedback(session), _ask(session))


def _feedback(session: Session) -> Say:
    shown = words.feedback(session)
    return Say(blocks.text(shown), Tone.DEBRIEF, blocks=shown)


def conclude(session: Session, context: RuleContext) -> Step:
    """Give the feedback, and end."""
    return and_then((_feedback(session),), _finish(session, context))


def stop(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """End here, with the feedback unless it was given already."""
    given = session.state is State.APPRAISING and len(session.telling.ratings) >= _BEFORE
    return _finish(session, context) if given else conclude(session, context)


def _finish(session: Session, context: RuleContext) -> Step:
    last = Say(words.closing(session))
    return replace(session, state=State.FINISHED, ended_at=context.now, stories=()), (last,)

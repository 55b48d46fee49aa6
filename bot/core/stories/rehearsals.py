"""How a rehearsal stands, read from its session: what was told, under which number, and what is asked for next."""

from __future__ import annotations

from bot.core import stories
from bot.core.assessment import Section
from bot.core.session import Answer, OwnStory, Rehearsal, RehearsalKind, Session
from bot.core.stories import Seek

SECONDS = 15 * 60  # ample for 300 words typed with pauses to think; the target is two minutes of speech
PROBES = 3
KEPT_WORDS = 15  # from so many words on what was written is kept, whatever it lacks
# Where somebody has told all sections and it is still too little, more is asked for in this order.
_MORE = (Section.ACTION, Section.RESULT, Section.SITUATION, Section.TASK, Section.LEARNING)


def of(session: Session) -> Rehearsal:
    """What is rehearsed."""
    if not isinstance(session.activity, Rehearsal):
        message = f"Session {session.id} is no rehearsal."
        raise AssertionError(message)  # noqa: TRY004 - a fault of ours, and no type that somebody passed
    return session.activity


def is_guided(session: Session) -> bool:
    """Whether the story is asked for section by section."""
    return of(session).kind is RehearsalKind.NEW


def messages(session: Session) -> tuple[Answer, ...]:
    """The messages of the story; a section that was left out is an empty one."""
    return tuple(answer for answer in session.turn.answers if answer.probe == 0)


def is_begun(session: Session) -> bool:
    """Whether anything was told yet."""
    return any(answer.text for answer in messages(session))


def told(session: Session) -> str:
    """The story as it stands."""
    if is_guided(session):
        return stories.with_labels(_by_section(session))
    text = "\n".join(answer.text for answer in messages(session) if answer.text)
    edited = own_story(session) if of(session).kind is RehearsalKind.EDIT else None
    return stories.rewritten(edited.text, text) if edited and text else text


def words(session: Session) -> int:
    """How many words the story has so far, without labels of ours."""
    if of(session).kind is RehearsalKind.EDIT:
        return len(told(session).split()) if is_begun(session) else 0
    return sum(len(answer.text.split()) for answer in messages(session))


def _by_section(session: Session) -> dict[Section, str]:
    found: dict[Section, list[str]] = {}
    for answer, label in zip(messages(session), session.telling.labels, strict=True):
        if answer.text:
            own = stories.labelled(answer.text) or {label or Section.ACTION: answer.text}
            for section, text in own.items():
                found.setdefault(section, []).append(text)
    return {section: "\n".join(texts) for section, texts in found.items()}


def section_asked(session: Session) -> Section | None:
    """The section that is asked for now; None once each was told or left out."""
    done = {*session.telling.labels, *_by_section(session)}
    return next((section for section in Section if section not in done), None)


def section_lacking(session: Session) -> Section:
    """The section to say more about, once all were asked for."""
    there = _by_section(session)
    return next((section for section in _MORE if section not in there), _MORE[0])


def own_story(session: Session) -> OwnStory | None:
    """The story of the bank that is told: the one practised or edited, else one that is known again.

    Who gives a story a new title beforehand means a new story.
    """
    rehearsal = of(session)
    if rehearsal.kind is RehearsalKind.NEW and rehearsal.title:
        return None
    if rehearsal.kind in {RehearsalKind.PRACTICE, RehearsalKind.EDIT}:
        return next((own for own in session.stories if own.number == rehearsal.number), None)
    return stories.recognised(told(session), session.stories)


def number(session: Session) -> int:
    """The number of the story that is told."""
    own = own_story(session)
    return own.number if own else of(session).number


def title(session: Session) -> str:
    """Its title: the one it has or was given, else its first words."""
    own = own_story(session)
    return (own.title if own else "") or of(session).title or stories.title_of(told(session))


def is_untitled(session: Session) -> bool:
    """Whether its first words have to do for a title."""
    return own_story(session) is None and not of(session).title


def competencies(session: Session) -> tuple[str, ...]:
    """What it shows from now on: what it showed before, and what was asked for."""
    own = own_story(session)
    asked = of(session).competency
    return tuple(dict.fromkeys((*(own.competencies if own else ()), *([asked] if asked else ()))))


def times_told(session: Session) -> int:
    """How many times this story was told, with this one; writing it anew is no telling."""
    own = own_story(session)
    return (own.times if own else 0) + (of(session).kind is not RehearsalKind.EDIT)


def replies(session: Session) -> tuple[str, ...]:
    """What was said to each follow-up so far; nothing to one that was left out."""
    said = {answer.probe: answer.text for answer in session.turn.answers}
    return tuple(said.get(number, "") for number in range(1, len(session.turn.probes) + 1))


def next_probe(session: Session) -> stories.Probe | None:
    """What an interviewer would ask next; None when enough was asked, or all was said."""
    probes = session.turn.probes
    if len(probes) >= PROBES:
        return None
    asked = {Seek(probe.about) for probe in probes}
    if Seek.DIFFERENTLY in asked:
        asked.add(Seek.LEARNING)  # mostly asked in the same words
    others = [(Seek(seeks), ask) for seeks, ask in of(session).probes]
    return stories.next_probe(told(session), [text for text in replies(session) if text], asked, others)


def answered(session: Session) -> tuple[bool, ...]:
    """Whether the reply to each follow-up said what it asked for."""
    text, said = told(session), replies(session)
    return tuple(
        Seek(probe.about) in stories.already_said(text, [reply for reply in said[: at + 1] if reply])
        for at, probe in enumerate(session.turn.probes)
    )


def is_over_used(session: Session) -> bool:
    """Whether it was told so often that another one should be ready."""
    return times_told(session) >= stories.OFTEN_TOLD and of(session).kind is not RehearsalKind.EDIT

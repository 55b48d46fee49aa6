"""Every sentence of a rehearsal: the prompt, the sections, the ratings, the follow-ups and the feedback."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import stories
from bot.core.assessment import Section
from bot.core.document import Block, Bullets, Heading, Paragraph
from bot.core.plurals import plural
from bot.core.session import RehearsalKind, Session, Turn
from bot.core.stories import rehearsals
from bot.core.text.feedback import review_lines
from bot.core.text.replies import minutes

_SECTIONS = {
    Section.SITUATION: "where and when was this, and what was going wrong? One or two sentences.",
    Section.TASK: "what was expected of you? One sentence.",
    Section.ACTION: "what did you do yourself, step by step? Most of the story, told with I.",
    Section.RESULT: "how did it end? A number before and after, if you know one.",
    Section.LEARNING: "what do you do differently since then? One sentence.",
}
_MORE = {
    Section.SITUATION: "Say where this was, and what was going wrong",
    Section.TASK: "Say what was expected of you",
    Section.ACTION: "Say more of what you did yourself, step by step",
    Section.RESULT: "Say how it ended, and what had changed",
    Section.LEARNING: "Say what you do differently since then",
}
_OFTEN = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}
_ASKED = {
    stories.Seek.OWN_ACTION: "what you did yourself",
    stories.Seek.NUMBER: "the number before and after",
    stories.Seek.DIFFERENTLY: "what you would do differently",
    stories.Seek.DISSENT: "who disagreed",
    stories.Seek.LEARNING: "what you learned",
    stories.Seek.ALTERNATIVE: "what else you considered",
    stories.Seek.RESULT: "how it ended",
}
_QUOTED = 25  # words of a sentence that a follow-up goes on from

NOTED = "Noted. Go on in as many messages as you like, and send /done when the story is complete."
NOTHING_YET = "Nothing is written yet. Tell it in your own words, or send /skip to leave it."
TIME_UP = "Time is up, so we take the story as it stands."
CLARITY = "How clear was it, from 1, hard to follow, to 5, clear at once?"
IMPACT = "And how much impact does it show, from 1, hardly any, to 5, a lot?"
CLARITY_AFTER = "Now that you have seen this: how clear was it, from 1 to 5?"
IMPACT_AFTER = "And its impact, from 1 to 5?"
RATE_AGAIN = "Please send one number from 1 to 5, or /skip to go on without a rating."
NO_HINT = "Say where it was, what was expected of you, what you did, how it ended and what you learned."


def opening(session: Session) -> str:
    """The first words of a rehearsal."""
    rehearsal = rehearsals.of(session)
    match rehearsal.kind:
        case RehearsalKind.NEW:
            begun = f'A new story, "{rehearsal.title}".' if rehearsal.title else "A new story for your bank."
            five = "We take it in five steps, one message each; /skip leaves a step out."
            return f"{begun} {five}{_clock(session.turn)}\n\n{pending(session)}"
        case RehearsalKind.EDIT:
            anew = "Send it anew in one or several messages, or only a section that changes, as in: Result: ..."
            return f"{pending(session)}\n\n{anew} Then send /done."
        case _:
            how = "Answer as you would speak, in one or several messages, and send /done at the end."
            return f"{pending(session)}\n\n{how} Two minutes of speech are about 300 words.{_clock(session.turn)}"


def _clock(turn: Turn) -> str:
    return f" There are {minutes(turn.limit)}." if turn.limit is not None else ""


def pending(session: Session) -> str:
    """What is to be told now."""
    rehearsal = rehearsals.of(session)
    own = rehearsals.own_story(session)
    prompt = rehearsal.prompt or "Tell the story as you would in an interview."
    match rehearsal.kind:
        case RehearsalKind.NEW:
            about = f"Think of one that answers this question: {rehearsal.prompt}\n\n" if rehearsal.prompt else ""
            return f"{'' if rehearsals.is_begun(session) else about}{section(session)}"
        case RehearsalKind.EDIT:
            text = own.text if own else ""
            return f"Story {rehearsal.number}, {rehearsal.title}, as it stands:\n\n{text}"
        case RehearsalKind.PRACTICE:
            return f"Story {rehearsal.number}, {rehearsal.title}. The interviewer asks:\n\n{prompt}"
        case _:
            return f"{rehearsal.competency_title}.\n\n{prompt}"


def section(session: Session) -> str:
    """Which section is asked for, and what belongs there."""
    asked = rehearsals.section_asked(session)
    if asked is None:
        return f"{_MORE[rehearsals.section_lacking(session)]}, then send /done."
    return f"{asked.capitalize()}: {_SECTIONS[asked]}"


def hint(session: Session) -> str:
    """What the interviewer looks for, and how far the story should reach."""
    rehearsal = rehearsals.of(session)
    if not rehearsal.looks_for:
        return NO_HINT
    return f"{rehearsal.looks_for}\nAt your level: {rehearsal.scope}"


def not_enough(session: Session) -> str:
    """The story cannot be judged yet; what to add."""
    seen = stories.review(rehearsals.told(session))
    first, target = (line for line, _ in review_lines(seen))
    wanted = section(session) if rehearsals.is_guided(session) else f"{target} Then send /done again."
    return f"{first} {wanted}"


def half_time(session: Session, left: int) -> str:
    """The nudge for a story that was not begun."""
    what = "first sentence" if rehearsals.is_guided(session) else "place and the problem"
    return f"{minutes(left).capitalize()} left. Start with the {what}; /hint and /skip are there."


def warning(left: int) -> str:
    """The one warning near the end."""
    return f"{minutes(left).capitalize()} left. Whatever is written by then is taken as it stands."


def time_left(session: Session, now: int) -> str:
    """How much was told, and how much time is left."""
    turn, count = session.turn, rehearsals.words(session)
    told = f"{plural(count, 'word')} so far; {stories.TARGET_WORDS} are two minutes of speech."
    if turn.due_at is None:
        return f"Nothing is timed. {told}"
    return f"{minutes(max(0, turn.due_at - now)).capitalize()} left. {told}"


def kept(number: int, title: str, *, is_new: bool) -> str:
    """The story is in the bank."""
    return f"Kept as story {number}, {title}." if is_new else f"Kept as a new version of story {number}, {title}."


def probe(found: stories.Probe) -> str:
    """A follow-up, with the words it goes on from."""
    return f'You said: "{_opening(found.quote)}" {found.question}' if found.quote else found.question


def _opening(said: str) -> str:
    """The first words of what was said, enough to know it again."""
    words = said.split()
    return " ".join(words[:_QUOTED]) + "…" * (len(words) > _QUOTED)


def feedback(session: Session) -> tuple[Block, ...]:
    """What the story shows and lacks, what the follow-ups added, and one thing to rewrite."""
    *lines, target = review_lines(stories.review(rehearsals.told(session)))
    head = Heading(3, f"Story {rehearsals.number(session)}, {rehearsals.title(session)}")
    shown: list[Block] = [head, Bullets(tuple(lines))]
    if session.turn.probes:
        shown += [Paragraph("Your answers to the follow-ups"), Bullets(tuple(_followed_up(session)))]
    if rehearsals.is_over_used(session):
        times = often(rehearsals.times_told(session))
        shown.append(Paragraph(f"You have told this one {times}: have another one ready."))
    return (*shown, Paragraph(target[0]))


def _followed_up(session: Session) -> Iterator[tuple[str, str]]:
    said = zip(session.turn.probes, rehearsals.replies(session), rehearsals.answered(session), strict=True)
    for asked, reply, answered in said:
        about = _ASKED[stories.Seek(asked.about)].capitalize()
        if not reply:
            yield f"{about}: left out.", ""
        elif answered:
            yield f"{about}: said now. Work it into the story.", _opening(reply)
        else:
            yield f"{about}: not enough evidence.", _opening(reply)


def told_often(times: int) -> str:
    """In a mock: a story was told that was told often before."""
    return f"You have told this one {often(times)}: have another."


def often(times: int) -> str:
    """How many times, in words where they are few."""
    return plural(times, "time", named=_OFTEN)


def left(*, is_begun: bool, in_time: bool) -> str:
    """The end of a rehearsal in which no story was told."""
    another = "/star picks another whenever you like."
    if is_begun:
        return f"{'' if in_time else 'Time is up. '}That is too short to keep as a story, so we leave it. {another}"
    return f"{'All right' if in_time else 'Time is up'}, we leave this one. {another}"


def closing(session: Session) -> str:
    """The last line: where the story is, and how to go on."""
    number, title = rehearsals.number(session), rehearsals.title(session)
    hints = [
        f"/star name {number} gives it another title" if rehearsals.is_untitled(session) else "",
        "" if rehearsals.competencies(session) else f"/star tag {number} says what it shows",
        f"/star practice {number} tells it again",
        "/star grid shows what your stories cover",
    ]
    return f"Story {number}, {title}, is in your bank. {', '.join(filter(None, hints))}."

"""What the debrief says beside the score: advice, the classic mistakes of such interviews, how a story was told.

None of it touches a score. A section of a story is shown by the candidate's own sentence, or named as missing.
"""

from __future__ import annotations

from bot.core.assessment import Section, StarReading
from bot.core.judgement import Line
from bot.core.model import Question
from bot.core.plurals import plural, times
from bot.core.scoring.checks import BUZZWORD, MODEL_FIRST, NO_DATA, NO_IMPACT, NO_UPKEEP, mistakes
from bot.core.stories import TARGET_WORDS, USUAL_SHARES, Review
from bot.core.text.replies import PHASE_TITLES

LEFT_OPEN = "Left open; try it in your own time."
NO_GAP_STEPS = (
    "Do a longer interview of this kind, so that all four dimensions are asked about.",
    "Do the next one a level higher.",
    "Do the same interview again in a week and compare the two reports.",
)
_MISTAKES = {
    MODEL_FIRST: "The model came before the requirements. Say first what it is for and how success is measured.",
    NO_DATA: "Data and features were not mentioned. Say where examples and labels come from.",
    NO_IMPACT: "An effect was claimed without a number. Say how much, from what to what.",
    NO_UPKEEP: "Nothing was said on monitoring or maintenance. Say what you watch after launch and who acts on it.",
    BUZZWORD: "A technology was named without a reason. Say what it buys here, and what it costs.",
}
_LENGTHS = {"short": "shorter than", "long": "longer than", "right": "within"}


def about(topic: str, phase: str) -> str:
    """The topic of a question, or the part of a design."""
    return PHASE_TITLES[phase] if phase else topic.replace("-", " ").capitalize()


def look_up(question: Question) -> str:
    """A question that was not answered fully, and where to read about it."""
    topic, source = question.topic.replace("-", " "), question.sources[0].rstrip(".")
    return f"Look up {topic} in {source}, then answer that question once more."


def try_later(question: Question) -> str:
    """A question that was left open."""
    return f"Answer the question on {question.topic.replace('-', ' ')} that was left open, in your own time."


def classic_mistakes(question: Question, answer: str) -> tuple[Line, ...]:
    """Each of the five classic mistakes that the answer shows, with the words that show it, if any do."""
    return tuple((_MISTAKES[finding.id], finding.evidence) for finding in mistakes(question, answer))


def story(star: StarReading | None) -> tuple[Line, ...]:
    """How a story was told, line by line, each with the sentence that shows it."""
    if star is None:
        return ()
    lines = [(_section(s.name, round(100 * s.share)), s.evidence) for s in star.sections if s.name not in star.missing]
    lines += [(f"{name.capitalize()}: not enough evidence", "") for name in star.missing]
    lines.append((f"You said I {times(star.singular)} and we {times(star.plural)}", ""))
    lines.append(("A number in the result", star.quantity) if star.quantified else ("No number in the result", ""))
    spoken = f"{star.words} words, about {star.minutes:.1f} minutes of speech"
    lines.append((f"{spoken}, {_LENGTHS.get(star.pace, 'against')} the usual two to four", ""))
    lines.append((f"Filler words: {star.fillers_per_100:.1f} in a hundred", ""))
    return tuple(lines)


def review_lines(seen: Review) -> tuple[Line, ...]:
    """The review of a rehearsed story, line by line, each with the person's own words that show it."""
    if not seen.enough:
        return ((f"Not enough evidence yet: {plural(seen.words, 'word')}.", ""), (seen.target, ""))
    lines = [
        (f"{section.capitalize()}: not enough evidence.", "")
        if section in seen.missing
        else (f"{_section(section, seen.shares[section])}.", seen.quotes[section])
        for section in Section
    ]
    lines.append((f"You said I {times(seen.singular)} and we {times(seen.plural)}.", ""))
    lines.append((f"A number in the result: {seen.number}." if seen.number else "No number in the result.", ""))
    spoken = seen.words / TARGET_WORDS * 2
    lines.append((f"{seen.words} words, about {spoken:.1f} minutes of speech; {seen.target_words} is the target.", ""))
    lines.append((f"Filler words: {len(seen.fillers)}.", ", ".join(dict.fromkeys(map(str.lower, seen.fillers)))))
    return (*lines, (f"First thing to rewrite: {seen.target}", ""))


def _section(section: Section, share: int) -> str:
    usual = f", usually about {USUAL_SHARES[section]} %" if section in USUAL_SHARES else ""
    told = f"{share} % of the words" if share else "within a sentence of another part"
    return f"{section.capitalize()}: {told}{usual}"

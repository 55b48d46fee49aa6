"""What a debrief advises, and what it calls the things it speaks about."""

from __future__ import annotations

from bot.core.model import Question
from bot.core.text.replies import PHASE_TITLES

LEFT_OPEN = "Left open; try it in your own time."
NO_GAP_STEPS = (
    "Do a longer interview of this kind, so that all four dimensions are asked about.",
    "Do the next one a level higher.",
    "Do the same interview again in a week and compare the two reports.",
)


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

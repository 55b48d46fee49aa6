"""Stories for behavioral rounds: their sections, what they lack, what to ask next, and the bank they make up."""

from bot.core.stories.bank import (
    GOAL_COMPETENCIES,
    GOAL_STORIES,
    OFTEN_TOLD,
    POLISHED,
    Cell,
    Grid,
    Rating,
    Story,
    Told,
    Version,
    coverage,
    next_competency,
    over_used,
    with_labels,
)
from bot.core.stories.probes import Probe, Seek, already_said, next_probe
from bot.core.stories.recognising import KNOWN_BY, recognised, title_of
from bot.core.stories.review import TARGET_WORDS, USUAL_SHARES, Review, review
from bot.core.stories.rewriting import labelled, rewritten

__all__ = [
    "GOAL_COMPETENCIES",
    "GOAL_STORIES",
    "KNOWN_BY",
    "OFTEN_TOLD",
    "POLISHED",
    "TARGET_WORDS",
    "USUAL_SHARES",
    "Cell",
    "Grid",
    "Probe",
    "Rating",
    "Review",
    "Seek",
    "Story",
    "Told",
    "Version",
    "already_said",
    "coverage",
    "labelled",
    "next_competency",
    "next_probe",
    "over_used",
    "recognised",
    "review",
    "rewritten",
    "title_of",
    "with_labels",
]

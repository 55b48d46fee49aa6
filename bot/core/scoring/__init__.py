"""Scoring of free-text answers: pure, deterministic, and with the evidence for everything it says."""

from bot.core.scoring.checks import mistakes
from bot.core.scoring.firing import phrasing_fires
from bot.core.scoring.grading import band
from bot.core.scoring.grading import grade as assess

__all__ = [
    "assess",
    "band",
    "mistakes",
    "phrasing_fires",
]

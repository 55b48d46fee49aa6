"""An assessment for a person at a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.assessment import Assessment
from bot.core.model import Question

_CREDIT = {1.0: "made", 0.5: "half made", 0.0: "missing"}


def show(question: Question, assessment: Assessment, out: TextIO) -> None:
    """Print the score, each point with the words that earned it, and what to ask next."""
    console = Console(file=out, highlight=False)
    console.print(f"{question.id}: {round(100 * assessment.score)} of 100, {assessment.band.value}")
    console.print(_points(question, assessment))
    for finding in assessment.misconceptions:
        feedback = next((m.feedback for m in question.misconceptions if m.id == finding.id), "")
        console.print(Text(f'Misconception {finding.id}: "{finding.evidence}". {feedback}'))
    if assessment.flags:
        console.print(f"Flags: {', '.join(flag.value for flag in assessment.flags)}")
    if assessment.star:
        missing = ", ".join(assessment.star.missing) or "none"
        console.print(f"Story sections missing: {missing}")
    probe = next((point.follow_up for point in question.key_points if point.id == assessment.probe), "")
    if probe:
        console.print(Text(f"I would ask next: {probe}"))


def _points(question: Question, assessment: Assessment) -> Table:
    table = Table("key point", "", "your words", show_lines=False, box=None, padding=(0, 2, 0, 0))
    statements = {point.id: point.statement for point in question.key_points}
    for credit in assessment.points:
        verdict = "contradicted" if credit.contradicted else _CREDIT[credit.credit]
        table.add_row(Text(statements[credit.id]), verdict, Text(credit.evidence))
    return table


def as_json(assessment: Assessment) -> str:
    """The assessment as one line of JSON; `band` and `flags` are the words of their enumerations."""
    return json.dumps(asdict(assessment), ensure_ascii=False)

"""Scoring answers from the command line: one, or a file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TextIO

from bot.app.parts import bank_of
from bot.banks.compiled import load_bank
from bot.config import cache_folder
from bot.core.model import Bank
from bot.core.refusal import UsageError
from bot.core.scoring import assess
from bot.core.text.usage import did_you_mean


def score(content: Path, question_id: str, answer: str, *, in_json: bool) -> None:
    """Print the assessment of one answer to a question of the bank; UsageError when there is no such question."""
    from bot.adapters.console import scorecard  # noqa: PLC0415 - a chat needs no table

    bank = bank_of(content)
    if question_id not in bank.questions:
        near = did_you_mean(question_id, bank.questions)
        message = f"There is no question {question_id!r} in the bank.{near}"
        raise UsageError(message)
    question = bank.questions[question_id]
    assessment = assess(question, answer)
    if in_json:
        sys.stdout.write(f"{scorecard.as_json(assessment)}\n")
    else:
        scorecard.show(question, assessment, sys.stdout)


def score_batch(content: Path, lines: Iterable[str], out: TextIO) -> None:
    """One line of JSON for each line of JSON; a line that cannot be scored gets its number and the reason."""
    bank = cache(lambda: load_bank(content, cache_folder()))
    for number, line in enumerate(lines, 1):
        if line.strip():
            out.write(f"{_scored(number, line, bank)}\n")
            out.flush()


def _scored(number: int, line: str, bank: Callable[[], Bank]) -> str:
    from bot.adapters.console import scorecard  # noqa: PLC0415 - as above
    from bot.banks.batch import BadLineError, read_line  # noqa: PLC0415 - a chat needs no bank schema

    try:
        wanted = read_line(line, bank)
    except BadLineError as error:
        return json.dumps({"line": number, "error": f"line {number} {error}"})
    return scorecard.as_json(assess(wanted.question, wanted.answer))

"""Fit and measure the scorer of questions that have only a reference answer.

    python tests/bench/fit_reference.py FOLDER [--write]

FOLDER holds JSON lines with `qid`, `question`, `reference`, `answer` and `score` (0..1, by people), one file a set.
Ridge regression over the features of `bot.core.scoring.features`, five folds by question, every set weighing as the
root of its number of questions. `--write` puts the coefficients of a fit to everything into the package.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from zlib import crc32

from bot.core.scoring.features import NAMES, Compared, compare, reference
from bot.core.scoring.reference import judged
from bot.core.scoring.text import read

FOLDS = 5
RIDGE = 3.0
TARGET = Path(__file__).parents[2] / "bot/core/scoring/coefficients.py"
HEAD = '''"""The fitted scorer of questions that have only a reference answer; written by tests/bench/fit_reference.py.

Ridge regression on answers graded by people: SAF (communication networks, Filighera et al. 2022, MIT) and the training
parts of SciEntsBank and Beetle (SemEval-2013 task 7, Dzikovska et al. 2013, CC BY-SA 3.0); none of their text is kept
here. Five folds by question gave

{figures}
"""

'''
BARS = {"saf_en": ("r", 0.70), "scientsbank": ("AUC", 0.76), "beetle": ("AUC", 0.72)}


@dataclass(frozen=True, slots=True)
class Row:
    """One graded answer."""

    source: str
    question_id: str
    compared: Compared
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model over the features."""

    intercept: float
    weights: tuple[float, ...]


def load(folder: Path) -> list[Row]:
    """All rows of all sets."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)]


def _rows(path: Path) -> Iterator[Row]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    # Many answers to few questions tell less than as many answers to many questions.
    weight = 100 * len({line["qid"] for line in lines}) ** 0.5 / len(lines)
    for line in lines:
        compared = compare(reference(line["question"], line["reference"]), read(line["answer"]))
        yield Row(path.stem, line["qid"], compared, float(line["score"]), weight)


def fit(rows: Sequence[Row], ridge: float = RIDGE) -> Model:
    """Weighted ridge regression by the normal equations."""
    size = len(NAMES) + 1
    left = [[0.0] * size for _ in range(size)]
    right = [0.0] * size
    for row in rows:
        values = (1.0, *row.compared.values)
        for i, value in enumerate(values):
            scaled = row.weight * value
            right[i] += scaled * row.score
            line = left[i]
            for j, other in enumerate(values):
                line[j] += scaled * other
    for i in range(1, size):
        left[i][i] += ridge
    solved = solve(left, right)
    return Model(solved[0], tuple(solved[1:]))


def solve(left: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivoting."""
    size = len(right)
    table = [[*line, value] for line, value in zip(left, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(table[k][i]))
        table[i], table[pivot] = table[pivot], table[i]
        for k in range(i + 1, size):
            factor = table[k][i] / table[i][i]
            for j in range(i, size + 1):
                table[k][j] -= factor * table[i][j]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = sum(table[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (table[i][size] - known) / table[i][i]
    return solution


def out_of_fold(rows: Sequence[Row]) -> list[float]:
    """Predictions for every row by a model that has not seen its question."""
    predictions = [0.0] * len(rows)
    for fold in range(FOLDS):
        model = fit([row for row in rows if _fold(row) != fold])
        for at, row in enumerate(rows):
            if _fold(row) == fold:
                predictions[at] = judged(row.compared, model.intercept, model.weights)
    return predictions


def _fold(row: Row) -> int:
    return crc32(f"{row.source}/{row.question_id}".encode()) % FOLDS


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Correlation of predictions with human scores."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    cov = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    var_x, var_y = sum((x - mean_x) ** 2 for x in xs), sum((y - mean_y) ** 2 for y in ys)
    return cov / (var_x * var_y) ** 0.5 if var_x and var_y else 0.0


def auc(xs: Sequence[float], ys: Sequence[float]) -> float:
    """How often a right answer (score above .5) stands above a wrong one; ties count half."""
    ordered = sorted(zip(xs, (y > 0.5 for y in ys), strict=True))
    wrong_below, wins = 0, 0.0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        rights = [right for _, right in group]
        wrongs = rights.count(False)
        wins += rights.count(True) * (wrong_below + wrongs / 2)
        wrong_below += wrongs
    right = sum(1 for y in ys if y > 0.5)
    return wins / (right * wrong_below) if right and wrong_below else 0.0


def table(rows: Sequence[Row], predictions: Sequence[float]) -> str:
    """The figures of every set as a markdown table."""
    lines = ["| set | answers | questions | Pearson r | AUC | bar |", "|---|---|---|---|---|---|"]
    for source in sorted({row.source for row in rows}):
        own = [(p, row) for p, row in zip(predictions, rows, strict=True) if row.source == source]
        scores, guesses = [row.score for _, row in own], [p for p, _ in own]
        name, bar = BARS.get(source, ("", 0.0))
        questions = len({row.question_id for _, row in own})
        lines.append(
            f"| {source} | {len(own)} | {questions} | {pearson(guesses, scores):.3f} | {auc(guesses, scores):.3f} "
            f"| {name} >= {bar:.2f} |"
        )
    return "\n".join(lines)


def written(model: Model, figures: str) -> str:
    """The module with the coefficients."""
    weights = "\n".join(f"    {w:.4f},  # {name}" for name, w in zip(NAMES, model.weights, strict=True))
    return HEAD.format(figures=figures) + (
        f"INTERCEPT = {model.intercept:.4f}\n# In the order of `features.NAMES`.\nWEIGHTS = (\n{weights}\n)\n"
    )


def main() -> None:
    """Fit, measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the coefficients into the package")
    arguments = parser.parse_args()
    rows = load(arguments.folder)
    figures = table(rows, out_of_fold(rows))
    sys.stdout.write(figures + "\n")
    if arguments.write:
        TARGET.write_text(written(fit(rows), figures), "utf-8")


if __name__ == "__main__":
    main()

"""Measure the scorer: hostile set, questions with a reference answer only, and time per answer; prints markdown.

    python tests/bench/bench_scoring.py [GRADED]

GRADED is a folder of graded answers as `fit_reference` reads it; without it that table is left out.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import fit_reference
import yaml
from machine import described

from bot.banks.loader import read
from bot.banks.schema import WrittenQuestion
from bot.core.model import Question, Stage
from bot.core.scoring import assess

ROOT = Path(__file__).parents[2]
HOSTILE = ROOT / "tests/core/scoring/hostile.yaml"
BLIND = ROOT / "tests/core/scoring/blind.yaml"
UNSEEN = ROOT / "tests/core/scoring/unseen.yaml"
RIGHT, WRONG = 0.4, 0.2  # grades from which an answer is right, and up to which it is wrong
SHORT, LONG = 200, 5000
MOST_POINTS = 8
ROUNDS = 500
CHUNK = 40


@dataclass(frozen=True, slots=True)
class Case:
    """One answer of the hostile set and its score."""

    question: str
    part: str
    kind: str
    score: float


def scored(file: Path, questions: Mapping[str, Question]) -> list[Case]:
    """Score a set of right answers and bluffs."""
    return [
        Case(entry["question"], part, case["kind"], _score(questions[entry["question"]], case["answer"]))
        for entry in yaml.safe_load(file.read_text("utf-8"))
        for part in ("complete", "partial", "attacks")
        for case in entry.get(part, [])
    ]


def _score(question: Question, answer: str) -> float:
    return assess(question, answer.replace("{prompt}", question.prompt)).score


def hostile_table(cases: Sequence[Case]) -> Iterator[str]:
    """The three bars of the hostile set, and the mean score of every kind."""
    attacks = [case for case in cases if case.part == "attacks"]
    rights = [case for case in cases if case.part != "attacks"]
    complete = [case.score for case in rights if case.part == "complete"]
    pairs = [right.score > bluff.score for right, bluff in product(rights, attacks) if right.question == bluff.question]
    questions = len({case.question for case in cases})
    yield f"{len(cases)} cases over {questions} questions"
    yield ""
    yield "| figure | value | bar |"
    yield "|---|---|---|"
    yield f"| right answer above bluff, same question ({len(pairs)} pairs) | {_percent(pairs)} | 97 % |"
    yield f"| highest score of a bluff | {max(case.score for case in attacks):.2f} | < .50 |"
    yield f"| complete answers that reach .65 | {_percent([score >= 0.65 for score in complete])} | 90 % |"
    yield ""
    yield "| kind | cases | mean score |"
    yield "|---|---|---|"
    for part, group in (("right", rights), ("bluff", attacks)):
        for kind in sorted({case.kind for case in group}):
            scores = [case.score for case in group if case.kind == kind]
            yield f"| {part}: {kind} | {len(scores)} | {sum(scores) / len(scores):.2f} |"


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with the grade its writer gave it before it was scored."""

    question: str
    kind: str
    grade: float
    score: float


def graded(file: Path, questions: Mapping[str, Question]) -> list[Graded]:
    """Score a set of answers that were graded by their writers."""
    return [
        Graded(e["question"], e["kind"], float(e["grade"]), _score(questions[e["question"]], e["text"]))
        for e in yaml.safe_load(file.read_text("utf-8"))
    ]


def graded_table(answers: Sequence[Graded]) -> Iterator[str]:
    """The correlation with the grades, right above wrong, bluffs that pass, and the mean score of every kind."""
    rights = [a for a in answers if a.grade >= RIGHT]
    wrongs = [a for a in answers if a.grade <= WRONG]
    pairs = [right.score > wrong.score for right, wrong in product(rights, wrongs) if right.question == wrong.question]
    correlation = fit_reference.pearson([a.score for a in answers], [a.grade for a in answers])
    yield f"{len(answers)} answers to {len({a.question for a in answers})} questions"
    yield ""
    yield "| figure | value | bar |"
    yield "|---|---|---|"
    yield f"| correlation with the grades | {correlation:.3f} | .87 |"
    yield f"| right above wrong, same question ({len(pairs)} pairs) | {_percent(pairs)} | 98 % |"
    yield f"| wrong answers at .5 or more | {sum(a.score >= 0.5 for a in wrongs)} of {len(wrongs)} | 0 |"
    yield ""
    yield "| kind | answers | mean grade | mean score |"
    yield "|---|---|---|---|"
    for kind in sorted({a.kind for a in answers}):
        group = [a for a in answers if a.kind == kind]
        grade, score = (sum(values) / len(group) for values in ([a.grade for a in group], [a.score for a in group]))
        yield f"| {kind} | {len(group)} | {grade:.2f} | {score:.2f} |"


def _percent(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.1f} %"


def timings(questions: Sequence[WrittenQuestion]) -> Iterator[str]:
    """The time of an answer, over answers put together from the samples of all questions."""
    chance = random.Random(5)  # noqa: S311 - a benchmark wants the same texts each time
    chosen = [q for q in questions if q.stage is Stage.FUNDAMENTALS and len(q.key_points) <= MOST_POINTS]
    samples = [sample.split() for question in questions for sample in question.samples.full]
    for question in chosen:
        assess(question, "warm up")
    yield "| answer | answers | median ms | p95 ms | bar |"
    yield "|---|---|---|---|---|"
    for words, rounds, bar in ((SHORT, ROUNDS, "p95 <= 5 ms"), (LONG, ROUNDS // 10, "<= 60 ms")):
        taken = sorted(_taken(chance.choice(chosen), _text(samples, words, chance)) for _ in range(rounds))
        middle, high = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
        yield f"| {words} words, up to {MOST_POINTS} points | {rounds} | {middle:.1f} | {high:.1f} | {bar} |"


def _text(samples: Sequence[Sequence[str]], words: int, chance: random.Random) -> str:
    found: list[str] = []
    while len(found) < words:
        sample = chance.choice(samples)
        begin = chance.randrange(len(sample))
        found += sample[begin : begin + CHUNK]
    return " ".join(found[:words])


def _taken(question: Question, answer: str) -> float:
    started = time.perf_counter()
    assess(question, answer)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graded", type=Path, nargs="?")
    human = parser.parse_args().graded
    questions = {placed.noun.id: placed.noun for placed in read([ROOT / "content"]).questions}
    print(f"# The scorer, measured\n\n{described()}\n\n## Hostile set\n")
    print("\n".join(hostile_table(scored(HOSTILE, questions))))
    print("\n## Blind set\n")
    print("\n".join(hostile_table(scored(BLIND, questions))))
    print("\n## Unseen set, graded by its writers\n")
    print("\n".join(graded_table(graded(UNSEEN, questions))))
    print("\n## Time\n")
    print("\n".join(timings(tuple(questions.values()))))
    if human:
        rows = fit_reference.load(human)
        print("\n## Reference answer only, five folds by question\n")
        print(fit_reference.table(rows, fit_reference.out_of_fold(rows)))


if __name__ == "__main__":
    main()

"""Labelled stories read by the one reader of stories: how much of what they tell is found, named, quoted and suggested.

Only totals are printed, so that a file can stay held out.

Run: `python tests/bench/bench_stories.py STORIES.yaml ...`. It prints a Markdown table a file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.core.scoring.story_reading import read_story
from bot.core.scoring.story_sections import parts
from labelled_stories import Story, rows, stories_in
from sample_stories import shipped_catalogue


def milliseconds(stories: Sequence[Story]) -> float:
    """How long one story takes, the median, and its suggestion with it."""
    taken = []
    for story in stories:
        parts.cache_clear()
        started = time.process_time()
        read_story(story.text)
        shipped_catalogue().suggested(story.text)
        taken.append(1000 * (time.process_time() - started))
    return median(taken)


def main() -> None:
    """Print a table for each file."""
    for path in sys.argv[1:]:
        stories = stories_in(Path(path))
        print(f"{Path(path).name}: {len(stories)} stories, {milliseconds(stories):.1f} ms each\n")
        print("| what | of | share | bar |\n|---|---|---|---|")
        for what, holds, bar in rows(stories):
            share = f"{sum(holds) / len(holds):.2f}" if holds else "-"
            print(f"| {what} | {len(holds)} | {share} | {f'{bar:.2f}' if bar else ''} |")
        print()


if __name__ == "__main__":
    main()

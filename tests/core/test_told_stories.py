"""Stories as people of many jobs type them, written by somebody who knew nothing of the reader: what it must reach."""

from pathlib import Path

import pytest

from labelled_stories import rows, stories_in

STORIES = stories_in(Path(__file__).with_name("told_stories.yaml"))
BARS = {what: (holds, bar) for what, holds, bar in rows(STORIES) if bar}


@pytest.mark.parametrize("what", BARS)
def test_the_bars_are_held(what):
    holds, bar = BARS[what]
    assert sum(holds) >= bar * len(holds)

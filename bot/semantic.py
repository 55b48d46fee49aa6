"""The optional extra `mockbot[semantic]`: how alike two sentences are, from word vectors that come with the package.

WordLlama (https://github.com/dleemiller/WordLlama) was chosen as it runs in a millisecond and brings its 16 MB of
weights in its own wheel, so that nothing is fetched. It may add half a point where nothing speaks against
it (see `bot.core.scoring.similarity`); without it everything works.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

Similarity = Callable[[str, str], float]

ABSENT = "The semantic extra is not installed (pip install 'mockbot[semantic]'); scoring goes on without it."
FAILED = "The semantic extra failed ({}); scoring goes on without it."


def load(say: Callable[[str], None]) -> Similarity | None:
    """A similarity of sentences from 0 to 1, or None after saying in one sentence why there is none."""
    try:
        import wordllama  # noqa: PLC0415 - an optional extra, and slow to load

        folder = Path(wordllama.__file__).parent
        model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    except ImportError:
        say(ABSENT)
        return None
    except Exception as error:  # noqa: BLE001 - whatever fails in a foreign package, the default works
        say(FAILED.format(error))
        return None
    return guarded(model.similarity, say)


def guarded(similar: Similarity, say: Callable[[str], None]) -> Similarity:
    """The same similarity, which says so once and finds nothing alike from then on when it fails."""
    failed = False

    def safely(one: str, other: str) -> float:
        nonlocal failed
        if failed:
            return 0.0
        try:
            return float(similar(one, other))
        except Exception as error:  # noqa: BLE001 - as above
            failed = True
            say(FAILED.format(error))
            return 0.0

    return safely


def to_stderr(sentence: str) -> None:
    """Say it where it disturbs no output."""
    sys.stderr.write(f"{sentence}\n")

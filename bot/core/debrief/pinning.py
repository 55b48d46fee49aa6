"""A rubric as text, so that a session can carry it at next to no cost until it is judged.

Read as nouns with every answer, it would double the time that a session takes to be stored and to be read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.core.model import Anchors, Dimension, Evidence, Kind, StageRubric


def pinned(rubric: StageRubric) -> str:
    """The rubric as JSON."""
    return json.dumps(asdict(rubric), ensure_ascii=False, separators=(",", ":"))


def unpinned(text: str) -> StageRubric:
    """The rubric that `pinned` wrote."""
    written = json.loads(text)
    return StageRubric(**{**written, "dimensions": tuple(map(_dimension, written["dimensions"]))})


def _dimension(written: dict[str, Any]) -> Dimension:
    evidence, anchors = _evidence(written["evidence"]), Anchors(**written["anchors"])
    return Dimension(**{**written, "evidence": evidence, "anchors": anchors})


def _evidence(written: dict[str, Any]) -> Evidence:
    lists = {name: tuple(value) for name, value in written.items() if isinstance(value, list)}
    return Evidence(**{**written, **lists, "kinds": tuple(map(Kind, written["kinds"]))})

"""A document of few kinds of blocks, before anybody decided how it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1, 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; an item may carry the candidate's own words."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text as it was typed, or code: shown as it is under a short title, folded where the format can."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Prose of ours that shows when it is asked for, such as a model answer, under a short title."""

    title: str
    prose: str


Block = Heading | Paragraph | Bullets | Verbatim | Folded

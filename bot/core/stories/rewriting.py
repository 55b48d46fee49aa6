"""Stories put together from labelled sections, and one section put in the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.assessment import Section
from bot.core.scoring.story_cues import LABEL
from bot.core.scoring.story_sections import parts, pieces
from bot.core.stories.bank import with_labels

_WHOLE = 3  # who labels three sections tells the whole story
_ORDER = tuple(Section)


def labelled(text: str) -> Mapping[Section, str]:
    """The sections of a text that begins with a label, each in the words typed behind it; else none."""
    told: dict[Section, list[str]] = {}
    section = None
    for piece in pieces(text):
        label = next((section for section, pattern in LABEL.items() if pattern.match(piece)), None)
        section = label or section
        if section is None:
            return {}
        told.setdefault(section, []).append(LABEL[label].sub("", piece, count=1) if label else piece)
    whole = {section: "\n".join(filter(None, lines)) for section, lines in told.items()}
    return {section: words for section, words in whole.items() if words}


def rewritten(story: str, text: str) -> str:
    """The story anew, or with the one or two sections put in their places that the text labels."""
    new = labelled(text)
    if not new or len(new) >= _WHOLE:
        return text
    old = labelled(story)
    if old:
        return with_labels({**old, **new})
    for section, words in new.items():
        story = _put(story, section, words)
    return story


def _put(story: str, section: Section, words: str) -> str:
    """An unlabelled story with the sentences of one section replaced, or added where they belong."""
    told = list(_spans(story))
    mine = [(start, end) for start, end, shown in told if shown is section]
    later = [start for start, _, shown in told if shown and _ORDER.index(shown) > _ORDER.index(section)]
    at = mine[0][0] if mine else min(later, default=len(story))
    for start, end in reversed(mine):
        story = story[:start] + story[end:]
    lines = (story[:at].strip(), with_labels({section: words}), story[at:].strip())
    return "\n".join(line for line in lines if line)


def _spans(story: str) -> Iterator[tuple[int, int, Section | None]]:
    """Where each sentence stands in the story, and which section it shows."""
    at = 0
    for part in parts(story):
        at = story.index(part.text, at)
        yield at, at + len(part.text), part.section if part.weight else None
        at += len(part.text)

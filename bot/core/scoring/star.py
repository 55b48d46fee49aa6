"""Taking a told story apart: situation, task, action, result, learning, with the sentence that shows each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.scoring.assessment import StarReading, StarSection
from bot.core.scoring.star_cues import (
    CUES,
    DEED,
    ENDED,
    FILLERS,
    HYPOTHETICAL,
    LABELS,
    ME,
    NOTE_DEED,
    QUANTITY,
    SECTIONS,
    US,
)

WORDS_A_MINUTE = 150  # of unhurried speech
SHORTEST, LONGEST = 2.0, 4.0  # minutes; interviewers ask for about three
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.!?;]+(?=\s|$)|\n|[.!?;]|$)")
_MOST_SENTENCES = 2000
_MOSTLY = 0.5
_SHARES = {"situation": 0.15, "task": 0.15, "action": 0.35, "result": 0.25, "learning": 0.10}
_EARLY, _LATE = 0.3, 0.6
_VAGUE_CAP = 0.2
_UNQUANTIFIED = 0.6  # of the worth of a result told without any number


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    section: str
    strength: int
    words: int


def read_star(answer: str) -> StarReading:
    """Recognise the sections of a story, labelled or not, in any order."""
    sentences = _with_own_deeds(list(_classified(answer)))
    words = sum(sentence.words for sentence in sentences)
    sections = tuple(_section(name, sentences, words) for name in SECTIONS if _best(name, sentences))
    shown = {section.name for section in sections}
    quantity = _quantity(sentences)
    minutes = words / WORDS_A_MINUTE
    return StarReading(
        sections=sections,
        missing=tuple(name for name in SECTIONS if name not in shown),
        singular=len(ME.findall(answer)),
        plural=len(US.findall(answer)),
        quantified=bool(quantity),
        quantity=quantity,
        fillers_per_100=round(100 * len(FILLERS.findall(answer)) / words, 2) if words else 0.0,
        words=words,
        minutes=round(minutes, 2),
        pace="short" if minutes < SHORTEST else "long" if minutes > LONGEST else "right",
        hypothetical=_is_hypothetical(sentences),
    )


def completeness(star: StarReading) -> float:
    """How much of a story was told, 0..1; length, accent and fillers play no part."""
    shown = {section.name for section in star.sections}
    worth = {**_SHARES, "result": _SHARES["result"] * (1.0 if star.quantified else _UNQUANTIFIED)}
    return sum(worth[name] for name in shown)


def story_cap(star: StarReading) -> float:
    """The most that an answer without a story of one's own can earn."""
    own_action = any(section.name == "action" for section in star.sections)
    return 1.0 if own_action and not star.hypothetical else _VAGUE_CAP


def _classified(answer: str) -> Iterator[_Sentence]:
    texts = [found.group().strip() for found in _SENTENCE.finditer(answer)]
    texts = [text for text in texts if any(letter.isalnum() for letter in text)][:_MOST_SENTENCES]
    labelled = ""
    for at, text in enumerate(texts):
        label = next((name for name, pattern in LABELS.items() if pattern.match(text)), "")
        labelled = label or labelled
        section, strength = _classify(text, at / len(texts), labelled)
        yield _Sentence(text, section, strength + bool(label), len(text.split()))


def _classify(text: str, position: float, labelled: str) -> tuple[str, int]:
    """The section of a sentence and how strongly it shows it; a label counts for all that follow it."""
    if labelled:
        return labelled, 2 + _deeds(text) * (labelled == "action")
    scores = {name: len(pattern.findall(text)) for name, pattern in CUES.items()}
    scores["action"] = 0 if HYPOTHETICAL.search(text) and not DEED.search(text) else _deeds(text)
    scores["learning"] *= 2
    if position < _EARLY:
        scores["situation"] *= 2
        scores["result"] = scores["result"] // 2
    elif position < _LATE:
        scores["situation"] //= 2
    else:
        scores["situation"] = 0
        scores["task"] = 0
        scores["result"] = 2 * (scores["result"] + _sounds_final(text))
    best = max(scores, key=lambda name: (scores[name], name == "action"))
    return (best, scores[best]) if scores[best] else ("", 0)


def _sounds_final(text: str) -> bool:
    """A number and a past tense near the end, of something other than "I": "Checkout was back in nine minutes"."""
    return bool(QUANTITY.search(text) and ENDED.search(text)) and not DEED.search(text)


def _deeds(text: str) -> int:
    return len(DEED.findall(text)) + (1 if NOTE_DEED.match(_unlabelled(text)) else 0)


def _with_own_deeds(sentences: list[_Sentence]) -> list[_Sentence]:
    """Without a single deed of the speaker, what is labelled or sounds like action was somebody else's."""
    if any(_deeds(sentence.text) for sentence in sentences):
        return _with_action(sentences)
    return [replace(sentence, section="") if sentence.section == "action" else sentence for sentence in sentences]


def _with_action(sentences: list[_Sentence]) -> list[_Sentence]:
    """A deed told in passing ("I told the team, and it was accepted") is the action where no sentence is only that."""
    if any(sentence.section == "action" for sentence in sentences):
        return sentences
    at = max(range(len(sentences)), key=lambda i: _deeds(sentences[i].text))
    return [replace(s, section="action") if i == at else s for i, s in enumerate(sentences)]


def _unlabelled(text: str) -> str:
    for pattern in LABELS.values():
        text = pattern.sub("", text, count=1)
    return text


def _best(name: str, sentences: Sequence[_Sentence]) -> _Sentence | None:
    own = [sentence for sentence in sentences if sentence.section == name]
    return max(own, key=lambda sentence: sentence.strength) if own else None


def _section(name: str, sentences: Sequence[_Sentence], words: int) -> StarSection:
    best = _best(name, sentences)
    share = sum(sentence.words for sentence in sentences if sentence.section == name) / words
    return StarSection(name, best.text if best else "", round(share, 3))


def _quantity(sentences: Sequence[_Sentence]) -> str:
    for sentence in sentences:
        found = QUANTITY.search(sentence.text) if sentence.section == "result" else None
        if found:
            return found.group()
    return ""


def _is_hypothetical(sentences: Sequence[_Sentence]) -> bool:
    """Whether the answer tells what one would do, or always does, rather than what happened once."""
    supposed = sum(1 for sentence in sentences if HYPOTHETICAL.search(sentence.text))
    told = sum(1 for sentence in sentences if sentence.section == "action")
    return supposed > 0 and supposed >= told and supposed >= _MOSTLY * len(sentences)

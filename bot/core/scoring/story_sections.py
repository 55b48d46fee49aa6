"""Each sentence of a story put into its section.

Labels are taken at their word. Without them every sentence is heard for what it sounds like, and the most likely way
through the whole story is taken, as a story mostly goes from situation to learning (Viterbi's algorithm).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot.core.assessment import Section
from bot.core.scoring.story_cues import (
    FURTHER_DEED,
    LABEL,
    LEARNING,
    NOTED_DEED,
    OUR_DEED,
    OWN_DEED,
    PAST,
    QUANTITY,
    RESULT,
    SITUATION,
    STEP,
    TALK,
    TASK,
    Cue,
)

_ORDER = tuple(Section)
# Each of the three starts at the start of a run of spaces only, so that a text of nothing but spaces takes no longer.
_SENTENCE = re.compile(r"(?:[^\S\n]*\d{1,2}[.)]\s)?[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+(?=\s|$)|\n|$)")
_MOST_SENTENCES = 1000
_MOST_HEARD = 600  # characters of a sentence; what is longer is a text without an end
_LONG = 45  # words; a sentence that goes on longer was never ended
_INNER_LABEL = re.compile(r"(?<!\d[.)])(?<!\s)\s+(?=(?:[STARL]|Situation|Task|Action|Result|Learning):\s)")
_JOINT = re.compile(
    r"(?:,\s+|(?<![\s,])\s+)"
    r"(?=(?:and|so|but|then)\s+(?:then\s+|after that\s+|so\s+)?(?:I|we|my|our|the|a|an|he|she|they|it|"
    r"after|in)\b)",
    re.IGNORECASE,
)
_BACK = 1.5  # what a step back in the order costs, in weights of cues; twice as much at the end, where it is rare
_OPENING = (0.0, 0.5, 1.0, 1.0, 1.0)  # and what it costs to open with a section
_HEARD = 1.0  # from this weight on a sentence shows its section
_SET_UP = (Section.SITUATION, Section.TASK)
# The weight from which on a section is heard beside another one; a single deed of the speaker has that of the action.
_BESIDE = {Section.SITUATION: 2.0, Section.TASK: 3.0, Section.ACTION: 2.5}
_LABELLED = 10.0
_MAXIM = 2.5  # a maxim such as "Never store money as float" has no past in it, and closes a story


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence as it was typed, the section it stands in, and how clearly it shows it (0: not at all).

    `also` is a second section that no other sentence shows: "Last May I was asked to ..." is situation and task, and
    "I told the team, and it was accepted" is action and result.
    """

    text: str
    section: Section
    weight: float
    also: Section | None = None

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    def shows(self, section: Section) -> bool:
        """Whether a listener can hear this section in it."""
        return bool(self.weight) and section in (self.section, self.also)


@lru_cache(maxsize=32)  # one turn looks at the same story several times
def parts(text: str) -> tuple[Part, ...]:
    """All sentences of a story with their sections."""
    sentences = list(_sentences(text))
    labels = [_label(sentence) for sentence in sentences]
    if len(set(labels) - {None}) <= 1:
        return tuple(_heard(sentences, labels))
    at = next(i for i, label in enumerate(labels) if label)
    return (*_heard(sentences[:at], labels[:at]), *_labelled(sentences[at:], labels[at:]))


def pieces(text: str) -> Iterator[str]:
    """The lines of a text, and within a line what begins with a label."""
    return (piece.strip() for line in text.splitlines() for piece in _INNER_LABEL.split(line) if piece.strip())


def _sentences(text: str) -> Iterator[str]:
    split = (piece.strip() for found in _SENTENCE.finditer(text) for piece in _INNER_LABEL.split(found.group()))
    spoken = (piece for piece in split if any(letter.isalnum() for letter in piece))
    for sentence in islice(spoken, _MOST_SENTENCES):
        yield from _JOINT.split(sentence) if len(sentence.split()) > _LONG else (sentence,)


def _label(sentence: str) -> Section | None:
    return next((section for section, label in LABEL.items() if label.match(sentence)), None)


def _labelled(sentences: Sequence[str], labels: Sequence[Section | None]) -> Iterator[Part]:
    """Labels hold for all that follows; only deeds are heard as action where somebody stopped labelling at the task."""
    section = Section.SITUATION
    for sentence, label in zip(sentences, labels, strict=True):
        section = label or section
        bare = _bare(sentence, label)
        if not label and section in _SET_UP and Section.ACTION not in labels and deeds_in(bare):
            section = Section.ACTION
        if any(letter.isalnum() for letter in bare):
            yield Part(bare, section, _HEARD + _weights(bare, last=False)[_ORDER.index(section)])


def _bare(sentence: str, label: Section | None) -> str:
    return LABEL[label].sub("", sentence, count=1) if label else sentence


def _heard(sentences: Sequence[str], labels: Sequence[Section | None]) -> Iterator[Part]:
    """A label that stands alone holds for its own sentence only."""
    last = len(sentences) - 1
    sentences = [_bare(sentence, label) for sentence, label in zip(sentences, labels, strict=True)]
    weights = [_weights(sentence, last=at == last) for at, sentence in enumerate(sentences)]
    if weights and not TALK.search(sentences[0]):
        weights[0] = (max(weights[0][0], _HEARD), *weights[0][1:])
    weights = [
        tuple(weight + _LABELLED * (section is label) for weight, section in zip(own, _ORDER, strict=True))
        for own, label in zip(weights, labels, strict=True)
    ]
    path = _path(weights)
    strengths = [own[_ORDER.index(section)] for own, section in zip(weights, path, strict=True)]
    shown = {section for weight, section in zip(strengths, path, strict=True) if weight >= _HEARD}
    second = {} if shown <= {Section.LEARNING} else dict(_second(weights, shown))
    for at, (sentence, weight, section) in enumerate(zip(sentences, strengths, path, strict=True)):
        told = weight if weight >= _HEARD and not shown <= {Section.LEARNING} else 0.0
        if any(letter.isalnum() for letter in sentence):
            yield Part(sentence, section, told, second.get(at))


def _second(weights: Sequence[Sequence[float]], shown: Collection[Section]) -> Iterator[tuple[int, Section]]:
    """Where a section that no sentence shows is heard in one that shows another section more clearly."""
    for section, least in _BESIDE.items():
        own = [weight[_ORDER.index(section)] for weight in weights]
        if section not in shown and own and max(own) >= least:
            yield own.index(max(own)), section


def _path(weights: Sequence[Sequence[float]]) -> Sequence[Section]:
    """The likeliest sections of the sentences."""
    if not weights:
        return ()
    best = [weight - cost for weight, cost in zip(weights[0], _OPENING, strict=True)]
    steps: list[Sequence[int]] = []
    for place, own in enumerate(weights[1:], 1):
        back = _BACK * (1 + place / len(weights))
        came = [max((value - back * (to < at), -at) for at, value in enumerate(best)) for to in range(len(_ORDER))]
        best = [weight + value for weight, (value, _) in zip(own, came, strict=True)]
        steps.append(tuple(-at for _, at in came))
    way = [best.index(max(best))]
    for step in reversed(steps):
        way.append(step[way[-1]])
    return [_ORDER[at] for at in reversed(way)]


def _weights(sentence: str, *, last: bool) -> tuple[float, ...]:
    """How much a sentence sounds like each section."""
    deeds, sentence = deeds_in(sentence), sentence[:_MOST_HEARD]
    learning = _sum(LEARNING, sentence)
    if TALK.search(sentence) and not deeds and not learning:
        return (0.0,) * len(_ORDER)
    past = bool(PAST.search(sentence))
    result = _sum(RESULT, sentence) + 1.5 * (past and not deeds and bool(QUANTITY.search(sentence)))
    maxim = _MAXIM if last and not (past or deeds or result) else 0.0
    action = min(deeds, 2) * 1.5 + 1.0 * bool(deeds) + 1.5 * bool(OUR_DEED.search(sentence))
    return _sum(SITUATION, sentence), _sum(TASK, sentence), action, result, learning or maxim


def deeds_in(sentence: str) -> int:
    """How many deeds of the speaker a sentence tells."""
    sentence = sentence[:_MOST_HEARD]
    own = len(OWN_DEED.findall(sentence)) + bool(STEP.search(sentence)) + bool(NOTED_DEED.match(sentence))
    return own + len(FURTHER_DEED.findall(sentence)) if own else 0


def _sum(cues: Sequence[Cue], sentence: str) -> float:
    return sum(weight for weight, pattern in cues if pattern.search(sentence))

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
    BEFORE,
    CHANGE,
    FURTHER_DEED,
    HYPOTHETICAL,
    LABEL,
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
from bot.core.scoring.story_learning import HABIT, LEARNING, MAXIM, PRESENT_DEED

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
_BESIDE = {Section.SITUATION: 2.0, Section.TASK: 3.0, Section.ACTION: 2.5, Section.RESULT: 2.5, Section.LEARNING: 4.0}
_LABELLED = 10.0
_SITUATION, _TASK, _ACTION, _RESULT, _LEARNING = range(len(_ORDER))
_FIRST, _HALF = 0.2, 0.5  # of a story
_FEW = 3  # sentences of a story too short to have a beginning; words of a sentence too short to tell anything
_MOSTLY, _TIMELESS = 0.5, 0.75
_OUT_OF_PLACE = 0.5  # of the weight of a cue that is heard where its section is seldom told
_LEAD_IN = 15  # characters; what comes before the first deed of a story says where it happened
_OPENS = 2.0  # what the first sentence has of the situation, and the last one before the learning of the result
_CLEAR = 3.0
_CLOSING = 3  # sentences at the end that may tell what somebody does now
_HABIT = 4.0
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
            yield Part(bare, section, _HEARD + _weights(bare)[_ORDER.index(section)])


def _bare(sentence: str, label: Section | None) -> str:
    return LABEL[label].sub("", sentence, count=1) if label else sentence


def _heard(sentences: Sequence[str], labels: Sequence[Section | None]) -> Iterator[Part]:
    """A label that stands alone holds for its own sentence only."""
    sentences = [_bare(sentence, label) for sentence, label in zip(sentences, labels, strict=True)]
    weights = [
        tuple(weight + _LABELLED * (section is label) for weight, section in zip(own, _ORDER, strict=True))
        for own, label in zip(_placed(sentences), labels, strict=True)
    ]
    path = _path(weights)
    strengths = [own[_ORDER.index(section)] for own, section in zip(weights, path, strict=True)]
    shown = {section for weight, section in zip(strengths, path, strict=True) if weight >= _HEARD}
    second = {} if shown <= {Section.LEARNING} else dict(_second(weights, shown))
    for at, (sentence, weight, section) in enumerate(zip(sentences, strengths, path, strict=True)):
        told = weight if weight >= _HEARD and not shown <= {Section.LEARNING} else 0.0
        if any(letter.isalnum() for letter in sentence):
            yield Part(sentence, section, told, second.get(at))


def _placed(sentences: Sequence[str]) -> list[list[float]]:
    """How much each sentence sounds like each section where it stands; what one would do sounds like none."""
    if is_supposed(sentences):
        return [[0.0] * len(_ORDER) for _ in sentences]
    weights = [list(_weights(sentence)) for sentence in sentences]
    for at, own in enumerate(weights):
        for section in _out_of_place(sentences[at], own, at / len(weights), len(weights)):
            own[section] *= _OUT_OF_PLACE
    opening = next((at for at, sentence in enumerate(sentences[:_CLOSING]) if _is_told(sentence)), None)
    if opening is not None:
        _open(sentences[opening], weights[opening])
        _close(sentences, weights)
    return weights


def _out_of_place(sentence: str, own: Sequence[float], place: float, length: int) -> Iterator[int]:
    """The sections that are seldom told in a sentence at this place, 0 at the start of a story and 1 at its end."""
    if place >= _HALF:
        yield from (_SITUATION, _TASK)
        if own[_LEARNING] >= _HABIT:
            yield _RESULT
        return
    if place:
        yield _LEARNING
    busy = deeds_in(sentence) > 1
    if (place <= _FIRST or busy) and length > _FEW and not CHANGE.search(sentence[:_MOST_HEARD]):
        yield _RESULT


def is_supposed(sentences: Sequence[str]) -> bool:
    """Whether sentences tell what one would do, or always does, rather than what happened once."""
    supposed = [bool(HYPOTHETICAL.search(sentence[:_MOST_HEARD])) for sentence in sentences]
    acted = sum(bool(deeds_in(sentence)) for sentence in sentences)
    if sum(supposed) > acted and sum(supposed) >= _MOSTLY * len(sentences):
        return True
    timeless = sum(not PAST.search(sentence[:_MOST_HEARD]) for sentence in sentences)
    did = any(
        OWN_DEED.search(sentence[:_MOST_HEARD])
        for sentence in sentences
        if not HYPOTHETICAL.search(sentence[:_MOST_HEARD])
    )
    return any(supposed) and not did and timeless >= _TIMELESS * len(sentences)


def _is_told(sentence: str) -> bool:
    """Whether a sentence is more than a way of starting to speak."""
    return len(sentence.split()) > _FEW and not TALK.search(sentence[:_MOST_HEARD])


def _open(sentence: str, own: list[float]) -> None:
    """A story opens with its situation, unless it opens with a task, a lesson or a deed and nothing else."""
    if (own[_TASK] >= _CLEAR and own[_SITUATION] < _HEARD) or own[_LEARNING] >= _HABIT:
        return
    deed = OWN_DEED.search(sentence[:_MOST_HEARD])
    if (deed and deed.start() > _LEAD_IN) or PRESENT_DEED.search(sentence[:_MOST_HEARD]):
        own[_SITUATION] = max(own[_SITUATION], own[_ACTION]) + _OPENS
    elif own[_SITUATION] >= _HEARD or not own[_ACTION]:
        own[_SITUATION] += _OPENS if own[_TASK] < _CLEAR else _OPENS / 2


def _close(sentences: Sequence[str], weights: Sequence[list[float]]) -> None:
    """Habits and maxims in the present close a story; what others did or what was then comes right before them."""
    at = len(weights) - 1
    for place in range(at, max(at - _CLOSING, 0), -1):
        weights[place][_LEARNING] = max(weights[place][_LEARNING], _habit(sentences[place], last=place == at))
    while at > 0 and weights[at][_LEARNING] >= max(_MAXIM, *weights[at][:_LEARNING]):
        at -= 1
    if at and PAST.search(sentences[at]) and not BEFORE.search(sentences[at]) and _is_told(sentences[at]):
        weights[at][_RESULT] += _OPENS / 2 if deeds_in(sentences[at]) else _OPENS


def _habit(sentence: str, *, last: bool) -> float:
    """How much a sentence near the end tells what somebody does now."""
    sentence = sentence[:_MOST_HEARD]
    if HABIT.search(sentence):
        return max(_HABIT, _sum(RESULT, sentence) + 0.5)
    if last and MAXIM.search(sentence) and not deeds_in(sentence):
        return _MAXIM
    if TALK.search(sentence) or deeds_in(sentence) or _sum(RESULT, sentence) >= _HEARD * 2:
        return 0.0
    if PRESENT_DEED.search(sentence):
        return _MAXIM + 0.5 * last
    return _MAXIM if last and not PAST.search(sentence) else 0.0


def _second(weights: Sequence[Sequence[float]], shown: Collection[Section]) -> Iterator[tuple[int, Section]]:
    """Where a section that no sentence shows is heard in one that shows another section more clearly."""
    for section, least in _BESIDE.items():
        within = _within(section, weights)
        own = [weights[at][_ORDER.index(section)] for at in within]
        if section not in shown and own and max(own) >= least:
            yield within[own.index(max(own))], section


def _within(section: Section, weights: Sequence[Sequence[float]]) -> range:
    """Where a section may be told beside another: the situation before somebody acts, the result in the second half."""
    half = len(weights) // 2
    if section is Section.SITUATION:
        return range(max(1, next((at for at, own in enumerate(weights) if own[_ACTION]), len(weights))))
    if section is Section.TASK:
        return range(half + 1)
    return range(half, len(weights)) if section is Section.RESULT else range(len(weights))


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


def _weights(sentence: str) -> tuple[float, ...]:
    """How much a sentence sounds like each section."""
    deeds, sentence = deeds_in(sentence), sentence[:_MOST_HEARD]
    learning = _sum(LEARNING, sentence)
    task = _sum(TASK, sentence)
    if TALK.search(sentence) and not deeds and not learning and not task:
        return (0.0,) * len(_ORDER)
    result = _sum(RESULT, sentence)
    if not deeds and PAST.search(sentence) and QUANTITY.search(sentence):
        result += 1.5
    action = min(deeds, 2) * 1.5 + 1.0 * bool(deeds) + 1.5 * bool(OUR_DEED.search(sentence))
    return _sum(SITUATION, sentence), task, action, result, learning


@lru_cache(maxsize=1024)  # of every sentence it is asked several times
def deeds_in(sentence: str) -> int:
    """How many deeds of the speaker a sentence tells."""
    sentence = sentence[:_MOST_HEARD]
    own = len(OWN_DEED.findall(sentence)) + bool(STEP.search(sentence)) + bool(NOTED_DEED.match(sentence))
    return own + len(FURTHER_DEED.findall(sentence)) if own else 0


def _sum(cues: Sequence[Cue], sentence: str) -> float:
    return sum(weight for weight, pattern in cues if pattern.search(sentence))

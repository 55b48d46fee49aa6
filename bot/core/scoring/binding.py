"""What a matched phrasing speaks of: the subject of its claim, or the thing it is confused with."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import Enum

from bot.core.scoring.index import Index
from bot.core.scoring.lexicon import PRONOUNS
from bot.core.scoring.matching import Match, find
from bot.core.scoring.phrasing import Phrasing, ReadyClaim
from bot.core.scoring.text import Reading

_JOINT = re.compile(r"\W*(?:and|or|nor|,|/|&|\+)\W*(?:the |a |an )?", re.IGNORECASE)
_CARRIED = 2  # how many clauses a subject stays in mind without being named again


class Speaks(Enum):
    """Of whom a phrase speaks."""

    SUBJECT = "subject"
    CONFUSABLE = "confusable"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the subject or the confusable is named."""

    first: int
    last: int
    who: Speaks


class Binding:
    """The mentions that a claim cares about, in the order of the answer."""

    def __init__(self, claim: ReadyClaim, index: Index) -> None:
        """Find all mentions once for all phrasings of `claim`."""
        self._reading = index.reading
        found = [
            *_mentions(claim.subject, Speaks.SUBJECT, index),
            *_mentions(claim.confusable, Speaks.CONFUSABLE, index),
        ]
        longest = _without_overlaps(found)
        self._mentions = _shared([m for m in longest if not index.reading.compared[m.first]], index.reading)
        self.named_negators = _named_negators(claim, self._mentions, index)
        self._firsts = [m.first for m in self._mentions]
        self._has_subject = bool(claim.subject)
        self._needed = bool(claim.confusable)

    def of(self, match: Match) -> Speaks:
        """Of whom `match` speaks: named within it, else nearest in its segment, its clause, or carried over."""
        if not self._needed or not self._mentions:
            return Speaks.NOBODY
        before, after = self._before(match), self._after(match.last)
        begin, end = self._in_segment(match)
        inside = self._between(match.first, match.last)
        if inside:
            topic = before if before and begin <= before.first and self._is_circumstance(inside) else None
            return topic.who if topic else _verdict(inside)
        for candidate in (before, after):
            if candidate and begin <= candidate.first < end:
                return candidate.who
        clause = self._reading.clause
        if before and clause[before.last] == clause[match.first]:
            return before.who
        if after and clause[after.first] == clause[match.last]:
            return after.who
        return before.who if before and self._carries_over(before, match) else Speaks.NOBODY

    def _is_circumstance(self, inside: list[Mention]) -> bool:
        """Whether all mentions stand behind a preposition: "the threads of one process share memory"."""
        return all(self._reading.oblique[mention.first] for mention in inside)

    def confuses(self, match: Match) -> bool:
        """Whether the confusable is named within `match`, or is what it goes on about."""
        named = self._between(match.first, match.last)
        return any(m.who is Speaks.CONFUSABLE for m in named) or self.of(match) is Speaks.CONFUSABLE

    def names_subject(self, match: Match) -> bool:
        """Whether `match` is said of the subject by name. True for claims without one."""
        if not self._has_subject:
            return True
        if self._needed:
            return self.of(match) is Speaks.SUBJECT
        sentence = self._reading.sentence
        here = sentence[match.first]
        near = self._between(bisect_left(sentence, here), bisect_right(sentence, here) - 1)
        return any(mention.who is Speaks.SUBJECT for mention in near)

    def is_torn(self, match: Match) -> bool:
        """Whether `match` takes its words from two segments in the wrong order: "any shape, k-means" of DBSCAN."""
        segment = self._reading.segment
        return self._needed and not match.ordered and segment[match.first] != segment[match.last]

    def _carries_over(self, before: Mention, match: Match) -> bool:
        """Whether the clause goes on about what was named before: "It gives ...", "but gives ..."."""
        clause = self._reading.clause
        here = clause[match.first]
        if here - clause[before.last] > _CARRIED:
            return False
        opens = match.first == bisect_left(clause, here)
        same_sentence = self._reading.sentence[before.last] == self._reading.sentence[match.first]
        return self._reading.openers[here] in PRONOUNS or (opens and same_sentence)

    def _between(self, first: int, last: int) -> list[Mention]:
        return self._mentions[bisect_left(self._firsts, first) : bisect_right(self._firsts, last)]

    def _before(self, match: Match) -> Mention | None:
        """The last mention before `match`, or an earlier one in its clause that is no mere circumstance."""
        at = bisect_left(self._firsts, match.first)
        if not at:
            return None
        clause = self._reading.clause
        for earlier in self._mentions[max(at - _CARRIED, 0) : at][::-1]:
            if clause[earlier.first] == clause[match.first] and not self._reading.oblique[earlier.first]:
                return earlier
        return self._mentions[at - 1]

    def _after(self, position: int) -> Mention | None:
        at = bisect_right(self._firsts, position)
        return self._mentions[at] if at < len(self._mentions) else None

    def _in_segment(self, match: Match) -> tuple[int, int]:
        segment = self._reading.segment
        return bisect_left(segment, segment[match.first]), bisect_right(segment, segment[match.last])


def _mentions(aliases: tuple[Phrasing, ...], who: Speaks, index: Index) -> list[Mention]:
    return [
        Mention(match.first, match.last, who)
        for alias in aliases
        for match in find(alias, index, slack=0)
        if alias.negative == bool(_negators_within(match, index, before=alias.negative))
    ]


def _negators_within(match: Match, index: Index, *, before: bool) -> list[int]:
    """Negators that are part of a name: "missing not at random" is not "missing at random"."""
    places = [negator.before for negator in index.reading.negators]
    begin = bisect_left(places, match.first) if before else bisect_right(places, match.first)
    return places[begin : bisect_right(places, match.last)]


def _named_negators(claim: ReadyClaim, mentions: list[Mention], index: Index) -> frozenset[int]:
    """The negators that belong to the names of a claim with a name such as "not at random"."""
    if not any(alias.negative for alias in (*claim.subject, *claim.confusable)):
        return frozenset()
    return frozenset(
        place for m in mentions for place in _negators_within(Match(m.first, m.last, 0, 0), index, before=True)
    )


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    """Where aliases overlap ("average precision", "precision") the longer one is meant."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.first, m.first - m.last)):
        if not kept or mention.first > kept[-1].last:
            kept.append(mention)
    return kept


def _shared(mentions: list[Mention], reading: Reading) -> list[Mention]:
    """In "L1 and L2 both shrink" the subject is among those spoken of, so nobody is confused."""
    shared = list(mentions)
    for at in range(len(mentions) - 1):
        left, right = mentions[at], mentions[at + 1]
        if left.who is not right.who and _joined(left, right, reading):
            shared[at] = Mention(left.first, left.last, Speaks.SUBJECT)
            shared[at + 1] = Mention(right.first, right.last, Speaks.SUBJECT)
    return shared


def _joined(left: Mention, right: Mention, reading: Reading) -> bool:
    between = reading.plain[reading.ends[left.last] : reading.starts[right.first]]
    return right.first - left.last == 1 and bool(_JOINT.fullmatch(between))


def _verdict(inside: list[Mention]) -> Speaks:
    return Speaks.SUBJECT if any(m.who is Speaks.SUBJECT for m in inside) else Speaks.CONFUSABLE

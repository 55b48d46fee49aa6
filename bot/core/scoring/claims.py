"""Judging one claim: what in the answer supports it, what contradicts it, and the credit that follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.scoring.binding import Binding, Speaks
from bot.core.scoring.index import Index
from bot.core.scoring.matching import SLACK, Match, find
from bot.core.scoring.phrasing import Phrasing, ReadyClaim
from bot.core.scoring.polarity import REACH, REACH_OF_A_NAME, Polarity
from bot.core.scoring.text import Reading

_ADJACENT = 1  # sentences; the parts of one claim may be told in two
_STRICT_SLACK = 2  # content words between those of a misconception
_THICK_SLACK = 1
_LONG_PHRASING = 4
_RELATING = re.compile(r"\b(?:to|from|into|by|than|before|after|per|without)\b")
_AT_THE_ENDS = re.compile(rf"^(?:{_RELATING.pattern}\s*)+|(?:\s*{_RELATING.pattern})+$")  # lie outside a match


class Stance(Enum):
    """What a match means for its claim."""

    FOR = "for"
    AGAINST = "against"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Judged:
    """The credit of a claim and the matches that speak for and against it; `hits` are all matches of its phrasings."""

    credit: float
    support: tuple[Match, ...]
    against: tuple[Match, ...]
    hits: tuple[Match, ...] = ()


def judge_point(
    claim: ReadyClaim,
    index: Index,
    polarity: Polarity,
    *,
    thick: bool = False,
    scraps: AbstractSet[int] = frozenset(),
) -> Judged:
    """Weigh all matches of all phrasings of a key point; what begins at one of the `scraps` is said of nothing.

    In a text `thick` with terms they stand close together by chance, so there a phrasing must be said as it is.
    """
    groups, against, hits = _weighed(claim, index, polarity, _THICK_SLACK if thick else SLACK)
    if thick or scraps:
        groups = [[m for m in group if m.first not in scraps and not (thick and _is_loose(m))] for group in groups]
    against += _opposed(claim, index, polarity)
    *groups, plain = groups
    found = [group for group in groups if group]
    needed = claim.claim.any_n or len(groups)
    if needed == 1 and not hits and not against:
        return _nearly(claim, index, polarity)
    chosen = [group[0] for group in found]
    credit = _credit(len(found), needed)
    if credit == 1 and needed > 1 and claim.claim.any_n is None:
        together = _together(groups, index.reading)
        chosen, credit = (together, 1.0) if together else (chosen, 0.5)
    if credit < 1 and plain:
        chosen, credit = [plain[0]], 1.0
    return Judged(credit, tuple(chosen), tuple(against), tuple(hits))


def _is_loose(match: Match) -> bool:
    return not match.ordered or match.last == match.first


def _opposed(claim: ReadyClaim, index: Index, polarity: Polarity) -> list[Match]:
    """Where the opposite of a claim is said of its very subject, as the speaker's own view."""
    found = [(p, m) for p in claim.opposite for m in find(p, index, _STRICT_SLACK) if m.ordered]
    if not found:
        return []
    binding = Binding(claim, index)
    return [
        match
        for phrasing, match in found
        if _stance(phrasing, match, polarity, binding) is Stance.FOR
        and binding.of(match) is Speaks.SUBJECT
        and not polarity.attributes(match)
    ]


def _nearly(claim: ReadyClaim, index: Index, polarity: Polarity) -> Judged:
    """Half credit where a long phrasing is said but for one of its words, in its own order."""
    binding: Binding | None = None
    for phrasing in (phrasing for group in claim.groups for phrasing in group if _may_lack_a_word(phrasing)):
        for without in _omissible(phrasing, index):
            shorter = replace(phrasing, stems=tuple(stem for stem in phrasing.stems if stem != without))
            for match in find(shorter, index, _STRICT_SLACK):
                binding = binding or Binding(claim, index)
                if match.ordered and _stance(shorter, match, polarity, binding) is Stance.FOR:
                    return Judged(0.5, (match,), (), (match,))
    return Judged(0.0, (), ())


def _omissible(phrasing: Phrasing, index: Index) -> Collection[str]:
    """The words of a phrasing any one of which may be left out: the one that is absent, or all when none is."""
    absent = {stem for stem in phrasing.stems if stem not in index.stems}
    if not absent:
        return phrasing.stems
    return absent if len(absent) == 1 else ()


def _may_lack_a_word(phrasing: Phrasing) -> bool:
    if len(phrasing.stems) < _LONG_PHRASING or len(phrasing.stems) > len(phrasing.text.split()):
        return False  # the second: an abbreviation spelt out is no long phrasing
    return not (phrasing.negative or phrasing.directions or phrasing.symbols)


def judge_misconception(claim: ReadyClaim, index: Index, polarity: Polarity) -> Judged:
    """Weigh a wrong claim, strictly: said in its own word order, in one sentence, as the speaker's own view."""
    *groups, _ = _weighed(claim, index, polarity, _STRICT_SLACK, literally=True)[0]
    if not any(groups):
        return Judged(0.0, (), ())
    binding = Binding(claim, index)
    own = [[m for m in group if _is_own_view(m, polarity) and binding.names_subject(m)] for group in groups]
    said = [group for group in own if group]
    needed = claim.claim.any_n or len(groups)
    if len(said) < needed:
        return Judged(0.0, (), ())
    together = _together(said, index.reading, 0)
    return Judged(1.0 if together else 0.0, tuple(together), ())


def _is_own_view(match: Match, polarity: Polarity) -> bool:
    """Whether `match` is claimed by the speaker: in its own order, neither reported nor supposed nor compared."""
    compared = polarity.reading.compared[match.first] or polarity.reading.compared[match.last]
    return match.ordered and not compared and not polarity.attributes(match) and not polarity.supposes(match)


def _weighed(
    claim: ReadyClaim, index: Index, polarity: Polarity, slack: int = SLACK, *, literally: bool = False
) -> tuple[list[list[Match]], list[Match], list[Match]]:
    """The matches of each group and, last, of the plain wordings that speak for a claim; those against; and all."""
    every = (*claim.groups, claim.plain)
    found = [[(p, m) for p in phrasings for m in find(p, index, slack)] for phrasings in every]
    if literally:
        found = [[(p, m) for p, m in group if _keeps_relations(p, m, index.reading)] for group in found]
    if not any(found):
        return [[] for _ in every], [], []
    binding = Binding(claim, index)
    support: list[list[Match]] = []
    against: list[Match] = []
    hits: list[Match] = []
    for matches in found:
        stances = [(_stance(p, m, polarity, binding), m) for p, m in matches]
        hits += [match for _, match in stances]
        support.append(sorted((m for s, m in stances if s is Stance.FOR), key=lambda m: (m.first - m.last, m.first)))
        against += [m for s, m in stances if s is Stance.AGAINST]
    return support, sorted(against, key=lambda m: m.first), hits


def _keeps_relations(phrasing: Phrasing, match: Match, reading: Reading) -> bool:
    """Whether the small words that relate one thing to another are those of the phrasing: "into" is not "from"."""
    said = set(_RELATING.findall(reading.plain[match.start : match.end]))
    return said == set(_RELATING.findall(_AT_THE_ENDS.sub("", phrasing.text.lower())))


def _credit(found: int, needed: int) -> float:
    if found >= needed:
        return 1.0
    return 0.5 if found * 2 >= needed else 0.0


def _together(groups: Sequence[Sequence[Match]], reading: Reading, apart: int = _ADJACENT) -> list[Match]:
    """One match of every group, all within neighbouring sentences, or []; the tightest of each sentence is taken."""
    by_sentence = [{reading.sentence[match.first]: match for match in reversed(group)} for group in groups]
    for first in sorted({sentence for group in by_sentence for sentence in group}):
        chosen = [_within(group, first, apart) for group in by_sentence]
        if all(chosen):
            return [match for match in chosen if match]
    return []


def _within(by_sentence: Mapping[int, Match], first: int, apart: int) -> Match | None:
    return next((by_sentence[s] for s in range(first, first + apart + 1) if s in by_sentence), None)


def _stance(phrasing: Phrasing, match: Match, polarity: Polarity, binding: Binding) -> Stance:
    if polarity.sets_aside(match):
        return Stance.ASIDE
    reach = REACH_OF_A_NAME if phrasing.negative else REACH
    denied = polarity.denies(match, binding.named_negators, reach) or (
        phrasing.negative and polarity.denies_after(match)
    )
    agrees = denied == phrasing.negative
    if binding.is_torn(match) or (agrees and polarity.opposes(match)):
        return Stance.ASIDE
    if polarity.disowns(match):
        return Stance.AGAINST if agrees else Stance.ASIDE
    speaks = binding.of(match)
    if speaks is Speaks.CONFUSABLE:
        return Stance.AGAINST if agrees else Stance.ASIDE
    if agrees:
        return Stance.ASIDE if polarity.rejects(match) and not phrasing.negative else Stance.FOR
    # A bare negator often means something else ("check: no peeking"), so it only speaks against a named subject.
    named = speaks is Speaks.SUBJECT and match.ordered
    return Stance.AGAINST if named else Stance.ASIDE

"""What behavioral rounds ask for: competencies, the probes that follow a story, and what companies call them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt
from typing import Annotated

from annotated_types import Len, MinLen

from bot.core.model import ID, Level, Text, Texts
from bot.core.scoring.words import root
from bot.core.stories.probes import Seek

Line = Annotated[str, Len(10, 200)]
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question an interviewer asks after the story, and what it is after."""

    seeks: Seek
    ask: str


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a story reaches at each level, one sentence each."""

    junior: Line
    senior: Line
    staff: Line

    def expected_of(self, level: Level) -> str:
        """What a story should show; between junior and senior it is the next step up that counts."""
        if level is Level.JUNIOR:
            return self.junior
        return self.staff if level is Level.STAFF else self.senior


@dataclass(frozen=True, slots=True)
class Competency:
    """One of the things a behavioral round looks for."""

    id: str = field(metadata=ID)
    """Unique; the topic of behavioral questions, where there are any."""
    title: Annotated[str, Len(1, 30)]
    """At most 30 characters: it labels a row of the grid."""
    looks_for: Text
    """What an interviewer looks for, two or three sentences."""
    prompts: Annotated[tuple[Line, ...], Len(5, 5)]
    """Five different questions, as interviewers ask them."""
    scope: Scope
    """What is expected of a junior, senior and staff story, a sentence each."""
    probes: tuple[Probe, ...]
    red_flags: Annotated[tuple[Line, ...], Len(2, 3)]
    """What makes an interviewer doubt the story."""
    cues: Annotated[tuple[Annotated[str, Len(3, 40)], ...], MinLen(8)]
    """Words and phrases by which a story of this competency can be recognised, as a candidate says them, in lower case.
    No cue belongs to two competencies."""
    words: Annotated[tuple[Annotated[str, Len(2, 40)], ...], Len(0, 600)] = ()
    """Everyday words that such stories tend to have, in whatever form; each says little, many together say much. A word
    may belong to several competencies, and says the less for it."""

    def probe(self, seeks: Seek) -> Probe | None:
        """The probe that asks for this, if the competency has one."""
        return next((probe for probe in self.probes if probe.seeks is seeks), None)


@dataclass(frozen=True, slots=True)
class Principle:
    """A company's own name for what it looks for."""

    name: Text
    """The official name, letter by letter."""
    looks_for: Line
    """What is looked for, one plain sentence in our own words."""
    competencies: Annotated[Texts, MinLen(1)]
    """Ids of the competencies that show it."""


@dataclass(frozen=True, slots=True)
class CompanySet:
    """What a company has published on whom it looks for."""

    id: str = field(metadata=ID)
    company: Text
    title: Text
    """What the company calls the list."""
    about: Text
    """Where the list comes from and how far it goes, one or two sentences."""
    as_of: str = field(metadata={"pattern": MONTH})
    """Year and month of the list, such as 2021-07."""
    sources: Annotated[Texts, MinLen(1)]
    """Where the list can be looked up."""
    principles: Annotated[tuple[Principle, ...], MinLen(1)]

    def competencies(self) -> tuple[str, ...]:
        """The ids of all competencies this company asks for, in the order of its principles."""
        return tuple(dict.fromkeys(name for principle in self.principles for name in principle.competencies))


_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All competencies that stories can show, and what companies call them."""

    competencies: tuple[Competency, ...] = ()
    companies: tuple[CompanySet, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the competencies by their ids."""
        return {competency.id: competency.title for competency in self.competencies}

    def competency(self, competency_id: str) -> Competency | None:
        """The competency with this id, if there is one."""
        return next((competency for competency in self.competencies if competency.id == competency_id), None)

    def company(self, company_id: str) -> CompanySet | None:
        """The company set with this id, if there is one."""
        return next((company for company in self.companies if company.id == company_id), None)

    def suggested(self, text: str) -> tuple[str, ...]:
        """The ids of up to three competencies that a story sounds like, the likeliest first."""
        index = _index(self.competencies)
        heard: dict[str, float] = defaultdict(float)
        for phrase in sorted(_phrases(text) & index.keys()):
            for id_, weight in index[phrase].items():
                heard[id_] += weight
        likely = sorted(
            (competency.id for competency in self.competencies if heard[competency.id]), key=lambda id_: -heard[id_]
        )
        return tuple(likely[:_SUGGESTED])


_CUE = 3.0  # what a cue says, in words that belong to one competency only
_WORD = re.compile(r"[\w'\u2019]+")
_LONGEST_CUE = 7  # words
_MOST_READ = 6000  # characters; nobody tells more in five minutes


@lru_cache(maxsize=4)
def _index(competencies: tuple[Competency, ...]) -> dict[str, dict[str, float]]:
    """What each word and cue says, and for which competency."""
    index: dict[str, dict[str, float]] = defaultdict(dict)
    shared = Counter(word for competency in competencies for word in set(map(_rooted, competency.words)))
    for competency in competencies:
        index_of = {word: 1 / sqrt(shared[word]) for word in map(_rooted, competency.words)}
        index_of.update(dict.fromkeys(map(_rooted, competency.cues), _CUE))
        for phrase, weight in index_of.items():
            index[phrase][competency.id] = weight
    return index


def _rooted(phrase: str) -> str:
    return " ".join(map(root, _WORD.findall(phrase)))


def _phrases(text: str) -> set[str]:
    """All runs of up to seven words of a text."""
    roots = list(map(root, _WORD.findall(text[:_MOST_READ])))
    return {" ".join(roots[at : at + length]) for at in range(len(roots)) for length in range(1, _LONGEST_CUE + 1)}

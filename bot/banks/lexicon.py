"""The lexicon: concepts of the field with all their wordings, which the claims of questions name as `@concept`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Annotated, TypeVar

from annotated_types import Len, MinLen

from bot.banks.schema import File, WrittenQuestion
from bot.banks.source import Placed, Problem
from bot.core.model import ID, Claim, KeyPoint, Misconception, Text, Texts

SIGN = "@"
_Claims = TypeVar("_Claims", KeyPoint, Misconception)


@dataclass(frozen=True, slots=True)
class Concept:
    """Something the field has a name for, and everything that people call it."""

    id: str = field(metadata=ID)
    """Unique over the lexicon; a claim names it as `"@id"`."""
    names: Annotated[Texts, Len(1, 12)]
    """Standard names, abbreviations, symbols and formulas."""
    plain: Annotated[Texts, Len(1, 12)]
    """Everyday wordings, each of 2 to 6 words without jargon."""
    contrast: Texts = ()
    """Ids of the concepts it is confused with: said of the same subject, they deny it."""
    definition: str = ""
    """What it is in one sentence, told to whoever asks."""
    sources: Texts = ()
    """Where the definition can be looked up, when it matters."""

    @property
    def wordings(self) -> Texts:
        """All that it is called."""
        return self.names + self.plain


class LexiconFile(File):
    """A part of the lexicon: one YAML file for an area of the field."""

    area: Text
    concepts: Annotated[tuple[Concept, ...], MinLen(1)]


Lexicon = Mapping[str, Concept]


def lexicon_of(concepts: Iterable[Placed[Concept]]) -> Lexicon:
    """The concepts by their ids."""
    return {placed.noun.id: placed.noun for placed in concepts}


def problems_among(concepts: Sequence[Placed[Concept]]) -> Iterator[Problem]:
    """A problem for every id that is used twice and every contrast with an unknown concept."""
    known: dict[str, Placed[Concept]] = {}
    for placed in concepts:
        first = known.setdefault(placed.noun.id, placed)
        if first is not placed and placed.noun != first.noun:
            yield placed.problem(("id",), f"this concept already stands in {first.source.file}: choose another id")
    for placed in concepts:
        for index, other in enumerate(placed.noun.contrast):
            if other not in known:
                yield placed.problem(("contrast", index), f"there is no concept `{other}`: fix the id")


def named_in(claim: Claim) -> frozenset[str]:
    """The ids of the concepts that a claim names."""
    texts = chain(*claim.all_of, claim.subject, claim.confusable, claim.opposite)
    return frozenset(text.removeprefix(SIGN) for text in texts if text.startswith(SIGN))


def claims_of(question: WrittenQuestion) -> Iterator[Claim]:
    """All claims of a question and of its parts."""
    yield from question.key_points
    yield from question.misconceptions
    for points in (
        *(phase.key_points for phase in question.phases),
        *(follow_up.key_points for follow_up in question.follow_ups),
        *(twist.key_points for twist in question.twists),
        *(dive.key_points for dive in question.deep_dives),
    ):
        yield from points


def spelt_out(question: WrittenQuestion, lexicon: Lexicon) -> WrittenQuestion:
    """The question with the wordings of each concept in place of its name, and the contrasts that follow from them."""

    def of(claims: tuple[_Claims, ...]) -> tuple[_Claims, ...]:
        return tuple(_spelt_out(claim, lexicon) for claim in claims)

    return replace(
        question,
        key_points=of(question.key_points),
        misconceptions=of(question.misconceptions),
        phases=tuple(replace(part, key_points=of(part.key_points)) for part in question.phases),
        follow_ups=tuple(replace(part, key_points=of(part.key_points)) for part in question.follow_ups),
        twists=tuple(replace(part, key_points=of(part.key_points)) for part in question.twists),
        deep_dives=tuple(replace(part, key_points=of(part.key_points)) for part in question.deep_dives),
    )


def _spelt_out(claim: _Claims, lexicon: Lexicon) -> _Claims:
    said = tuple(chain(*claim.all_of))
    if not named_in(claim):
        return claim
    opposite = claim.opposite or (_contrasts(said, lexicon) if claim.subject else ())
    return replace(
        claim,
        all_of=tuple(_wordings(group, lexicon) for group in claim.all_of),
        subject=_wordings(claim.subject, lexicon),
        confusable=_wordings(claim.confusable or _contrasts(claim.subject, lexicon), lexicon),
        opposite=_wordings(opposite, lexicon) if isinstance(claim, KeyPoint) else (),
    )


def _contrasts(texts: Iterable[str], lexicon: Lexicon) -> Texts:
    """What the concepts among `texts` are contrasted with, as names, without what stands among them itself."""
    concepts = [lexicon[text.removeprefix(SIGN)] for text in texts if text.startswith(SIGN)]
    own = {concept.id for concept in concepts}
    others = dict.fromkeys(other for concept in concepts for other in concept.contrast if other not in own)
    return tuple(f"{SIGN}{other}" for other in others)


def _wordings(texts: Texts, lexicon: Lexicon) -> Texts:
    """`texts` with each concept replaced by all that it is called, every wording once."""
    spelt = (lexicon[t.removeprefix(SIGN)].wordings if t.startswith(SIGN) else (t,) for t in texts)
    return tuple(dict.fromkeys(chain.from_iterable(spelt)))


def looked_up(word: str, concepts: Iterable[Placed[Concept]], uses: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What the lexicon says of each concept that is called `word`, or in whose wordings it occurs."""
    wanted = word.lower().removeprefix(SIGN)
    found = [placed.noun for placed in concepts if any(wanted in said.lower() for said in _said(placed.noun))]
    exact = [concept for concept in found if wanted in {said.lower() for said in _said(concept)}]
    for concept in exact or found:
        yield f"{SIGN}{concept.id}"
        yield from (f"  {name}: {'; '.join(texts)}" for name, texts in _described(concept, uses) if texts)


def _said(concept: Concept) -> Texts:
    return (concept.id, *concept.wordings)


def _described(concept: Concept, uses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    yield "means", [concept.definition] if concept.definition else []
    yield "names", concept.names
    yield "in plain words", concept.plain
    yield "not to be confused with", concept.contrast
    yield "source", concept.sources
    yield "used by", uses.get(concept.id, ["no question"])

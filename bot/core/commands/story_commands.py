"""A person's own stories: what a line after `/star` asks for, and which rehearsal it begins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core import stories as bank
from bot.core.model import Level
from bot.core.place import Person
from bot.core.refusal import UsageError
from bot.core.session import Activity, OwnStory, Rehearsal, RehearsalKind
from bot.core.stories import Grid, Story
from bot.core.stories.competencies import Catalogue, Competency
from bot.core.text import usage
from bot.core.text.story_text import ORDERS

LONGEST_TITLE = 60
_LONGEST_NAME = 4  # words of a competency


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Rehearse for a competency, or for the one that needs it most."""

    competency: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """Tell a new story, section by section."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Write a story anew, or one section of it."""

    number: int


@dataclass(frozen=True, slots=True)
class Practice:
    """Tell a story again."""

    number: int


@dataclass(frozen=True, slots=True)
class ListAll:
    """List the stories."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show a story with its versions and ratings."""

    number: int


@dataclass(frozen=True, slots=True)
class Tag:
    """Say which competencies a story shows; with none, ask what they are."""

    number: int
    competencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """Give a story a title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ShowGrid:
    """Show which competencies the stories cover: all, or those a company asks for."""

    company: str = ""


@dataclass(frozen=True, slots=True)
class Companies:
    """List the companies whose principles are known."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a story, once the person is sure."""

    number: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Show a story to everybody here."""

    number: int


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be ordered."""


Begin = Rehearse | New | Edit | Practice
BEGINS = (Rehearse, New, Edit, Practice)
Order = Begin | ListAll | Show | Tag | Name | ShowGrid | Companies | Delete | Share | Help

_ALIASES = {
    "ls": "list",
    "stories": "list",
    "bank": "list",
    "practise": "practice",
    "again": "practice",
    "rename": "name",
    "title": "name",
    "tags": "tag",
    "remove": "delete",
    "coverage": "grid",
    "company": "companies",
    "add": "new",
    "view": "show",
}


def parse(rest: str, catalogue: Catalogue) -> Order:
    """What a line after `/star` asks for; UsageError, with the likely word, when it cannot be understood."""
    line = " ".join(rest.split())
    head, _, tail = line.partition(" ")
    word = _ALIASES.get(head.lower(), head.lower())
    if not line:
        return Rehearse()
    if word in _READERS:
        return _READERS[word](tail, catalogue)
    if head.isdecimal():
        return Show(_number("show", head)[0])
    return Rehearse(_competency(line, catalogue, [f"/star {order}" for order in ORDERS]))


def _number(order: str, text: str, more: str = "") -> tuple[int, str]:
    """The number of a story, and what stands behind it."""
    head, _, tail = text.partition(" ")
    digits = head.strip("#.:,")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6):  # noqa: PLR2004 - digits; nobody has more
        raise UsageError(usage.needs_story_number(order, more))
    return int(digits), tail.strip()


def _title(text: str) -> str:
    if len(text) > LONGEST_TITLE:
        raise UsageError(usage.title_too_long(len(text), LONGEST_TITLE))
    return text


def _name(tail: str, _catalogue: Catalogue) -> Order:
    number, title = _number("name", tail, " The login outage")
    if not title:
        raise UsageError(usage.needs_title(number))
    return Name(number, _title(title))


def _tag(tail: str, catalogue: Catalogue) -> Order:
    number, named = _number("tag", tail, " ownership")
    return Tag(number, tuple(dict.fromkeys(_competencies(named, catalogue))))


def _competencies(text: str, catalogue: Catalogue) -> Iterator[str]:
    """The competencies in a text: with commas between, or one after the other by their longest names."""
    if "," in text:
        yield from (_competency(name.strip(), catalogue) for name in text.split(",") if name.strip())
        return
    words, known = text.split(), _names(catalogue)
    while words:
        sizes = range(min(_LONGEST_NAME, len(words)), 0, -1)
        size = next((size for size in sizes if _slug(" ".join(words[:size])) in known), len(words))
        yield _competency(" ".join(words[:size]), catalogue)
        words = words[size:]


def _competency(text: str, catalogue: Catalogue, orders: Iterable[str] = ()) -> str:
    """The id of a competency by its id or title."""
    known = _names(catalogue)
    if _slug(text) in known:
        return known[_slug(text)]
    near = usage.nearest(_slug(text), known)
    raise UsageError(usage.no_competency(text, known[near] if near else None, orders))


def _names(catalogue: Catalogue) -> dict[str, str]:
    """The ids of the competencies by everything they are called."""
    titles = {_slug(competency.title): competency.id for competency in catalogue.competencies}
    return titles | {competency.id: competency.id for competency in catalogue.competencies}


def _slug(name: str) -> str:
    return "-".join(re.findall(r"\w+", name.lower().replace("_", " ")))


def _grid(tail: str, catalogue: Catalogue) -> Order:
    known = {_slug(company.company): company.id for company in catalogue.companies}
    known |= {company.id: company.id for company in catalogue.companies}
    if not tail or _slug(tail) in known:
        return ShowGrid(known[_slug(tail)] if tail else "")
    raise UsageError(usage.no_company(tail, _slug(tail), known))


def _delete(tail: str, _catalogue: Catalogue) -> Order:
    number, sure = _number("delete", tail)
    return Delete(number, sure.lower().rstrip(".") == "yes")


_READERS: Mapping[str, Callable[[str, Catalogue], Order]] = {
    "new": lambda tail, _: New(_title(tail)),
    "list": lambda _tail, _: ListAll(),
    "show": lambda tail, _: Show(_number("show", tail)[0]),
    "practice": lambda tail, _: Practice(_number("practice", tail)[0]),
    "edit": lambda tail, _: Edit(_number("edit", tail)[0]),
    "tag": _tag,
    "name": _name,
    "grid": _grid,
    "companies": lambda _tail, _: Companies(),
    "share": lambda tail, _: Share(_number("share", tail)[0]),
    "delete": _delete,
    "help": lambda _tail, _: Help(),
}


def found(stories: Sequence[Story], number: int) -> Story:
    """The story with this number; UsageError when there is none."""
    story = next((story for story in stories if story.id == str(number)), None)
    if story is None:
        raise UsageError(usage.no_story(number, has_any=bool(stories)))
    return story


def own(stories: Sequence[Story], activity: Activity | None = None) -> tuple[OwnStory, ...]:
    """The stories as an interview knows them: in short, but the one that is edited in full."""
    edited = activity.number if isinstance(activity, Rehearsal) and activity.kind is RehearsalKind.EDIT else None
    known = []
    for story in stories:
        text = story.versions[-1].text if story.versions else ""
        text = text if int(story.id) == edited else text[: bank.KNOWN_BY]
        known.append(OwnStory(int(story.id), story.title, text, story.told.times, story.competencies))
    return tuple(known)


def grid(catalogue: Catalogue, stories: Sequence[Story], now: int, company: str = "") -> Grid:
    """Which competencies the stories cover: all, or those a company asks for."""
    asking = catalogue.company(company)
    titles = catalogue.titles
    wanted = {id_: titles[id_] for id_ in asking.competencies() if id_ in titles} if asking else titles
    return bank.coverage(stories, wanted, now)


def rehearsal(  # noqa: PLR0913, PLR0917 - the order, and all that the choice depends on
    order: Begin,
    catalogue: Catalogue,
    stories: Sequence[Story],
    asked: Sequence[str],
    number: int,
    level: Level,
    person: Person,
    now: int,
) -> Rehearsal:
    """The rehearsal that was ordered; UsageError when there is no such story.

    `asked` are the ids of the competencies asked for so far, the latest last; `number` is the next free one.
    """
    return _Choice(catalogue, stories, asked, number, level, person, now).of(order)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a rehearsal is chosen from."""

    catalogue: Catalogue
    stories: Sequence[Story]
    asked: Sequence[str]
    number: int
    level: Level
    person: Person
    now: int

    def of(self, order: Begin) -> Rehearsal:
        match order:
            case New(title):
                return self._about(RehearsalKind.NEW, None if title else self._neediest(), title=title)
            case Edit(number):
                return self._of_story(RehearsalKind.EDIT, number)
            case Practice(number):
                return self._of_story(RehearsalKind.PRACTICE, number)
            case Rehearse(competency_id):
                kind = RehearsalKind.TELL if self.stories else RehearsalKind.NEW
                return self._about(kind, self.catalogue.competency(competency_id) or self._neediest())

    def _of_story(self, kind: RehearsalKind, number: int) -> Rehearsal:
        """A story of the bank, asked for by the one of its competencies that was asked for least."""
        story = found(self.stories, number)
        shown = [c for c in map(self.catalogue.competency, story.competencies) if c]
        return self._about(kind, min(shown, key=lambda c: self.asked.count(c.id), default=None), number, story.title)

    def _neediest(self) -> Competency | None:
        if not self.catalogue.competencies:
            return None
        seed = int.from_bytes(_chance(self.person, 4))
        covered = grid(self.catalogue, self.stories, self.now)
        return self.catalogue.competency(bank.next_competency(covered, self.asked, seed))

    def _about(
        self, kind: RehearsalKind, competency: Competency | None, number: int | None = None, title: str = ""
    ) -> Rehearsal:
        number = self.number if number is None else number
        if competency is None:
            return Rehearsal(kind, "", "", "", "", "", (), number, title)
        # The prompt that this person heard least, each of them in an order of their own.
        shuffled = sorted(competency.prompts, key=lambda prompt: _chance(f"{self.person}:{prompt}", 8))
        return Rehearsal(
            kind,
            competency.id,
            competency.title,
            shuffled[self.asked.count(competency.id) % len(shuffled)],
            competency.looks_for,
            competency.scope.expected_of(self.level),
            tuple((probe.seeks.value, probe.ask) for probe in competency.probes),
            number,
            title,
        )


def _chance(of: str, size: int) -> bytes:
    return hashlib.blake2b(of.encode(), digest_size=size).digest()

"""The daily question: whose it is, which one it is today, and what a line after `/daily` asks for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import NoReturn, TypeVar

from bot.core.commands import UsageError, did_you_mean, echo
from bot.core.daily import schedule
from bot.core.daily.schedule import Rhythm
from bot.core.model import Bank, Kind, Level, Question, Stage
from bot.core.questions import selection
from bot.core.session import History

MOST = 7  # questions a day
# A question that is not due for review comes again after a week at the soonest, so that `days mon` may repeat it.
RESTS = timedelta(days=7)
# In a weak topic it comes again before anything new, so it rests longer, or a few weak topics would be all there is.
WEAK_RESTS = timedelta(days=21)
WEAK = 0.55  # below the score of a solid answer (see scoring.band)
_KINDS = {
    Stage.FUNDAMENTALS: frozenset({Kind.THEORY, Kind.DEBUGGING, Kind.JUDGEMENT, Kind.BASICS}),
    Stage.SCREEN: frozenset({Kind.BASICS}),
}
# Monday's difficulty and Sunday's, on the bank's scale of 1 to 5; without a ramp every day takes all between.
_WEEK = {Level.JUNIOR: (1.0, 3.0), Level.MID: (2.0, 4.0), Level.SENIOR: (2.5, 5.0), Level.STAFF: (3.0, 5.0)}
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody's daily question: where it is asked and when, how many, about what (no topics: any), and how hard."""

    person: str
    place: str
    rhythm: Rhythm
    count: int = 1
    topics: tuple[str, ...] = ()
    ramp: bool = True
    level: Level = Level.MID
    active: bool = True


def topics_of(bank: Bank) -> tuple[str, ...]:
    """The topics a daily question can be about."""
    return selection.topics_of(_pool(bank))


def choose(  # noqa: PLR0913, PLR0917 - the day, and what is known of the person and of what was asked
    bank: Bank,
    subscription: Subscription,
    due_reviews: Sequence[str],
    history: History,
    day: date,
    asked_today: Collection[str] = (),
    last_asked: Mapping[str, date] | None = None,
) -> tuple[str, ...]:
    """The ids of the questions of `day`, in order: due reviews (most overdue first), weak topics, then new questions.

    No question comes twice on a day. Reviews above the count wait for the next days. `last_asked` says on which of
    the person's days a question was asked last; when all were seen, the one unseen for longest comes again.
    """
    pool = {q.id: q for q in _pool(bank, subscription.topics) if q.id not in asked_today}
    due = [pool.pop(review) for review in dict.fromkeys(due_reviews) if review in pool]
    chosen = due[: subscription.count]
    draw = _Draw(subscription, history, day, last_asked or {})
    rested = [question for question in pool.values() if draw.rest_of(question) >= RESTS]
    while rested and len(chosen) < subscription.count:
        best = min(rested, key=partial(draw.rank, used={question.topic for question in chosen}))
        rested.remove(best)
        chosen.append(best)
    return tuple(question.id for question in chosen)


def _pool(bank: Bank, topics: Collection[str] = ()) -> Iterable[Question]:
    """What may be asked without an interview around it, about these topics, or any."""
    return [
        question
        for stage, kinds in _KINDS.items()
        for question in bank.of_stage(stage)
        if question.kind in kinds and not question.reserve and (not topics or question.topic in topics)
    ]


@dataclass(frozen=True, slots=True)
class _Draw:
    """One person's draw of one day."""

    subscription: Subscription
    history: History
    day: date
    last_asked: Mapping[str, date]

    def rest_of(self, question: Question) -> timedelta:
        """How long ago the question was asked; very long, when that is not known."""
        return self.day - self.last_asked.get(question.id, date.min)

    def rank(self, question: Question, used: Collection[str]) -> tuple[bool | float | str, ...]:
        """Sort key: a topic not used today, a weak one, new, long unseen, of the level, of the day, chance."""
        seen = bool(self.history.seen.get(question.id)) or question.id in self.last_asked
        return (
            question.topic in used,
            not self._is_weak(question, seen=seen),
            seen,
            -self.rest_of(question).days if seen else 0,
            self.subscription.level not in question.levels,
            self._off(question.difficulty),
            self._chance(question),
        )

    def _is_weak(self, question: Question, *, seen: bool) -> bool:
        """Whether it is about a weak topic, and has rested if it was seen."""
        weak = self.history.topic_scores.get(question.topic, 1.0) < WEAK
        return weak and (not seen or self.rest_of(question) >= WEAK_RESTS)

    def _off(self, difficulty: int) -> float:
        """How far a difficulty lies from what this day asks for."""
        low, high = _WEEK[self.subscription.level]
        if self.subscription.ramp:
            low = high = low + (high - low) * self.day.weekday() / 6
        return max(low - difficulty, difficulty - high, 0.0)

    def _chance(self, question: Question) -> str:
        drawn = f"{self.subscription.person}:{self.day}:{question.id}"
        return hashlib.blake2b(drawn.encode(), digest_size=8).hexdigest()


class Setting(StrEnum):
    """What a subscriber can set by its name."""

    ZONE = "zone"
    DAYS = "days"
    COUNT = "count"
    TOPICS = "topics"
    QUIET = "quiet"
    EVENING = "evening"
    RAMP = "ramp"


@dataclass(frozen=True, slots=True)
class Status:
    """Show what is set."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Ask daily at this time, or from now on at this one; a `guessed` zone is to be confirmed."""

    at: int
    zone: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Set one thing."""

    setting: Setting
    to: Subscription


@dataclass(frozen=True, slots=True)
class Off:
    """Ask no more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Ask nothing before `until`; without a date, nothing before a `Resume`."""

    until: date | None
    to: Subscription


@dataclass(frozen=True, slots=True)
class Resume:
    """Ask again, after a pause or after `Off`."""

    to: Subscription


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave out one date."""

    on: date
    to: Subscription


@dataclass(frozen=True, slots=True)
class Now:
    """Ask at once."""


@dataclass(frozen=True, slots=True)
class ShowStreak:
    """Show the streak."""


@dataclass(frozen=True, slots=True)
class SetChannel:
    """Ask everybody in this channel daily at `at` (None: no more); a `guessed` zone is to be confirmed."""

    at: int | None
    zone: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class SetConsent:
    """Whether the person's name may stand under a channel's question."""

    given: bool


Order = Status | Subscribe | Change | Off | Pause | Resume | Skip | Now | ShowStreak | SetChannel | SetConsent


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to be read: its first word, the rest, and what one must know to read them."""

    word: str
    rest: str
    subscription: Subscription | None
    today: date
    locale: str
    topics: Collection[str]

    @property
    def own(self) -> Subscription:
        """The subscription that the line is about; UsageError when nothing is asked daily."""
        if not (self.subscription and self.subscription.active):
            missing = "Your daily question is off." if self.subscription else "You have no daily question yet."
            _refuse(f"{missing} Start it with a time", "08:30")
        return self.subscription


def parse(rest: str, subscription: Subscription | None, today: date, locale: str, topics: Collection[str]) -> Order:
    """What a line after `/daily` asks for; UsageError, with the likely word, when it cannot be understood.

    `today` is the person's own day, `locale` the platform's guess of their language, `topics` those of `topics_of`.
    """
    head, _, tail = " ".join(rest.split()).partition(" ")
    if not head:
        return Status()
    if head[0].isdecimal():
        head, tail = "at", f"{head} {tail}".strip()
    word = _ALIASES.get(head.lower(), head.lower())
    if word not in _READERS:
        hint = did_you_mean(word, _READERS, "/daily ") or " Send a time, as in /daily 08:30, or /daily alone."
        message = f"I do not know {echo(f'/daily {head}')}.{hint}"
        raise UsageError(message)
    if not tail and word in _EXAMPLES:
        _refuse(f"/daily {word} needs a word more", f"{word} {_EXAMPLES[word]}")
    return _READERS[word](_Line(word, tail, subscription, today, locale, topics))


def _refuse(rule: str, example: str) -> NoReturn:
    message = f"{rule}, as in /daily {example}."
    raise UsageError(message)


def _alone(line: _Line, order: Order) -> Order:
    if line.rest:
        message = f"/daily {line.word} stands alone, without {echo(line.rest)}."
        raise UsageError(message)
    return order


def _time_and_zone(line: _Line) -> tuple[int, str, bool]:
    """A time, the zone it is meant in, and whether that was guessed."""
    time, zone = re.findall(r"(\S+(?: [ap]\.?m\b\.?)?) ?(.*)", line.rest, re.IGNORECASE)[0]
    at = schedule.parse_time(time)
    if zone:
        return at, schedule.zone_of(zone), False
    if line.subscription:
        return at, line.subscription.rhythm.zone, False
    return at, schedule.guess_zone(line.locale), True


def _on(subscription: Subscription, rhythm: Rhythm) -> Subscription:
    return replace(subscription, rhythm=rhythm)


def _zone(line: _Line) -> Order:
    return Change(Setting.ZONE, _on(line.own, replace(line.own.rhythm, zone=schedule.zone_of(line.rest))))


def _days(line: _Line) -> Order:
    return Change(Setting.DAYS, _on(line.own, replace(line.own.rhythm, days=schedule.parse_days(line.rest))))


def _quiet(line: _Line) -> Order:
    return Change(Setting.QUIET, _on(line.own, replace(line.own.rhythm, quiet=_unless_off(line, schedule.parse_quiet))))


def _evening(line: _Line) -> Order:
    evening = _unless_off(line, schedule.parse_time)
    return Change(Setting.EVENING, _on(line.own, replace(line.own.rhythm, evening=evening)))


def _unless_off(line: _Line, read: Callable[[str], Read]) -> Read | None:
    return None if line.rest.lower() == "off" else read(line.rest)


def _count(line: _Line) -> Order:
    if not line.rest.isdecimal() or not 1 <= int(line.rest) <= MOST:
        _refuse(f"The count is a number from 1 to {MOST}", "count 3")
    return Change(Setting.COUNT, replace(line.own, count=int(line.rest)))


def _topics(line: _Line) -> Order:
    named = tuple(dict.fromkeys(_named(line.rest.lower().strip(", "), line.topics)))
    return Change(Setting.TOPICS, replace(line.own, topics=() if named == ("any",) else named))


def _named(text: str, topics: Collection[str]) -> Iterable[str]:
    """The topics in a text: with commas between, or one of several words, or single words."""
    names = text.split(",") if "," in text else [text] if _slug(text) in topics else text.split() or [text]
    for name in map(_slug, names):
        if name not in topics and text != "any":
            hint = did_you_mean(name, topics) or f" There are: {', '.join(sorted(topics))}."
            message = f"There is no topic {echo(name)}.{hint}"
            raise UsageError(message)
        yield name


def _slug(name: str) -> str:
    return "-".join(name.replace("_", " ").split())


def _switch(line: _Line) -> bool:
    if line.rest.lower() not in {"on", "off"}:
        _refuse(f"{line.word.capitalize()} can be on or off", f"{line.word} on")
    return line.rest.lower() == "on"


def _pause(line: _Line) -> Order:
    text = re.sub(r"^(until|till)\b", "", line.rest, flags=re.IGNORECASE).strip()
    until = schedule.parse_date(text) if line.rest else None
    if until and until <= line.today:
        _refuse("A pause ends on a day to come", f"pause until {line.today + timedelta(days=7)}")
    return Pause(until, _on(line.own, replace(line.own.rhythm, paused_until=until or date.max)))


def _resume(line: _Line) -> Order:
    again = replace(line.subscription, active=True) if line.subscription else line.own
    return _alone(line, Resume(_on(again, replace(again.rhythm, paused_until=None))))


def _skip(line: _Line) -> Order:
    rhythm, tomorrow = line.own.rhythm, line.today + timedelta(days=1)
    skipped = frozenset(day for day in rhythm.skipped if day > line.today) | {tomorrow}
    return _alone(line, Skip(tomorrow, _on(line.own, replace(rhythm, skipped=skipped))))


_ALIASES = {"stop": "off", "unsubscribe": "off", "timezone": "zone", "topic": "topics", "day": "days"}
_EXAMPLES = {
    "at": "08:30",
    "zone": "Europe/Berlin",
    "days": "mon-fri",
    "count": "3",
    "topics": "any",
    "quiet": "22:00-07:00",
    "evening": "19:00",
    "ramp": "off",
    "channel": "09:00",
    "consent": "on",
}
_READERS: Mapping[str, Callable[[_Line], Order]] = {
    "at": lambda line: Subscribe(*_time_and_zone(line)),
    "zone": _zone,
    "days": _days,
    "count": _count,
    "topics": _topics,
    "off": lambda _: Off(),  # whatever stands behind it: stopping must never fail
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "now": lambda line: _alone(line, Now()),
    "quiet": _quiet,
    "evening": _evening,
    "ramp": lambda line: Change(Setting.RAMP, replace(line.own, ramp=_switch(line))),
    "streak": lambda line: _alone(line, ShowStreak()),
    "channel": lambda line: SetChannel(None) if line.rest.lower() == "off" else SetChannel(*_time_and_zone(line)),
    "consent": lambda line: SetConsent(_switch(line)),
}

"""The daily question: what a line after `/daily` asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from bot.core.commands import times
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import MOST, Setting, Subscription
from bot.core.refusal import UsageError
from bot.core.text import usage

Read = TypeVar("Read")


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
            raise UsageError(usage.nothing_daily(is_off=self.subscription is not None))
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
        raise UsageError(usage.no_daily_order(head, word, _READERS))
    if not tail and word in _EXAMPLES:
        raise UsageError(usage.daily_needs_more(word, _EXAMPLES[word]))
    return _READERS[word](_Line(word, tail, subscription, today, locale, topics))


def _alone(line: _Line, order: Order) -> Order:
    if line.rest:
        raise UsageError(usage.daily_alone(line.word, line.rest))
    return order


def _time_and_zone(line: _Line) -> tuple[int, str, bool]:
    """A time, the zone it is meant in, and whether that was guessed."""
    time, zone = re.findall(r"(\S+(?: [ap]\.?m\b\.?)?) ?(.*)", line.rest, re.IGNORECASE)[0]
    at = times.parse_time(time)
    if zone:
        return at, times.zone_of(zone), False
    if line.subscription:
        return at, line.subscription.rhythm.zone, False
    return at, times.guess_zone(line.locale), True


def _on(subscription: Subscription, rhythm: Rhythm) -> Subscription:
    return replace(subscription, rhythm=rhythm)


def _timed(setting: Setting, line: _Line, rhythm: Rhythm) -> Change:
    return Change(setting, _on(line.own, rhythm))


def _unless_off(line: _Line, read: Callable[[str], Read]) -> Read | None:
    return None if line.rest.lower() == "off" else read(line.rest)


def _count(line: _Line) -> Order:
    if not line.rest.isdecimal() or not 1 <= int(line.rest) <= MOST:
        raise UsageError(usage.daily_count(MOST))
    return Change(Setting.COUNT, replace(line.own, count=int(line.rest)))


def _topics(line: _Line) -> Order:
    named = tuple(dict.fromkeys(_named(line.rest.lower().strip(", "), line.topics)))
    return Change(Setting.TOPICS, replace(line.own, topics=() if named == ("any",) else named))


def _named(text: str, topics: Collection[str]) -> Iterable[str]:
    """The topics in a text: with commas between, or one of several words, or single words."""
    names = text.split(",") if "," in text else [text] if _slug(text) in topics else text.split() or [text]
    for name in map(_slug, names):
        if name not in topics and text != "any":
            raise UsageError(usage.no_topic(name, sorted(topics)))
        yield name


def _slug(name: str) -> str:
    return "-".join(name.replace("_", " ").split())


def _switch(line: _Line) -> bool:
    if line.rest.lower() not in {"on", "off"}:
        raise UsageError(usage.on_or_off(line.word))
    return line.rest.lower() == "on"


def _pause(line: _Line) -> Order:
    text = re.sub(r"^(until|till)\b", "", line.rest, flags=re.IGNORECASE).strip()
    until = times.parse_date(text) if line.rest else None
    if until and until <= line.today:
        raise UsageError(usage.pause_ends_later(line.today + timedelta(days=7)))
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
    "zone": lambda line: _timed(Setting.ZONE, line, replace(line.own.rhythm, zone=times.zone_of(line.rest))),
    "days": lambda line: _timed(Setting.DAYS, line, replace(line.own.rhythm, days=times.parse_days(line.rest))),
    "count": _count,
    "topics": _topics,
    "off": lambda _: Off(),  # whatever stands behind it: stopping must never fail
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "now": lambda line: _alone(line, Now()),
    "quiet": lambda line: _timed(
        Setting.QUIET, line, replace(line.own.rhythm, quiet=_unless_off(line, times.parse_quiet))
    ),
    "evening": lambda line: _timed(
        Setting.EVENING, line, replace(line.own.rhythm, evening=_unless_off(line, times.parse_time))
    ),
    "ramp": lambda line: Change(Setting.RAMP, replace(line.own, ramp=_switch(line))),
    "streak": lambda line: _alone(line, ShowStreak()),
    "channel": lambda line: SetChannel(None) if line.rest.lower() == "off" else SetChannel(*_time_and_zone(line)),
    "consent": lambda line: SetConsent(_switch(line)),
}

"""What is said to somebody whose command cannot be understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.core.session import Format

_LIKELY = 70  # rapidfuzz ratio from which a wrong word is worth a "did you mean"
_ECHOED = 60  # characters: enough to know one's own words again


def echo(words: str) -> str:
    """A person's own words within a sentence of ours: short, on one line, and no code that a chat would format."""
    line = " ".join(words.replace("`", "'").split())
    return f'"{line}"' if len(line) <= _ECHOED else f'"{line[:_ECHOED]}…"'


def did_you_mean(word: str, known: Iterable[str], prefix: str = "") -> str:
    """The nearest known word as a question of its own, or nothing when none is near."""
    near = nearest(word, known)
    return f" Did you mean {prefix}{near}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a wrong one was likely meant to be."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_LIKELY)
    return found[0] if found else None


def unknown_command(name: str, known: Iterable[str]) -> str:
    """There is no such command."""
    return f"I do not know /{name}.{did_you_mean(name, known, '/')}"


def stands_alone(name: str) -> str:
    """A command came with words behind it that it does not take."""
    return f"/{name} stands alone: send the text and the command as two messages."


def no_interview_number(number: int) -> str:
    """There is no interview with this number."""
    return f"There is no interview number {number}."


def no_interview(text: str) -> str:
    """A line names no interview."""
    names = [format_.value for format_ in Format]
    hint = did_you_mean(text, names) or f" There are: {', '.join(names)}."
    return f"I could not find the interview in {echo(text)}.{hint}"


def no_such_length(minutes: int, shortest: int, longest: int) -> str:
    """An interview cannot be that short or long."""
    return f"An interview takes {shortest} to {longest} minutes, not {minutes}."


def no_topic(topic: str, topics: Sequence[str], within: str = "") -> str:
    """There are no questions on this topic, `within` a format or at all."""
    hint = did_you_mean(topic, topics) or f" There are: {', '.join(topics)}."
    where = f" in {within}" if within else ""
    return f"There is no topic {echo(topic)}{where}.{hint}"


def no_setting(name: str, names: Iterable[str]) -> str:
    """There is no such setting."""
    return f"There is no setting {echo(name)}.{did_you_mean(name, names)} /settings lists them."


def no_such_value(name: str, values: Sequence[str]) -> str:
    """A setting does not take this value."""
    return f"{name} can be {' or '.join(values)}, as in /settings {name} {values[-1]}."


def no_daily_order(head: str, word: str, known: Iterable[str]) -> str:
    """`/daily` knows no such word."""
    hint = did_you_mean(word, known, "/daily ") or " Send a time, as in /daily 08:30, or /daily alone."
    return f"I do not know {echo(f'/daily {head}')}.{hint}"


def daily_needs_more(word: str, example: str) -> str:
    """A word after `/daily` needs another behind it."""
    return f"/daily {word} needs a word more, as in /daily {word} {example}."


def daily_alone(word: str, rest: str) -> str:
    """A word after `/daily` takes none behind it."""
    return f"/daily {word} stands alone, without {echo(rest)}."


def nothing_daily(*, is_off: bool) -> str:
    """Nothing is asked daily, so nothing can be changed about it."""
    missing = "Your daily question is off." if is_off else "You have no daily question yet."
    return f"{missing} Start it with a time, as in /daily 08:30."


def daily_count(most: int) -> str:
    """How many questions a day there can be."""
    return f"The count is a number from 1 to {most}, as in /daily count 3."


def on_or_off(word: str) -> str:
    """A daily setting is switched on or off."""
    return f"{word.capitalize()} can be on or off, as in /daily {word} on."


def pause_ends_later(example: object) -> str:
    """A pause cannot end today or before."""
    return f"A pause ends on a day to come, as in /daily pause until {example}."


def no_time(text: str) -> str:
    """Not a time of day."""
    return f"I cannot read {echo(text)} as a time of day; send it like 08:30."


def no_quiet_hours(text: str) -> str:
    """Not a span of hours."""
    return f"I cannot read {echo(text)} as quiet hours; send them like 22:00-07:00."


def no_date(text: str) -> str:
    """Not a date."""
    return f"I cannot read {echo(text)} as a date; send it like 2026-03-29, the year first."


def no_weekday(word: str, days: Iterable[str]) -> str:
    """Not a day of the week."""
    return f"{echo(word)} is no day of the week.{did_you_mean(word.capitalize(), days)}"


NO_DAYS = "Name the days, like mon-fri, weekdays, daily or mon,wed,fri."
ZONE_BY_PLACE = "Name a place instead, like Europe/Berlin, because hours from UTC can change with summer time."


def no_zone(text: str, near: str | None) -> str:
    """Not a time zone; `near` is one of a similar name."""
    hint = f"Did you mean {near}?" if near else "Send one like Europe/Berlin, or a large city near you."
    return f"I do not know the time zone {echo(text)}. {hint}"


def needs_story_number(order: str, more: str = "") -> str:
    """An order after `/star` needs the number of a story."""
    return f"/star {order} needs the number of a story, as in /star {order} 3{more}."


def needs_title(number: int) -> str:
    """`/star name` needs a title."""
    return f"/star name needs a title behind the number, as in /star name {number} The login outage."


def title_too_long(length: int, most: int) -> str:
    """A title has too many characters."""
    return f"A title has at most {most} characters; this one has {length}."


def no_competency(text: str, near: str | None, orders: Iterable[str]) -> str:
    """There is no such competency; `near` is the id of one with a similar name, `orders` what it may be instead."""
    hint = f" Did you mean {near}?" if near else did_you_mean(f"/star {text}", orders)
    return f"I know no competency {echo(text)}.{hint or ' /star grid lists them, /star help the rest.'}"


def no_company(text: str, slug: str, known: Iterable[str]) -> str:
    """There is no such company."""
    return f"I know no company {echo(text)}.{did_you_mean(slug, known) or ' /star companies lists them.'}"


def no_story(number: int, *, has_any: bool) -> str:
    """The person has no story of this number."""
    return f"You have no story {number}. {'/star list shows yours.' if has_any else '/star tells the first one.'}"

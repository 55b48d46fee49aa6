"""One command grammar for every platform: what a line of text asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.core.events import Command
from bot.core.model import Bank, Level
from bot.core.questions import planning
from bot.core.refusal import Refusal
from bot.core.session import Format, Pace, Setup

MAX_TOKENS = 12
_LIKELY = 70  # rapidfuzz ratio from which a wrong word is worth a "did you mean"
_SLASH = re.compile(r"^/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)
_ALIASES = {
    "design": Format.SYSTEM_DESIGN,
    "system": Format.SYSTEM_DESIGN,
    "sd": Format.SYSTEM_DESIGN,
    "code": Format.CODING,
    "algorithms": Format.CODING,
    "theory": Format.FUNDAMENTALS,
    "ml": Format.FUNDAMENTALS,
    "rapid": Format.RAPID_FIRE,
    "rapidfire": Format.RAPID_FIRE,
    "behavioural": Format.BEHAVIORAL,
    "behaviour": Format.BEHAVIORAL,
    "everything": Format.FULL,
    "all": Format.FULL,
    "onsite": Format.LOOP,
}


class UsageError(Refusal):
    """What was asked for cannot be understood; the message is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command that is not part of an interview: `name` without the slash, and the rest of the line."""

    name: str
    rest: str


REQUESTS = ("mock", "daily", "star", "report", "history", "settings", "privacy", "export", "forget", "start")


def is_quit(line: str) -> bool:
    """Whether a line of the terminal leaves the chat; the interview stays open."""
    return line.strip().lower() in {"/quit", "/exit"}


def parse(text: str) -> Command | Request | str:
    """A command of the interview, a request beside it, or plain text; UsageError for an unknown command.

    A slash that starts no word, such as a path or a comment, is plain text.
    """
    match = _SLASH.match(text.strip())
    if not match:
        return text
    name, rest = match.group(1).lower().replace("_", "-"), (match.group(2) or "").strip()
    if name in {command.value for command in Command}:
        return Command(name) if not rest else _with_rest(name, text)
    if name in REQUESTS:
        return Request(name, rest)
    message = f"I do not know /{name}.{did_you_mean(name, [*REQUESTS, *(c.value for c in Command)], '/')}"
    raise UsageError(message)


def _with_rest(name: str, text: str) -> Command:
    message = f"/{name} stands alone: send the text and the command as two messages."
    if text:
        raise UsageError(message)
    return Command(name)


def parse_choice(text: str, setup: Setup, bank: Bank) -> Setup:
    """The setup after a person named an interview by number or in words; UsageError when that cannot be."""
    tokens = text.replace(",", " ").lower().split()[:MAX_TOKENS]
    if tokens and tokens[0].rstrip(".").isdecimal():
        number = int(tokens[0].rstrip("."))
        if not 1 <= number <= len(Format):
            message = f"There is no interview number {number}."
            raise UsageError(message)
        tokens[0] = list(Format)[number - 1].value
    return parse_mock(" ".join(tokens), setup, bank)


def parse_mock(text: str, setup: Setup, bank: Bank) -> Setup:
    """The setup for `/mock [stage] [topic] [level] [minutes]`, the words in any order."""
    words = text.lower().replace("_", "-").split()[:MAX_TOKENS]
    joined = " ".join(words).replace("system design", "system-design").replace("rapid fire", "rapid-fire").split()
    topic: list[str] = []
    for word in joined:
        known = _known(word, setup)
        if known:
            setup = known
        elif word not in {"level", "minutes", "min", "interview", "about", "on"}:
            topic.append(word)
    if setup.format is None:
        names = [format_.value for format_ in Format]
        hint = did_you_mean(text, names) or f" There are: {', '.join(names)}."
        message = f"I could not find the interview in {echo(text)}.{hint}"
        raise UsageError(message)
    if topic:
        setup = replace(setup, topic=topic_of("-".join(topic), setup.format, bank))
    return setup


def _known(word: str, setup: Setup) -> Setup | None:
    if word in set(Format) or word in _ALIASES:
        return replace(setup, format=_ALIASES.get(word) or Format(word))
    if word in set(Level):
        return replace(setup, level=Level(word))
    if word in set(Pace):
        return replace(setup, pace=Pace(word))
    if word.isdecimal():
        return replace(setup, minutes=minutes_of(int(word)))
    return None


def minutes_of(minutes: int) -> int:
    """A length an interview can have; UsageError otherwise."""
    if not planning.SHORTEST <= minutes <= planning.LONGEST:
        message = f"An interview takes {planning.SHORTEST} to {planning.LONGEST} minutes, not {minutes}."
        raise UsageError(message)
    return minutes


def topics_of(wanted: Format | None, bank: Bank) -> tuple[str, ...]:
    """The topics that the format, or any, has questions about."""
    formats = list(Format) if wanted is None else [wanted]
    stages = {planning.stage_of(part) for format_ in formats for part in planning.formats_of(format_)}
    return tuple(sorted(frozenset[str]().union(*map(bank.topics_of_stage, stages))))


def topic_of(topic: str, wanted: Format, bank: Bank) -> str:
    """A topic that the format has questions about; UsageError with the nearest one otherwise."""
    topics = topics_of(wanted, bank)
    if topic in topics:
        return topic
    hint = did_you_mean(topic, topics) or f" There are: {', '.join(topics)}."
    message = f"There is no topic {echo(topic)} in {wanted.value}.{hint}"
    raise UsageError(message)


_ECHOED = 60  # characters: enough to know one's own words again


def echo(words: str) -> str:
    """A person's own words within a sentence of ours: short, on one line, and no code that a chat would format."""
    line = " ".join(words.replace("`", "'").split())
    return f'"{line}"' if len(line) <= _ECHOED else f'"{line[:_ECHOED]}…"'


def did_you_mean(word: str, known: Iterable[str], prefix: str = "") -> str:
    """The nearest known word as a question of its own, or nothing when none is near."""
    near = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_LIKELY)
    return f" Did you mean {prefix}{near[0]}?" if near else ""

"""Which interview a person asks for, in words or by number."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Bank, Level
from bot.core.questions import planning
from bot.core.refusal import UsageError
from bot.core.session import Format, Pace, Setup
from bot.core.text import usage

MAX_TOKENS = 12
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


def parse_choice(text: str, setup: Setup, bank: Bank) -> Setup:
    """The setup after a person named an interview by number or in words; UsageError when that cannot be."""
    tokens = text.replace(",", " ").lower().split()[:MAX_TOKENS]
    if tokens and tokens[0].rstrip(".").isdecimal():
        number = int(tokens[0].rstrip("."))
        if not 1 <= number <= len(Format):
            raise UsageError(usage.no_interview_number(number))
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
        raise UsageError(usage.no_interview(text))
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
        raise UsageError(usage.no_such_length(minutes, planning.SHORTEST, planning.LONGEST))
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
    raise UsageError(usage.no_topic(topic, topics, wanted.value))

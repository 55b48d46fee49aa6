"""What conversations depend on: the bank, the clock, chance, the platforms, and who may use the bot, and how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.model import Bank
from bot.core.place import NOBODY, Chat, Person
from bot.core.stories.competencies import Catalogue
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock
from bot.service.telemetry import Metrics

Seed = Callable[[], int]


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may use the bot (nobody named: everybody), who runs it, and how many interviews a day may start.

    `allowed` holds people, chats and Discord servers, such as `telegram:42`; the owner is always welcome and never
    counted.
    """

    allowed: frozenset[Chat | Person] = frozenset()
    owner: Person = NOBODY
    starts_a_person: int = 20
    starts_a_chat: int = 100


@dataclass(frozen=True, slots=True)
class Context:
    """What conversations depend on, put together once.

    `clock` gives UTC epoch seconds, `seed` the random seed of a new interview, `catalogue` the competencies that
    stories are rehearsed for, which are loaded only then.
    """

    bank: Bank
    clock: Clock
    seed: Seed
    platforms: Platforms
    access: AccessRules = field(default_factory=AccessRules)
    metrics: Metrics = field(default_factory=Metrics)
    catalogue: Callable[[], Catalogue] = Catalogue

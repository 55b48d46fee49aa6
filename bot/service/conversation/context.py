"""What conversations depend on: the bank, the clock, chance, the platforms and the access rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.model import Bank
from bot.core.stories.competencies import Catalogue
from bot.service.conversation.access import AccessRules
from bot.service.metrics import Metrics, NoMetrics
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock

Seed = Callable[[], int]


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
    metrics: Metrics = field(default_factory=NoMetrics)
    catalogue: Callable[[], Catalogue] = Catalogue

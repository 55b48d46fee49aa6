"""What every rule takes and returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.core.effects import Effect
from bot.core.model import Bank
from bot.core.session import Session

Step = tuple[Session, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at beside the session: the bank, and what time it is (epoch seconds)."""

    bank: Bank
    now: int


# The event's type is fixed by the row of the table a rule stands in, which a type cannot say.
Rule = Callable[[Session, Any, RuleContext], Step]


def and_then(effects: tuple[Effect, ...], step: Step) -> Step:
    """A step whose effects come after `effects`."""
    session, more = step
    return session, (*effects, *more)

"""What every rule takes and returns, and what a row of the table says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.effects import Effect
from bot.core.events import Answered, Command, Edited, Examined, Reopened, Started, TimerRang
from bot.core.model import Bank
from bot.core.session import Session, State
from bot.core.text import replies

Step = tuple[Session, tuple[Effect, ...]]
Trigger = Command | type[Started] | type[Answered] | type[Edited] | type[TimerRang] | type[Reopened] | type[Examined]


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at beside the session: the bank, what time it is (epoch seconds), and the table itself."""

    bank: Bank
    now: int
    table: Mapping[State, StateRow]


# The event's type is fixed by the row of the table a rule stands in, which a type cannot say.
Rule = Callable[[Session, Any, RuleContext], Step]


@dataclass(frozen=True, slots=True)
class Transition:
    """A rule and the states it may lead to."""

    rule: Rule
    leads_to: frozenset[State]


@dataclass(frozen=True, slots=True)
class StateRow:
    """All there is to know about a state: what it means to the person in it, and what each event does.

    `describes` goes on from "right now". `pending` is what is asked, or waited for, with its `choices`; in an
    `is_open` state a question waits for an answer, in an `is_timed` one its clock runs. `buttons` are the commands
    worth a button, `mark` is the letter that stands for the state on them, and `meanings` says what each command does.
    """

    describes: str
    rules: Mapping[Trigger, Transition]
    pending: Callable[[Session, Bank], str]
    meanings: Mapping[Command, str] = field(default_factory=lambda: replies.COMMANDS)
    mark: str = "q"
    buttons: tuple[Command, ...] = ()
    choices: tuple[str, ...] = ()
    is_open: bool = False
    is_timed: bool = False


def and_then(effects: tuple[Effect, ...], step: Step) -> Step:
    """A step whose effects come after `effects`."""
    session, more = step
    return session, (*effects, *more)

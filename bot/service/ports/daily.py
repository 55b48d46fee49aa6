"""The rows that daily questions need, within one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.core.daily.schedule import Due
from bot.core.daily.subscription import Subscription
from bot.core.effects import Say
from bot.core.place import Person, Place


class PromptState(StrEnum):
    """What became of a pushed question."""

    WAITING = "waiting"  # not asked yet: one of several for a day
    ASKED = "asked"
    ANSWERED = "answered"
    SKIPPED = "skipped"


class Again(StrEnum):
    """Why a prompt comes once more."""

    LATER = "later"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question pushed for one of a person's dates; `number` counts from 1 within the date."""

    id: int
    person: Person
    place: Place
    day: date
    number: int
    question_id: str
    state: PromptState
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A subscription with what is planned: the next prompt, the date of the last one, and since when it is kept."""

    subscription: Subscription
    since: int
    next: Due | None
    last_day: date | None


class Daily(Protocol):
    """The rows of daily questions, within one transaction."""

    async def planned(self, person: Person) -> Planned | None:
        """A person's subscription with what is planned; None without one."""

    async def plan(self, subscription: Subscription, following: Due | None, last_day: date | None, now: int) -> None:
        """Keep a subscription and its next prompt."""

    async def move_on(self, asked: Sequence[Planned]) -> None:
        """Give what was claimed its next prompt and last date; what a person planned meanwhile stays."""

    async def opted_in(self, person: Person, place: Place) -> None:
        """Note where the person asked for their daily question."""

    async def lost(self, chat: Place) -> list[tuple[Planned, Place]]:
        """The subscriptions delivered to a chat, each with where it was asked for."""

    async def postpone(self, person: Person, at: int) -> None:
        """Move the planned prompt to a later time."""

    async def add(self, person: Person, place: Place, day: date, question_ids: Sequence[str], now: int) -> list[Prompt]:
        """Add prompts for a date, numbered after those it has; none of a question that the date has already."""

    async def prompt(self, prompt_id: int) -> Prompt | None:
        """One prompt."""

    async def open_prompt(self, person: Person, since: int) -> Prompt | None:
        """The prompt asked last, since then, that is neither answered nor skipped."""

    async def next_waiting(self, person: Person, day: date) -> Prompt | None:
        """The next prompt of a date that was not asked yet."""

    async def of_day(self, person: Person, day: date) -> list[Prompt]:
        """All prompts of a date."""

    async def join(self, prompt_id: int, person: Person, place: Place, day: date, now: int) -> Prompt | None:
        """Add a person's own prompt for a channel's question on their date; None when they have it already."""

    async def answered_by(self, prompt_id: int) -> list[Person]:
        """Who answered a channel's question."""

    async def before(self, person: Person, day: date) -> Prompt | None:
        """The last prompt asked before a date."""

    async def ref_of(self, prompt: Prompt) -> str:
        """The platform's id of the message that asked a channel's question; nothing when none arrived."""

    async def asked(self, prompt_id: int, now: int) -> None:
        """Note that a prompt is asked now."""

    async def skipped(self, prompt_id: int, now: int) -> None:
        """Note that a prompt was skipped."""

    async def again(self, prompt_id: int, at: int | None, why: Again | None) -> None:
        """Have a prompt come once more at that time; None: no more."""

    async def due_reviews(self, person: Person, until: int) -> list[tuple[str, int]]:
        """Questions due for review until then, and since when, most overdue first."""

    async def card(self, person: Person, question_id: str) -> str | None:
        """The memory card of a question; None when the person never answered it."""

    async def regrade(self, prompt_id: int, card: str, due_at: int) -> None:
        """Replace the memory card and the due time of a prompt's question by what the person's own grade says."""

    async def last_asked(self, person: Person) -> Mapping[str, date]:
        """The date on which each question was asked last."""

    async def answered_at(self, person: Person) -> Collection[int]:
        """The times at which prompts were answered."""

    async def vacations(self, person: Person) -> list[tuple[date, date]]:
        """The person's vacations, each as its first date and the one on which prompts come again."""

    async def add_vacation(self, person: Person, first: date, back: date) -> None:
        """Keep a vacation from `first` until `back`."""

    async def end_vacation(self, person: Person, back: date) -> None:
        """End all vacations on `back`, those still to come as well."""

    async def push(self, prompt: Prompt, say: Say, now: int, expires_at: int | None = None) -> None:
        """Put a prompt into the outbox; `expires_at` makes it one of many that may wait and lapse."""

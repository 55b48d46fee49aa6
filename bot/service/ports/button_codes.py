"""What a button and a form carry, on every platform alike: written when they are shown, parsed when they come back.

A code names the interview and the moment at which it was offered, so nothing about buttons has to be remembered. Codes
stay on people's screens for good, so the forms below may be added to, and never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_OFFER = r"([0-9]{1,18}):([^:]*)"  # the interview, which is a number that a database can hold, and the mark
_BUTTON = re.compile(rf"b:{_OFFER}:(.+)", re.DOTALL)
_OPENING = re.compile(rf"a:{_OFFER}")
_FORM = re.compile(rf"ans:{_OFFER}:[0-9]+")


@dataclass(frozen=True, slots=True)
class ButtonCode:
    """A button that is a command or a choice: `b:<interview>:<mark>:<what>`; 0 stands for no interview."""

    session_id: int
    mark: str
    what: str

    def encode(self) -> str:
        """The code as the platform keeps it."""
        return f"b:{self.session_id}:{self.mark}:{self.what}"

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """The button that a code stands for; nothing for a code that is not a button of ours."""
        found = _BUTTON.fullmatch(code)
        return cls(int(found[1]), found[2], found[3]) if found else None


def encoded(session_id: int, mark: str, whats: Iterable[str]) -> list[str]:
    """The codes of buttons that are offered together."""
    return [ButtonCode(session_id, mark, what).encode() for what in whats]


@dataclass(frozen=True, slots=True)
class FormCode:
    """A form for an answer: `a:<interview>:<mark>` on the button that opens it, `ans:<interview>:<mark>:<press>` on it.

    `press` is the number of the press that opened a form, which tells it from the forms of other people.
    """

    session_id: int
    mark: str

    def encode_opening(self) -> str:
        """The code of the button that opens the form."""
        return f"a:{self.session_id}:{self.mark}"

    def encode(self, press: int) -> str:
        """The code of the form that a press opened."""
        return f"ans:{self.session_id}:{self.mark}:{press}"

    @classmethod
    def parse_opening(cls, code: str) -> Self | None:
        """The form that a button opens; nothing for any other button."""
        return cls._of(_OPENING.fullmatch(code))

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """The form that was sent off; nothing for a form that is not ours."""
        return cls._of(_FORM.fullmatch(code))

    @classmethod
    def _of(cls, found: re.Match[str] | None) -> Self | None:
        return cls(int(found[1]), found[2]) if found else None

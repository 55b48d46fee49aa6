"""The one kind of error a person can cause."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is no fault of the program
    """Something that cannot be done as asked; the message is one sentence for the person."""


class UsageError(Refusal):
    """What was asked for cannot be understood; the message is one sentence for the person."""

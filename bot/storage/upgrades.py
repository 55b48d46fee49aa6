"""Stored interviews, also those that an earlier version wrote."""

from __future__ import annotations

import json
from typing import Any

from bot.core.session import Session
from bot.storage.codec import load


def session_of(snapshot: str) -> Session:
    """The session that a row of `sessions` holds."""
    if '"activity":' in snapshot:  # a quotation mark within a value is escaped, so this is a key
        return load(Session, snapshot)
    return load(Session, json.dumps(upgraded(json.loads(snapshot))))


def upgraded(session: dict[str, Any]) -> dict[str, Any]:
    """A session as it was written before it had an `activity`, with what is done moved there from its setup."""
    daily, star = session["setup"].get("daily"), session["setup"].get("star")
    return {**session, "activity": daily or star or {}}

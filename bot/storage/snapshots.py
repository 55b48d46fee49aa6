"""Open sessions beside the text of their rows, so that a row that is as we wrote it need not be decoded."""

from __future__ import annotations

from bot.core.place import Person, Place
from bot.core.session import Session
from bot.storage.upgrades import session_of

MOST = 4_000_000  # characters of text, some hundreds of sessions


class Snapshots:
    """Sessions by place. The text of the row is the version: one that another process wrote is decoded anew."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Place, tuple[str, Session]] = {}
        self._size = 0

    def keep(self, session: Session, text: str) -> None:
        """Remember what a session was written as; one that has ended is not read again."""
        self._drop(session.place)
        if session.ended_at is None:
            self._kept[session.place] = text, session
            self._size += len(text)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def read(self, place: Place, text: str) -> Session:
        """The session that was written as this text."""
        kept = self._kept.get(place)
        if kept and kept[0] == text:
            return kept[1]
        session = session_of(text)
        self.keep(session, text)
        return session

    def forget(self, person: Person) -> None:
        """Drop all sessions of a person."""
        for session in [session for _, session in self._kept.values() if session.person == person]:
            self._drop(session.place)

    def _drop(self, place: Place) -> None:
        text, _ = self._kept.pop(place, ("", None))
        self._size -= len(text)

"""Rows of the outbox as messages."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from bot.core.effects import Tone
from bot.service.ports.messages import Message
from bot.storage import tables
from bot.storage.codec import load
from bot.storage.database import Connection
from bot.storage.records import Extras

_LOGGER = logging.getLogger("mockbot.storage")
_box = tables.outbox.c
UNSENT = select(
    *(_box.id, _box.place, _box.tone, _box.text, _box.choices, _box.person, _box.private, _box.session_id),
    *(_box.extras, _box.bulk, _box.expires_at),
).where(_box.sent_at.is_(None))


def message(row: Any) -> Message:  # noqa: ANN401 - a row has no type
    """A row of the outbox as the message it is."""
    extras = load(Extras, row.extras)
    return Message(
        id=row.id,
        place=row.place,
        tone=Tone(row.tone),
        text=row.text,
        choices=tuple(json.loads(row.choices)),
        commands=extras.commands,
        blocks=extras.blocks,
        person=row.person,
        private=row.private,
        session_id=row.session_id,
        mark=extras.mark,
        due=extras.due,
        document_name=extras.document,
        reply_to=extras.reply_to,
        bulk=row.bulk,
        expires_at=row.expires_at,
        thread=extras.thread,
    )


async def readable(connection: Connection, rows: Sequence[Any]) -> list[Message]:
    """The messages of these rows; one that another version wrote and this one cannot read is never sent."""
    found = []
    for row in rows:
        try:
            found.append(message(row))
        except ValueError as error:
            _LOGGER.error("message %d cannot be read: %s", row.id, type(error).__name__)  # noqa: TRY400 - no texts in logs
            never = update(tables.outbox).where(_box.id == row.id).values(sent_at=0, failed=True)
            await connection.execute(never)
    return found

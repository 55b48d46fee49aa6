"""The files that go with messages: documents of the outbox, and pictures that are drawn when they are sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from bot.core.commands import story_commands
from bot.core.place import Person, leading_person
from bot.core.stories import Grid
from bot.core.stories.competencies import Catalogue, CompanySet
from bot.service.ports.messages import Clock, File, Outbox
from bot.service.ports.store import Transactions

_GRID = "grid:"
_LOGGER = logging.getLogger("mockbot.documents")


class Plotter(Protocol):
    """Draws pictures, and takes its time for it."""

    def grid(self, shown: Grid, company: CompanySet | None = None) -> bytes:
        """Competencies, or the principles of a company, by stories, as PNG."""


class Attachments:
    """Gets files by the names that messages have for them; what is drawn shows how things are when it is sent.

    `grid:<person>`, or `grid:<person>:<company>`, is drawn of somebody's stories; all other names are the outbox's.
    """

    def __init__(
        self,
        outbox: Outbox,
        store: Transactions,
        plotter: Plotter,
        catalogue: Callable[[], Catalogue],
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._plotter = plotter
        self._catalogue = catalogue
        self._clock = clock
        self._drawing = asyncio.Lock()  # matplotlib does not promise that two threads may draw at once

    async def get(self, name: str) -> File | None:
        """A file by its name; None when there is none, so that the message goes alone."""
        if not name.startswith(_GRID):
            return await self._outbox.document(name)
        return await self._grid(*leading_person(name.removeprefix(_GRID)))

    async def _grid(self, person: Person, company: str) -> File | None:
        async with self._store.begin() as transaction:
            stories = await transaction.stories.all(person)
        catalogue = self._catalogue()
        shown = story_commands.grid(catalogue, stories, self._clock(), company)
        try:
            async with self._drawing:
                content = await asyncio.to_thread(self._plotter.grid, shown, catalogue.company(company))
        except Exception:
            _LOGGER.exception("a picture could not be drawn; its message goes without it")
            return None
        return File("stories.png", content)

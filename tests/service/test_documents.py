"""Pictures as documents of messages: of whom, at which time, and what happens when one cannot be drawn."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot.core.effects import Tone
from bot.core.stories import Grid
from bot.core.stories.competencies import Catalogue, CompanySet, Competency, Principle, Scope
from bot.service.delivery.attachments import Attachments
from bot.service.delivery.delivery import Delivery
from bot.service.platforms import Platforms
from bot.service.ports.messages import File, Message
from bot.storage import SqlStore, tables
from fakes import FakeClock, FakePlatform

SCOPE = Scope("a", "b", "c")
CATALOGUE = Catalogue(
    tuple(Competency(id_, id_.capitalize(), "", (), SCOPE, (), (), ()) for id_ in ("ownership", "conflict")),
    (CompanySet("acme", "Acme", "Values", "", "2026-01", (), (Principle("Bravery", "", ("conflict",)),)),),
)


class FakePlotter:
    """Draws nothing; keeps what was to be drawn, and whether two drew at once."""

    def __init__(self) -> None:
        self.drawn: list[tuple[Grid, CompanySet | None]] = []
        self.threads: set[int] = set()
        self.busy = self.most = 0
        self.fails = False

    def grid(self, shown: Grid, company: CompanySet | None = None) -> bytes:
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.threads.add(threading.get_ident())
        time.sleep(0.01)
        self.drawn.append((shown, company))
        self.busy -= 1
        if self.fails:
            message = "no font"
            raise RuntimeError(message)
        return b"picture"


@pytest.fixture
async def store(sqlite_store: SqlStore) -> SqlStore:
    rows = [
        {"person": "telegram:7", "number": 1, "title": "Pager", "competencies": '["ownership"]', "created_at": 1},
        {"person": "telegram:8", "number": 1, "title": "Another", "competencies": '["conflict"]', "created_at": 1},
    ]
    async with sqlite_store.database.connected() as connection:
        await connection.execute(insert(tables.stories), rows)
    return sqlite_store


@pytest.fixture
def plotter() -> FakePlotter:
    return FakePlotter()


@pytest.fixture
def documents(store: SqlStore, plotter: FakePlotter) -> Attachments:
    return Attachments(store.outbox, store, plotter, lambda: CATALOGUE, FakeClock())


async def test_a_grid_shows_the_stories_of_its_person_by_all_competencies(
    documents: Attachments, plotter: FakePlotter
) -> None:
    assert await documents.get("grid:telegram:7") == File("stories.png", b"picture")
    ((shown, company),) = plotter.drawn
    assert ([story.title for story in shown.stories], list(shown.competencies), company) == (
        ["Pager"],
        ["ownership", "conflict"],
        None,
    )


async def test_a_grid_for_a_company_shows_what_that_company_asks_for(
    documents: Attachments, plotter: FakePlotter
) -> None:
    assert await documents.get("grid:telegram:7:acme")
    ((shown, company),) = plotter.drawn
    assert (list(shown.competencies), company) == (["conflict"], CATALOGUE.companies[0])


async def test_all_other_documents_are_the_outboxs(documents: Attachments, plotter: FakePlotter) -> None:
    found = await documents.get("export:telegram:7")
    assert found
    assert found.name == "mockbot-export.json"
    assert not plotter.drawn


async def test_it_is_drawn_beside_the_event_loop_and_one_at_a_time(
    documents: Attachments, plotter: FakePlotter
) -> None:
    await asyncio.gather(*(documents.get("grid:telegram:7") for _ in range(4)))
    assert threading.get_ident() not in plotter.threads
    assert plotter.most == 1


async def test_what_cannot_be_drawn_is_left_out_and_its_text_goes_alone(
    store: SqlStore, documents: Attachments, plotter: FakePlotter, caplog: pytest.LogCaptureFixture
) -> None:
    plotter.fails = True
    platform = FakePlatform()
    place = f"{platform.name}:7"
    delivery = Delivery(store.outbox, Platforms({platform.name: platform}), FakeClock(), documents=documents.get)
    message = Message(1, place, Tone.NOTICE, "1 of 2 competencies have a story.", document_name=f"grid:{place}")
    await delivery.deliver([message])
    await delivery.stop(5)
    assert platform.sent == [replace(message, document=None)]
    assert "could not be drawn" in caplog.text

"""The service as the program puts it together, for tests that want all of it around something of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.app.assemble import NO_EXAMINERS, assemble
from bot.core.model import Bank
from bot.core.stories.competencies import Catalogue
from bot.service.conversation.context import AccessRules, Context
from bot.service.conversation.due import DueWork
from bot.service.conversation.router import Router
from bot.service.delivery.delivery import Delivery
from bot.service.delivery.direct import DirectDelivery
from bot.service.examinations import ExaminationWorker
from bot.service.inbox import ROOM, InboxWorker
from bot.service.platforms import Platforms
from bot.service.ports.examiner import Examiner
from bot.service.ports.messages import File
from bot.service.ports.platform import Messenger
from bot.service.replicas import Replica
from bot.storage import SqlStore
from fakes import FakeClock
from sample_bank import sample_bank

Documents = Callable[[str], Awaitable[File | None]]


@dataclass
class Service:
    """The parts of the service that a caller may need."""

    store: SqlStore
    clock: FakeClock
    router: Router
    due: DueWork
    inbox: InboxWorker
    examinations: ExaminationWorker
    delivery: Delivery


def assembled(  # noqa: PLR0913 - each is one thing that a test may want to be its own
    store: SqlStore,
    clock: FakeClock,
    platforms: Platforms,
    *,
    bank: Bank | None = None,
    access: AccessRules | None = None,
    catalogue: Callable[[], Catalogue] = Catalogue,
    documents: Documents | None = None,
    replica: Replica | None = None,
    examiners: Mapping[str, Examiner] = NO_EXAMINERS,
    room: int = ROOM,
) -> Service:
    """All parts of the service on some platforms."""
    sends, replica = replica and replica.holds, replica or Replica(store.leases, "mockbot")
    shares = replica
    delivery = Delivery(store.outbox, platforms, clock, sends, shared=lambda: bool(shares.others), documents=documents)
    access = access or AccessRules()
    context = Context(bank or sample_bank(), clock, lambda: 7, platforms, access, catalogue=catalogue)
    made = assemble(store, context, delivery, replica, examiners, room=room)
    return Service(store, clock, made.router, made.due, made.inbox, made.examinations, delivery)


def router_of(
    store: SqlStore,
    bank: Bank,
    messenger: Messenger,
    clock: FakeClock,
    catalogue: Callable[[], Catalogue] = Catalogue,
) -> Router:
    """A router on a surface that shows messages at once."""
    context = Context(bank, clock, lambda: 7, Platforms({}), catalogue=catalogue)
    return assemble(store, context, DirectDelivery(store.outbox, messenger, clock)).router

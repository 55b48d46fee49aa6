"""The service, put together in one place for the bot, the terminal and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.service.conversation.context import Context
from bot.service.conversation.due import DueWork
from bot.service.conversation.router import Router
from bot.service.delivery.delivery import Delivery
from bot.service.delivery.direct import DirectDelivery
from bot.service.examinations import ExaminationWorker
from bot.service.inbox import ROOM, InboxWorker
from bot.service.ports.examiner import Examiner
from bot.service.replicas import Replica, owner_id
from bot.storage import SqlStore

NO_EXAMINERS: Mapping[str, Examiner] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the service that its callers work with: what comes in, what comes due, and what goes out."""

    router: Router
    due: DueWork
    inbox: InboxWorker
    examinations: ExaminationWorker
    delivery: Delivery | DirectDelivery


def assemble(  # noqa: PLR0913 - each is made once, and only here put together
    store: SqlStore,
    context: Context,
    delivery: Delivery | DirectDelivery,
    replica: Replica | None = None,
    examiners: Mapping[str, Examiner] = NO_EXAMINERS,
    *,
    room: int = ROOM,
) -> Service:
    """Put the service together on a store; `replica` is this process among those that share the database.

    `examiners` examine answers, by name. What waits here beyond `room` is left to the others.
    """
    router = Router.of(store, context, delivery.deliver)
    if isinstance(delivery, Delivery):
        delivery.report_to(router.reachability)
    replica = replica or Replica(store.leases, owner_id())
    inbox = InboxWorker(store.inbox, router, context.platforms, context.access, context.clock, replica, room=room)
    examinations = ExaminationWorker(
        store.examinations, router.interviews, examiners, context.platforms, context.clock, replica
    )
    return Service(router, DueWork(router.units), inbox, examinations, delivery)

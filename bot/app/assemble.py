"""The service, put together in one place for the bot, the terminal and the tests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.service.conversation.context import Context
from bot.service.conversation.due import DueWork
from bot.service.conversation.router import Router
from bot.service.delivery.delivery import Delivery
from bot.service.delivery.direct import DirectDelivery
from bot.service.inbox import ROOM, InboxWorker
from bot.service.replicas import Replica
from bot.storage import SqlStore


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the service that its callers work with: what comes in, what comes due, and what goes out."""

    router: Router
    due: DueWork
    inbox: InboxWorker
    delivery: Delivery | DirectDelivery


def assemble(
    store: SqlStore,
    context: Context,
    delivery: Delivery | DirectDelivery,
    replica: Replica | None = None,
    *,
    room: int = ROOM,
) -> Service:
    """Put the service together on a store; `replica` is this process among those that share the database.

    What waits here beyond `room` is left to the others.
    """
    router = Router.of(store, context, delivery.deliver)
    if isinstance(delivery, Delivery):
        delivery.report_to(router.reachability)
    replica = replica or Replica(store.leases, "mockbot")
    inbox = InboxWorker(store.inbox, router, context.platforms, context.access, context.clock, replica, room=room)
    return Service(router, DueWork(router.units), inbox, delivery)

"""One of several replicas: the roles it holds by leases, and its share of the work."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.core.refusal import Refusal
from bot.service.ports.shared_work import EVERYTHING, Leases, Share

LEASE = 15  # seconds until what a dead replica held is free
_HELD = LEASE - 1.0  # seconds that we rely on a lease; the database counts in whole ones
_RENEW = LEASE / 3
_TRY = 1.0  # seconds until we ask again for what somebody else holds
_ANNOUNCE = 5.0
_PATIENCE = 5.0  # seconds for an answer of the database, which may hang until what we rely on has run out
_LOGGER = logging.getLogger("mockbot.roles")

Job = Callable[[], Awaitable[None]]


def owner_id() -> str:
    """A name for this process: the machine, its number there, and chance.

    Containers on one machine number their processes each on its own, and machines may have the same name: so the
    machine is named by its boot and its name space of process numbers as well, where the system tells.
    """
    try:
        inside = f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115 - no path, a name
    except OSError:
        inside = str(uuid.getnode())
    machine = f"{socket.gethostname()}-{sha256(inside.encode()).hexdigest()[:8]}"
    return f"{machine}:{os.getpid()}:{secrets.token_hex(4)}"


def is_gone(owner: str, we: str) -> bool:
    """Whether a replica ran on our machine and has ended: then nobody needs to wait for its leases to run out."""
    machine, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if owner == we or machine != we.partition(":")[0] or not number.isdecimal():
        return False
    return int(number) == os.getpid() or not _is_alive(int(number))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Replica:
    """This process among those that share a database.

    `others` are the other replicas that are alive; `share` is our part of what any of them could do.
    """

    def __init__(self, leases: Leases, owner: str) -> None:
        self._leases = leases
        self.owner = owner
        self.others: Sequence[str] = ()
        self.share: Share = EVERYTHING
        self._until: dict[str, float] = {}

    def holds(self, role: str) -> bool:
        """Whether we may still do what a role is for."""
        return _now() < self._until.get(role, 0.0)

    async def lead(self, role: str, work: Job) -> None:
        """Run some work whenever the role is ours, until it ends by itself; cancel it when the role is lost.

        When this is cancelled, the role stays ours until we leave: something may still have to be finished.
        """
        while True:
            await self._win(role)
            if await self._work(role, work):
                break
            _LOGGER.warning("%s is no longer ours.", role)
        self._until.pop(role, None)
        with suppress(Refusal):
            await self._leases.release(role, self.owner)

    async def look(self) -> None:
        """Find the replicas that are alive, and with them our share."""
        others = [owner for owner in await self._leases.alive(LEASE) if owner != self.owner]
        self.others = await self.without_ended(others)
        everybody = sorted([*self.others, self.owner])
        self.share = Share(everybody.index(self.owner), len(everybody))

    async def without_ended(self, owners: Sequence[str]) -> list[str]:
        """Free the leases and inbox rows of owners that ended on this machine; return the other owners."""
        ended = [owner for owner in owners if is_gone(owner, self.owner)]
        for owner in ended:
            await self._leases.leave(owner)
        return [owner for owner in owners if owner not in ended]

    async def live(self) -> None:
        """Announce this replica and look for others, again and again, until cancelled."""
        announced = _now()
        while True:
            await asyncio.sleep(_TRY)
            try:
                if _now() - announced >= _ANNOUNCE:
                    await self._leases.announce(self.owner)
                    announced = _now()
                await self.look()
            except Refusal as error:
                _LOGGER.warning("%s", error)
            except Exception:
                _LOGGER.exception("who else is there could not be seen")

    async def join(self) -> None:
        """Announce this replica, and find the others."""
        await self._leases.announce(self.owner)
        await self.look()

    async def leave(self) -> None:
        """Give up all leases, so that others have them at once."""
        self._until.clear()
        with suppress(Refusal):  # what cannot be given back now runs out
            await self._leases.leave(self.owner)

    async def _win(self, role: str) -> None:
        waiting = False
        while not await self._hold(role):
            if not waiting:
                _LOGGER.info("Another replica holds %s; this one waits.", role)
            waiting = True
            await asyncio.sleep(_TRY)
        if waiting:
            _LOGGER.info("%s is ours now.", role)

    async def _work(self, role: str, work: Job) -> bool:
        """Work while the role is ours; False when it was lost first."""
        job = asyncio.ensure_future(work())
        try:
            while not job.done():
                is_fresh = _now() < self._until.get(role, 0.0) - _HELD + _RENEW
                await asyncio.wait({job}, timeout=_RENEW if is_fresh else _TRY)
                if not job.done() and not await self._hold(role) and not self.holds(role):
                    return False
        finally:
            if not job.done():
                job.cancel()
                await asyncio.gather(job, return_exceptions=True)
        await job
        return True

    async def _hold(self, role: str) -> bool:
        """Take or renew a role; while the database is away, a lease goes on until it runs out."""
        began = _now()
        try:
            async with asyncio.timeout(_PATIENCE):
                held = await self._leases.hold(role, self.owner, LEASE) or await self._inherit(role)
        except (Refusal, TimeoutError) as error:
            _LOGGER.warning("%s cannot be renewed: %s", role, error or "the database does not answer")
            return False
        self._until[role] = began + _HELD if held else 0.0
        return held

    async def _inherit(self, role: str) -> bool:
        """Take a role over from a process of this machine that has ended."""
        owner = await self._leases.holder(role)
        if owner is None or not is_gone(owner, self.owner):
            return False
        await self._leases.release(role, owner)
        return await self._leases.hold(role, self.owner, LEASE)


def _now() -> float:
    return asyncio.get_running_loop().time()

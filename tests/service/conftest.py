"""The service waits a great deal: for a lease, a turn, the next try. Its tests do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from virtual_time import VirtualTimeLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Every test here runs on virtual time."""
    return {"virtual time": VirtualTimeLoop}

"""Being connected is for one of several replicas: it may stop being ours, and become ours again."""

from __future__ import annotations

import asyncio

from test_discord_running import local_discord, running, until


async def test_after_the_role_was_lost_and_won_again_each_message_is_heard_once(monkeypatch, platform, ears):
    async with local_discord(monkeypatch) as local:
        first = asyncio.create_task(platform.run())
        await until(lambda: local.hellos)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        async with running(platform):
            await until(lambda: len(local.hellos) == 2)
            await until(lambda: len([socket for socket in local.sockets if not socket.closed]) == 1)
            await local.direct_message("Hello", 3)
            await until(lambda: ears.heard)
    assert len(ears.heard) == 1

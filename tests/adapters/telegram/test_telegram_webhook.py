"""Updates that Telegram delivers: only its own are taken, and only what was committed is confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from telegram_rig import Rig

from bot.adapters.telegram.webhook import LARGEST, Webhook
from bot.core.refusal import Refusal
from bot.service.ports.incoming import Said
from botapi.server import BotApi

SECRET = "only_telegram_and_we_know"  # noqa: S105 - opens nothing
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def webhook(secret: str = SECRET) -> Webhook:
    port = unused_port()
    return Webhook(f"http://127.0.0.1:{port}/telegram", secret, f"127.0.0.1:{port}")


@pytest.fixture
async def hooked(server: BotApi) -> AsyncIterator[Rig]:
    made = Rig(server, webhook=webhook())
    yield made
    await made.platform.close()


async def post(rig: Rig, body: bytes, headers: dict[str, str]) -> int:
    hook = rig.platform._access.webhook
    assert hook
    async with (
        aiohttp.ClientSession() as session,
        session.post(hook.url, data=BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


async def test_what_telegram_delivers_is_heard_and_confirmed(hooked: Rig) -> None:
    ada = hooked.server.user(7, "Ada")
    async with hooked.running():
        await hooked.server.private(ada).says(ada, "hello")
        (incoming,) = await hooked.inbox.first()
        await hooked.server.settled(quiet=0)
    assert incoming.content == Said("hello", "1")


async def test_what_could_not_be_committed_is_delivered_again(hooked: Rig) -> None:
    ada = hooked.server.user(7, "Ada")
    hooked.inbox.failures = 2
    async with hooked.running():
        await hooked.server.private(ada).says(ada, "hello")
        await hooked.inbox.first()
    assert hooked.server.updates.webhook.last_error.startswith("Wrong response from the webhook: 500")


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}])
async def test_who_does_not_know_the_secret_is_not_heard(hooked: Rig, headers: dict[str, str]) -> None:
    ada = hooked.server.user(7, "Ada")
    async with hooked.running():
        await hooked.server.private(ada).says(ada, "hello")
        await hooked.inbox.first()
        assert await post(hooked, b'{"update_id": 9}', headers) == 403
    assert len(hooked.inbox.incoming) == 1


@pytest.mark.parametrize(
    ("body", "status"), [(b"no JSON", 400), (b"[]", 400), (b"{}", 400), (b"x" * (LARGEST + 1), 413), (b"", 400)]
)
async def test_what_is_no_update_is_refused(hooked: Rig, body: bytes, status: int) -> None:
    ada = hooked.server.user(7, "Ada")
    async with hooked.running():
        await hooked.server.private(ada).says(ada, "hello")
        await hooked.inbox.first()
        assert await post(hooked, body, HEADERS) == status


async def test_the_webhook_is_set_only_when_something_changed(server: BotApi) -> None:
    ada = server.user(7, "Ada")
    chat = server.private(ada)
    hook = webhook()
    kept: dict[str, str] = {}
    for secret in (SECRET, SECRET, "another_secret"):
        rig = Rig(server, webhook=Webhook(hook.url, secret, hook.listen))
        rig.kept.facts = kept
        async with rig.running():
            await chat.says(ada, "hello")
            await rig.inbox.first()
        await rig.platform.close()
    assert [call.params["secret_token"] for call in server.called("setWebhook")] == [SECRET, "another_secret"]


async def test_an_address_in_use_is_refused_in_one_sentence(hooked: Rig) -> None:
    ada = hooked.server.user(7, "Ada")
    async with hooked.running():
        await hooked.server.private(ada).says(ada, "hello")
        await hooked.inbox.first()
        second = Rig(hooked.server, webhook=hooked.platform._access.webhook)
        with pytest.raises(Refusal, match="Nothing can listen at"):
            await second.platform.run()
        await second.platform.close()


def test_neither_the_secret_nor_the_token_is_shown(hooked: Rig) -> None:
    shown = repr(hooked.platform._access)
    assert SECRET not in shown
    assert hooked.server.token not in shown

"""Files as answers."""

from __future__ import annotations

import pytest
from telegram_rig import Rig

from bot.core.text.replies import FILE_GONE, FILE_ONLY_TEXT
from bot.service.ports.incoming import Attached, UnreadableError
from bot.service.textfile import LARGEST


async def incoming(rig: Rig, content: bytes, name: str, caption: str = "", size: int | None = None) -> str:
    """What is read when somebody sends a file."""
    ada = rig.server.user(7, "Ada")
    async with rig.running():
        await rig.server.private(ada).sends(ada, "document", content, name=name, caption=caption, size=size)
        (found,) = await rig.inbox.first()
        assert isinstance(found.content, Attached)
        return await rig.platform.read(found, found.content)


@pytest.mark.parametrize("name", ["solution.py", "Notes.MD", "answer.txt"])
async def test_a_text_file_is_read(rig: Rig, name: str) -> None:
    assert await incoming(rig, "def f():\r\n    return 'é'\r\n".encode("utf-8-sig"), name) == "def f():\n    return 'é'"


async def test_the_caption_comes_first(rig: Rig) -> None:
    assert await incoming(rig, b"x = 1", "a.py", "My solution") == "My solution\n\nx = 1"


async def test_the_largest_file_is_read(rig: Rig) -> None:
    assert await incoming(rig, b"x" * LARGEST, "a.txt") == "x" * LARGEST


@pytest.mark.parametrize(
    ("content", "name", "size"),
    [
        (b"x" * (LARGEST + 1), "a.txt", None),
        (b"x" * (LARGEST + 1), "a.txt", 5),
        (b"%PDF-1.7", "cv.pdf", None),
        (b"x = 1", "no_ending", None),
        (b"\x00\x01", "a.py", None),
        (b"\xff\xfe\x00", "a.txt", None),
    ],
)
async def test_what_is_no_short_text_is_turned_down_with_what_works(
    rig: Rig, content: bytes, name: str, size: int | None
) -> None:
    with pytest.raises(UnreadableError) as told:
        await incoming(rig, content, name, size=size)
    assert str(told.value) == FILE_ONLY_TEXT


async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(rig: Rig) -> None:
    rig.server.fail_next(
        "getFile", code=400, description="Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    with pytest.raises(UnreadableError) as told:
        await incoming(rig, b"x = 1", "a.py")
    assert str(told.value) == FILE_GONE


async def test_a_file_that_cannot_be_fetched_now_is_the_networks_trouble(rig: Rig) -> None:
    rig.server.fail_next("getFile", code=500)
    with pytest.raises(OSError, match="Telegram"):
        await incoming(rig, b"x = 1", "a.py")

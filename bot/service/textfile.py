"""A file as an answer: what is taken, and its text."""

from __future__ import annotations

from pathlib import PurePath

from bot.core.text import replies
from bot.service.ports.incoming import Attached, UnreadableError

LARGEST = 64 * 1024  # bytes; more than anybody types in an interview, and little to keep
TEXTUAL = frozenset({".py", ".txt", ".md"})


def check(file: Attached) -> None:
    """UnreadableError when a file need not even be fetched: too large, or not named as text."""
    if file.size > LARGEST or PurePath(file.name).suffix.lower() not in TEXTUAL:
        raise UnreadableError(replies.FILE_ONLY_TEXT)


def text_of(file: Attached, content: bytes) -> str:
    """The caption and the text of a file; UnreadableError when it is too large or no text."""
    try:
        text = content.decode("utf-8-sig")  # editors on Windows put a mark in front
    except UnicodeDecodeError:
        raise UnreadableError(replies.FILE_ONLY_TEXT) from None
    if "\0" in text or len(content) > LARGEST:
        raise UnreadableError(replies.FILE_ONLY_TEXT)
    text = text.replace("\r\n", "\n").strip("\n")
    return f"{file.caption}\n\n{text}" if file.caption else text

"""The bot's words as Discord shows them: Markdown with no markup but the bot's own, embeds, and buttons as data.

Discord's clients read Markdown with simple-markdown and rules of their own: a backslash before a mark takes its meaning
away everywhere but in code, and Markdown begins anew with each line. Its server looks for links by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from discord import ButtonStyle

from bot.core.document import Block, Heading
from bot.core.effects import Tone
from bot.core.events import Command
from bot.core.text import prose
from bot.core.text.prose import LABELS, Segment, Style, units
from bot.service.ports.button_codes import FormCode, encoded
from bot.service.ports.messages import Message

CONTENT_LIMIT = 2000  # of a message; all lengths are counted in UTF-16 code units, to be on the safe side
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
EMBEDS_LIMIT = 10  # in one message
TOTAL_LIMIT = 6000  # of all embeds of one message
ROW_LIMIT = 5  # buttons
DEADLINE = "Deadline: "  # reads well before "in 5 minutes" and "5 minutes ago"
NOTHING = "…"  # Discord refuses an empty message
_DEADLINE_ROOM = 48
_PARTS = 2  # levels of headings that begin an embed of their own
_STYLES = {Command.DONE.value: ButtonStyle.success, Command.STOP.value: ButtonStyle.danger}

_SEPARATOR = "\u200b"  # zero width; keeps two marks from being read as one
_INLINE = re.compile(
    r"(?P<url>https?://[A-Za-z0-9_~/?#@!$&+,;=%.:'-]*[A-Za-z0-9_/#=-])"
    r"|(?P<mark>[\\`*_~|<>@\[\]]"
    r"|:(?=//|[^\s:]+:)"  # any other scheme, and names of emoji
    r"|\.(?=\w+/))"  # an invitation such as discord.gg/name is found without a scheme
)
_LINE_START = re.compile(r"^([ \t\f]*\d*)([#+.)-])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Embed:
    """A framed text under a title; both are Markdown."""

    title: str
    description: str

    @property
    def size(self) -> int:
        """How much of a message's total it takes."""
        return units(self.title) + units(self.description)


@dataclass(frozen=True, slots=True)
class Button:
    """What stands on a button, and what comes back when it is pressed."""

    label: str
    custom_id: str
    style: ButtonStyle


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message of Discord: content, or embeds, and perhaps rows of buttons."""

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


def render(message: Message) -> list[Chunk]:
    """The message as Discord's own, in order, none above its limits; only the last one carries buttons.

    A message that shows nothing gives no chunk when it has a document, which goes without words.
    """
    chunks = _framed(message.blocks) if message.blocks else _written(message.text)
    if not chunks and message.document:
        return []
    *others, last = chunks or [Chunk(NOTHING)]
    last = last if message.due is None else _with_deadline(last, message.due)
    return [*others, replace(last, rows=rows(message))]


def rows(message: Message) -> tuple[tuple[Button, ...], ...]:
    """The buttons of a message; a press tells which interview it belongs to and when it was offered."""
    if not message.mark:
        return ()
    session_id = message.session_id or 0
    choices, commands = (
        [
            Button(LABELS.get(what, what), code, _STYLES.get(what, ButtonStyle.secondary))
            for what, code in zip(whats, encoded(session_id, message.mark, whats), strict=True)
        ]
        for whats in (message.choices, message.commands)
    )
    if message.tone is Tone.QUESTION and {Command.DONE, Command.SKIP} & set(message.commands):
        commands.insert(0, Button("Answer", FormCode(session_id, message.mark).encode_opening(), ButtonStyle.primary))
    return (*_in_rows(choices), *_in_rows(commands))


def escaped(text: str) -> str:
    """Text that Discord shows as it was typed: no styles, lists, headings, mentions, emoji, timestamps or previews.

    A web address stays a link: angle brackets around it are not shown and keep the preview away.
    """
    marked = _INLINE.sub(lambda found: f"<{found['url']}>" if found["url"] else f"\\{found['mark']}", text)
    return _LINE_START.sub(r"\1\\\2", marked)


def _in_rows(buttons: Sequence[Button]) -> Iterator[tuple[Button, ...]]:
    return (tuple(buttons[start : start + ROW_LIMIT]) for start in range(0, len(buttons), ROW_LIMIT))


def _written(text: str) -> list[Chunk]:
    return [
        Chunk("".join(map(_marked, part))) for part in prose.chunks(text, (), CONTENT_LIMIT - _DEADLINE_ROOM, _cost)
    ]


def _with_deadline(chunk: Chunk, due: int) -> Chunk:
    """The chunk with a last line on when time is up, which Discord puts in words relative to the reader's clock."""
    return replace(chunk, content=f"{chunk.content}\n\n{DEADLINE}<t:{due}:R>".lstrip("\n"))


def _framed(blocks: Sequence[Block]) -> list[Chunk]:
    """Embeds, as many in a message as it holds."""
    chunks: list[list[Embed]] = []
    room = 0
    for embed in (embed for part in _sections(blocks) for embed in _embeds(part)):
        if not chunks or embed.size > room or len(chunks[-1]) == EMBEDS_LIMIT:
            chunks.append([])
            room = TOTAL_LIMIT
        chunks[-1].append(embed)
        room -= embed.size
    return [Chunk(embeds=tuple(embeds)) for embeds in chunks]


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The document cut before its larger headings; the smaller ones stay inside."""
    section: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level <= _PARTS and section:
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _embeds(section: Sequence[Block]) -> Iterator[Embed]:
    """The first carries the heading; one too long for a title is the first line below."""
    first, title = section[0], ""
    if isinstance(first, Heading) and units(escaped(first.text)) <= TITLE_LIMIT and prose.is_visible(first.text):
        title, section = escaped(first.text), section[1:]
    parts = prose.chunks("", section, DESCRIPTION_LIMIT, _cost)
    descriptions = ["".join(map(_marked, part)) for part in parts]
    for description in descriptions or ([""] if title else []):
        yield Embed(title, description)
        title = ""


def _cost(segment: Segment) -> int:
    return units(_marked(segment))


def _marked(segment: Segment) -> str:
    """One segment in Markdown; what shows nothing, or code that marks cannot hold, stays as it was typed."""
    text = segment.text
    if not text.strip():
        return text
    marked = escaped(text)
    match segment.style:
        case Style.BOLD:
            marked = f"**{marked}**"
        case Style.CODE if "`" not in text:
            marked = f"`{text}`"
        case Style.FENCE:
            # three backticks that follow each other would end the block
            code = text.removesuffix("\n").replace("```", f"`{_SEPARATOR}`{_SEPARATOR}`")
            marked = f"```{segment.language}\n{code}\n```"
        case Style.QUOTE:
            marked = "> " + marked.replace("\n", "\n> ")
        case Style.HIDDEN:
            marked = f"||{marked}{_SEPARATOR if text.endswith('|') else ''}||"
    return marked

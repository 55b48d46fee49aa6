"""What the bot says, cut into pieces that every platform can show: plain words, bold, code, quotes, hidden text.

Prose may hold fenced code, `code` and **bold**; everything else in it is plain, whatever it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from bot.core.document import Block, Bullets, Folded, Heading, Paragraph, Verbatim
from bot.core.events import Command
from bot.core.text.replies import TITLES


class Style(Enum):
    """How a piece of text is shown; a quote is somebody's own words, hidden text shows when asked for."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"
    FENCE = "fence"
    QUOTE = "quote"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text in one style; `language` belongs to a fence."""

    text: str
    style: Style = Style.PLAIN
    language: str = ""


Measure = Callable[[Segment], int]

_OPENING = re.compile(r" {0,3}(`{3,})([A-Za-z0-9_+#.-]{0,20}) *\n?")
_CLOSING = re.compile(r" {0,3}(`{3,}) *\n?")
_SAME_PARAGRAPH = r"\n(?![ \t]*\n)"
# Inside bold no two stars are let through, so that a bold that never closes costs one look, not one for each opening.
_INLINE = re.compile(
    rf"(?<!`)(?P<ticks>`+)(?!`)(?P<code>(?:[^\n]|{_SAME_PARAGRAPH})+?)(?<!`)(?P=ticks)(?!`)"
    rf"|(?<![\w*])\*\*(?=[^\s*])(?P<bold>(?:[^*\n]|\*(?!\*)|{_SAME_PARAGRAPH})+?)(?<=\S)\*\*(?![\w*])"
)
_BREAKS = tuple(re.compile(p) for p in (r"\n[ \t]*\n", r"\n", r"[.!?…][\"')\]]*\s+|。", r"\s+"))
_EMPTY_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_JOINER = "\u200d"
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters that have no ink
_DROPPED_MARKS = "\u030a\u0333\u033f"  # Telegram takes them out of every text (TDLib, clean_input_string)
_UNSEEN = frozenset(_BLANK_LETTERS + _DROPPED_MARKS)
# What stands on the button of a choice or command, where it is not the choice itself.
LABELS: Mapping[str, str] = {
    **{command.value: command.value.capitalize() for command in Command},
    **{format_.value: title for format_, title in TITLES.items()},
    "seen": "Seen it",
    "time": "Time left",
    "daily-answer": "Answer",
    "daily-join": "Answer in private",
    "daily-later": "In an hour",
    "daily-tonight": "Tonight",
    "daily-skip": "Skip",
    "daily-off": "Stop daily questions",
    "again": "Forgot it",
    "hard": "Hard",
    "good": "Good",
    "easy": "Easy",
}


def read(text: str) -> list[Segment]:
    """The segments of a prose text; backticks and stars that have no partner are plain."""
    parts = (segment for part in _fences(_lines(text)) for segment in _inline(part) if segment.text)
    runs = groupby(parts, key=lambda segment: (segment.style, segment.language))
    return [Segment("".join(s.text for s in run), style, language) for (style, language), run in runs]


def lay_out(blocks: Sequence[Block]) -> list[Segment]:
    """The segments of a document: headings bold, lists as lines, what was typed as a quote or hidden."""
    segments: list[Segment] = []
    for number, block in enumerate(blocks):
        if number:
            segments.append(Segment("\n" if isinstance(blocks[number - 1], Heading) else "\n\n"))
        segments += _block(block)
    return [segment for segment in segments if segment.text]


def chunks(text: str, blocks: Sequence[Block], limit: int, measure: Measure) -> list[list[Segment]]:
    """A document, or else a prose text, in chunks that measure at most `limit` each and show something."""
    return shown(split(lay_out(blocks) if blocks else read(text), limit, measure))


def split(segments: Iterable[Segment], limit: int, measure: Measure) -> list[tuple[Segment, ...]]:
    """The segments in chunks that measure at most `limit` each, cut where it disturbs least; nothing is left out.

    `measure` grows with the text and never gives less than the number of its characters. A cut fence, quote or bold
    goes on in its style in the next chunk.
    """
    rest = [segment for segment in segments if segment.text]
    chunks = []
    while rest:
        head, rest = _cut(rest, limit, measure)
        chunks.append(tuple(head))
    return chunks


def shown(chunks: Iterable[Sequence[Segment]]) -> list[list[Segment]]:
    """The chunks without the white space at their edges, and without those that would show nothing."""
    return [chunk for chunk in map(_trimmed, chunks) if any(is_visible(segment.text) for segment in chunk)]


def is_visible(text: str) -> bool:
    """Whether a person would see anything; platforms refuse a message of which nothing is seen."""
    return any(unicodedata.category(c) not in {"Zs", "Zl", "Zp", "Cc", "Cf"} and c not in _UNSEEN for c in text)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, by which the platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fences(text: str) -> Iterator[Segment]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    last = {found[1]: number for number, line in enumerate(lines) if (found := _CLOSING.fullmatch(line))}
    plain, number = "", 0
    while number < len(lines):
        opening = _OPENING.fullmatch(lines[number])
        if opening is None or last.get(opening[1], -1) <= number:
            plain, number = plain + lines[number], number + 1
            continue
        end = _closing(lines, number, opening[1])
        yield Segment(plain)
        yield Segment("".join(lines[number + 1 : end]).removesuffix("\n"), Style.FENCE, opening[2])
        plain, number = "\n" if lines[end].endswith("\n") else "", end + 1
    yield Segment(plain)


def _closing(lines: Sequence[str], opening: int, ticks: str) -> int:
    closings = ((number, _CLOSING.fullmatch(lines[number])) for number in range(opening + 1, len(lines)))
    return next(number for number, found in closings if found and found[1] == ticks)


def _inline(segment: Segment) -> Iterator[Segment]:
    if segment.style is Style.FENCE:
        yield segment
        return
    at = 0
    for match in _INLINE.finditer(segment.text):
        yield replace(segment, text=segment.text[at : match.start()])
        if match["code"]:
            yield Segment(_unpadded(match["code"]), Style.CODE)
        else:
            yield from _inline(Segment(match["bold"], Style.BOLD))
        at = match.end()
    yield replace(segment, text=segment.text[at:])


def _unpadded(code: str) -> str:
    """Code without the one space that keeps a backtick off its delimiter (CommonMark 0.31, section 6.1)."""
    padded = code[0] == code[-1] == " " and code.strip(" ")
    return code[1:-1] if padded else code


def _block(block: Block) -> Iterator[Segment]:
    match block:
        case Heading(_, title):
            yield Segment(title, Style.BOLD)
        case Paragraph(words):
            yield from read(words)
        case Bullets(items):
            for number, (item, words) in enumerate(items):
                yield from _bullet("\n• " if number else "• ", item, words)
        case Verbatim(title, words):
            yield from (Segment(title, Style.BOLD), Segment("\n"), Segment(_lines(words), Style.HIDDEN))
        case Folded(title, words):
            plain = "".join(_bare(segment) for segment in read(words))
            yield from (Segment(title, Style.BOLD), Segment("\n"), Segment(plain, Style.HIDDEN))


def _bare(segment: Segment) -> str:
    """Hidden text takes no other style: on Telegram code within a spoiler would open it."""
    return f"{segment.text}\n" if segment.style is Style.FENCE else segment.text


def _bullet(start: str, item: str, words: str) -> Iterator[Segment]:
    yield Segment(start)
    yield from read(item)
    if words.strip():
        yield from (Segment("\n"), Segment(_lines(words).strip("\n"), Style.QUOTE))


def _cut(segments: list[Segment], limit: int, measure: Measure) -> tuple[list[Segment], list[Segment]]:
    room, before = limit, 0
    for number, segment in enumerate(segments):
        cost = measure(segment)
        if cost > room:
            fits = max(1, before + _fitting(segment, room, measure))
            head, rest = _divided(segments, _break(segments[: number + 1], before, fits))
            return (head, rest) if sum(map(measure, head)) <= limit else _divided(segments, fits)
        room, before = room - cost, before + len(segment.text)
    return segments, []


def _fitting(segment: Segment, room: int, measure: Measure) -> int:
    """How many characters of a segment there is room for."""
    lengths = range(1, min(len(segment.text), room) + 1)
    return bisect_right(lengths, room, key=lambda length: measure(replace(segment, text=segment.text[:length])))


def _break(segments: Sequence[Segment], last: int, fits: int) -> int:
    """Where to cut, at `fits` or before, though not before its half; `last` is where the last segment starts."""
    floor = max(1, fits // 2)
    if segments[-1].style is Style.FENCE and last >= floor:
        return last
    text = "".join(segment.text for segment in segments)
    for pattern in _BREAKS:
        at = max((match.end() for match in pattern.finditer(text, floor, fits)), default=0)
        if at:
            return at
    return next((at for at in range(fits, floor - 1, -1) if not _is_one_grapheme(text, at)), fits)


def _is_one_grapheme(text: str, at: int) -> bool:
    """Whether a cut at `at` would tear what is seen as one character (Unicode Annex 29, without Hangul jamo)."""
    before, after = text[at - 1], text[at : at + 1]
    if not after:
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        run = next((n for n in range(at) if not _is_flag_letter(text[at - 1 - n])), at)
        return run % 2 == 1
    return _JOINER in {before, after} or unicodedata.category(after)[0] == "M" or _is_modifier(after)


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_modifier(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _divided(segments: Sequence[Segment], at: int) -> tuple[list[Segment], list[Segment]]:
    head: list[Segment] = []
    for number, segment in enumerate(segments):
        if at < len(segment.text):
            parts = replace(segment, text=segment.text[:at]), replace(segment, text=segment.text[at:])
            return [*head, *([parts[0]] if at else [])], [parts[1], *segments[number + 1 :]]
        head.append(segment)
        at -= len(segment.text)
    return head, []


def _trimmed(chunk: Sequence[Segment]) -> list[Segment]:
    segments = list(chunk)
    while segments and not (first := _EMPTY_LINES.sub("", segments[0].text)).strip():
        del segments[0]
    if segments:
        segments[0] = replace(segments[0], text=first)
    while segments and not segments[-1].text.strip():
        del segments[-1]
    if segments:
        segments[-1] = replace(segments[-1], text=segments[-1].text.rstrip())
    return segments

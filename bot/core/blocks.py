"""A document of few kinds of blocks, and its text, Markdown and HTML.

Candidates' words are data: the HTML escapes them and the Markdown fences them, so nothing typed can change the page.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1, 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; an item may carry the candidate's own words."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text as it was typed, or code: shown as it is under a short title, folded where the format can."""

    title: str
    text: str


Block = Heading | Paragraph | Bullets | Verbatim


def text(blocks: Sequence[Block]) -> str:
    """Plain text that a screen reader reads well."""
    return "\n\n".join(_text(block) for block in blocks)


def _text(block: Block) -> str:
    match block:
        case Heading(_, title):
            return title
        case Paragraph(words):
            return words
        case Bullets(items):
            return "\n".join(
                f"- {item}" + (f'\n  You said: "{_one_line(words)}"' if words else "") for item, words in items
            )
        case Verbatim(title, words):
            return f"{title}:\n{words}"


def markdown(blocks: Sequence[Block]) -> str:
    """GitHub-flavoured Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, title):
            return f"{'#' * level} {title}"
        case Paragraph(words):
            return words
        case Bullets(items):
            return "\n".join(
                f"- {item}" + (f"\n  > {_escaped(_one_line(words))}" if words else "") for item, words in items
            )
        case Verbatim(title, words):
            fence = _fence(words)
            return f"**{title}**\n\n{fence}text\n{words}\n{fence}"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _escaped(words: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|~!" else c for c in words)


def _fence(words: str) -> str:
    """A fence longer than any run of backticks inside (CommonMark 0.31, section 4.5)."""
    longest = run = 0
    for character in words:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return "`" * max(3, longest + 1)


def page(blocks: Sequence[Block], title: str) -> str:
    """One self-contained HTML page for a phone: no network, light and dark."""
    body = "\n".join(_html(block) for block in blocks)
    return _PAGE.format(title=html.escape(title), style=_STYLE, body=body)


def _html(block: Block) -> str:
    match block:
        case Heading(level, title):
            return f"<h{level}>{html.escape(title)}</h{level}>"
        case Paragraph(words):
            return f"<p>{html.escape(words)}</p>"
        case Bullets(items):
            rows = "".join(
                f"<li>{html.escape(item)}"
                + (f"<blockquote>{html.escape(words)}</blockquote>" if words else "")
                + "</li>"
                for item, words in items
            )
            return f"<ul>{rows}</ul>"
        case Verbatim(name, words):
            return f"<details><summary>{html.escape(name)}</summary><pre>{html.escape(words)}</pre></details>"


_STYLE = """
:root { color-scheme: light dark; --ink: #1d2125; --paper: #fff; --line: #d0d4d9; --soft: #f3f5f7; --accent: #1d5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e9; --paper: #15181b; --line: #3a4047; --soft: #1f2428; --accent: #8fbcf0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { white-space: pre-line; margin: .4rem 0; }
ul { padding-left: 1.2rem; } li { margin: .4rem 0; }
blockquote { margin: .3rem 0 .3rem; padding: .2rem .8rem; border-left: 3px solid var(--accent);
  background: var(--soft); }
details { margin: .6rem 0; border: 1px solid var(--line); border-radius: .5rem; }
summary { padding: .6rem .8rem; cursor: pointer; color: var(--accent); }
pre { margin: 0; padding: .8rem; white-space: pre-wrap;
  font: .92rem/1.5 ui-monospace, monospace; background: var(--soft); }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""

"""A document as text, Markdown and HTML.

Candidates' words are data: the HTML escapes them and the Markdown fences them, so nothing typed can change the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from bot.core.document import Block, Bullets, Folded, Heading, Paragraph, Verbatim


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
        case Verbatim(title, words) | Folded(title, words):
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
        case Folded(title, words):
            return f"**{title}**\n\n{words}"


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
    """One self-contained HTML page for a phone: no network, no script, light and dark."""
    body = "\n".join(_html(block) for block in blocks)
    return _PAGE.format(title=html.escape(title), style=_STYLE, body=body)


def _html(block: Block) -> str:
    match block:
        case Heading(level, title):
            return f"<h{level}>{_heading(title)}</h{level}>"
        case Paragraph(words):
            return _prose(words)
        case Bullets(items):
            return f"<ul>{''.join(_item(item, words) for item, words in items)}</ul>"
        case Verbatim(name, words):
            return f"<details><summary>{html.escape(name)}</summary>{_typed(words)}</details>"
        case Folded(name, words):
            return f"<details><summary>{html.escape(name)}</summary>{_prose(words)}</details>"


def _heading(title: str) -> str:
    """What stands behind the last colon is the result, which is set apart."""
    label, colon, result = title.rpartition(": ")
    return f"{html.escape(label + colon)}<strong>{html.escape(result)}</strong>" if colon else html.escape(title)


def _item(item: str, words: str) -> str:
    quote = f'<blockquote dir="auto">{html.escape(words)}</blockquote>' if words else ""
    return f"<li>{_inline(item)}{quote}</li>"


_FENCED = re.compile(r"(^```.*?(?:^```[ \t]*$\n?|\Z))", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*")


def _prose(words: str) -> str:
    """Our own words with the Markdown that banks are written in: fenced code, `code` and **bold**."""
    parts = _FENCED.split(words)
    return "".join(
        _fenced(part) if n % 2 else f"<p>{_inline(part.strip())}</p>" for n, part in enumerate(parts) if part
    )


def _inline(words: str) -> str:
    return _INLINE.sub(
        lambda found: f"<code>{found[1]}</code>" if found[1] else f"<strong>{found[2]}</strong>", html.escape(words)
    )


def _fenced(block: str) -> str:
    inside = block.partition("\n")[2].rstrip().removesuffix("```").rstrip()
    return f"<pre><code>{html.escape(inside)}</code></pre>"


def _typed(words: str) -> str:
    """Every character as it was typed; fenced lines are set as code, and so is all of it where a line is indented.

    The first line break after `<pre>` is dropped by browsers (HTML standard, 13.1.2.5), so one is put there.
    """
    parts = _FENCED.split(words)
    kind = ' class="code"' if any("\n " in part or "\n\t" in part for part in parts[::2]) else ""
    shown = "".join(f"<code>{html.escape(part)}</code>" if n % 2 else html.escape(part) for n, part in enumerate(parts))
    return f'<pre dir="auto"{kind}>\n{shown}</pre>'


_STYLE = """
:root { color-scheme: light dark;
  --ink: #1d2125; --muted: #56606a; --paper: #fff; --line: #cfd4da; --soft: #f2f4f7; --accent: #1a5799; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e9; --muted: #a7b0b9; --paper: #15181b; --line: #3d444b; --soft: #20252a; --accent: #93bff2; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 .75rem; font-size: 1rem; font-weight: 600; color: var(--muted); }
h2 { margin: 3rem 0 1rem; font-size: 1.35rem; }
h1 + h2 { margin: 0 0 1rem; padding: .9rem 1rem; background: var(--soft); border-radius: .4rem;
  border-inline-start: .3rem solid var(--accent); font-size: 1.0625rem; font-weight: 600; }
h1 + h2 strong { display: block; margin-top: .15rem; font-size: 1.9rem; line-height: 1.15; }
h1 + h2 strong::first-letter { text-transform: uppercase; }
h3 { margin: 2rem 0 .4rem; font-size: 1.125rem; }
h3 strong { display: inline-block; }
p { margin: .5rem 0; white-space: pre-line; }
ul { margin: .5rem 0; padding-inline-start: 1.25rem; }
li { margin: .5rem 0; }
li::marker { color: var(--muted); }
blockquote { margin: .4rem 0 .9rem; padding: .45rem .8rem; background: var(--soft);
  border-inline-start: .2rem solid var(--accent); border-radius: .2rem; unicode-bidi: isolate; }
blockquote::before { content: "You said: "; color: var(--muted); }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: .5rem; }
summary { min-height: 2.75rem; padding: .6rem .8rem; color: var(--accent); font-weight: 600; cursor: pointer; }
pre { margin: .75rem 0; padding: .8rem; background: var(--soft); border-radius: .4rem; font: inherit;
  white-space: pre-wrap; unicode-bidi: isolate; }
details pre { margin: 0; border-radius: 0 0 .5rem .5rem; }
:not(pre) > code { padding: 0 .2em; background: var(--soft); border-radius: .2rem; }
code, pre.code { font: .9375rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre code { display: block; overflow-x: auto; white-space: pre; direction: ltr; }
:is(details, ul) + p:not(:has(+ ul)) { font-size: .9375rem; color: var(--muted); }
@media print {
  :root { --ink: #000; --muted: #444; --paper: #fff; --line: #999; --soft: #fff; --accent: #000; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, summary { break-after: avoid; }
  blockquote, li { break-inside: avoid; }
  pre code { white-space: pre-wrap; }
  details::details-content { content-visibility: visible; }
}
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

"""Telegram's own library judges texts: what it refuses, and what it would show."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import tdjson

from botapi.nouns import Entity, Json, refuse

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
BYTES_LIMIT = 1 << 15  # before parsing, as in the server's own get_formatted_text

STYLES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
    "text_link": "TextUrl",
    "text_mention": "MentionName",
    "custom_emoji": "CustomEmoji",
    "date_time": "DateTime",
}
RECOGNISED = {
    "mention": "Mention",
    "hashtag": "Hashtag",
    "cashtag": "Cashtag",
    "bot_command": "BotCommand",
    "url": "Url",
    "email": "EmailAddress",
    "phone_number": "PhoneNumber",
}
NAMES = {f"textEntityType{td}": name for name, td in (STYLES | RECOGNISED).items()} | {"textEntityTypePreCode": "pre"}
OPAQUE = {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}

# parseMarkdown is the one synchronous request that checks and normalises given entities; its own marks are hidden from
# it behind private-use characters of the same width.
_MARKS = "_*~|`["
_HIDDEN = "\ue900\ue901\ue902\ue903\ue904\ue905"
_HIDE = str.maketrans(_MARKS, _HIDDEN)
_SHOW = str.maketrans(_HIDDEN, _MARKS)
_EMPTY = "\N{BRAILLE PATTERN BLANK}\N{HANGUL FILLER}"
_DATE_FORMAT = re.compile(r"(?P<relative>r)|(?P<day>w)?(?P<date>[dD])?(?P<time>[tT])?")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as people would see it."""

    text: str
    entities: tuple[Entity, ...] = ()
    found: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def covered(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def ask(kind: str, **fields: object) -> Json:
    """Put a synchronous request to Telegram's library."""
    answer: Json = json.loads(tdjson.td_execute(json.dumps({"@type": kind, **fields}).encode()) or b"{}")
    if answer.get("@type") == "error":
        message = answer["message"]
        refuse(message[:1].lower() + message[1:])
    return answer


class Judge:
    """Decides whether a text may be sent; `strict=False` only counts, for speed."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict
        ask("setLogVerbosityLevel", new_verbosity_level=0)

    def shown(self, text: str, mode: str, entities: list[Json] | None, limit: int) -> Shown:
        """The text as people would see it; raises when Telegram would refuse it."""
        if not self.strict:
            return _counted(Shown(text, tuple(_from_td(text, _wanted(entities)))), limit)
        if len(text.encode()) > BYTES_LIMIT:
            refuse("text is too long")
        formatted = _parsed(text, mode) if mode else {"text": text, "entities": _wanted(entities)}
        shown = _trimmed(_normal(formatted))
        if len(shown.entities) > ENTITY_LIMIT:
            refuse("ENTITIES_TOO_LONG")
        return _counted(shown, limit)

    def found(self, text: str) -> tuple[Entity, ...]:
        """What Telegram recognises in a plain text by itself."""
        return tuple(_from_td(text, ask("getTextEntities", text=text)["entities"]))


def _counted(shown: Shown, limit: int) -> Shown:
    if units(shown.text) > limit:
        refuse("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return shown


def _wanted(entities: list[Json] | None) -> list[Json]:
    """The entities to set; those that Telegram finds by itself are passed over."""
    return [_to_td(entity) for entity in entities or () if entity.get("type") not in {*RECOGNISED, "bank_card_number"}]


def _parsed(text: str, mode: str) -> Json:
    modes: dict[str, Json] = {
        "html": {"@type": "textParseModeHTML"},
        "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
        "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    }
    if mode.lower() not in modes:
        refuse("unsupported parse_mode")
    return ask("parseTextEntities", text=text, parse_mode=modes[mode.lower()])


def _normal(formatted: Json) -> Shown:
    if _blank(formatted["text"]):
        return Shown("")
    hidden = {"text": formatted["text"].translate(_HIDE), "entities": formatted["entities"]}
    normal = ask("parseMarkdown", text={"@type": "formattedText", **hidden})
    text = normal["text"].translate(_SHOW)
    return Shown(text, tuple(_from_td(text, normal["entities"])))


def _blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return all(letter.isspace() or letter in _EMPTY or unicodedata.category(letter) == "Cf" for letter in text)


def _trimmed(shown: Shown) -> Shown:
    """Cut blanks at both ends, as the server does; in front only as far as the first entity."""
    text = shown.text.rstrip()
    reach = min((e.offset for e in shown.entities), default=len(text))
    cut = min(len(text) - len(text.lstrip(" \n")), reach)
    text, end = text[cut:], units(text[cut:])
    entities = tuple(_moved(e, text, cut) for e in shown.entities if e.offset - cut < end)
    return Shown(text, entities, _recognised(text, entities))


def _moved(entity: Entity, text: str, cut: int) -> Entity:
    offset = entity.offset - cut
    length = min(entity.length, units(text) - offset)
    return replace(entity, offset=offset, length=length, text=covered(text, offset, length))


def _recognised(text: str, given: tuple[Entity, ...]) -> tuple[Entity, ...]:
    if not text:
        return ()
    opaque = [(e.offset, e.offset + e.length) for e in given if e.type in OPAQUE]
    found = _from_td(text, ask("getTextEntities", text=text)["entities"])
    return tuple(e for e in found if not any(e.offset < end and start < e.offset + e.length for start, end in opaque))


def _to_td(entity: Json) -> Json:
    name = entity.get("type", "")
    if name not in STYLES:
        why = "Unsupported type specified" if name else "Type is not specified"
        refuse(f"can't parse MessageEntity: {why}")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        refuse("can't parse MessageEntity: Can't find field \"offset\"")
    return {"offset": offset, "length": length, "type": {"@type": f"textEntityType{STYLES[name]}", **_details(entity)}}


def _details(entity: Json) -> Json:
    match entity["type"]:
        case "pre" if entity.get("language"):
            return {"@type": "textEntityTypePreCode", "language": entity["language"]}
        case "text_link":
            return {"url": _required(entity, "url")}
        case "text_mention":
            return {"user_id": _required(entity, "user")["id"]}
        case "custom_emoji":
            return {"custom_emoji_id": _required(entity, "custom_emoji_id")}
        case "date_time":
            return {"unix_time": _required(entity, "unix_time"), **_formatting(entity.get("date_time_format", ""))}
    return {}


def _required(entity: Json, name: str) -> Any:  # noqa: ANN401 - a field of JSON
    if not entity.get(name):
        refuse(f"can't parse MessageEntity: Can't find field \"{name}\"")
    return entity[name]


def _formatting(wanted: str) -> Json:
    match = _DATE_FORMAT.fullmatch(wanted)
    if match is None:
        refuse("can't parse MessageEntity: Invalid date format used")
    if not wanted:
        return {}
    if match["relative"]:
        return {"formatting_type": {"@type": "dateTimeFormattingTypeRelative"}}
    absolute = {
        "@type": "dateTimeFormattingTypeAbsolute",
        "time_precision": _precision(match["time"]),
        "date_precision": _precision(match["date"]),
        "show_day_of_week": bool(match["day"]),
    }
    return {"formatting_type": absolute}


def _precision(letter: str | None) -> Json:
    word = "None" if not letter else "Long" if letter.isupper() else "Short"
    return {"@type": f"dateTimePartPrecision{word}"}


def _from_td(text: str, entities: Iterable[Json]) -> Iterable[Entity]:
    for entity in entities:
        kind = entity["type"]
        if kind["@type"] in NAMES:  # bank cards and media timestamps are not told to bots
            offset, length = entity["offset"], entity["length"]
            yield Entity(NAMES[kind["@type"]], offset, length, covered(text, offset, length), _extra(kind))


def _extra(kind: Json) -> Json:
    match kind["@type"].removeprefix("textEntityType"):
        case "PreCode":
            return {"language": kind["language"]}
        case "TextUrl":
            return {"url": kind["url"]}
        case "MentionName":
            return {"user_id": kind["user_id"]}
        case "CustomEmoji":
            return {"custom_emoji_id": str(kind["custom_emoji_id"])}
        case "DateTime":
            return {"unix_time": kind["unix_time"], **_format_of(kind.get("formatting_type"))}
    return {}


def _format_of(formatting: Json | None) -> Json:
    if not formatting:
        return {}
    if formatting["@type"].endswith("Relative"):
        return {"date_time_format": "r"}
    letters = "w" if formatting["show_day_of_week"] else ""
    for letter, part in (("d", "date_precision"), ("t", "time_precision")):
        precision = formatting[part]["@type"]
        letters += "" if precision.endswith("None") else letter.upper() if precision.endswith("Long") else letter
    return {"date_time_format": letters}

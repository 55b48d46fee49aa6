"""The parameters of a request: query, form, multipart or JSON, as the Bot API takes them all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from botapi.nouns import refuse


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Params:
    """What a method was called with."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string; empty when it is absent."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number; anything else counts as absent, as Telegram does."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A boolean."""
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def given(self, name: str) -> bool:
        """Whether the parameter is there and not empty."""
        return self.values.get(name) not in {None, ""} if _plain(self.values.get(name)) else True

    def json(self, name: str, noun: str) -> Any:  # noqa: ANN401 - a value of JSON
        """An object or list, native or as a JSON string; None when it is absent."""
        if not self.given(name):
            return None
        value = self.values[name]
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            refuse(f"can't parse {noun} JSON object")


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


async def params_of(request: web.Request) -> Params:
    """Read the parameters of a request."""
    params = Params(dict(request.query))
    match request.content_type:
        case "application/json":
            params.values.update(_object(await request.read()))
        case "multipart/form-data":
            await _multipart(request, params)
        case "application/x-www-form-urlencoded":
            params.values.update(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    return params


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        refuse("can't parse request JSON object")
    if not isinstance(value, dict):
        refuse("can't parse request JSON object")
    return value


async def _multipart(request: web.Request, params: Params) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params.uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
            value.file.close()
        else:
            params.values[name] = value

"""YAML as authors write it, with the place of every value.

YAML 1.2 core scalars: `9:00` and `no` stay strings. Aliases and repeated keys are refused, since both hide mistakes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from bot.core.refusal import Refusal

# The core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#1032-tag-resolution), decimal numbers only.
_SCALARS = (
    (re.compile(r"^(?:~|null|Null|NULL|)$"), lambda _: None),
    (re.compile(r"^(?:true|True|TRUE)$"), lambda _: True),
    (re.compile(r"^(?:false|False|FALSE)$"), lambda _: False),
    (re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), int),
    (re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+)$"), float),
)
_MAX_BYTES = 2_000_000
_BASE: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Loader(_BASE):  # type: ignore[misc] # the parser in C, where PyYAML was built with it
    """Leaves all scalars as text: what they mean is decided by the table above, not by tags, and in half the time."""

    def resolve(self, _kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        return "tag:yaml.org,2002:str"

    def descend_resolver(self, _node: object, _index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a file: where it is (lines and columns from 1), and what to do about it.

    Mere advice is no mistake: the file can be used as it is.
    """

    file: str
    line: int
    column: int
    message: str
    is_advice: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {'advice: ' if self.is_advice else ''}{self.message}"


class BankError(Refusal):
    """Question banks that cannot be used; `problems` lists every mistake of every file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: its plain data and the way back from a path in it to a place in the text."""

    file: str
    data: Any
    root: yaml.Node

    def problem(self, path: Path_, message: str) -> Problem:
        """A problem at `path`, or at the nearest value around it that exists."""
        mark = _find(self.root, path).start_mark
        return Problem(self.file, mark.line + 1, mark.column + 1, message)


_Noun = TypeVar("_Noun")


@dataclass(frozen=True, slots=True)
class Placed(Generic[_Noun]):
    """A noun and where it was written, so that a check can point at it; `named` opens each message about it."""

    noun: _Noun
    source: Source
    path: Path_
    named: str = ""

    def problem(self, steps: Path_, message: str) -> Problem:
        """A problem within this noun."""
        return self.source.problem(self.path + steps, f"{self.named}{message}")

    def advice(self, steps: Path_, message: str) -> Problem:
        """Advice on something within this noun."""
        return replace(self.problem(steps, message), is_advice=True)


def read_source(path: Path) -> Source:
    """Parse one file; BankError when it cannot be read as YAML."""
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BankError((Problem(str(path), 1, 1, f"cannot be read as UTF-8 text: {error}"),)) from error
    if len(raw) > _MAX_BYTES:
        raise BankError((Problem(str(path), 1, 1, "is larger than 2 MB: split it into several banks"),))
    return parse(str(path), text)


def parse(file: str, text: str) -> Source:
    """Parse YAML text; BankError when it is not well formed."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BankError((Problem(file, line, column, f"is not valid YAML: {error.problem}"),)) from error
    except yaml.YAMLError as error:
        raise BankError((Problem(file, 1, 1, f"is not valid YAML: {error}"),)) from error
    if root is None:
        raise BankError((Problem(file, 1, 1, "is empty: start with `bank:` and `questions:`"),))
    problems: list[Problem] = []
    data = _plain(root, file, problems, set())
    if problems:
        raise BankError(tuple(problems))
    return Source(file, data, root)


def _plain(node: yaml.Node, file: str, problems: list[Problem], seen: set[int]) -> Any:  # noqa: ANN401 - YAML is untyped
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in seen:
        problems.append(_at(node, file, "uses a YAML alias: write the value out"))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, problems, seen) for child in node.value]
    result: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in result:
            problems.append(_at(key, file, f"`{name}` is written twice: keep one of them"))
        result[name] = _plain(value, file, problems, seen)
    return result


def _at(node: yaml.Node, file: str, message: str) -> Problem:
    return Problem(file, node.start_mark.line + 1, node.start_mark.column + 1, message)


def _scalar(node: yaml.ScalarNode) -> object:
    if node.style:  # quoted or a block; plain scalars have None or an empty string, depending on the parser
        return node.value
    for pattern, convert in _SCALARS:
        if pattern.match(node.value):
            return convert(node.value)
    return node.value


def _find(node: yaml.Node, path: Path_) -> yaml.Node:
    for step in path:
        child = _child(node, step)
        if child is None:
            return node
        node = child
    return node


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None

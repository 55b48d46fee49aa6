"""A bank that was read once, kept as JSON by stage, so that a start need not parse and validate all YAML again.

A stage is opened when its first question is asked for: an interview in one stage takes the memory of one stage; the
competencies are opened when somebody first rehearses a story. The folder is named after everything it depends on: the
banks' names, sizes and times, and this program's own nouns. A cache that is absent, unreadable or written by another
version is simply made anew.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.core import model
from bot.core.model import Bank, Question, Stage, StageRubric
from bot.core.stories import competencies
from bot.core.stories.competencies import Catalogue

_FORMAT = "2"  # of the folder; another one is never opened, whatever the times of the files below say
_CATALOGUE = "competencies.json"
_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True)
class Contents:
    """What is known without opening a stage: the rubrics, and the ids of each stage with the topic of each."""

    rubrics: Mapping[str, StageRubric]
    stages: Mapping[Stage, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Content:
    """All that a folder holds: its bank, and its competencies, which are opened when they are first asked for."""

    bank: Bank
    catalogue: Callable[[], Catalogue]


class Shelf(Mapping[str, Question]):
    """The questions by id, opened stage by stage."""

    def __init__(self, folder: Path, stages: Mapping[Stage, Mapping[str, str]]) -> None:
        self._folder = folder
        self._stage_of = {question_id: stage for stage, ids in stages.items() for question_id in ids}
        self._open: dict[Stage, dict[str, Question]] = {}

    def __getitem__(self, question_id: str) -> Question:
        stage = self._stage_of[question_id]
        if stage not in self._open:
            data = (self._folder / f"{stage.value}.json").read_bytes()
            self._open[stage] = TypeAdapter(dict[str, Question]).validate_json(data)
        return self._open[stage][question_id]

    def __contains__(self, question_id: object) -> bool:
        return question_id in self._stage_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._stage_of)

    def __len__(self) -> int:
        return len(self._stage_of)


def load_bank(content: Path, cache: Path, shared: Path | None = None) -> Bank:
    """The bank under `content`; as with `load`."""
    return load(content, cache, shared).bank


def load(content: Path, cache: Path, shared: Path | None = None) -> Content:
    """All under `content`, from `cache` when nothing has changed; BankError when a file is wrong.

    Its questions may name the concepts of the lexicon under `shared` beside those of their own.
    """
    folder = cache / f"bank-{_key(content, shared)}"
    with suppress(OSError, ValidationError):
        return _opened(folder)
    from bot.banks import loader  # noqa: PLC0415 - YAML and the schema are needed only for a bank that changed

    reading = loader.read([content], shared)
    bank, catalogue = loader.bank_of(reading), loader.catalogue_of(reading)
    try:
        _keep(bank, catalogue, folder)
        return _opened(folder)
    except OSError:  # nowhere to keep it; it works all the same
        return Content(bank, lambda: catalogue)


def _opened(folder: Path) -> Content:
    contents = TypeAdapter(Contents).validate_json((folder / "contents.json").read_bytes())
    bank = Bank(Shelf(folder, contents.stages), contents.rubrics, contents.stages)
    return Content(bank, once(lambda: TypeAdapter(Catalogue).validate_json((folder / _CATALOGUE).read_bytes())))


def _keep(bank: Bank, catalogue: Catalogue, folder: Path) -> None:
    for old in folder.parent.glob("bank-*"):
        shutil.rmtree(old, ignore_errors=True)
    written = folder.with_name(f"new-{folder.name}")
    written.mkdir(parents=True, exist_ok=True)
    stages: dict[Stage, dict[str, str]] = {}
    for stage in Stage:
        questions = {question.id: question for question in bank.of_stage(stage)}
        stages[stage] = {question.id: question.topic for question in questions.values()}
        (written / f"{stage.value}.json").write_bytes(_json(dict[str, Question], questions))
    (written / _CATALOGUE).write_bytes(_json(Catalogue, catalogue))
    (written / "contents.json").write_bytes(_json(Contents, Contents(bank.rubrics, stages)))
    written.replace(folder)


def _json(shape: type[_Shape], value: _Shape) -> bytes:
    return TypeAdapter(shape).dump_json(value, by_alias=True)  # nouns are read by the names that authors write


def _key(content: Path, shared: Path | None) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for part in _depends_on(content, shared):
        digest.update(part.encode())
    return digest.hexdigest()


def _depends_on(content: Path, shared: Path | None) -> Iterator[str]:
    for module in (model.__file__, competencies.__file__, __file__):
        yield str(Path(module).stat().st_mtime_ns)
    yield f"{_FORMAT}\n{content.resolve()}\n"
    for path in sorted({*content.rglob("*.y*ml"), *(shared.rglob("*.y*ml") if shared else ())}):
        found = path.stat()
        yield f"{path}:{found.st_size}:{found.st_mtime_ns}\n"

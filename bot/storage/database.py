"""A transaction on either database, as the pieces of the store use it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement returned, and how many rows it changed."""

    rows: Sequence[Any] = ()
    rowcount: int = -1

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def all(self) -> list[Any]:
        """All rows."""
        return list(self.rows)

    def first(self) -> Any:  # noqa: ANN401 - a row has no type
        """The first row; None when there is none."""
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - as above
        """The first column of the first row; None when there is none."""
        return self.rows[0][0] if self.rows else None

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows]


class Connection(ABC):
    """A connection within one transaction; `dialect` names the kind of database."""

    dialect: str

    @abstractmethod
    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Run a statement, once or for each of several rows of parameters."""


class Database(ABC):
    """The database at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def connected(self, *, urgent: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A transaction: committed at the end of the block, rolled back when it raises.

        An `urgent` one goes before those that wait, where transactions have to wait for one another.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close all connections."""

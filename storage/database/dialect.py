"""What databases do each in their own way, under the names of what callers want.

A database is two files: its `Dialect` and its `FullText`. Nothing outside this package knows which one it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Connection, Integer, Select, Table, type_coerce

from storage.database.postgresql import POSTGRESQL
from storage.database.sqlite import SQLITE
from storage.query.indexes import Index, IndexExpression
from storage.query.resolve import ResolvedQuery
from storage.query.text import AnalysedText

T = TypeVar("T", bound=tuple[Any, ...])


class FullText(Protocol):
    """The full-text indexes of versions. A row is a version, and rows are only ever added."""

    def create(self, connection: Connection, index: Index) -> None:
        """Make an index, without any version."""

    def empty(self, connection: Connection) -> None:
        """Forget all that the indexes hold."""

    def add(self, connection: Connection, texts: Mapping[int, AnalysedText]) -> None:
        """Add analysed versions, by version id."""

    def merge(self, connection: Connection, index: Index, pages: int) -> bool:
        """Bring an index closer to its fastest form, by so many pages of work; whether there may be more to do."""

    def match(self, expression: IndexExpression) -> str:
        """What an index is asked by."""

    def ranked(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        """`id` and `rank` (the best is the smallest) of the versions that an index names when asked `match`.

        Among them are all that meet it; those that do not are `unsure`.
        """

    def surely(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        """`id` of those that meet `match` for certain."""

    def unsure(self, query: ResolvedQuery, version_id: ColumnElement[int]) -> ColumnElement[bool] | None:
        """Which versions an index cannot tell all of, so that their texts have to be asked; None: there are none."""

    def are_few(self, connection: Connection, index: Index, expression: IndexExpression) -> bool:
        """Whether the newest versions that an index names are had sooner by sorting all of them, in the order of
        `Dialect.sorted`, than by a walk back along the ids."""

    @property
    def tells_nearness(self) -> bool:
        """Whether the index of stems can be asked what stands near what."""


class Dialect(Protocol):
    """A database's ways. Each is one object, so that what is made with it can be kept."""

    def __hash__(self) -> int: ...

    @property
    def full_text(self) -> FullText:
        """Its full text search."""

    def insert(self, into: Table) -> Any:
        """An INSERT with `on_conflict_do_nothing`, `on_conflict_do_update` and `excluded`."""

    def listed(self, ids: BindParameter[Any]) -> Select[Any]:
        """A select of the ids that one parameter carries, written by `list_of`: thousands of them are one parameter."""

    def list_of(self, ids: Iterable[int]) -> Any:
        """The value of that parameter."""

    def walked(self, id: ColumnElement[int]) -> ColumnElement[int]:
        """An id that is compared row by row, never looked up: where most rows match, in their order."""

    def hold(self, connection: Connection, names: Iterable[str]) -> None:
        """Keep others who would hold one of these names waiting, until the transaction ends."""

    def number_on(self, connection: Connection, of: Iterable[Table]) -> None:
        """Let rows that are added from now on have ids after those that are there."""

    def sorted(self, id: ColumnElement[int]) -> ColumnElement[int]:
        """An id by which those that an index names are put in order when all of them, or thousands, are wanted."""

    def scrub_later(self, connection: Connection) -> None:
        """Remember that the database has to be scrubbed."""

    def must_scrub(self, connection: Connection) -> bool:
        """Whether the database has to be scrubbed."""


_DIALECTS: Mapping[str, Dialect] = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def dialect_of(connection: Connection) -> Dialect:
    """That of the connection's database."""
    return _DIALECTS[connection.dialect.name]


def passing_by(rows: Select[T]) -> Select[T]:
    """The same rows, locked until the transaction ends; those that others have locked are passed by.

    Where a row was changed meanwhile it is asked again whether it is wanted. Rows that refer to it can be added while
    it is locked. Only where writers stand side by side there is anything to lock.
    """
    return rows.with_for_update(key_share=True, skip_locked=True)


def insert_new(connection: Connection, into: Table, rows: list[dict[str, Any]], *, unique: Iterable[str]) -> int:
    """Insert the rows that do not break the uniqueness of the named columns; return how many were inserted."""
    if not rows:
        return 0
    statement = dialect_of(connection).insert(into).on_conflict_do_nothing(index_elements=list(unique))
    # Asked for, as not every driver tells it of an INSERT.
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount


def insert_or_replace(
    connection: Connection, into: Table, rows: list[dict[str, Any]], *, unique: Iterable[str]
) -> None:
    """Insert the rows; where one has the same named columns already, its other columns are replaced."""
    if not rows:
        return
    names = list(unique)
    statement = dialect_of(connection).insert(into)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in names}
    connection.execute(statement.on_conflict_do_update(index_elements=names, set_=replaced), rows)


def as_indexed(flag: ColumnElement[bool]) -> ColumnElement[Any]:
    """A yes-or-no column as the conditions of partial indexes have it: bare.

    SQLAlchemy writes `current = 1` for a database without such a type, and no index of `WHERE current` serves that.
    """
    return type_coerce(flag, Integer)

"""What a person sees of a search: what was found, how it is spread, what narrows it, and what was mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from presswatch.actions.aliases import named
from storage.database import Database
from storage.errors import InvalidInputError, QueryError, QuerySyntaxError, nearest
from storage.items import days
from storage.outbox import met
from storage.people import topics
from storage.query.aliases import AliasPack, Packs, find_alias
from storage.query.filters import FilterError, read_filter
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.tree import Alias, Or
from storage.search import facets, search
from storage.search.facets import Facets
from storage.search.intervals import Bar, Interval
from storage.search.search import Order, SearchPage
from storage.sources import sources
from storage.types import Hit, Item


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, and what was chosen beside it. What is empty narrows nothing."""

    query: str = ""
    country: str = ""
    language: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    """Names of topics whose queries are to be met too."""
    since: str = ""
    until: str = ""
    """Days, months or years that the ministry claims, as `published:` takes them."""

    @property
    def is_nothing(self) -> bool:
        return self == Wanted()

    def with_query(self, query: str) -> Wanted:
        """The same, chosen beside another query."""
        return replace(self, query=query)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement that was found: where it met what was asked, the rest of its story, and the topics that it met."""

    item: Item
    hits: tuple[Hit, ...]
    also: tuple[Item, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found."""

    query: str
    """The one query that asks for all that was wanted: for a topic, a feed or a colleague."""
    page: SearchPage
    lines: tuple[Line, ...]
    spread: Facets
    bars: tuple[Bar, ...]
    """How many are of each day, until today."""
    source_names: dict[str, str]
    packs: tuple[AliasPack, ...]
    """The aliases that were asked for."""
    namesake: AliasPack | None
    """The alias whose name the query is and nothing else."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a query cannot be asked. `position` counts its characters from 0; None where it is nowhere."""

    query: str
    position: int | None
    problem: str
    mend: str
    mended: str = ""


async def find(
    database: Database, owner: int, wanted: Wanted, today: date, *, limit: int = 25, order: Order = Order.NEWEST,
    start: str = "",
) -> Found:  # fmt: skip
    """What meets all that is wanted. Raises `QueryError`, `NotFoundError` for a topic, `InvalidInputError`."""
    return await database.read_async(_find, owner, database.packs, wanted, today, limit, order, start)


def _find(
    connection: Connection, owner: int, packs: Packs, wanted: Wanted, today: date, limit: int, order: Order, start: str
) -> Found:
    query = _whole(connection, owner, wanted)
    tree = parse(query)
    page = search.search(connection, packs, query, limit=limit, order=order, start=start)
    spread, by_day = facets.facets_and_days(connection, packs, query, topics.every(connection, owner))
    return Found(
        query,
        page,
        _lines(connection, owner, page),
        spread,
        facets.bars(query, by_day, Interval.DAY, today),
        sources.names(connection),
        tuple(dict.fromkeys(pack for leaf in named(tree) if (pack := find_alias(leaf.name, packs)))),
        find_alias(wanted.query, packs),
    )


def _lines(connection: Connection, owner: int, page: SearchPage) -> tuple[Line, ...]:
    stories = days.stories(connection, [found.item.story_id for found in page.found])
    met_by = met.topics_of(connection, owner, [found.item.version.id for found in page.found])
    return tuple(
        Line(
            found.item,
            found.hits,
            tuple(other for other in stories.get(found.item.story_id, ()) if other.id != found.item.id),
            met_by.get(found.item.version.id, ()),
        )
        for found in page.found
    )


# -- what is asked ---------------------------------------------------------------------------------------------------


async def whole_query(database: Database, owner: int, wanted: Wanted) -> str:
    """The one query that asks for all that is wanted. It can be asked. Raises as `find` does."""
    return await database.read_async(_usable, owner, database.packs, wanted)


def _usable(connection: Connection, owner: int, packs: Packs, wanted: Wanted) -> str:
    query = _whole(connection, owner, wanted)
    resolve(parse(query), packs)
    return query


def _whole(connection: Connection, owner: int, wanted: Wanted) -> str:
    asked = [topics.get(connection, owner, name).query for name in wanted.topics]
    queries = [_beside_others(query) for query in (wanted.query, *asked) if query.strip()]
    alone = len(queries) == 1 and not any(_filters(wanted))
    return wanted.query if alone and not asked else " ".join([*queries, *_filters(wanted)])


def _beside_others(query: str) -> str:
    """The query so that it can stand beside others: all of them are to be met. Raises `QueryError`."""
    return f"({query.strip()})" if isinstance(parse(query), Or) else query.strip()


def _filters(wanted: Wanted) -> Iterator[str]:
    """What was chosen, as the query language has it. Raises `InvalidInputError` for what cannot be chosen."""
    chosen = {"country": wanted.country, "lang": wanted.language, "source": wanted.source}
    if wanted.since or wanted.until:
        chosen["published"] = f"{wanted.since}..{wanted.until}"
    for field, value in chosen.items():
        if not value:
            continue
        try:
            read_filter(field, value, "", 0)
        except FilterError as error:
            raise InvalidInputError(error.problem, mend=error.mend) from error
        yield f"{field}:{value}"


# -- what was mistyped -----------------------------------------------------------------------------------------------


def mistake(packs: Packs, query: str) -> Mistake | None:
    """What keeps a query from being asked, at its place, or None. Pure."""
    try:
        tree = parse(query)
        unknown = next((leaf for leaf in named(tree) if find_alias(leaf.name, packs) is None), None)
        if unknown is not None:
            return _unknown_alias(packs, query, unknown)
        resolve(tree, packs)
    except QuerySyntaxError as error:
        return Mistake(query, error.position, error.problem, error.mend, error.mended)
    except QueryError as error:
        return Mistake(query, None, str(error), error.mend)
    return None


def _unknown_alias(packs: Packs, query: str, leaf: Alias) -> Mistake:
    near = nearest(leaf.name, [title for pack in packs.values() for title in (pack.name, *pack.synonyms)])
    meant = f'alias:"{near}"' if " " in near else f"alias:{near}"
    mended = f"{query[: leaf.start]}{meant}{query[leaf.end :]}" if near else ""
    mend = f"did you mean {near}? else write its names out" if near else "write its names out, with OR between them"
    return Mistake(query, leaf.start, f"there is no alias {leaf.name}", mend, mended)

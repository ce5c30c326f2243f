"""`facets`, `trend`, `silence`, `export` and `feed`: what can be had out of the history."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.commands.options import AsJSON
from presswatch.formats.kinds import FeedFormat, Format
from storage.search.intervals import Interval
from storage.types import SOLE_OWNER

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.search.coverage import Commented

Query = Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")]
OfTopic = Annotated[str, typer.Option("--topic", help="Ask a saved topic's query instead.", metavar="NAME")]
ToFile = Annotated[Path | None, typer.Option("--to", help="Write to this file, else to the screen.", metavar="FILE")]


def facets(query: Query = "", topic: OfTopic = "", json: AsJSON = False) -> None:
    """Count what the found statements have: sources, countries, languages, months, topics.

    Example: presswatch facets 'alias:CSTO'
    """
    from dataclasses import asdict

    from presswatch.commands.history import query_of
    from presswatch.context import opened
    from presswatch.output import as_json, say, table
    from storage.search.facets import facets as facets_of

    with opened() as (_, database):
        counted = database.read(facets_of, database.packs, query_of(database, query, topic))
    if json:
        as_json(asdict(counted))
        return
    for name in ("sources", "countries", "languages", "months", "topics"):
        rows = [(value or "unknown", f"{number:,}") for value, number in getattr(counted, name).items()]
        if rows:
            table((name, "statements"), rows, empty="")
            say()
    say(f"{counted.total:,} found")


def trend(
    query: Query = "",
    topic: OfTopic = "",
    by: Annotated[Interval, typer.Option("--by", help="How long a bar is.")] = Interval.WEEK,
    to: Annotated[
        Path | None, typer.Option("--to", help="Draw it into this file instead: SVG or PNG.", metavar="FILE")
    ] = None,
    json: AsJSON = False,
) -> None:
    """Show how many statements meet a query over time, until today.

    Example: presswatch trend 'alias:CSTO' --by month
    """
    from presswatch.commands.history import print_alias, query_of
    from presswatch.context import opened
    from presswatch.formats import chart
    from presswatch.output import as_json, console, say
    from storage.clock import now
    from storage.errors import InvalidInputError
    from storage.search.facets import histogram

    kind = to.suffix.lower() if to is not None else ""
    if to is not None and kind not in (".svg", ".png"):
        raise InvalidInputError(f"{to} is no picture's name", mend="give a name that ends with .svg or .png")
    with opened() as (_, database):
        wanted = query_of(database, query, topic)
        bars = database.read(histogram, database.packs, wanted, by, now().date())
        if json:
            as_json([{"first": str(bar.first), "count": bar.count} for bar in bars])
        elif to is not None:
            picture = chart.svg(bars, topic or wanted, by)
            write_whole(to, [chart.png(picture) if kind == ".png" else picture])
            say(f"{to} written")
        elif not bars:
            say(f"nothing in the history meets {wanted}")
        else:
            for line in chart.bar_lines(bars, min(100, console().width), by):
                say(line)
        if not json:
            print_alias(database, wanted)


def silence(
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days, today the last.")] = 7,
    topic: Annotated[str, typer.Option("--topic", help="Of this topic alone, day by day.", metavar="NAME")] = "",
    json: AsJSON = False,
) -> None:
    """Show who has not commented: how much each enabled source said on each topic, or on one topic each day.

    Example: presswatch silence --topic CSTO --days 3
    """
    from presswatch.context import opened
    from presswatch.output import as_json, say, table
    from storage.clock import now
    from storage.people import topics
    from storage.search.coverage import commented

    until = now().date()
    dates = [until - timedelta(days=ago) for ago in reversed(range(days))]
    with opened() as (_, database):
        name = database.read(topics.get, SOLE_OWNER, topic).name if topic else ""
        rows = [row for row in database.read(commented, dates[0], until) if not topic or row.topic == name]
    if json:
        as_json([_as_json(row) for row in rows])
        return
    lines: dict[str, list[str]] = {}
    for row in rows:
        counts = [row.days.get(day, 0) for day in dates] if topic else [row.total]
        whose = f"{row.source} ({row.unread})" if row.unread else row.source
        lines.setdefault(whose, []).extend(f"{count:,}" if count else "?" if row.unread else "-" for count in counts)
    columns = [f"{day:%m-%d}" for day in dates] if topic else list(dict.fromkeys(row.topic for row in rows))
    table(("source", *columns), [(key, *cells) for key, cells in lines.items()], empty="no topics, or no sources, yet")
    silent = sum(not row.total and not row.unread for row in rows)
    unknown = sum(not row.total and bool(row.unread) for row in rows)
    if rows:
        rest = f", {unknown} not known" if unknown else ""
        say(f"since {dates[0]}: {silent} of {len(rows)} pairs of a source and a topic without a statement{rest}")


def _as_json(row: Commented) -> dict[str, object]:
    days = {str(day): number for day, number in row.days.items()}
    return {
        "source": row.source, "topic": row.topic, "total": row.total, "days": days, "unread": row.unread or None
    }  # fmt: skip


def export(
    query: Query = "",
    topic: OfTopic = "",
    as_: Annotated[Format, typer.Option("--as", help="The file's format.")] = Format.CSV,
    to: ToFile = None,
) -> None:
    """Write all statements that meet a query to a file: CSV, NDJSON, JSON or Markdown.

    Example: presswatch export 'alias:CSTO' --as csv --to csto.csv
    """
    from presswatch.commands.history import query_of
    from presswatch.context import opened
    from presswatch.formats.files import exported
    from presswatch.output import progress, say
    from storage.query.parser import parse
    from storage.query.resolve import resolve
    from storage.search.hits import count
    from storage.search.search import SearchHit, every

    with opened() as (_, database):
        wanted = query_of(database, query, topic)
        packs = database.packs
        total = database.read(count, resolve(parse(wanted), packs))

        def written(connection: Connection, done: Callable[[str], None]) -> None:
            def told() -> Iterator[SearchHit]:
                for found in every(connection, packs, wanted):
                    yield found
                    done(f"#{found.item.id}")

            write_whole(to, exported(told(), as_))

        with progress(total, "exporting") as done:
            database.read(written, done)
    if to is not None:
        say(f"{total:,} statements written to {to}")


def feed(
    query: Query = "",
    topic: OfTopic = "",
    as_: Annotated[FeedFormat, typer.Option("--as", help="The feed's format.")] = FeedFormat.ATOM,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many entries.")] = 50,
    to: ToFile = None,
) -> None:
    """Write a feed of the newest statements that meet a query: Atom, RSS or JSON Feed.

    Example: presswatch feed 'alias:CSTO' --as atom --to csto.xml
    """
    from presswatch.commands.history import query_of
    from presswatch.context import opened
    from presswatch.formats import feeds
    from presswatch.output import say
    from storage.search.search import search

    with opened() as (_, database):
        wanted = query_of(database, query, topic)
        page = database.read(search, database.packs, wanted, limit=limit)
    write_whole(to, [feeds.feed(f"presswatch: {topic or wanted}", wanted, page.found, as_)])
    if to is not None:
        say(f"{to} written")


def write_whole(to: Path | None, pieces: Iterable[str | bytes]) -> None:
    """Write to a file, which is there whole or not at all, or text to the screen. Raises `InvalidInputError`."""
    from storage.errors import InvalidInputError

    if to is None:
        sys.stdout.writelines(map(str, pieces))
        return
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
        part.replace(to)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InvalidInputError(
            f"{to} cannot be written: {error.strerror}", mend="name a file in a folder that is yours"
        ) from error

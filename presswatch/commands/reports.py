"""`facets`, `trend`, `silence`, `export` and `feed`: what can be had out of the history."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.files import is_screen, whole_file
from presswatch.commands.history import asked_query, print_alias
from presswatch.commands.options import AsJSON
from presswatch.context import OWNER, asked
from presswatch.formats.kinds import FeedFormat, Format
from presswatch.output import as_json, command, console, fits, note, progress, say, table
from storage.search.intervals import Interval
from storage.types import day_in_words

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from datetime import date

    from storage.search.coverage import Commented

Query = Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")]
OfTopic = Annotated[str, typer.Option("--topic", help="Ask a saved topic's query instead.", metavar="NAME")]
ToFile = Annotated[Path | None, typer.Option("--to", help="Write to this file, else to the screen.", metavar="FILE")]


def facets(context: typer.Context, query: Query = "", topic: OfTopic = "", json: AsJSON = False) -> None:
    """Count what the found statements have: sources, countries, languages, months, topics.

    Example: presswatch facets 'alias:CSTO'
    """
    from presswatch.actions import history
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        wanted = asked_query(database, query, topic, "facets")
        counted = run(history.spread(database, OWNER, wanted))
    _print_left_out(counted.left_out)
    if json:
        as_json(representations.facets(counted))
        return
    for name in ("sources", "countries", "languages", "months", "topics"):
        rows = [(value or "unknown", f"{number:,}") for value, number in getattr(counted, name).items()]
        if rows:
            table((name, "statements"), rows, empty="")
            say()
    say(f"{counted.total:,} found")


def trend(
    context: typer.Context,
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
    from presswatch.actions import history
    from presswatch.formats import chart
    from presswatch.loop import run
    from storage.errors import InvalidInputError

    kind = to.suffix.lower() if to is not None else ""
    if to is not None and kind not in (".svg", ".png"):
        raise InvalidInputError(f"{to} is no picture's name", mend="give a name that ends with .svg or .png")
    with asked(context.obj) as (_, database):
        wanted = asked_query(database, query, topic, "trend")
        bars = run(history.trend(database, wanted, by))
        pack = run(history.alias_of(database, wanted))
    if json:
        as_json([representations.bar(bar) for bar in bars])
        return
    if to is not None:
        picture = chart.svg(bars, topic or wanted, by)
        with whole_file(to) as write:
            write(chart.png(picture) if kind == ".png" else picture)
        say(f"{to} written")
    elif not bars:
        say(f"nothing in the history meets {wanted}")
    else:
        for line in chart.bar_lines(bars, min(100, console().width), by):
            say(line)
    print_alias(wanted, pack)


def silence(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days, today the last.")] = 7,
    topic: Annotated[str, typer.Option("--topic", help="Of this topic alone, day by day.", metavar="NAME")] = "",
    json: AsJSON = False,
) -> None:
    """Show who has not commented: how much each enabled source said on each topic, or on one topic each day.

    Example: presswatch silence --topic CSTO --days 3
    """
    from presswatch.actions import history
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        covered = run(history.covered(database, OWNER, days, topic))
    rows, dates = covered.rows, covered.days
    _print_left_out(covered.left_out)
    if json:
        as_json([representations.commented(row) for row in rows])
        return
    print_coverage(rows, dates if topic else ())
    silent = sum(not row.total and not row.unread for row in rows)
    unknown = sum(not row.total and bool(row.unread) for row in rows)
    if rows:
        rest = f", {unknown} not known" if unknown else ""
        pairs = f"{silent} of {len(rows)} pairs of a source and a topic"
        say(f"since {day_in_words(dates[0])}: {pairs} without a statement{rest}")


def _print_left_out(topics: Mapping[str, str]) -> None:
    """Say which topics cannot be asked any more: on stderr, out of the way of a file."""
    for name, why in topics.items():
        mend = f"give it another query with: {command()} topics change {shlex.quote(name)} QUERY"
        note(f"left out: the topic {name}: {why}\n  mend: {mend}")


def print_coverage(rows: Sequence[Commented], dates: Sequence[date]) -> None:
    """Print who said how much: a line for each source with its days or its topics, or for each topic with its sources;
    where neither stands within the screen, a line for each pair."""
    empty = "no topics, or no sources, yet"
    if dates:
        lines = [(_whose(row), *(_count(row, row.days.get(day, 0)) for day in dates)) for row in rows]
        table(("source", *(f"{day.day} {day:%b}" for day in dates)), lines, empty=empty)
        return
    cells = {(_whose(row), row.topic): _count(row, row.total) for row in rows}
    whose, topics = (list(dict.fromkeys(pair[at] for pair in cells)) for at in (0, 1))
    by_source = [(one, *(cells.get((one, topic), "") for topic in topics)) for one in whose]
    by_topic = [(topic, *(cells.get((one, topic), "") for one in whose)) for topic in topics]
    if fits(("source", *topics), by_source):
        table(("source", *topics), by_source, empty=empty)
    elif fits(("topic", *whose), by_topic):
        table(("topic", *whose), by_topic, empty=empty)
    else:
        pairs = [(topic, one, count) for (one, topic), count in sorted(cells.items(), key=lambda cell: cell[0][::-1])]
        table(("topic", "source", "statements"), pairs, empty=empty)


def _whose(row: Commented) -> str:
    return f"{row.source} ({row.unread})" if row.unread else row.source


def _count(row: Commented, count: int) -> str:
    return f"{count:,}" if count else "?" if row.unread else "-"


def export(
    context: typer.Context,
    query: Query = "",
    topic: OfTopic = "",
    as_: Annotated[Format, typer.Option("--as", help="The file's format.")] = Format.CSV,
    to: ToFile = None,
) -> None:
    """Write all statements that meet a query to a file: CSV, NDJSON, JSON or Markdown.

    Example: presswatch export 'alias:CSTO' --as csv --to csto.csv
    """
    from presswatch.actions import exports
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        wanted = asked_query(database, query, topic, "export")
        total = run(exports.count(database, wanted))
        with whole_file(to) as write, progress(total, "exporting") as done:
            run(exports.export(database, wanted, as_, write, done))
    if not is_screen(to):
        say(f"{total:,} {'statement' if total == 1 else 'statements'} written to {to}")


def feed(
    context: typer.Context,
    query: Query = "",
    topic: OfTopic = "",
    as_: Annotated[FeedFormat, typer.Option("--as", help="The feed's format.")] = FeedFormat.ATOM,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many entries.")] = 50,
    to: ToFile = None,
) -> None:
    """Write a feed of the newest statements that meet a query: Atom, RSS or JSON Feed.

    Example: presswatch feed 'alias:CSTO' --as atom --to csto.xml
    """
    from presswatch.actions import exports
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        wanted = asked_query(database, query, topic, "feed")
        written = run(exports.feed(database, wanted, f"presswatch: {topic or wanted}", as_, limit))
    with whole_file(to) as write:
        write(written)
    if not is_screen(to):
        say(f"{to} written")

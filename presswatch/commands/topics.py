"""`topics`: standing queries with a name."""

from __future__ import annotations

from shlex import quote
from typing import Annotated

import typer

from presswatch import representations
from presswatch.commands.history import print_preview
from presswatch.commands.options import AsJSON, UntilDay
from presswatch.context import OWNER, asked, opened
from presswatch.output import as_json, command, moment, say, table
from storage.clock import now
from storage.types import Topic

app = typer.Typer(help="Standing queries with a name.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the topics and who is told of them.

    Example: presswatch topics list
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(topics.listing(database, OWNER))
    if json:
        as_json([representations.topic(each.topic, each.channels) for each in listed])
        return
    table(
        ("topic", "query", "tells", "since"),
        [
            (each.topic.name, each.topic.query, _told(each.topic, each.channels), moment(each.topic.created_at))
            for each in listed
        ],
        empty=f"no topics yet; try: {command()} subscribe CSTO --to console",
    )


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    query: Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")],
) -> None:
    """Save a topic.

    Example: presswatch topics add sanctions 'sanctions OR санкции'
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with opened(context.obj) as (_, database):
        topic = run(topics.add(database, OWNER, name, query))
        remarks = run(topics.remarks(database, query))
    say(f"topic {topic.name} saved; be told of it with: {command()} subscribe {quote(topic.name)} --to console")
    for remark in remarks:
        say(f"note: {remark}")


@app.command()
def change(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A topic's name.")],
    query: Annotated[str, typer.Argument(help="What a statement must say from now on; see docs/query-language.md.")],
) -> None:
    """Give a topic another query; whoever is told of it stays so, and is told nothing twice.

    Try the query first, with topics test QUERY --against NAME.

    Example: presswatch topics change sanctions 'sanctions OR embargo OR санкции'
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        topic = run(topics.change(database, OWNER, name, query))
    say(f"topic {topic.name} asks from now on: {topic.query}")


@app.command()
def pause(
    context: typer.Context, name: Annotated[str, typer.Argument(help="A topic's name.")], until: UntilDay
) -> None:
    """Tell nobody of what a topic meets until a day; it stands in the history. End it before with topics go-on.

    Example: presswatch topics pause sanctions --until 2026-12-05
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        known = run(topics.show(database, OWNER, name)).topic
        topic = run(topics.pause(database, OWNER, known.id, until.astimezone()))
    say(f"nobody is told of topic {topic.name} until {moment(topic.paused_until)}")


@app.command()
def go_on(context: typer.Context, name: Annotated[str, typer.Argument(help="A topic's name.")]) -> None:
    """End a topic's pause: it tells of what is seen from now on.

    Example: presswatch topics go-on sanctions
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        known = run(topics.show(database, OWNER, name)).topic
        topic = run(topics.go_on(database, OWNER, known.id))
    say(f"topic {topic.name} tells of what is seen from now on")


@app.command()
def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="A topic's name.")]) -> None:
    """Remove a topic and its subscriptions; what it found stays in the history.

    Example: presswatch topics remove sanctions
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        run(topics.remove(database, OWNER, name))
    say(f"topic {name} removed")


@app.command()
def test(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A query, or a topic's name.")],
    against: Annotated[
        str, typer.Option("--against", help="A topic: show what the query gains and loses against it.", metavar="TOPIC")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many samples to show.")] = 5,
    json: AsJSON = False,
) -> None:
    """Try a query on the last 90 days before it becomes a topic: what it finds, and how often it would alert.

    Example: presswatch topics test 'alias:CSTO AND NOT exercise'
    """
    from presswatch.actions import topics
    from presswatch.loop import run

    with asked(context.obj, or_new=True) as (_, database):
        tested = run(topics.preview(database, OWNER, query, against, limit))
    if json:
        as_json(representations.preview(tested))
    else:
        print_preview(tested)


def _told(topic: Topic, channels: tuple[str, ...]) -> str:
    """Who is told of a topic, or until when nobody is."""
    if topic.paused_until and topic.paused_until > now():
        return f"nobody until {moment(topic.paused_until)}"
    return ", ".join(channels)

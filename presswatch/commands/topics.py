"""`topics`: standing queries with a name."""

from __future__ import annotations

from typing import Annotated

import typer

from presswatch.commands.options import AsJSON
from storage.types import SOLE_OWNER

app = typer.Typer(help="Standing queries with a name.", no_args_is_help=True)


@app.command("list")
def list_(json: AsJSON = False) -> None:
    """List the topics and who is told of them.

    Example: presswatch topics list
    """
    from presswatch.context import opened
    from presswatch.output import as_json, command, moment, table
    from storage.people import subscriptions, topics

    with opened() as (_, database):
        told: dict[int, list[str]] = {}
        for subscription in database.read(subscriptions.every, SOLE_OWNER):
            told.setdefault(subscription.topic_id, []).append(subscription.channel_name)
        every = database.read(topics.every, SOLE_OWNER)
    if json:
        as_json(
            [
                {
                    "name": topic.name,
                    "query": topic.query,
                    "created_at": topic.created_at,
                    "channels": told.get(topic.id, []),
                }
                for topic in every
            ]
        )
        return
    table(
        ("topic", "query", "tells", "since"),
        [(topic.name, topic.query, ", ".join(told.get(topic.id, [])), moment(topic.created_at)) for topic in every],
        empty=f"no topics yet; try: {command()} subscribe CSTO --to console",
    )


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    query: Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")],
) -> None:
    """Save a topic.

    Example: presswatch topics add sanctions 'sanctions OR санкции'
    """
    from presswatch.context import opened
    from presswatch.output import command, say
    from storage.clock import now
    from storage.people import topics

    with opened() as (_, database):
        topic = database.write(topics.add, SOLE_OWNER, database.packs, name, query, now())
        say(f"topic {topic.name} saved; be told of it with: {command()} subscribe {topic.name!r} --to console")


@app.command()
def change(
    name: Annotated[str, typer.Argument(help="A topic's name.")],
    query: Annotated[str, typer.Argument(help="What a statement must say from now on; see docs/query-language.md.")],
) -> None:
    """Give a topic another query; whoever is told of it stays so, and is told nothing twice.

    Try the query first, with topics test QUERY --against NAME.

    Example: presswatch topics change sanctions 'sanctions OR embargo OR санкции'
    """
    from presswatch.context import opened
    from presswatch.output import say
    from storage.clock import now
    from storage.people import topics

    with opened() as (_, database):
        before = database.read(topics.get, SOLE_OWNER, name)
        topic = database.write(topics.change, database.packs, before, query, now())
        say(f"topic {topic.name} asks from now on: {topic.query}")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="A topic's name.")]) -> None:
    """Remove a topic and its subscriptions; what it found stays in the history.

    Example: presswatch topics remove sanctions
    """
    from presswatch.context import opened
    from presswatch.output import say
    from storage.clock import now
    from storage.people import topics

    with opened() as (_, database):
        database.write(topics.remove, SOLE_OWNER, name, now())
        say(f"topic {name} removed")


@app.command()
def test(
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
    from presswatch.commands.history import print_preview
    from presswatch.context import opened
    from storage.clock import now
    from storage.people import topics
    from storage.search.preview import preview

    with opened() as (_, database):
        topic = database.read(topics.find, SOLE_OWNER, query)
        wanted = topic.query if topic else query
        topics.check(database.packs, wanted)
        saved = database.read(topics.get, SOLE_OWNER, against).query if against else None
        print_preview(database.read(preview, database.packs, wanted, now(), saved=saved, samples=limit), json)

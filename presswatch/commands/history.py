"""`search` and `show`: the history."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON, Statement, number, number_or_address
from presswatch.context import OWNER, asked
from presswatch.output import as_json, claimed, command, console, fields, moment, note, plural, say
from presswatch.visible import visible

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from collections.abc import Sequence

    from storage.database import Database
    from storage.query.aliases import AliasPack
    from storage.search.preview import Preview
    from storage.search.search import SearchHit, SearchPage
    from storage.types import Version


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="Ask a saved topic's query instead.", metavar="NAME")] = "",
    ranked: Annotated[bool, typer.Option("--ranked", help="The best first, instead of the newest.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 20,
    start: Annotated[str, typer.Option("--start", help="Where the page before said that this one begins.")] = "",
    before: Annotated[
        str, typer.Option("--before", help="Only statements stored before this number.", metavar="ITEM")
    ] = "",
    json: AsJSON = False,
) -> None:
    """Search the history: the last stored statement first, or the best with --ranked.

    Example: presswatch search '"Collective Security Treaty Organization" AND Afghanistan'
    """
    from presswatch.actions import history
    from presswatch.loop import run
    from storage.search.search import Order

    order, last = Order.RANKED if ranked else Order.NEWEST, number(before) if before else None
    with asked(context.obj) as (_, database):
        wanted = run(history.query_of(database, OWNER, query, topic))
        page = run(history.search(database, wanted, limit=limit, before=last, order=order, start=start))
        pack = run(history.alias_of(database, wanted))
        namesake = run(history.topic_of(database, OWNER, query))
    if json:
        as_json([representations.hit(found) for found in page.found])
        return
    print_page(page, wanted)
    print_alias(wanted, pack)
    print_topic(namesake, "search")


def show(
    context: typer.Context,
    item: Statement,
    version: Annotated[
        Optional[int], typer.Option("--version", help="What it said in this version, else the newest.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Show what a statement says, or said before it was edited.

    Example: presswatch show 12 --version 1
    """
    from presswatch.actions import items
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        shown = run(items.show(database, number_or_address(item), version))
    found, chosen = shown.item, shown.version
    if json:
        as_json(representations.shown_item(found, chosen, shown.versions, shown.sections, shown.states))
        return
    say(chosen.title)
    say()
    fields(
        {
            "ministry": found.organisation or found.source_name,
            "published": _published(chosen) or "no date given",
            "language": chosen.language,
            "address": found.address,
            "first seen": moment(found.first_seen_at),
            "sections": ", ".join(shown.sections),
            "version": f"{chosen.number} of {found.versions}, seen {moment(chosen.seen_at)}",
            **({"withdrawn": moment(found.withdrawn_at)} if found.withdrawn_at else {}),
            **({"missing since": moment(found.suspected_at)} if found.suspected_at else {}),
        }
    )
    fields(
        {f"{each.state} {number}": f"{moment(each.at)}, {each.reason}" for number, each in enumerate(shown.states, 1)}
    )
    say()
    say(chosen.body)
    if chosen.cut:
        say("\nLeft out, for it stands beside the statement or repeats on the site's pages:\n")
        say("\n\n".join(chosen.cut))


def print_alias(query: str, pack: AliasPack | None) -> None:
    """Say of a query that is the name of an alias and nothing else, how more is found: CSTO is ОДКБ too."""
    if pack is not None:
        name = pack.name if pack.name.isalnum() else f'"{pack.name}"'
        say(f"{query} is one of {len(pack.names)} names: ask for all of them with 'alias:{name}'")


def asked_query(database: Database, query: str, topic: str, verb: str) -> str:
    """The query that a command asks, of a topic where one is named; a word is said of a topic that is called so."""
    from presswatch.actions import history
    from presswatch.loop import run

    wanted = run(history.query_of(database, OWNER, query, topic))
    print_topic(run(history.topic_of(database, OWNER, query)), verb)
    return wanted


def print_topic(name: str, verb: str) -> None:
    """Say of a query that is called like a topic how that one is asked: on stderr, out of the way of a file."""
    if name:
        asked = f"{command()} {verb} --topic {shlex.quote(name)}"
        note(f"these words were asked; the topic {name} is asked with: {asked}")


def print_page(page: SearchPage, query: str) -> None:
    """Print what a search found, with the words marked where the terminal can."""
    print_found(page.found)
    more = f", {len(page.found)} of them shown" if page.total > len(page.found) else ""
    among = f"; the best of the newest {page.ranked_among:,}" if page.ranked_among else ""
    following = f"; go on with --start {page.next}" if page.next else ""
    found = f"{page.total:,} found" if page.exact else f"at least {page.total:,} found"
    say(f"{found}{more}{among}{following}" if page.total else f"nothing in the history meets {query}")


def print_found(shown_found: Sequence[SearchHit]) -> None:
    """Print statements with the sentences that met the query, the words marked where the terminal can."""
    from rich.text import Text

    from notify.messages.snippets import Piece, quotes, spans_of

    def shown(pieces: tuple[Piece, ...]) -> Text:
        return Text.assemble(*((visible(piece.text), "bold yellow" if piece.marked else "") for piece in pieces))

    out = console()
    for found in shown_found:
        version = found.item.version
        out.print(
            Text(f"#{found.item.id}", "bold"),
            Text(visible(_published(version)) or "no date"),
            Text(visible(version.title), "bold"),
            soft_wrap=True,
        )
        gone = ", withdrawn" if found.item.withdrawn_at else ""
        edited = f", {found.item.versions} versions" if found.item.versions > 1 else ""
        where = f"    {found.item.source_key}{edited}{gone}  {found.item.address}"
        out.print(Text(visible(where), "dim"), soft_wrap=True)
        for quote in quotes(version.body, spans_of(found.hits, "body", version.body))[:2]:
            out.print(Text("    ").append(shown(quote)), soft_wrap=True)


def print_preview(tested: Preview) -> None:
    """Print what a query would have found."""
    print_found(tested.samples)
    say(
        f"{plural(tested.found, 'statement')} since {tested.since}, in {plural(tested.alerts, 'alert')}: "
        f"{tested.per_week:.1f} a week"
    )
    for clause, count in tested.by_clause.items():
        say(f"  {count:>6}  {clause}")
    for alias, names in tested.by_name.items():
        say(f"  {alias}: " + ", ".join(f"{name} {count}" for name, count in names.items()))
    if tested.looked_at < tested.found:
        say(f"  counted among the newest {tested.looked_at}")
    if tested.change:
        for verb, ids in (("gains", tested.change.gained), ("loses", tested.change.lost)):
            shown = " ".join(f"#{item_id}" for item_id in ids[:20])
            say(f"it {verb} {plural(len(ids), 'statement')} {shown}{' ...' if len(ids) > 20 else ''}".rstrip())
    if tested.warning:
        say(f"warning: {tested.warning}")


def _published(version: Version) -> str:
    doubt = version.published.doubt(version.seen_at)
    return f"{claimed(version.published)} ({doubt}, as claimed)" if doubt else claimed(version.published)

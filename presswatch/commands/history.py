"""`search` and `show`: the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from presswatch.commands.options import AsJSON

if TYPE_CHECKING:
    from storage.search import Page
    from storage.types import Item, Version


def search(
    query: Annotated[str, typer.Argument(help="What a statement must say; see docs/query-language.md.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 20,
    before: Annotated[
        Optional[int], typer.Option("--before", help="Only statements stored before this number.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Search the history: the last stored statement first.

    Example: presswatch search '"Collective Security Treaty Organization" AND Afghanistan'
    """
    from presswatch.context import opened
    from storage.search import search as ask

    with opened() as (_, database):
        print_page(database.read(ask, query, limit=limit, before=before), query, json)


def show(
    item: Annotated[int, typer.Argument(help="A statement's number, as search shows it.")],
    version: Annotated[
        Optional[int], typer.Option("--version", help="What it said in this version, else the newest.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Show what a statement says, or said before it was edited.

    Example: presswatch show 12 --version 1
    """
    from presswatch.context import opened
    from presswatch.output import as_json, fields, moment, say
    from storage import items
    from storage.errors import NotFoundError

    with opened() as (_, database):
        found = database.read(items.get, item)
        history = database.read(items.history, item)
        sections = database.read(items.sections, item)
    chosen = next((each for each in history if each.number == (version or found.version.number)), None)
    if chosen is None:
        raise NotFoundError(
            f"statement {item} has no version {version}", mend=f"it has versions 1 to {found.version.number}"
        )
    if json:
        as_json(
            {
                **item_values(found),
                **_version_values(chosen),
                "sections": sections,
                "body": chosen.body,
                "versions": [_version_values(each) for each in history],
            }
        )
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
            "sections": ", ".join(sections),
            "version": f"{chosen.number} of {found.versions}, seen {moment(chosen.seen_at)}",
            **({"withdrawn": moment(found.withdrawn_at)} if found.withdrawn_at else {}),
        }
    )
    say()
    say(chosen.body)


def print_page(page: Page, query: str, json: bool) -> None:
    """Print what a search found, with the words marked where the terminal can."""
    from presswatch.output import as_json, console, say

    if json:
        as_json(
            [
                {
                    **item_values(found.item),
                    **_version_values(found.item.version),
                    "hits": [_hit_values(hit) for hit in found.hits],
                }
                for found in page.found
            ]
        )
        return
    from rich.text import Text

    from notify.quotes import Piece, quotes, spans_of

    def shown(pieces: tuple[Piece, ...]) -> Text:
        return Text.assemble(*((piece.text, "bold yellow" if piece.marked else "") for piece in pieces))

    out = console()
    for found in page.found:
        version = found.item.version
        out.print(
            Text(f"#{found.item.id}", "bold"),
            Text(_published(version) or "no date"),
            Text(version.title, "bold"),
            soft_wrap=True,
        )
        gone = ", withdrawn" if found.item.withdrawn_at else ""
        edited = f", {found.item.versions} versions" if found.item.versions > 1 else ""
        out.print(Text(f"    {found.item.source_key}{edited}{gone}  {found.item.address}", "dim"), soft_wrap=True)
        for quote in quotes(version.body, spans_of(found.hits, "body", version.body))[:2]:
            out.print(Text("    ").append(shown(quote)), soft_wrap=True)
    more = f", {len(page.found)} of them shown" if page.total > len(page.found) else ""
    say(f"{page.total} found{more}" if page.total else f"nothing in the history meets {query}")


def item_values(item: Item) -> dict[str, Any]:
    """A statement as JSON shows it, without what its version says."""
    return {
        "id": item.id,
        "story": item.story_id,
        "address": item.address,
        "source": item.source_key,
        "organisation": item.organisation,
        "country": item.country,
        "first_seen_at": item.first_seen_at,
        "withdrawn_at": item.withdrawn_at,
    }


def _published(version: Version) -> str:
    doubt = version.published.doubt(version.seen_at)
    return f"{version.published} ({doubt}, as claimed)" if doubt else str(version.published)


def _version_values(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "title": version.title,
        "language": version.language,
        "published_at": str(version.published) or None,
        "published_precision": version.published.precision,
        "published_text": version.published.text,
        "published_doubt": version.published.doubt(version.seen_at) or None,
        "seen_at": version.seen_at,
    }


def _hit_values(hit: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(hit)

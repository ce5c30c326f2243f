"""`sources`: the sections that are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from presswatch.commands.options import AsJSON

if TYPE_CHECKING:
    from crawler.discover import Proposal
    from storage.errors import UnreadableError
    from storage.types import Source

app = typer.Typer(help="The sections that are watched.", no_args_is_help=True)

Pack = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--pack", help="All sources of a pack of the catalogue, such as csto, eu, un or nato."),
]
MaybeKey = Annotated[Optional[str], typer.Argument(help="A source's key.", metavar="SOURCE")]  # noqa: UP045


@app.command("list")
def list_(
    pack: Pack = None,
    enabled: Annotated[bool, typer.Option("--enabled", help="Only those that are polled.")] = False,
    json: AsJSON = False,
) -> None:
    """List the sources: those of the catalogue and your own.

    Example: presswatch sources list --pack csto
    """
    from crawler.catalog import find_pack
    from presswatch.context import opened
    from presswatch.output import as_json, moment, table
    from storage import sources
    from storage.mends import MENDS

    wanted = {spec.key for spec in find_pack(pack)} if pack else None
    with opened() as (_, database):
        items = database.read(sources.counts)
        every = [
            source
            for source in database.read(sources.every)
            if (wanted is None or source.key in wanted) and (source.enabled or not enabled)
        ]
    if json:
        as_json(
            [
                {
                    "key": source.key,
                    "name": source.spec.name,
                    "organisation": source.spec.organisation,
                    "country": source.spec.country,
                    "languages": source.spec.languages,
                    "packs": source.spec.packs,
                    "address": source.spec.address,
                    "origin": source.origin,
                    "enabled": source.enabled,
                    "health": source.reason,
                    "detail": source.detail,
                    "exceptions": source.spec.transport.in_words,
                    "since": source.reason_since,
                    "mend": MENDS.get(source.reason, ""),
                    "items": items.get(source.id, 0),
                    "last_poll_at": source.last_poll_at,
                    "next_poll_at": source.next_poll_at,
                }
                for source in every
            ]
        )
        return
    table(
        ("source", "enabled", "health", "since", "items", "last poll", "address", "mend"),
        [
            (
                source.key,
                "yes" if source.enabled else "no",
                source.reason if source.last_poll_at else "not polled yet",
                moment(source.reason_since),
                str(items.get(source.id, 0)),
                moment(source.last_poll_at),
                source.spec.address,
                MENDS.get(source.reason, ""),
            )
            for source in every
        ],
        empty="no sources",
    )


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="The address of a news section or of its feed.", metavar="URL")],
    key: Annotated[Optional[str], typer.Option("--key", help="What to call it, such as mfa-xy/news-en.")] = None,  # noqa: UP045
    name: Annotated[Optional[str], typer.Option("--name", help="A title for people.")] = None,  # noqa: UP045
    alert_first: Annotated[
        bool, typer.Option("--alert-first", help="Let the first poll alert too, which else stays silent.")
    ] = False,
    interval: Annotated[
        int, typer.Option("--interval", min=30, max=86_400, help="Seconds between two polls, at least.")
    ] = 300,
    slowest: Annotated[
        int, typer.Option("--slowest", min=30, max=604_800, help="Seconds between two polls, at most.")
    ] = 3600,
    zone: Annotated[str, typer.Option("--zone", help="The ministry's time zone, such as Europe/Minsk.")] = "UTC",
    entry: Annotated[str, typer.Option("--entry", help="CSS selector of a row, where detection fails.")] = "",
    date: Annotated[str, typer.Option("--date", help="CSS selector of the date inside a row.")] = "",
    browser: Annotated[
        bool, typer.Option("--browser", help="Read its pages in Chromium, after their scripts have run.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Save without asking.")] = False,
) -> None:
    """Look at a section, show what is read from it, and watch it.

    Example: presswatch sources add https://www.example.org/news/ --key example/news
    """
    from presswatch.actions import NewSource, add_source, propose
    from presswatch.context import opened
    from presswatch.output import command, say

    wanted = NewSource(address, key or "", name or "", interval, zone, entry, date, slowest, browser)
    with opened() as (settings, database):
        proposal = propose(database, wanted, settings)
        print_proposal(proposal)
        if not yes and not typer.confirm("Watch this source?", default=True):
            say("nothing saved")
            raise typer.Exit(1)
        source = add_source(database, proposal, alert_first=alert_first)
        say(f"{source.key} is watched from now on; poll it now with: {command()} poll {source.key}")


@app.command()
def check(
    keys: Annotated[
        Optional[list[str]], typer.Argument(help="Keys of sources; all enabled ones if none is named.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Fetch sources once and show what is read from them; nothing is stored. Exit code 1 if one cannot be read.

    Example: presswatch sources check mfa-by/news-en
    """
    from presswatch.actions import examine
    from presswatch.context import opened
    from presswatch.output import as_json, say
    from storage import sources
    from storage.errors import UnreadableError

    with opened() as (settings, database):
        chosen = [database.read(sources.get, key) for key in keys or []] or [
            source for source in database.read(sources.every) if source.enabled
        ]
        answers = examine(database, [source.spec for source in chosen], settings)
    if json:
        as_json([_check_values(source, answer) for source, answer in zip(chosen, answers, strict=True)])
    for source, answer in () if json else zip(chosen, answers, strict=True):
        _print_health(source)
        if isinstance(answer, UnreadableError):
            say(f"cannot be read now: {answer.reason}: {answer}\n  mend: {answer.mend}\n")
        else:
            print_proposal(answer)
    if any(isinstance(answer, UnreadableError) or not answer.listing.entries for answer in answers):
        raise typer.Exit(1)


def _check_values(source: Source, answer: Proposal | UnreadableError) -> dict[str, Any]:
    from storage.errors import UnreadableError

    if isinstance(answer, UnreadableError):
        return {"key": source.key, "reason": answer.reason, "detail": str(answer), "entries": []}
    entries = [
        {"address": entry.address, "title": entry.title, "published_at": str(entry.published) or None}
        for entry in answer.listing.entries
    ]
    read = {"key": source.key, "reason": answer.listing.reason, "detail": answer.listing.detail, "entries": entries}
    return read | {"read_as": answer.why, "article": answer.article.title if answer.article else None}


def _print_health(source: Source) -> None:
    from presswatch.output import fields, moment

    fields(
        {
            "source": source.key,
            "enabled": "yes" if source.enabled else "no",
            "health": f"{source.reason} since {moment(source.reason_since)}"
            if source.reason_since
            else "not polled yet",
            "next poll": moment(source.next_poll_at),
            "exceptions": source.spec.transport.in_words or "none",
        }
    )


@app.command()
def enable(key: MaybeKey = None, pack: Pack = None) -> None:
    """Poll a source, or all of a pack, from now on.

    Example: presswatch sources enable --pack csto
    """
    _switch(key, pack, True)


@app.command()
def disable(key: MaybeKey = None, pack: Pack = None) -> None:
    """Poll a source, or all of a pack, no longer; what they published stays in the history.

    Example: presswatch sources disable mfa-by/news-ru
    """
    _switch(key, pack, False)


@app.command()
def remove(key: Annotated[str, typer.Argument(help="A source's key.")]) -> None:
    """Remove a source of your own; what it published stays in the history.

    Example: presswatch sources remove example/news
    """
    from presswatch.context import opened
    from presswatch.output import say
    from storage import sources
    from storage.clock import now

    with opened() as (_, database):
        database.write(sources.remove, key, now())
        say(f"{key} is no longer watched")


def _switch(key: str | None, pack: str | None, enabled: bool) -> None:
    from crawler.catalog import find_pack
    from presswatch.actions import check_browser
    from presswatch.context import opened
    from presswatch.output import plural, say
    from storage import sources
    from storage.clock import now
    from storage.errors import InvalidInputError

    if (key is None) == (pack is None):
        raise InvalidInputError("name one source, or one pack", mend="see them with: sources list")
    members = [spec.key for spec in find_pack(pack)] if pack else []
    will = "polled from now on" if enabled else "polled no longer"
    with opened() as (settings, database):
        if key is not None:
            if enabled and database.read(sources.get, key).spec.browser:
                check_browser(settings)
            database.write(sources.set_enabled, key, enabled, now())
            say(f"{key} is {will}")
            return
        switched = database.write(sources.set_many_enabled, members, enabled, now())
    rest = len(members) - switched
    say(f"{plural(switched, 'source')} of the pack {pack} {'is' if switched == 1 else 'are'} {will}")
    if rest:
        say(f"{rest} {'was' if rest == 1 else 'were'} {'polled' if enabled else 'not polled'} before")


def print_proposal(proposal: Proposal) -> None:
    """Print what a section shows and the first of its articles as it would be stored."""
    from presswatch.output import fields, say, table

    fields(
        {
            "key": proposal.spec.key,
            "name": proposal.spec.name,
            "address": proposal.spec.address,
            "language": ", ".join(proposal.spec.languages) or "unknown",
            "time zone": proposal.spec.zone,
            "read as": proposal.why,
        }
    )
    say()
    table(
        ("published", "title", "address"),
        [(str(entry.published), entry.title, entry.address) for entry in proposal.listing.entries],
        empty=f"no entries: {proposal.listing.detail}",
    )
    if proposal.article is not None:
        article = proposal.article
        say()
        say(f"{article.title}\n{str(article.published) or 'no date'}, {article.language or 'unknown language'}\n")
        say(article.body[:600] + (" ..." if len(article.body) > 600 else ""))
        say()
    elif proposal.problem:
        say(f"its first article could not be read: {proposal.problem}")

"""`sources`: the sections that are watched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from presswatch.commands.options import AsJSON

if TYPE_CHECKING:
    from presswatch.actions.sources import Checked
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
    from storage.sources import sources
    from storage.types import REMEDIES

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
                    "zone": source.spec.zone,
                    "packs": source.spec.packs,
                    "verified": source.spec.verified,
                    "fact_year": source.spec.fact_year,
                    "note": source.spec.note,
                    "address": source.spec.address,
                    "origin": source.origin,
                    "enabled": source.enabled,
                    "health": source.reason if source.last_poll_at else None,
                    "detail": source.detail,
                    "exceptions": source.spec.transport.in_words,
                    "since": source.reason_since,
                    "mend": REMEDIES.get(source.reason, ""),
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
                REMEDIES.get(source.reason, ""),
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
    zone: Annotated[
        str, typer.Option("--zone", help="The ministry's time zone, such as Europe/Minsk; else proposed.")
    ] = "",
    entry: Annotated[str, typer.Option("--entry", help="CSS selector of a row, where detection fails.")] = "",
    date: Annotated[str, typer.Option("--date", help="CSS selector of the date inside a row.")] = "",
    browser: Annotated[
        bool, typer.Option("--browser", help="Read its pages in Chromium, after their scripts have run.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Save without asking.")] = False,
    json: AsJSON = False,
) -> None:
    """Look at a section, show how it would be read and what is read from it, and watch it.

    Its feed is looked for, a sitemap for news, and JSON in the page. With --json nothing is asked, and it is saved
    only with --yes.

    Example: presswatch sources add https://www.example.org/news/ --key example/news
    """
    from presswatch.actions.sources import NewSource, add_source, propose
    from presswatch.commands.proposals import print_proposal, proposal_values
    from presswatch.context import opened
    from presswatch.output import as_json, command, looking, say

    wanted = NewSource(address, key or "", name or "", interval, zone, entry, date, slowest, browser)
    with opened() as (settings, database):
        with looking() as told:
            proposal = propose(database, wanted, settings, told)
        if json:
            saved = add_source(database, proposal, alert_first=alert_first) if yes else None
            as_json(proposal_values(proposal) | {"saved": saved is not None})
            return
        print_proposal(proposal)
        if not yes and not typer.confirm("Watch this source?", default=True):
            say("nothing saved")
            raise typer.Exit(1)
        source = add_source(database, proposal, alert_first=alert_first)
        say(f"{source.key} is watched from now on; poll it now with: {command()} poll {source.key}")


@app.command()
def new(
    place: Annotated[str, typer.Argument(help="The section's address, or a saved page of it.", metavar="URL|FILE")],
    key: Annotated[str, typer.Option("--key", help="What to call it, such as mfa-xy/news-en.")],
    url: Annotated[str, typer.Option("--url", help="Where a saved page came from.")] = "",
    into: Annotated[Path, typer.Option("--into", help="The folder of the project; else this one.")] = Path(),
) -> None:
    """Make a source for the catalogue: its entry, its page with other words, and a failing test to fill in.

    Example: presswatch sources new saved.html --url https://www.example.org/news/ --key example/news
    """
    from presswatch.actions.sources import new_source
    from presswatch.context import opened
    from presswatch.output import looking, say

    with opened() as (settings, database), looking() as told:
        made = new_source(database, place, key, into, settings, url=url, told=told)
    say(f"{made.catalogue} has now\n\n{made.entry}")
    say(f"{made.page} is the page, with words of our own\n{made.test} waits for what should be found in it")


@app.command()
def check(
    keys: Annotated[
        Optional[list[str]], typer.Argument(help="Keys of sources; all enabled ones if none is named.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Read sources as a poll would, show what is read and what of it is otherwise than before; nothing is stored.

    Exit code 1 if one cannot be read or has drifted.

    Example: presswatch sources check mfa-by/news-en
    """
    from presswatch.actions.sources import check_sources
    from presswatch.commands.proposals import print_drift, print_proposal
    from presswatch.context import opened
    from presswatch.output import as_json
    from storage.errors import UnreadableError

    with opened() as (settings, database):
        checked = check_sources(database, keys or [], settings)
    if json:
        as_json([_check_values(one) for one in checked])
    for one in () if json else checked:
        _print_health(one.source)
        print_drift(one.drift)
        if not isinstance(one.answer, UnreadableError):
            print_proposal(one.answer)
    if any(one.drift for one in checked):
        raise typer.Exit(1)


def _check_values(checked: Checked) -> dict[str, Any]:
    from presswatch.commands.proposals import proposal_values
    from storage.errors import UnreadableError

    drift = [{"what": one.what, "mend": one.mend} for one in checked.drift]
    if isinstance(checked.answer, UnreadableError):
        reason, detail = checked.answer.reason, str(checked.answer)
        return {"key": checked.source.key, "reason": reason, "detail": detail, "entries": [], "drift": drift}
    return proposal_values(checked.answer) | {"drift": drift}


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
    from storage.clock import now
    from storage.sources import sources

    with opened() as (_, database):
        database.write(sources.remove, key, now())
        say(f"{key} is no longer watched")


def _switch(key: str | None, pack: str | None, enabled: bool) -> None:
    from crawler.catalog import find_pack
    from presswatch.actions.sources import check_browser
    from presswatch.context import opened
    from presswatch.output import command, plural, say
    from storage.clock import now
    from storage.errors import InvalidInputError
    from storage.sources import sources

    if (key is None) == (pack is None):
        raise InvalidInputError("name one source, or one pack", mend="see them with: sources list")
    members = find_pack(pack) if pack else ()
    will = "polled from now on" if enabled else "polled no longer"
    with opened() as (settings, database):
        if key is not None:
            if enabled and database.read(sources.get, key).spec.browser:
                check_browser(settings)
            database.write(sources.set_enabled, key, enabled, now())
            say(f"{key} is {will}")
            return
        switched = database.write(sources.set_many_enabled, [spec.key for spec in members], enabled, now())
    rest = len(members) - switched
    say(f"{plural(switched, 'source')} of the pack {pack} {'is' if switched == 1 else 'are'} {will}")
    if rest:
        say(f"{rest} {'was' if rest == 1 else 'were'} {'polled' if enabled else 'not polled'} before")
    unseen = sum(not spec.verified for spec in members)
    if enabled and unseen:
        say(
            f"{unseen} of them {'has' if unseen == 1 else 'have'} not been seen live yet, the catalogue says; "
            f"see what is read there with: {command()} sources check"
        )

"""`sources`: the sections that are watched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.commands.proposals import print_drift, print_proposal
from presswatch.context import asked, opened
from presswatch.output import as_json, command, fail, fields, looking, moment, plural, say, table, typed
from storage.types import REMEDIES, Source

if TYPE_CHECKING:
    from presswatch.actions.sources import ListedSource

app = typer.Typer(help="The sections that are watched.", no_args_is_help=True)

Pack = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--pack", help="All sources of a pack of the catalogue, such as csto, eu, un or nato."),
]
MaybeKey = Annotated[Optional[str], typer.Argument(help="A source's key.", metavar="SOURCE")]  # noqa: UP045


@app.command("list")
def list_(
    context: typer.Context,
    pack: Pack = None,
    enabled: Annotated[bool, typer.Option("--enabled", help="Only those that are polled.")] = False,
    json: AsJSON = False,
) -> None:
    """List the sources: those of the catalogue and your own.

    Example: presswatch sources list --pack csto
    """
    from presswatch.actions import sources
    from presswatch.loop import run

    with asked(context.obj, or_new=True) as (_, database):
        listed = run(sources.listing(database, pack, enabled=enabled))
    if json:
        as_json([representations.source(each.source, each.items, each.polls) for each in listed])
        return
    table(
        ("source", "enabled", "health", "since", "failed polls", "items", "last poll", "address", "mend"),
        [_row(each) for each in listed],
        empty="no sources",
    )


def _row(listed: ListedSource) -> tuple[str, ...]:
    source = listed.source
    return (
        source.key,
        "yes" if source.enabled else "no",
        source.reason if source.last_poll_at else "not polled yet",
        moment(source.reason_since),
        f"{listed.failed} of the last {len(listed.polls)}" if listed.polls else "",
        str(listed.items),
        moment(source.last_poll_at),
        source.spec.address,
        typed(REMEDIES.get(source.reason, "")),
    )


@app.command()
def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The address of a news section or of its feed.", metavar="URL")],
    key: Annotated[Optional[str], typer.Option("--key", help="What to call it, such as mfa-xy/news-en.")] = None,  # noqa: UP045
    name: Annotated[Optional[str], typer.Option("--name", help="A title for people.")] = None,  # noqa: UP045
    organisation: Annotated[
        str, typer.Option("--organisation", help="Whose it is, such as 'Ministry of Foreign Affairs'; else proposed.")
    ] = "",
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
    from presswatch.actions import proposals
    from presswatch.loop import run, run_crawling

    wanted = proposals.NewSource(
        address, key or "", name or "", organisation, interval, zone, entry, date, slowest, browser
    )
    with opened(context.obj) as (settings, database):
        with looking() as told:
            policy, chromium = settings.policy, settings.browser
            proposal = run_crawling(
                settings,
                database,
                lambda crawl: proposals.propose(database, crawl, wanted, policy, chromium, told),
            )
        if json:
            saved = run(proposals.watch(database, proposal, alert_first=alert_first)) if yes else None
            as_json(representations.proposal(proposal) | {"saved": saved is not None})
            return
        print_proposal(proposal)
        if not yes and not _confirmed("Watch this source?"):
            say("nothing saved")
            raise typer.Exit(1)
        if not yes and not proposal.spec.organisation:
            whose = typer.prompt("Whose is it?", default=proposals.whose_by_default(proposal.spec))
            proposal = replace(proposal, spec=replace(proposal.spec, organisation=whose.strip()))
        source = run(proposals.watch(database, proposal, alert_first=alert_first))
    say(f"{source.key} is watched from now on; poll it now with: {command()} poll {source.key}")


def _confirmed(question: str) -> bool:
    """Ends the command where there is nobody to answer."""
    from storage.errors import InvalidInputError

    try:
        return typer.confirm(question, default=True)
    except typer.Abort as nobody:
        print()
        if isinstance(nobody.__context__, EOFError):
            fail(InvalidInputError("nobody is here to answer; nothing is saved", mend="say --yes"), 1)
        raise


@app.command()
def new(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="The section's address, or a saved page of it.", metavar="URL|FILE")],
    key: Annotated[str, typer.Option("--key", help="What to call it, such as mfa-xy/news-en.")],
    url: Annotated[str, typer.Option("--url", help="Where a saved page came from.")] = "",
    into: Annotated[Path, typer.Option("--into", help="The folder of the project; else this one.")] = Path(),
) -> None:
    """Make a source for the catalogue: its entry, its page with other words, and a failing test to fill in.

    Example: presswatch sources new saved.html --url https://www.example.org/news/ --key example/news
    """
    from presswatch.actions import new_source
    from presswatch.loop import run, run_crawling

    with asked(context.obj, or_new=True) as (settings, database), looking() as told:
        if place.lower().startswith(("http://", "https://")):
            policy = settings.policy
            made = run_crawling(
                settings, database, lambda crawl: new_source.from_address(crawl, place, key, into, policy, told)
            )
        else:
            made = run(new_source.from_file(Path(place), key, into, url))
    say(f"{made.catalogue} has now\n\n{made.entry}")
    say(f"{made.page} is the page, with words of our own\n{made.test} waits for what should be found in it")


@app.command()
def check(
    context: typer.Context,
    keys: Annotated[
        Optional[list[str]], typer.Argument(help="Keys of sources; all enabled ones if none is named.")  # noqa: UP045
    ] = None,
    json: AsJSON = False,
) -> None:
    """Read sources as a poll would, show what is read and what of it is otherwise than before; nothing is stored.

    Exit code 1 if one cannot be read or has drifted.

    Example: presswatch sources check mfa-by/news-en
    """
    from presswatch.actions import proposals
    from presswatch.loop import run_crawling
    from storage.errors import UnreadableError

    with asked(context.obj, or_new=True) as (settings, database):
        checked = run_crawling(settings, database, lambda crawl: proposals.check(database, crawl, keys or ()))
    if json:
        as_json([representations.checked(one.source.key, one.answer, one.drift) for one in checked])
    for one in () if json else checked:
        _print_health(one.source)
        print_drift(one.drift)
        if not isinstance(one.answer, UnreadableError):
            print_proposal(one.answer)
    if any(one.drift for one in checked):
        raise typer.Exit(1)


def _print_health(source: Source) -> None:
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
def enable(context: typer.Context, key: MaybeKey = None, pack: Pack = None) -> None:
    """Poll a source, or all of a pack, from now on.

    Example: presswatch sources enable --pack csto
    """
    _switch(context, key, pack, True)


@app.command()
def disable(context: typer.Context, key: MaybeKey = None, pack: Pack = None) -> None:
    """Poll a source, or all of a pack, no longer; what they published stays in the history.

    Example: presswatch sources disable mfa-by/news-ru
    """
    _switch(context, key, pack, False)


@app.command()
def remove(context: typer.Context, key: Annotated[str, typer.Argument(help="A source's key.")]) -> None:
    """Remove a source of your own; what it published stays in the history.

    Example: presswatch sources remove example/news
    """
    from presswatch.actions import sources
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        run(sources.remove(database, key))
    say(f"{key} is no longer watched")


def _switch(context: typer.Context, key: str | None, pack: str | None, enabled: bool) -> None:
    from presswatch.actions import sources
    from presswatch.loop import run
    from storage.errors import InvalidInputError

    if (key is None) == (pack is None):
        raise InvalidInputError("name one source, or one pack", mend="see them with: presswatch sources list")
    will = "polled from now on" if enabled else "polled no longer"
    with opened(context.obj) as (settings, database):
        if key is not None:
            run(sources.switch(database, key, enabled, settings.browser))
            say(f"{key} is {will}")
            return
        assert pack is not None
        switched = run(sources.switch_pack(database, pack, enabled))
    say(f"{plural(switched.changed, 'source')} of the pack {pack} {'is' if switched.changed == 1 else 'are'} {will}")
    if rest := switched.unchanged:
        say(f"{rest} {'was' if rest == 1 else 'were'} {'polled' if enabled else 'not polled'} before")
    if enabled and (unseen := switched.unverified):
        say(
            f"{unseen} of them {'has' if unseen == 1 else 'have'} not been seen live yet, the catalogue says; "
            f"see what is read there with: {command()} sources check"
        )

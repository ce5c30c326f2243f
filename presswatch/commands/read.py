"""`read`: what the readers make of saved pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked
from presswatch.output import as_json, claimed, fields, progress, say, table

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.reading.saved import Read
    from presswatch.actions.pages import Hints


class As(StrEnum):
    """What a page is read as: the values of `crawler.reading.saved.Kind`, here so that `--help` answers at once."""

    FEED = "feed"
    LISTING = "listing"
    ARTICLE = "article"


def read(
    context: typer.Context,
    pages: Annotated[list[str], typer.Argument(help="Saved pages, or addresses to fetch.", metavar="FILE|URL...")],
    url: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--url", help="Where a file came from; once for all files, or once for each in their order."),
    ] = None,
    as_: Annotated[Optional[As], typer.Option("--as", help="What to read it as; found out if not said.")] = None,  # noqa: UP045
    language: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--language", help="A language of the section, such as en; may be given again."),
    ] = None,
    zone: Annotated[str, typer.Option("--zone", help="The ministry's time zone, such as Europe/Minsk.")] = "",
    day_first: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option("--day-first/--month-first", help="Whether 02/05/2024 is the second of May."),
    ] = None,
    content_type: Annotated[
        str, typer.Option("--content-type", help="The Content-Type header that a file came with.")
    ] = "",
    json: AsJSON = False,
) -> None:
    """Show what the readers make of pages: the entries of a listing or a feed, or the statement of an article.

    Nothing is stored. Exit code 1 if a page cannot be read; the others are.

    Example: presswatch read saved.html --url https://www.example.org/news/ --as listing
    """
    from crawler.reading.saved import Kind
    from presswatch.actions.pages import Hints

    hints = Hints(Kind(as_) if as_ else None, tuple(language or ()), zone, day_first, content_type)
    answers = _answers(context, pages, url or [], hints)
    read = [(page, address, answer) for page, (address, answer) in zip(pages, answers, strict=True)]
    if json:
        as_json([_where(page, address) | representations.read_page(answer) for page, address, answer in read])
    for page, address, answer in () if json else read:
        _print(page, address, answer)
    if not all(_went_well(answer) for _, answer in answers):
        raise typer.Exit(1)


def _answers(context: typer.Context, pages: list[str], addresses: list[str], hints: Hints) -> list[tuple[str, Read]]:
    """What was read of each page, in their order: first the files, without a database, then what is fetched."""
    from storage.errors import InvalidInputError

    files = [page for page in pages if not _is_address(page)]
    wanted = [page for page in pages if _is_address(page)]
    if len(addresses) > 1 and len(addresses) != len(files):
        raise InvalidInputError(
            f"{len(addresses)} addresses for {len(files)} files", mend="give --url once, or once for each file"
        )
    told = addresses if len(addresses) == len(files) else [*addresses, ""][:1] * len(files)
    with progress(len(pages), "reading") as done:
        of_files = _of_files([(Path(file), address) for file, address in zip(files, told, strict=True)], hints, done)
        fetched = _fetched(context, wanted, hints, done)
    return [next(fetched if _is_address(page) else of_files) for page in pages]


def _of_files(files: list[tuple[Path, str]], hints: Hints, done: Callable[[str], None]) -> Iterator[tuple[str, Read]]:
    from crawler.reading.process import ReadingProcess
    from presswatch.actions.pages import read_files
    from presswatch.loop import run

    async def work() -> list[tuple[str, Read]]:
        reading = ReadingProcess()
        try:
            return await read_files(reading, files, hints, done)
        finally:
            reading.close()

    return iter(run(work()) if files else ())


def _fetched(
    context: typer.Context, addresses: list[str], hints: Hints, done: Callable[[str], None]
) -> Iterator[tuple[str, Read]]:
    from presswatch.actions.pages import read_addresses
    from presswatch.loop import run_crawling

    if not addresses:
        return iter(())
    with asked(context.obj, or_new=True) as (settings, database):
        policy = settings.policy
        work = run_crawling(settings, database, lambda crawl: read_addresses(crawl, addresses, hints, policy, done))
    return iter(work)


def _is_address(page: str) -> bool:
    return page.lower().startswith(("http://", "https://"))


def _went_well(answer: Read) -> bool:
    """A section that has nothing to show is read well."""
    from storage.types import Reason

    return answer.useful or answer.reason in (Reason.OK, Reason.EMPTY)


def _where(page: str, address: str) -> dict[str, str | None]:
    return {"file": None if _is_address(page) else page, "url": address or None}


def _print(page: str, address: str, answer: Read) -> None:
    fields(
        {"page": page, "address": address, "read as": f"{answer.kind}, {answer.listing.reader}"}
        if answer.listing
        else {"page": page, "address": address, "read as": str(answer.kind)}
    )
    if answer.detail:
        say(f"{answer.reason}: {answer.detail}")
    if answer.listing and answer.listing.entries:
        say()
        table(
            ("published", "title", "address"),
            [(claimed(entry.published), entry.title, entry.address) for entry in answer.listing.entries],
            empty="",
        )
        if answer.listing.next_page:
            say(f"\nolder ones: {answer.listing.next_page}")
    if answer.article:
        article = answer.article
        editions = ", ".join(f"{language} {address}" for language, address in article.editions)
        fields(
            {
                "title": article.title,
                "published": f"{claimed(article.published)} ({article.published.text})"
                if article.published.day
                else "",
                "language": article.language,
                "editions": editions,
            }
        )
        say(f"\n{article.body}")
    say()

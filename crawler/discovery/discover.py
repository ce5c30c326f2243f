"""An address -> a proposed source, with a preview of what would be stored.

In this order: the page itself, if it is made for programs; a feed that it names, or that stands at a common place; a
sitemap for news; the page's own JSON; the list on the page. What is found beside the page wins only if it is of the
same section and alive (`feed_candidates`). Few requests, one after the other; a host that refuses is asked no more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urljoin, urlsplit

from crawler.discovery.feed_candidates import agree, common_places, news_sitemaps, problem_of
from crawler.discovery.source_defaults import key_for, neighbours, placed
from crawler.fetching import failures
from crawler.listing.readers import in_words, is_for_programs, shape_of
from crawler.page.document import decode
from crawler.page.interstitials import refusal_reason
from crawler.reading.process import ReadingProcess
from crawler.reading.site_metadata import SiteMetadata
from storage.clock import now
from storage.errors import NoStatementsError, UnreadableError
from storage.types import Article, Listing, Page, Reason, Shape, SourceSpec

Fetcher = Callable[[str], Awaitable[Page]]
"""Fetches one page. Raises `UnreadableError`."""
Told = Callable[[str], None]
"""Is told of each address that is looked at."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source as it would be watched, what its listing shows now, and its first article."""

    spec: SourceSpec
    listing: Listing
    article: Article | None
    why: str
    problem: str = ""
    """Why there is no article."""
    passed: tuple[tuple[str, str], ...] = ()
    """What else was looked at, and why it was not taken: addresses with reasons."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A way to read the section."""

    address: str
    shape: Shape
    listing: Listing
    why: str


@dataclass(slots=True)
class _Search:
    """One search for the best way to read a section."""

    spec: SourceSpec
    own: Listing
    fetch: Fetcher
    reading: ReadingProcess
    told: Told
    today: date
    passed: dict[str, str] = field(default_factory=dict)
    refused: bool = False
    """Whether the host does not want to be asked any more."""


async def examine(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal:
    """Read a section and its first article as a poll would. Raises `UnreadableError` where there is no answer."""
    page = await _page(fetch, spec.address)
    listing = await _led(await reading.listing(page, spec), spec, fetch, reading)
    article, problem = await _first_article(listing, spec, fetch, reading)
    return Proposal(spec, listing, article, in_words(listing.reader), problem)


async def propose(
    spec: SourceSpec,
    fetch: Fetcher,
    reading: ReadingProcess,
    *,
    catalogue: Sequence[SourceSpec] = (),
    told: Told = lambda address: None,
) -> Proposal:
    """Find out how to read a section that is not known yet.

    `spec` holds what the person said; what is empty in it is found out, from `catalogue` too. Raises `UnreadableError`
    where there is no answer or another page in its place, `NoStatementsError` where no entries are found.
    """
    told(spec.address)
    page = await _page(fetch, spec.address)
    about = await reading.site_metadata(page)
    known = neighbours(page.address, catalogue)
    spec = placed(spec, about, known, catalogue)
    own = await _led(await reading.listing(page, spec), spec, fetch, reading)
    search = _Search(spec, own, fetch, reading, told, now().date())
    found = await _best(search, page, about)
    if found is None:
        raise _nothing_found(search, about)
    spec = replace(spec, address=found.address, shape=found.shape)
    article, problem = await _first_article(found.listing, spec, fetch, reading)
    languages = (article.language,) if article and article.language and len(article.body) >= _ENOUGH else spec.languages
    if not search.spec.languages or not known:
        spec = replace(spec, languages=languages)
    spec = replace(spec, key=spec.key or key_for(search.spec.address, known))
    passed = tuple((address, why) for address, why in search.passed.items() if address != found.address)
    return Proposal(spec, found.listing, article, found.why, problem, passed)


_ENOUGH = 200
"""Characters of a body that tell its language."""
_REFUSALS = (Reason.THROTTLED, Reason.CHALLENGE, Reason.BLOCKED, Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TLS)
_IN_PLACE = (Reason.CHALLENGE, Reason.BLOCKED, Reason.LOGIN, Reason.SOFT_404)


async def _best(search: _Search, page: Page, about: SiteMetadata) -> _Candidate | None:
    own, spec = search.own, search.spec
    if is_for_programs(own.reader) and own.entries:
        return _Candidate(spec.address, shape_of(own.reader), own, f"the address is {in_words(own.reader)}")
    if spec.listing.entry:
        return _Candidate(page.address, Shape.HTML, own, in_words(own.reader)) if own.entries else None
    if own.reason in _IN_PLACE and not own.entries:
        raise UnreadableError(own.reason, own.detail, failures.REMEDIES[own.reason])
    if about.is_home and not own.entries:
        return None
    if spec.browser:  # a person says that a script writes the list; feeds are not for browsers
        return _Candidate(page.address, Shape.HTML, own, in_words(own.reader)) if own.entries else None
    return await _beside(search, about) or await _on_the_page(search, page)


async def _beside(search: _Search, about: SiteMetadata) -> _Candidate | None:
    """The section's feed or sitemap, wherever it stands; the first good one."""
    section = search.spec.address
    for address in about.feeds:
        if found := await _try(search, address, Shape.FEED, "a feed that the page names", is_named=True):
            return found
    for address in common_places(section, is_wordpress=about.is_wordpress):
        if address in about.feeds:
            continue
        if found := await _try(search, address, Shape.FEED, "a feed that stands where feeds usually do"):
            return found
    robots = await _text(search, urljoin(section, "/robots.txt"))
    for address in news_sitemaps(robots, section):
        if found := await _try(search, address, Shape.SITEMAP, "the site's sitemap for news"):
            return found
    return None


async def _try(search: _Search, address: str, shape: Shape, why: str, *, is_named: bool = False) -> _Candidate | None:
    """What stands at an address, if it is of the section and alive; else it is noted why not."""
    if search.refused:
        return None
    search.told(address)
    spec = replace(search.spec, address=address, shape=shape)
    try:
        page = await _page(search.fetch, address)
        listing = await _led(await search.reading.listing(page, spec), spec, search.fetch, search.reading)
    except UnreadableError as error:
        is_own = urlsplit(address).netloc == urlsplit(search.spec.address).netloc
        search.refused = is_own and error.reason in _REFUSALS
        if is_named or search.refused:
            search.passed[address] = f"{error.reason}: {error}"
        return None
    if listing.reason is Reason.NOT_A_FEED and not is_named:
        return None  # a site that answers everything with a page of its own
    problem = problem_of(listing, search.own, search.spec.address, search.today)
    if problem:
        search.passed[address] = problem
        return None
    return _Candidate(address, shape, listing, why)


async def _on_the_page(search: _Search, page: Page) -> _Candidate | None:
    """The page's own JSON where it says at least what the list on the page says, else that list."""
    own = search.own
    address = page.address if own.reason is not Reason.MOVED else search.spec.address
    states = await search.reading.listing(page, replace(search.spec, shape=Shape.JSON))
    if states.entries and _says_more(states, own):
        return _Candidate(address, Shape.JSON, states, in_words(states.reader))
    if states.entries:
        search.passed[f"{address} (JSON in the page)"] = "it says less than the list on the page"
    return _Candidate(address, Shape.HTML, own, in_words(own.reader)) if own.entries else None


_ALL = 0.8
"""The share of the page's list that the page's own JSON must have."""


def _says_more(states: Listing, own: Listing) -> bool:
    """Whether the JSON has what the list has, and dates or times of day that it lacks."""
    if not own.entries or shape_of(own.reader) is Shape.JSON:
        return True
    if agree(states, own) < _ALL:
        return False
    return sum(bool(entry.published.at) for entry in states.entries) > sum(
        bool(entry.published.at) for entry in own.entries
    ) or (_dated(states) > _dated(own))


def _dated(listing: Listing) -> float:
    return sum(entry.published.day is not None for entry in listing.entries) / max(len(listing.entries), 1)


def _nothing_found(search: _Search, about: SiteMetadata) -> NoStatementsError:
    found = [(where, words) for words, where in about.sections]
    address, sections = search.spec.address, "\n".join(f"    {where}  {words}" for words, where in about.sections)
    if about.is_home:
        mend = "give the address of the section that lists the statements"
        mend += f"; its menu leads to\n{sections}" if sections else ""
        return NoStatementsError(f"{address} is a home page, and no section", mend=mend, sections=found)
    looked = (f"{where}: {why}" for where, why in search.passed.items())
    mend = "give the address of the section that lists them, or a row's CSS selector with --entry"
    by_scripts = about.is_written_by_scripts and not search.spec.browser
    if by_scripts:
        mend = "its pages seem to be written by scripts: read them in a browser, with --browser"
    mend += f"; news may stand at\n{sections}" if sections else ""
    details = "; ".join((search.own.detail or search.own.reason, *looked))
    message = f"no statements are found at {address}: {details}"
    return NoStatementsError(message, mend=mend, sections=found, by_scripts=by_scripts)


# -- pages -----------------------------------------------------------------------------------------------------------


async def _page(fetch: Fetcher, address: str) -> Page:
    """A page that was answered well. Raises `UnreadableError` with what stood in its way, and the mend."""
    page = await fetch(address)
    reason = failures.of_status(page.status)
    if reason is not Reason.OK:
        reason = refusal_reason(page) or reason
        raise UnreadableError(reason, f"{page.address} answered {page.status}", failures.REMEDIES.get(reason, ""))
    return page


async def _text(search: _Search, address: str) -> str:
    if search.refused:
        return ""
    search.told(address)
    try:
        return decode(await _page(search.fetch, address))
    except UnreadableError:
        return ""


async def _led(listing: Listing, spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Listing:
    """The listing, or that which an index of sitemaps leads to."""
    if not listing.is_index or not listing.next_page:
        return listing
    return await reading.listing(await _page(fetch, listing.next_page), spec)


async def _first_article(
    listing: Listing, spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess
) -> tuple[Article | None, str]:
    entry = next((one for one in listing.entries if one.address), None)
    if entry is None:
        return _as_listed(listing, spec), ""
    try:
        return await reading.article(await _page(fetch, entry.address), spec, entry.title, entry.published), ""
    except UnreadableError as error:
        return None, f"{error.reason}: {error}"


def _as_listed(listing: Listing, spec: SourceSpec) -> Article | None:
    """What is stored of the first entry of a feed without links; None where it shows nothing."""
    if not listing.entries:
        return None
    entry = listing.entries[0]
    language = spec.languages[0] if len(spec.languages) == 1 else ""
    return Article(spec.address, entry.title or entry.summary, entry.summary, language, entry.published)

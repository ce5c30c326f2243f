"""Sources, as described and as stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from storage.types.reasons import Reason
from storage.types.validators import FORGOTTEN, Validators


class Shape(StrEnum):
    """Which reader turns a response into entries."""

    AUTO = "auto"
    FEED = "feed"
    JSON = "json"
    SITEMAP = "sitemap"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class ListingSelectors:
    """CSS selectors of an HTML list: `entry` finds a row, the others look inside it; `next` finds the link to the page
    with older entries. Empty: detect."""

    entry: str = ""
    link: str = "a"
    title: str = ""
    date: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class ArticleSelectors:
    """CSS selectors of an article page. Empty: detect.

    `content` is the element that holds the statement; the body begins after `date` inside it and ends before the
    first element that `stop` finds; what `drop` finds is cut out.
    """

    title: str = ""
    date: str = ""
    content: str = ""
    stop: str = ""
    drop: str = ""


@dataclass(frozen=True, slots=True)
class TransportExceptions:
    """What a source is allowed that no other is. Each weakens what is read, so `why` has to be said with it."""

    ca_file: str = ""
    """A PEM file with the certificate authority that signs the site's certificates."""
    legacy_tls: bool = False
    """TLS below 1.2, and ciphers and renegotiation that are off by default."""
    plain_http: bool = False
    """Reading without TLS, and being redirected from https to http."""
    why: str = ""

    @property
    def in_words(self) -> str:
        """What is allowed, and why; empty: nothing."""
        allowed = {
            f"certificates of {self.ca_file} alone": self.ca_file,
            "TLS of an older day": self.legacy_tls,
            "plain http": self.plain_http,
        }
        words = ", ".join(what for what, is_allowed in allowed.items() if is_allowed)
        return f"{words}, because: {self.why}" if words else ""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A site's own form that finds the statements of a day: how a section's past is read that its list does not show.

    Without `fields` there is none. A field's value is sent as it stands, with these in it replaced: `{from}` and
    `{to}`, the days asked for; `{page}`, the number of the answer's page, from 1; `{token}`, what the page with the
    form says of itself.
    """

    address: str = ""
    """Where the form stands and is sent to; empty: the section's own address."""
    fields: tuple[tuple[str, str], ...] = ()
    date_format: str = "%d.%m.%Y"
    """How `{from}` and `{to}` are written, as `datetime.strftime` has it."""
    token: str = ""
    """CSS selector of the element that holds the token, as its value or its text."""
    good: str = ""
    """What an answer with statements contains. One without it has a stale token, or the day has none."""
    most: int = 0
    """How many statements an answer has at most; 0: as many as there are."""


Evidence = Literal["", "high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One section of one site, as the catalogue or a person describes it. Data, never code."""

    key: str
    name: str
    address: str
    organisation: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    day_first: bool = True
    shape: Shape = Shape.AUTO
    listing: ListingSelectors = field(default_factory=ListingSelectors)
    article: ArticleSelectors = field(default_factory=ArticleSelectors)
    interval: int = 300
    """Seconds between two polls, at least, while all is well."""
    slowest: int = 3600
    """Seconds between two polls, at most, while all is well and the source's history says that it is quiet."""
    delay: float = 2.0
    """Seconds between two requests to the source's host; a longer Crawl-delay wins."""
    browser: bool = False
    """Whether its pages are read after their scripts have run (extra `browser`)."""
    transport: TransportExceptions = field(default_factory=TransportExceptions)
    search: SearchForm = field(default_factory=SearchForm)
    """The form by which its past is read; without one its pages are."""
    enabled: bool = True
    verified: bool = False
    """Whether somebody has seen the section live, and in `fact_year` if not 0."""
    fact_year: int = 0
    evidence: Evidence = ""
    """How sure it is that the section stood there in `fact_year`; empty: nobody said."""
    packs: tuple[str, ...] = ()
    """Names under which many sources of the catalogue are enabled at once, such as `csto`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a source's polls have taught about it, learned by `storage.sources.habits`. Counts fade as time goes on."""

    since: datetime
    """When the learning began."""
    days: tuple[float, ...] = (0.0,) * 7
    """How many statements came out on each weekday, Monday first, in the source's zone."""
    hours: tuple[float, ...] = (0.0,) * 24
    """How many came out at each hour of the day, in the source's zone."""
    finds: float = 0.0
    """How many polls found something new."""
    bursts: float = 0.0
    """How many of them did so soon after another one had."""
    last_new_at: datetime | None = None
    """When something new was last found, or what the first listing claimed of its newest entry."""
    gaps: tuple[int, ...] = ()
    """Seconds between the last finds, those inside of a burst left out, the latest last."""
    longest_gap: int = 0
    """Seconds of the longest gap so far; it fades, so that a silent August is forgotten in a year."""
    entries: tuple[int, ...] = ()
    """How many entries the listing had in the last polls that saw it changed, the latest last."""
    overlap_wait: int = 0
    """Seconds after which the listing may show too little of what it showed before; 0 if that was never so."""
    dated: float | None = None
    """Share of its entries that usually have a date."""
    places: tuple[str, ...] = ()
    """Where its entries lie: host and folder, digits as `#`; the commonest of the last listings first."""
    at_home: float | None = None
    """Share of its entries that usually lie at places where entries lay before."""
    reader: str = ""
    """Which reader read the listing last."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source as stored: its spec and what its polls have shown so far."""

    id: int
    spec: SourceSpec
    origin: str
    """`catalogue` or `user`."""
    enabled: bool
    alert_first: bool
    reason: Reason = Reason.OK
    detail: str = ""
    reason_since: datetime | None = None
    failures: int = 0
    """Polls in a row that could not be read."""
    told_reason: Reason | None = None
    """What the operator was told last of it, if it is no longer well as far as he knows."""
    validators: Validators = FORGOTTEN
    """Those of its last listing whose entries are all stored as sightings."""
    full_fetch_at: datetime | None = None
    """When its listing was last fetched whole, whatever the validators said."""
    baseline_at: datetime | None = None
    """When the first, silent poll was stored; until then what is found does not alert."""
    habits: Habits | None = None
    gap_page: str = ""
    """The page of its listing that is read next to fill a gap."""
    last_poll_at: datetime | None = None
    next_poll_at: datetime | None = None

    @property
    def key(self) -> str:
        return self.spec.key

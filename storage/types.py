"""One frozen type per stage of a statement's way. Standard library only.

Times are aware UTC. Three clocks are never mixed: what the ministry claims (`Published`), when we first saw a
statement (`first_seen_at`), and when somebody was told (`finished_at` of a delivery).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# -- what a site claims ----------------------------------------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a ministry said when."""

    NONE = "none"
    DAY = "day"
    MINUTE = "minute"


LONG_AGO = 1990
"""The year before which no ministry published on the web: what claims to be older is a default or a mistake."""


@dataclass(frozen=True, slots=True)
class Published:
    """The ministry's claim of when a statement was published.

    `day` is the civil day in `zone`, the ministry's IANA time zone. `at` is set only where a time of day was
    claimed too: nothing is invented. `text` is the claim as printed.
    """

    day: date | None = None
    at: datetime | None = None
    zone: str = "UTC"
    text: str = ""

    @property
    def precision(self) -> Precision:
        if self.at is not None:
            return Precision.MINUTE
        return Precision.DAY if self.day is not None else Precision.NONE

    @property
    def sort_key(self) -> datetime | None:
        """An instant to order by: the claimed one, or midnight UTC of the claimed day."""
        if self.at is not None:
            return self.at
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC) if self.day else None

    def doubt(self, seen_at: datetime) -> str:
        """Why the claim is hard to believe, given when it was seen, or nothing. A doubtful claim hides no statement.

        A day ahead is no doubt: somewhere it is tomorrow.
        """
        if self.day is None:
            return ""
        if self.day > (seen_at + timedelta(days=1)).date():
            return "in the future"
        return "long ago" if self.day.year < LONG_AGO else ""

    def __str__(self) -> str:
        """ISO 8601 to the claimed precision: `2024-11-28`, `2024-11-28T14:05+03:00`, or nothing."""
        if self.at is not None:
            return self.at.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes")
        return self.day.isoformat() if self.day else ""


# -- sources ---------------------------------------------------------------------------------------------------------


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
    packs: tuple[str, ...] = ()
    """Names under which many sources of the catalogue are enabled at once, such as `csto`."""
    note: str = ""


class Reason(StrEnum):
    """Why a poll or a page gave what it gave. The reason code of a health event."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    DRIFTED = "drifted"
    BLOCKED = "blocked"
    CHALLENGE = "challenge"
    LOGIN = "login"
    SOFT_404 = "soft-404"
    MOVED = "moved"
    SILENT = "silent"
    GONE = "gone"
    SERVER_ERROR = "server-error"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    ROBOTS = "robots"
    REFUSED = "refused-address"
    REDIRECTS = "redirects"
    TOO_LARGE = "too-large"
    NOT_A_FEED = "not-a-feed"
    UNREADABLE = "unreadable"
    NO_BROWSER = "no-browser"
    INTERRUPTED = "interrupted"
    STORAGE = "storage"

    @property
    def healthy(self) -> bool:
        return self in (Reason.OK, Reason.UNCHANGED)

    @property
    def readable(self) -> bool:
        """Whether the listing was read all the same: what is odd about it is said, and nothing in it is missed."""
        return self.healthy or self in (Reason.MOVED, Reason.DRIFTED, Reason.SILENT)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a source's polls have taught about it, learned by `storage.habits`. Counts fade as time goes on."""

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
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
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


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched response, as the pure readers take it."""

    address: str
    """Where it was fetched from, after redirects."""
    body: bytes
    status: int = 200
    content_type: str = ""
    """The Content-Type header, with its charset if it has one."""
    requested: str = ""
    """The address that was asked for, where redirects led elsewhere."""
    moved: bool = False
    """Whether each of these redirects was a permanent one (RFC 9110, 15.4.2 and 15.4.9)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing."""

    address: str
    """Absolute, as the site wrote it; canonical only after `identity.canonical`."""
    title: str
    published: Published = field(default_factory=Published)
    summary: str = ""
    feed_id: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source shows now, in the site's order."""

    entries: tuple[Entry, ...]
    reader: str
    """Which reader read it; `crawler.listing` has the list."""
    reason: Reason = Reason.OK
    detail: str = ""
    next_page: str = ""
    """The absolute address of the page with older entries, if this one leads to it."""


@dataclass(frozen=True, slots=True)
class Article:
    """A statement as read from its page."""

    address: str
    """Canonical address: the page's own claim where it is trustworthy, else where it was fetched."""
    title: str
    body: str
    """Paragraphs separated by a blank line."""
    language: str = ""
    """ISO 639-1 of the text, not of the frame."""
    published: Published = field(default_factory=Published)
    editions: tuple[tuple[str, str], ...] = ()
    """Other language editions: (language, address)."""
    cut: tuple[str, ...] = ()
    """Paragraphs left out of the body: they stand beside the statement, or repeat across the pages of the site."""


# -- what is stored --------------------------------------------------------------------------------------------------


class Decision(StrEnum):
    """What a cleaned article means for the archive."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when an entry for an item was seen. Without `item_id` its article is still to be fetched."""

    id: int
    source_id: int
    address: str
    title: str
    published: Published
    summary: str
    silent: bool
    attempts: int = 0
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A cleaned article on its way into the archive, with the sighting or the revisit that led to it."""

    article: Article
    source_id: int
    source_key: str
    poll_id: int | None = None
    sighting_id: int | None = None
    item_id: int | None = None
    """Set by a revisit: the item that was re-read."""
    fetched_address: str = ""
    """Where the page came from, if that is not the address it claims."""
    silent: bool = False
    next_revisit_at: datetime | None = None
    """When a new item is to be read again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of storing a draft."""

    decision: Decision
    item_id: int
    version_id: int
    number: int
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Version:
    """What an item said at one time. The first is number 1."""

    id: int
    item_id: int
    number: int
    title: str
    body: str
    language: str
    published: Published
    seen_at: datetime
    fingerprint: str
    cut: tuple[str, ...] = ()
    """Paragraphs of the page that were left out: they stand beside the statement, or repeat across the site's pages."""


@dataclass(frozen=True, slots=True)
class Item:
    """One published statement at one canonical address, with its current version."""

    id: int
    story_id: int
    address: str
    source_id: int
    source_key: str
    source_name: str
    organisation: str
    country: str
    silent: bool
    first_seen_at: datetime
    version: Version
    versions: int
    withdrawn_at: datetime | None = None


# -- people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Topic:
    """A standing query with a name."""

    id: int
    name: str
    query: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """An address that Apprise can reach, or `console`."""

    id: int
    name: str
    address: str = field(repr=False)
    """With its secrets; still sealed where its key is missing."""
    created_at: datetime


class RhythmKind(StrEnum):
    """Whether alerts leave one by one, together, or once a day or week."""

    IMMEDIATELY = "immediately"
    GROUPED = "grouped"
    DAILY = "daily"
    WEEKLY = "weekly"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the alerts of a subscription may leave. `storage.rhythms` reads and writes it as words."""

    kind: RhythmKind = RhythmKind.IMMEDIATELY
    minutes: int = 0
    """Grouped: for so long what is found is collected, from the first alert on."""
    at: time = time()
    """Daily and weekly: the local hour of the digest."""
    weekday: int = 0
    """Weekly: the day of the digest, Monday is 0."""
    zone: str = "UTC"
    """The IANA zone of the person who is told."""
    quiet: tuple[time, time] | None = None
    """From when until when, in that zone, nothing leaves: it waits."""
    cap: int = 0
    """So many messages an hour at most; 0 is no limit. The last one says that more is collected."""

    @property
    def digest(self) -> bool:
        return self.kind in (RhythmKind.DAILY, RhythmKind.WEEKLY)

    def __str__(self) -> str:
        """In words: `daily 08:00 Europe/Minsk, quiet 22:00-07:00, at most 10 messages an hour`."""
        words = f"{self.written} {self.zone}" if self.digest else self.written
        if self.quiet:
            words += f", quiet {self.written_quiet}" + ("" if self.digest else f" {self.zone}")
        if self.cap:
            words += f", at most {self.cap} {'message' if self.cap == 1 else 'messages'} an hour"
        return words

    @property
    def written(self) -> str:
        """The rhythm alone, as a person writes it: `daily 08:00`."""
        match self.kind:
            case RhythmKind.IMMEDIATELY:
                return "immediately"
            case RhythmKind.GROUPED:
                return f"grouped {self.minutes}m"
            case RhythmKind.DAILY:
                return f"daily {self.at:%H:%M}"
            case RhythmKind.WEEKLY:
                return f"weekly {WEEKDAYS[self.weekday]} {self.at:%H:%M}"

    @property
    def written_quiet(self) -> str:
        """The quiet hours, as a person writes them: `22:00-07:00`, or nothing."""
        return f"{self.quiet[0]:%H:%M}-{self.quiet[1]:%H:%M}" if self.quiet else ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic, a channel and a rhythm."""

    id: int
    topic_id: int
    channel_id: int
    topic_name: str
    channel_name: str
    rhythm: Rhythm
    created_at: datetime
    canary: int = 0
    """Minutes between two proofs of the whole chain that are sent through it; 0: none are."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a clause of a query met a text. `start` and `end` count characters of the original field."""

    clause: str
    """The clause as it stands in the query, such as `alias:CSTO`."""
    name: str
    """The word or name that was met, such as `ОДКБ`."""
    field: str
    """`title` or `body`."""
    start: int
    end: int
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A version met a topic, and why."""

    id: int
    version_id: int
    topic_id: int
    hits: tuple[Hit, ...]
    matched_at: datetime


class AlertState(StrEnum):
    """`failed` will be tried again, `dead` will not unless somebody asks."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where else a statement stands, in its story or in another body's section: it makes no alert of its own."""

    id: int
    """0 for what is told with the statement itself, and not noted."""
    alert_id: int
    title: str
    language: str
    """Of an edition in another language; empty where it is the same."""
    organisation: str
    address: str
    of: str
    """The title that was announced."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One row per subscription and story: the outbox, with what a message needs to be written."""

    id: int
    subscription_id: int
    story_id: int
    state: AlertState
    attempts: int
    created_at: datetime
    due_at: datetime
    topic: Topic
    channel: Channel
    item: Item
    version: Version
    """The version that matched."""
    hits: tuple[Hit, ...]
    sent_at: datetime | None = None
    last_error: str = ""
    rhythm: Rhythm = field(default_factory=Rhythm)
    """Of its subscription, as it is now."""

    @property
    def key(self) -> str:
        """The stable key by which a duplicate can be recognised."""
        return f"{self.subscription_id}-{self.story_id}"


# -- what happened, for whoever watches ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PollEnded:
    """A poll is over. `reason` is why there was nothing, or `ok`."""

    source: str
    reason: Reason
    detail: str
    seconds: float
    entries: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class StatementStored:
    """A statement was stored for the first time, or in a new version."""

    source: str
    stored: Stored
    published: Published
    silent: bool


@dataclass(frozen=True, slots=True)
class StatementWithdrawn:
    """A known statement no longer stands at its address (`returned` false), or stands there again."""

    source: str
    item_id: int
    title: str
    address: str
    returned: bool = False


@dataclass(frozen=True, slots=True)
class FaultBegan:
    """A source, a page or a channel stopped working. Told once."""

    where: str
    reason: str
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class FaultEnded:
    """What had stopped works again. Told once."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlertsSent:
    """A delivery left: one message with one alert or many."""

    channel: str
    titles: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticesSent:
    """The operator was told of the health of these sources."""

    channel: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertsFailed:
    """A delivery did not leave. `retry_at` is None where nobody will try again by himself."""

    channel: str
    alerts: int
    detail: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class MissesRepaired:
    """A reconciliation found what the topics should have met and had not, and made up for it."""

    versions: int
    """How many versions were asked about again."""
    matches: int
    alerts: int


Event = (
    PollEnded
    | StatementStored
    | StatementWithdrawn
    | FaultBegan
    | FaultEnded
    | AlertsSent
    | AlertsFailed
    | NoticesSent
    | MissesRepaired
)

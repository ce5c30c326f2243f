"""The schema, commented as its documentation. `migrations/` makes it; a test holds the two together.

Ids ascend with time. Every table can be read without knowing the program: states and reasons are words, times are
UTC. Nothing is ever overwritten that a ministry said: an edit adds a row to `versions`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    column,
    true,
)

from storage.types import Precision, Published


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time. A naive one is refused; SQLite gives back no zone, so it is put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _reference(name: str, to: str, **options: Any) -> Column[int]:
    return Column(name, Integer, ForeignKey(to), **{"nullable": False, **options})


def _owner() -> Column[int]:
    """Whose the row is. What is written without an owner is nobody's (0), and nobody is shown it."""
    return Column("owner_id", Integer, nullable=False, server_default="0")


def _index_while(condition: ColumnElement[Any], *columns: str) -> Index:
    """An index over only the rows for which the condition holds."""
    return Index(None, *columns, sqlite_where=condition, postgresql_where=condition)


def _unique_while(condition: ColumnElement[Any], *columns: str) -> Index:
    """Uniqueness among only the rows for which the condition holds."""
    return Index(None, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _published() -> tuple[Column[Any], ...]:
    """The ministry's claim: an instant to order by, how exact it is, the civil day in its zone, and as printed."""
    return (
        Column("published_at", UTCDateTime),  # precision `day`: midnight UTC of that day; only for ordering
        Column("published_precision", Text, nullable=False),  # none, day, minute
        Column("published_day", Date),
        Column("published_zone", Text, nullable=False),
        Column("published_text", Text, nullable=False),
    )


# -- the web ---------------------------------------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("key", Text, nullable=False),  # mfa-by/news-en
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("country", Text, nullable=False),  # ISO 3166-1, two letters, or empty
    Column("address", Text, nullable=False),  # of the listing
    Column("origin", Text, nullable=False),  # catalogue: its file rules the spec; user: this row does
    Column("spec", JSON, nullable=False),  # the whole SourceSpec
    Column("enabled", Boolean, nullable=False),
    Column("alert_first", Boolean, nullable=False),  # whether the first poll may alert
    Column("removed_at", UTCDateTime),  # its items stay
    # health: the last reason code, since when, and how many unhealthy polls in a row
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("reason_since", UTCDateTime),
    Column("failures", Integer, nullable=False),
    Column("told_reason", Text),  # what the operator was told last, if he has not been told that it is over
    # validators of the last listing whose entries are all stored as sightings
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("full_fetch_at", UTCDateTime),  # when it was last fetched without validators
    Column("habits", JSON),  # when it publishes and what its listing looks like, learned from its polls; `types.Habits`
    Column("gap_page", Text),  # the page of the listing that is read next to fill a gap
    Column("baseline_at", UTCDateTime),  # when the first, silent poll was stored
    Column("last_poll_at", UTCDateTime),
    Column("next_poll_at", UTCDateTime, nullable=False),
    # a poll under way: who claimed it and until when the claim holds
    Column("lease_owner", Text),
    Column("lease_until", UTCDateTime),
    _unique_while(column("removed_at").is_(None), "key"),
    Index(None, "enabled", "next_poll_at"),
)

polls = Table(
    "polls",
    metadata,
    _id(),
    _reference("source_id", "sources.id"),
    Column("owner", Text, nullable=False),  # the process that runs it
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),  # empty while it runs: its statements are matched when it ends
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("new_items", Integer, nullable=False),
    Index(None, "source_id", "id"),
    _index_while(column("ended_at").is_(None), "owner"),
)

items = Table(
    "items",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),  # identity.identity_key of the address
    Column("address", Text, nullable=False),  # canonical: to fetch and to show
    _reference("source_id", "sources.id"),  # where it was first seen
    _reference("story_id", "items.id", nullable=True),  # the item this one repeats; empty: it began its story
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("silent", Boolean, nullable=False),  # found by a first poll: stored, never announced
    Column("withdrawn_at", UTCDateTime),  # when its address stopped answering, if that is believed
    Column("suspected_at", UTCDateTime),  # the same, while it is only suspected
    # re-reading: when next, and the validators of the page
    Column("next_revisit_at", UTCDateTime),
    Column("revisits", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Index(None, "next_revisit_at"),
    Index(None, "story_id"),
    _index_while(column("withdrawn_at").is_not(None), "withdrawn_at"),
)

item_states = Table(
    "item_states",
    metadata,
    # what was found at a statement's address when that was not the statement, or was it again
    _id(),
    _reference("item_id", "items.id"),
    Column("state", Text, nullable=False),  # suspected, for each reading; withdrawn; restored
    Column("reason", Text, nullable=False),  # what the page answered
    Column("at", UTCDateTime, nullable=False),
    Column("told_at", UTCDateTime),  # empty: whoever was told of the statement has no alert of it yet
    Index(None, "item_id", "id"),
    _index_while(column("told_at").is_(None), "id"),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    _reference("item_id", "items.id"),
    Column("number", Integer, nullable=False),  # 1, 2, ...
    Column("current", Boolean, nullable=False),  # the newest of its item: what a search shows
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # paragraphs separated by a blank line
    Column("language", Text, nullable=False),
    *_published(),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of title and body as read
    Column("cut", JSON),  # paragraphs left out: beside the statement, or on all of the site's pages
    _reference("poll_id", "polls.id", nullable=True),
    Column("matched_at", UTCDateTime),  # empty: the topics have not been asked yet
    UniqueConstraint("item_id", "number"),
    _unique_while(column("current"), "item_id"),
    _index_while(~column("current"), "item_id", "id"),  # what a search leaves out
    Index(None, "fingerprint"),
    _index_while(column("matched_at").is_(None), "id"),
)

match_claims = Table(
    "match_claims",
    metadata,
    # versions that a process asks the topics about now, where several do: until it is done, or the lease is over
    _reference("version_id", "versions.id", primary_key=True),
    Column("lease_owner", Text, nullable=False),
    Column("lease_until", UTCDateTime, nullable=False),
)

version_facts = Table(
    "version_facts",
    metadata,
    # what searches ask beside words, and charts count by, in rows so narrow that thousands of them are few pages
    _reference("id", "versions.id", primary_key=True),
    _reference("item_id", "items.id"),
    Column("number", Integer, nullable=False),
    _reference("source_id", "sources.id"),  # of its item
    Column("day", Integer, nullable=False),  # `storage.items.facts.day_of`, as the ordinal of a date
    Column("published", Integer),  # the day that the ministry claims, as the ordinal of a date
    Column("language", Text, nullable=False),
    Column("current", Boolean, nullable=False),
    # what a search finds later than its statement's turn
    _index_while(and_(column("current"), column("number") > 1), "id", "item_id"),
)

evidence = Table(
    "evidence",
    metadata,
    # the raw bytes of each version: where they lie, and the digests by which they are chained; only added to
    _id(),
    Column("node", Text, nullable=False),  # in whose data folder; each has a chain of its own
    Column("number", Integer, nullable=False),  # 1, 2, ... of the node
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),  # bytes
    Column("length", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),  # of these bytes
    Column("kind", Text, nullable=False),  # beginning, response, repeated, rendered, reread
    _reference("version_id", "versions.id", nullable=True),  # empty: of none, it begins a file
    Column("text", Text, nullable=False),  # SHA-256 of what the version says
    Column("payload", Text, nullable=False),  # SHA-256 of the answer's body as it came
    Column("at", UTCDateTime, nullable=False),  # when the answer was there
    Column("digest", Text, nullable=False),  # of this row's values and the digest before
    UniqueConstraint("node", "number"),
    Index(None, "version_id"),
    Index(None, "payload"),
)

full_texts = Table(
    "full_texts",
    metadata,
    # by which analysis (`storage.query.text.ANALYSIS`) the full-text indexes were made: by another, they are made anew
    Column("name", Text, primary_key=True),
    Column("analysis", Integer, nullable=False),
)

compatibility = Table(
    "compatibility",
    metadata,
    # written by each revision beside which older programs may go on reading and writing, as it only adds to the schema
    Column("revision", Text, primary_key=True),
    Column("oldest", Text, nullable=False),  # the oldest revision whose program may
)

sightings = Table(
    "sightings",
    metadata,
    _id(),
    _reference("source_id", "sources.id"),
    Column("key", Text, nullable=False),  # identity.identity_key of the address
    Column("address", Text, nullable=False),  # canonical, as the listing gave it
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    *_published(),
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("listed", Boolean, nullable=False),  # whether it stood in the listing when that was last read
    _reference("item_id", "items.id", nullable=True),  # empty: its article is still to be fetched
    Column("silent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UTCDateTime),  # empty: nothing more to do
    Column("reason", Text, nullable=False),
    Column("feed_id", Text),  # what the feed calls the entry
    Column("backfill_id", Integer),  # the row of `backfills` that found it: polls leave its article alone
    UniqueConstraint("source_id", "key"),
    _index_while(column("listed"), "source_id"),
    Index(None, "item_id"),
    _index_while(column("next_attempt_at").is_not(None), "source_id", "next_attempt_at"),
    _index_while(column("next_attempt_at").is_not(None), "backfill_id"),
)

editions = Table(
    "editions",
    metadata,
    # which other addresses an item's page names as the same statement in another language
    _reference("item_id", "items.id", primary_key=True),
    Column("key", Text, primary_key=True),  # identity.identity_key of the other address
    Column("language", Text, nullable=False),
    Index(None, "key"),
)

backfills = Table(
    "backfills",
    metadata,
    _id(),
    _reference("source_id", "sources.id"),
    Column("since", Date, nullable=False),  # how far back
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),  # empty: under way, or to be taken up again
    Column("next_page", Text),  # a page of the listing, or a day of its search form; empty: the first
    Column("reached", Date),  # how far back it has come
    Column("pages", Integer, nullable=False),
    Column("entries", Integer, nullable=False),  # how many that the source did not know
    Column("reason", Text, nullable=False),  # why it ended or pauses
    Column("detail", Text, nullable=False),
    Column("lease_owner", Text),  # the process that pages back now, and until when it may be trusted to live
    Column("lease_until", UTCDateTime),
    _unique_while(column("ended_at").is_(None), "source_id"),
)

# -- what sites have taught us -----------------------------------------------------------------------------------------

robots = Table(
    "robots",
    metadata,
    Column("site", Text, primary_key=True),  # scheme, host and port
    Column("fetched_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    # in how many items of a site a paragraph stands: what repeats is the page's, not the statement's
    Column("site", Text, primary_key=True),  # the host and the text's language
    Column("hash", Text, primary_key=True),  # of the paragraph's words; empty: all items of the site
    Column("items", Integer, nullable=False),
    Column("since", Integer, nullable=False),  # how many items of the site there were when it was first seen
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    # what the operator is told of: a source's state began or ended, alerts of a channel are dead; the outbox of that
    _id(),
    _reference("source_id", "sources.id", nullable=True),  # empty: our own network, or a channel
    Column("channel_id", Integer),  # the channel whose alerts are dead, of `channels`
    Column("letters", Integer),  # how many they are: each is counted in one notice
    Column("began", Boolean, nullable=False),  # else it ended
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UTCDateTime),
    Column("last_error", Text, nullable=False),
    _index_while(column("sent_at").is_(None), "due_at"),
    Index(None, "source_id", "id"),
)

# -- people ----------------------------------------------------------------------------------------------------------

topics = Table(
    "topics",
    metadata,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("removed_at", UTCDateTime),  # what it matched and announced stays as a record
    Column("paused_until", UTCDateTime),  # nobody is told of what is seen before; empty is never paused
    Column("replaces", Integer),  # the topic in whose place it came when that was given another query
    _unique_while(column("removed_at").is_(None), "owner_id", "name"),
)

channels = Table(
    "channels",
    metadata,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),  # an Apprise address, sealed with a key that is not here; or console
    Column("fingerprint", Text),  # by which the address is known again without opening it, made with the same key
    Column("created_at", UTCDateTime, nullable=False),
    Column("removed_at", UTCDateTime),
    Column("reason", Text, nullable=False),  # what the last delivery or test came to: unused, ok, undeliverable
    Column("detail", Text),  # why it failed, in a sentence; empty is ok
    Column("operator_since", UTCDateTime),  # set: the operator is told of sources' health through it
    Column("failures", Integer),  # deliveries that failed one after the other since one was taken; empty is none
    Column("not_before", UTCDateTime),  # it failed or has to be spared: nothing is sent to it earlier
    Column("tested_at", UTCDateTime),  # when it was last tried with a test
    Column("test_took", Float),  # seconds until the answer
    Column("test_answer", Text),  # what the other side said to it
    _unique_while(column("removed_at").is_(None), "owner_id", "name"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    _owner(),  # that of its topic and its channel
    _reference("topic_id", "topics.id"),
    _reference("channel_id", "channels.id"),
    Column("rhythm", Text, nullable=False),  # immediately, grouped 15m, daily 08:00, weekly monday 08:00
    Column("zone", Text),  # of these hours and the quiet ones; empty is UTC
    Column("quiet", Text),  # 22:00-07:00: what is due then waits
    Column("cap", Integer),  # messages an hour at most; empty is no limit
    Column("canary", Integer),  # set: minutes between two proofs of the whole chain
    Column("created_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),  # its alerts stay as a record
    Column("paused_until", UTCDateTime),  # it is not told of what is seen before; empty is never paused
    Column("events", Text),  # words: published, edited, withdrawn, restored; empty is published
    _unique_while(column("ended_at").is_(None), "topic_id", "channel_id"),
)

users = Table(
    "users",
    metadata,
    _id(),  # that of `owner_id`; the first row is the owner's, and there before anybody has got it
    Column("name", Text),  # empty: the owner's, while nobody has been added
    Column("key", Text),  # the name as it is compared: NFKC, without case
    Column("role", Text, nullable=False),  # owner, editor, reader
    Column("password", Text),  # argon2id, with its salt and parameters; empty: he cannot sign in
    Column("created_at", UTCDateTime, nullable=False),
    Column("removed_at", UTCDateTime),  # the id is never given to anybody else
    Column("zone", Text, nullable=False, server_default="UTC"),  # how he wants the pages
    Column("theme", Text),  # light, dark; empty: as the system has it
    Column("language", Text),  # empty: as the browser asks
    Column("keys", Boolean, nullable=False, server_default=true()),
    Column("today", Text, nullable=False, server_default="topic"),  # how the first page is ordered
    Column("live", Boolean, nullable=False, server_default=true()),
    _unique_while(column("removed_at").is_(None), "key"),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the secret in the link
    Column("role", Text, nullable=False),
    Column("user_id", Integer, ForeignKey("users.id")),  # who sets another password; empty: somebody new
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    Column("mail", Text),  # the address that somebody new has in the directory; empty: whoever has the link
)

identities = Table(
    "identities",
    metadata,
    # who a user is to a directory: to its issuer, by what never changes there
    _id(),
    _reference("user_id", "users.id"),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("linked_at", UTCDateTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
    Index(None, "user_id"),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the secret that the browser has
    Column("begun_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("agent", Text),  # what the browser says it is
    Column("address", Text),  # from where it signed in
    Index(None, "user_id"),
)

tokens = Table(
    "tokens",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    Column("name", Text, nullable=False),  # the program's
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the secret that the program has
    Column("scopes", Text, nullable=False),  # words: feeds, metrics, read, write
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    Column("revoked_at", UTCDateTime),
    _unique_while(column("revoked_at").is_(None), "user_id", "name"),
)

audit = Table(
    "audit",
    metadata,
    # what was done to accounts; only added to
    _id(),
    Column("at", UTCDateTime, nullable=False),
    _reference("user_id", "users.id"),  # who did it
    Column("face", Text, nullable=False),  # command line, pages, api
    Column("deed", Text, nullable=False),  # `types.Deed`
    Column("of", Text, nullable=False),  # the user it was done to, by his name of then
    Column("detail", Text, nullable=False),
)

# -- what people read and keep ----------------------------------------------------------------------------------------

reads = Table(
    "reads",
    metadata,
    # what somebody has marked as read
    Column("owner_id", Integer, primary_key=True, autoincrement=False),
    _reference("item_id", "items.id", primary_key=True),
    Column("number", Integer, nullable=False),  # the version that was current then
    Column("read_at", UTCDateTime, nullable=False),
)

kept = Table(
    "kept",
    metadata,
    # a statement that somebody wants to find again, and why; taken away when he lets it go
    _id(),
    _owner(),
    _reference("item_id", "items.id"),
    Column("note", Text, nullable=False),
    Column("kept_at", UTCDateTime, nullable=False),
    UniqueConstraint("owner_id", "item_id"),
)

collections = Table(
    "collections",
    metadata,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("shared", Boolean, nullable=False),  # everybody who may sign in reads it, with the notes of its owner
    Column("created_at", UTCDateTime, nullable=False),
    Column("removed_at", UTCDateTime),
    _unique_while(column("removed_at").is_(None), "owner_id", "name"),
)

collected = Table(
    "collected",
    metadata,
    # which of its owner's kept statements a collection has
    _reference("collection_id", "collections.id", primary_key=True),
    _reference("kept_id", "kept.id", primary_key=True),
    Index(None, "kept_id"),
)

# -- from statements to people ---------------------------------------------------------------------------------------

matches = Table(
    "matches",
    metadata,
    _id(),
    _reference("version_id", "versions.id"),
    _reference("topic_id", "topics.id"),
    Column("hits", JSON, nullable=False),  # which clause, which words, where
    Column("matched_at", UTCDateTime, nullable=False),
    UniqueConstraint("version_id", "topic_id"),
    Index(None, "topic_id", "id"),
)

changes = Table(
    "changes",
    metadata,
    # what an edit did to a topic's statement
    _id(),
    _reference("version_id", "versions.id"),  # the later one, compared with the one before
    _reference("topic_id", "topics.id"),
    Column("became", Text, nullable=False),  # met: it did not before; unmet: it does no more; kept: it did and does
    Column("sentences", JSON, nullable=False),  # those with what met the topic, as they stood before and stand after
    Column("noted_at", UTCDateTime, nullable=False),
    UniqueConstraint("version_id", "topic_id"),
)

alerts = Table(
    "alerts",
    metadata,
    _id(),
    _reference("subscription_id", "subscriptions.id"),
    _reference("story_id", "items.id"),
    _reference("match_id", "matches.id"),
    _reference("channel_id", "channels.id"),
    Column("state", Text, nullable=False),  # pending, sent, failed, dead
    Column("attempts", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),  # not before
    Column("sent_at", UTCDateTime),
    Column("last_error", Text, nullable=False),
    Column("lease_owner", Text),  # the delivery that is sending it, and until when nobody else may
    Column("lease_until", UTCDateTime),
    Column("batch", Integer),  # the delivery that may have sent it: it is sent again with the same neighbours
    Column("event", Text, nullable=False, server_default="published"),  # what it tells of, `types.AlertEvent`
    Column("occasion", Integer, nullable=False, server_default="0"),  # which of them: the version; 0 is published
    _reference("change_id", "changes.id", nullable=True),  # what the version that it tells of did to the topic
    # one alert for each thing that happens to a story, whatever else does
    UniqueConstraint("subscription_id", "story_id", "event", "occasion"),
    _index_while(column("sent_at").is_(None), "due_at"),
    _index_while(column("sent_at").is_(None), "channel_id", "due_at"),
    _index_while(column("lease_owner").is_not(None), "lease_owner"),
    Index(None, "subscription_id", "sent_at"),  # how many messages it got within the hour
)

mentions = Table(
    "mentions",
    metadata,
    # a further statement of a story that was announced, such as its edition in another language: no alert of its own
    _id(),
    _reference("alert_id", "alerts.id"),
    _reference("version_id", "versions.id"),
    Column("created_at", UTCDateTime, nullable=False),
    Column("told_at", UTCDateTime),  # empty: the channel's next message says so
    UniqueConstraint("alert_id", "version_id"),
    _index_while(column("told_at").is_(None), "alert_id"),
)

buckets = Table(
    "buckets",
    metadata,
    # how much a service may still be sent, for all processes: `notify.channels.rate_limits` has the services' limits
    Column("name", Text, primary_key=True),  # the service and a fingerprint of the account or chat
    Column("full_at", UTCDateTime, nullable=False),  # when all that was taken out of it will have come back
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _reference("channel_id", "channels.id"),
    Column("token", Text, nullable=False, unique=True),  # the lease it holds
    Column("started_at", UTCDateTime, nullable=False),  # written before anything is sent
    Column("finished_at", UTCDateTime),  # empty: under way, or the process died while sending
    Column("delivered", Boolean, nullable=False),
    Column("answer", Text, nullable=False),  # what the receiving side said
    _index_while(column("finished_at").is_(None), "id"),
)

delivery_alerts = Table(
    "delivery_alerts",
    metadata,
    _reference("delivery_id", "deliveries.id", primary_key=True),
    _reference("alert_id", "alerts.id", primary_key=True),
    Index(None, "alert_id"),
)


# -- nodes -------------------------------------------------------------------------------------------------------------

nodes = Table(
    "nodes",
    metadata,
    _id(),  # the fencing number: who joins has a higher one than all before
    Column("name", Text, nullable=False),  # host and process id, for people
    Column("owner", Text, nullable=False),  # the name under which it claims rows
    Column("roles", Text, nullable=False),  # words: crawl match deliver web
    Column("version", Text, nullable=False),
    Column("load", Integer, nullable=False),  # fetches and deliveries that wait or are under way
    Column("started_at", UTCDateTime, nullable=False),
    Column("beat_at", UTCDateTime, nullable=False),  # when it was last heard of, by the database's clock
    Column("ended_at", UTCDateTime),  # from then on it writes nothing
    Column("ended", Text),  # why
    Index(None, "owner", unique=True),
)

# -- the claim, as a value -------------------------------------------------------------------------------------------


_PUBLISHED = tuple(column.name for column in _published())


def published_columns(published: Published) -> dict[str, Any]:
    """The claim as the columns that several tables share."""
    return {
        "published_at": published.sort_key,
        "published_precision": published.precision,
        "published_day": published.day,
        "published_zone": published.zone,
        "published_text": published.text,
    }


def published_of(row: Row[Any], prefix: str = "") -> Published:
    """The claim that such columns hold; `prefix` is what a query put before their names."""
    at, precision, day, zone, text = (row._mapping[f"{prefix}{name}"] for name in _PUBLISHED)
    return Published(day=day, at=at if precision == Precision.MINUTE else None, zone=zone, text=text)

"""One frozen type per stage of a statement's way. Standard library only.

Times are aware UTC. Three clocks are never mixed: what the ministry claims (`Published`), when we first saw a
statement (`first_seen_at`), and when somebody was told (`finished_at` of a delivery).
"""

from storage.types.accounts import (
    UNKNOWN_BROWSER,
    Actor,
    Audited,
    Browser,
    Deed,
    Face,
    Invitation,
    NewToken,
    Preferences,
    Role,
    Scope,
    Session,
    Token,
    User,
)
from storage.types.alerts import Alert, AlertState, Became, ChangedSentence, Hit, Match, Mention, TopicChange
from storage.types.exchanges import Exchange
from storage.types.items import ArticleDraft, Decision, Item, Sighting, Stored, Version
from storage.types.moments import day_in_words, day_of_words, moment_in_words
from storage.types.nodes import EVERY_ROLE, NodeRecord, NodeRole
from storage.types.people import (
    SOLE_OWNER,
    WEEKDAYS,
    AlertEvent,
    Channel,
    ChannelHealth,
    ChannelReason,
    Rhythm,
    RhythmKind,
    SealedAddress,
    Subscription,
    Topic,
)
from storage.types.published import LONG_AGO, Precision, Published
from storage.types.reading import Article, Entry, Listing, Page
from storage.types.reasons import REMEDIES, Reason
from storage.types.sources import (
    ArticleSelectors,
    Habits,
    ListingSelectors,
    SearchForm,
    Shape,
    Source,
    SourceSpec,
    TransportExceptions,
)
from storage.types.validators import FORGOTTEN, Validators

__all__ = [
    "EVERY_ROLE",
    "FORGOTTEN",
    "LONG_AGO",
    "REMEDIES",
    "SOLE_OWNER",
    "UNKNOWN_BROWSER",
    "WEEKDAYS",
    "Actor",
    "Alert",
    "AlertEvent",
    "AlertState",
    "Article",
    "ArticleDraft",
    "ArticleSelectors",
    "Audited",
    "Became",
    "Browser",
    "ChangedSentence",
    "Channel",
    "ChannelHealth",
    "ChannelReason",
    "Decision",
    "Deed",
    "Entry",
    "Exchange",
    "Face",
    "Habits",
    "Hit",
    "Invitation",
    "Item",
    "Listing",
    "ListingSelectors",
    "Match",
    "Mention",
    "NewToken",
    "NodeRecord",
    "NodeRole",
    "Page",
    "Precision",
    "Preferences",
    "Published",
    "Reason",
    "Rhythm",
    "RhythmKind",
    "Role",
    "Scope",
    "SealedAddress",
    "SearchForm",
    "Session",
    "Shape",
    "Sighting",
    "Source",
    "SourceSpec",
    "Stored",
    "Subscription",
    "Token",
    "Topic",
    "TopicChange",
    "TransportExceptions",
    "User",
    "Validators",
    "Version",
    "day_in_words",
    "day_of_words",
    "moment_in_words",
]

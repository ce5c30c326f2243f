"""Users, their sessions and tokens, and what was done to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do, the most first. Which page or call that is, the faces' policy says."""

    OWNER = "owner"
    """All, users too."""
    EDITOR = "editor"
    """Sources, and topics, channels and subscriptions of his own."""
    READER = "reader"
    """Read and search; topics, channels and subscriptions of his own."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a user wants the pages."""

    zone: str = "UTC"
    """IANA: what times are shown in."""
    theme: str = ""
    """`light`, `dark`, or as the system has it."""
    language: str = ""
    """Of the interface; as the browser asks where it is empty."""
    keys: bool = True
    """Whether single keys do something (WCAG 2.2, 2.1.4)."""
    today: str = "topic"
    """How the first page opens: by `topic`, `country` or `time`."""
    live: bool = True
    """Whether it says by itself that there is something new."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in once he has a password."""

    id: int
    name: str
    role: Role
    has_password: bool
    created_at: datetime
    preferences: Preferences = Preferences()


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that works once: for a new user in this role, or for the one who sets another password."""

    id: int
    role: Role
    user_id: int | None
    created_at: datetime
    expires_at: datetime
    mail: str = ""
    """The address that somebody new has in the directory; empty: whoever has the link."""


@dataclass(frozen=True, slots=True)
class Browser:
    """With what somebody signs in, so that he knows his own again."""

    agent: str = ""
    """What it says it is."""
    address: str = ""
    """The IP address that it asks from."""


UNKNOWN_BROWSER = Browser()


@dataclass(frozen=True, slots=True)
class Session:
    """That a user signed in, somewhere, and how long this holds."""

    id: int
    user: User
    begun_at: datetime
    seen_at: datetime
    """When it was used last, to within some minutes."""
    expires_at: datetime
    browser: Browser = UNKNOWN_BROWSER


class Scope(StrEnum):
    """What a program may do with a token, each for itself."""

    READ = "read"
    """Ask what its user may see."""
    WRITE = "write"
    """Change what its user may change."""
    FEEDS = "feeds"
    """Fetch the feeds of its user's searches and topics, and nothing else."""
    METRICS = "metrics"
    """Measure how presswatch does, and nothing else. Its user has to be an owner."""


@dataclass(frozen=True, slots=True)
class Token:
    """By which a program is let in as a user. Its secret is known to whoever made it, and to nobody after that."""

    id: int
    user_id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    """When it was used last, to within some minutes."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made, with its secret: shown once, and stored nowhere."""

    token: Token
    secret: str = field(repr=False)


class Face(StrEnum):
    """Through which of our faces something was done."""

    COMMAND_LINE = "command line"
    PAGES = "pages"
    API = "api"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. At the command line it is the operator, who acts as the owner."""

    user_id: int
    face: Face


class Deed(StrEnum):
    """What was done to an account."""

    USER_ADDED = "user added"
    USER_INVITED = "user invited"
    INVITATION_WITHDRAWN = "invitation withdrawn"
    USER_REMOVED = "user removed"
    ROLE_CHANGED = "role changed"
    PASSWORD_CHANGED = "password changed"
    DIRECTORY_LINKED = "directory linked"
    TOKEN_ADDED = "token added"
    TOKEN_REVOKED = "token revoked"


@dataclass(frozen=True, slots=True)
class Audited:
    """A deed: who did it, through which face, to whom, and when."""

    id: int
    at: datetime
    by: str
    """The name of who did it, as it is now; empty before the first user has one."""
    face: Face
    deed: Deed
    of: str
    """The user it was done to, by the name of then."""
    detail: str = ""

"""Why a poll or a page gave what it gave, and what a person can do about it."""

from __future__ import annotations

from enum import StrEnum


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


REMEDIES = {
    Reason.EMPTY: "look at the page in a browser; see what is read from it with: presswatch sources check",
    Reason.DRIFTED: "look at the page in a browser; see what is read otherwise with: presswatch sources check",
    Reason.CHALLENGE: "the site wants to see a browser; it is asked again, more slowly",
    Reason.LOGIN: "the section now asks for a password; find another one with: presswatch sources add",
    Reason.SOFT_404: "the section has gone; find its new address and add it with: presswatch sources add",
    Reason.MOVED: "look at the new address; if it is the section, add it with: presswatch sources add",
    Reason.SILENT: "look at the page in a browser; if the ministry is only quiet, there is nothing to do",
    Reason.BLOCKED: "the site refuses us; it is asked again, more slowly",
    Reason.GONE: "the section has moved; find its new address and add it with: presswatch sources add",
    Reason.SERVER_ERROR: "the site is in trouble; it is asked again",
    Reason.THROTTLED: "the site asks for more time; it gets it",
    Reason.UNREACHABLE: "check the network and the address; it is asked again",
    Reason.TIMEOUT: "the site is slow; it is asked again",
    Reason.TLS: "look at it in a browser; if you trust it all the same, give the source an exception",
    Reason.ROBOTS: "the site does not want to be read by programs; ask its owner",
    Reason.REFUSED: "if you trust it, allow it by name with PRESSWATCH_ALLOW_ADDRESSES",
    Reason.REDIRECTS: "check the address in a browser",
    Reason.TOO_LARGE: "check the address in a browser",
    Reason.NOT_A_FEED: "find the feed's new address from the section's page with: presswatch sources add",
    Reason.NO_BROWSER: "its pages need a browser; see how to get one with: presswatch sources enable",
    Reason.UNREADABLE: "look at the page in a browser; see what is read from it with: presswatch sources check",
    Reason.STORAGE: "see the fault of the storage",
}
"""What a person can do about each reason; `storage.errors.as_called` names the program in it as he calls it."""

"""What went wrong with a request, as a reason code and a sentence. Pure."""

from __future__ import annotations

import errno
import gzip
import zlib
from collections.abc import Iterator

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, SSLError
from twisted.web.client import ResponseFailed

from crawler.fetching.browser import BrowserMissing
from crawler.fetching.transport import HeadTooLarge
from crawler.middlewares.guard import AddressIgnored, AuthorityUnusable, DowngradeRefused
from crawler.middlewares.pace import HostPaused
from crawler.middlewares.robots import RobotsRefused
from storage.types import REMEDIES as REMEDIES
from storage.types import Reason

MISTAKES = (AssertionError, AttributeError, NameError, TypeError)
"""What no site can bring about: a request that ends so has met a mistake of ours."""


def of_status(status: int) -> Reason:
    """The reason code of an HTTP status (RFC 9110, section 15)."""
    if status in (200, 203):
        return Reason.OK
    if status == 304:
        return Reason.UNCHANGED
    if status == 429:
        return Reason.THROTTLED
    if status in (404, 410):
        return Reason.GONE
    if status >= 500:
        return Reason.SERVER_ERROR
    return Reason.REDIRECTS if 300 <= status < 400 else Reason.BLOCKED


_KINDS: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (RobotsRefused, Reason.ROBOTS, ""),
    (BrowserMissing, Reason.NO_BROWSER, ""),
    (DowngradeRefused, Reason.TLS, ""),
    (AuthorityUnusable, Reason.TLS, ""),
    (HostPaused, Reason.THROTTLED, ""),
    (AddressIgnored, Reason.REFUSED, ""),
    (UnsupportedURLSchemeError, Reason.REFUSED, "it leads to an address that is not http or https"),
    (NotSupported, Reason.REFUSED, "it leads to an address that is not http or https"),
    (CannotResolveHostError, Reason.UNREACHABLE, "its name cannot be resolved"),
    (DownloadConnectionRefusedError, Reason.UNREACHABLE, "the connection was refused"),
    (DownloadTimeoutError, Reason.TIMEOUT, "no complete answer in time"),
    (DownloadCancelledError, Reason.TOO_LARGE, "the answer is larger than is read"),
    (ResponseDataLossError, Reason.UNREACHABLE, "the answer broke off"),
)
"""What an exception of each kind says, and in which words where its own would say too little."""


_COMPRESSIONS = frozenset({"brotli", "_brotli", "brotlicffi", "zstd", "_zstd"})
"""Modules whose exceptions say that bytes are damaged; which of them there are depends on the Python."""


def of_failure(failure: BaseException) -> tuple[Reason, str]:
    """The reason code of a request that brought no answer, and what happened."""
    for kind, reason, words in _KINDS:
        if isinstance(failure, kind):
            return reason, words or str(failure)
    if isinstance(failure, ConnectError) and getattr(failure, "osError", None) == errno.EACCES:
        return Reason.REFUSED, "its name leads to a private, loopback or otherwise special address"
    if isinstance(failure, ValueError):  # Scrapy makes a request of what a redirect says, and cannot
        return Reason.REFUSED, f"it leads to an address that cannot be ({_words(failure)})"
    if _is_damage(failure):
        return Reason.UNREACHABLE, "the answer is compressed, and damaged"
    if isinstance(failure, IgnoreRequest) and "redirect" in str(failure):
        return Reason.REDIRECTS, "more than five redirects"
    if isinstance(failure, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(failure):
        return Reason.TOO_LARGE, "the answer is larger than is read once it is unpacked"
    return _by_its_causes(failure)


def _is_damage(failure: BaseException) -> bool:
    """Whether it is what a decompressor says of bytes that it cannot read."""
    return isinstance(failure, EOFError | gzip.BadGzipFile | zlib.error) or (
        type(failure).__module__.rpartition(".")[2] in _COMPRESSIONS
    )


def _by_its_causes(failure: BaseException) -> tuple[Reason, str]:
    if isinstance(failure, SSLError):
        return Reason.TLS, _words(failure)
    if oversized := next((cause for cause in _causes(failure) if isinstance(cause, HeadTooLarge)), None):
        return Reason.TOO_LARGE, str(oversized)
    if _is_tls(failure):
        return Reason.TLS, "its certificate could not be verified"
    return Reason.UNREACHABLE, _words(failure)


def _is_tls(failure: BaseException) -> bool:
    kinds = {f"{type(cause).__module__}.{type(cause).__name__}" for cause in _causes(failure)}
    return any("SSL" in kind or kind.startswith("service_identity.") for kind in kinds) or (
        "certificate verify failed" in str(failure)
    )


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure and what lies behind it: Scrapy wraps Twisted's, and Twisted keeps its own in `reasons`."""
    yield failure
    inner = list(failure.reasons) if isinstance(failure, ResponseFailed) else [failure.__cause__]
    for cause in inner:
        value = getattr(cause, "value", cause)
        if isinstance(value, BaseException):
            yield from _causes(value)


def _words(failure: BaseException) -> str:
    """What a person can make of it: Twisted's own words for an answer that it cannot read are those of its objects."""
    if "twisted.python.failure" in str(failure):
        causes = [cause for cause in _causes(failure) if "twisted.python.failure" not in str(cause)]
        if any(isinstance(cause, ConnectionDone | ConnectionLost) for cause in causes):
            return "the connection was closed before the answer was complete"
        kinds = ", ".join(dict.fromkeys(f"{type(cause).__name__}: {cause}".strip(": ") for cause in causes))
        return f"its answer is no HTTP that can be read ({kinds})"[:200] if kinds else "its answer is no HTTP"
    return " ".join(str(failure).split())[:200] or type(failure).__name__

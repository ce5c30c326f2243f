"""How much each service may be sent: token buckets from the services' published limits. Pure.

A bucket is one instant: when all that was taken out of it will have come back (the "theoretical arrival time" of the
generic cell rate algorithm, ITU-T I.371). It lies in a row, so that all processes share it. In no stretch of a
limit's length more than its count leaves, however the messages before it were spread.

Where a service says more than this in an answer (429 with Retry-After), the answer wins: see `notify.rhythm`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages in `seconds`, of which `burst` more than one may leave at once."""

    count: int
    seconds: float
    burst: int = 0
    scope: str = "chat"
    """`chat`: of each address; `account`: of all addresses with the same token or host; `group`: as `chat`, but only
    where the address names a group."""

    @property
    def interval(self) -> timedelta:
        """After how long one message has come back."""
        return timedelta(seconds=self.seconds / (self.count - self.burst))


_PASSWORD = re.compile(r":[^@/]*@")


def buckets_of(address: str, limits: Sequence[Limit]) -> dict[str, Limit]:
    """The buckets out of which a message to this address is taken. Their names hold no secret of it."""
    scheme, _, rest = address.partition("://")
    whole = _PASSWORD.sub("@", rest.partition("?")[0].rstrip("/"))  # a password may be guessed from its fingerprint
    account, _, chat = whole.partition("/")
    named = {}
    for number, limit in enumerate(limits):
        if limit.scope == "group" and not unquote(chat).startswith(("-", "@")):
            continue
        what = account if limit.scope == "account" else whole
        named[f"{scheme.lower()}/{number}/{hashlib.sha256(what.encode()).hexdigest()[:16]}"] = limit
    return named


def allowed_at(limits: Mapping[str, Limit], full_at: Mapping[str, datetime], now: datetime) -> datetime:
    """From when on a message may leave: `now`, or later."""
    earliest = now
    for name, limit in limits.items():
        if name in full_at:
            earliest = max(earliest, _level(limit, full_at[name], now) - limit.interval * limit.burst)
    return earliest


def taken(limits: Mapping[str, Limit], full_at: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """The buckets after a message left at `at`."""
    return {name: max(at, _level(limit, full_at.get(name, at), at)) + limit.interval for name, limit in limits.items()}


def arrived(limits: Mapping[str, Limit], full_at: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """The buckets after the service answered at `at`: it may have counted the message only then."""
    levels = {name: _level(limit, full_at.get(name, at), at) for name, limit in limits.items()}
    return {name: max(levels[name], at + limit.interval) for name, limit in limits.items()}


def _level(limit: Limit, full_at: datetime, now: datetime) -> datetime:
    """When the bucket is full again: an empty one after its whole length, whatever a clock that was wrong has left."""
    return min(full_at, now + limit.interval * (limit.burst + 1))

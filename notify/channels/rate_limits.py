"""How much each service may be sent: token buckets from the services' published limits. Pure.

A bucket is one instant: when all that was taken out of it will have come back (the "theoretical arrival time" of the
generic cell rate algorithm, ITU-T I.371). It lies in a row, so that all processes share it. In no stretch of a
limit's length more than its count leaves, however the messages before it were spread.

Where a service says more than this in an answer (429 with Retry-After), the answer wins: see `notify.rhythm`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
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


_MATRIX = Limit(10, 50.0, burst=4)
_NTFY = Limit(60, 300.0, burst=20, scope="account")

LIMITS: Mapping[str, tuple[Limit, ...]] = {
    # core.telegram.org/bots/faq, "My bot is hitting limits": 1 a second in a chat, 20 a minute in a group, 30 a second
    "tgram": (Limit(1, 1.0), Limit(20, 60.0, burst=5, scope="group"), Limit(30, 1.0, burst=10, scope="account")),
    # docs.slack.dev/apis/web-api/rate-limits, "Posting messages": 1 a second, short bursts are suffered
    "slack": (Limit(1, 1.0),),
    # discord.com/developers/docs/topics/rate-limits: by headers, no figures published; seen of webhooks
    # (birdie0.github.io/discord-webhooks-guide, "Rate Limits"): 5 in 2 s, and 30 a minute
    "discord": (Limit(5, 2.0, burst=2), Limit(30, 60.0, burst=10)),
    # zulip.com/api/rest-error-handling: 200 a minute for a user by default
    "zulip": (Limit(200, 60.0, burst=50, scope="account"),),
    # developers.google.com/workspace/chat/limits, "Per-space quotas": 60 writes a minute in a space
    "gchat": (Limit(60, 60.0, burst=10), Limit(1, 1.0)),
    # learn.microsoft.com, "Create incoming webhooks": 4 a second; the same of an app for each channel
    "workflows": (Limit(4, 1.0, burst=1),),
    # docs.ntfy.sh/config, "Request limits": 60 requests at once, then one in 5 s, of a visitor
    "ntfy": (_NTFY,),
    "ntfys": (_NTFY,),
    # element-hq.github.io/synapse, configuration manual, rc_message: 0.2 a second, burst 10, of an account
    "matrix": (_MATRIX,),
    "matrixs": (_MATRIX,),
    # docs.rocket.chat/rate-limiter: 10 calls a minute
    "rocket": (Limit(10, 60.0, burst=3),),
    "rockets": (Limit(10, 60.0, burst=3),),
    # docs.mattermost.com, "Rate limiting configuration settings": 10 a second, burst 100, where it is on
    "mmost": (Limit(10, 1.0, burst=5),),
    "mmosts": (Limit(10, 1.0, burst=5),),
    # pushover.net/api, "Being Friendly to our API": 2 connections at a time; a pause keeps us below it
    "pover": (Limit(2, 1.0, burst=1, scope="account"),),
    # twilio.com/docs/api/errors/30001: a number of the USA sends 1 part of a message a second; the rest is queued there
    "twilio": (Limit(1, 1.0, scope="account"),),
    # docs.aws.amazon.com/ses, "Service quotas": 1 a second in the sandbox; outside it varies, and is told with a 454 or
    # a ThrottlingException
    "ses": (Limit(1, 1.0, scope="account"),),
    # developer.webex.com "Rate Limits": unpublished, by 429 and Retry-After; what others were seen to take
    "webex": (Limit(1, 1.0),),
    "wxteams": (Limit(1, 1.0),),
}
"""By the scheme of a channel's address. Services without an entry publish none: mail servers and web hooks say when it
is too much (421, 450, 454; 429)."""


_PASSWORD = re.compile(r":[^@/]*@")


def buckets_of(address: str) -> dict[str, Limit]:
    """The buckets out of which a message to this address is taken. Their names hold no secret of it."""
    scheme, _, rest = address.partition("://")
    whole = _PASSWORD.sub("@", rest.partition("?")[0].rstrip("/"))  # a password may be guessed from its fingerprint
    account, _, chat = whole.partition("/")
    named = {}
    for number, limit in enumerate(LIMITS.get(scheme.lower(), ())):
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
            earliest = max(earliest, full_at[name] - limit.interval * limit.burst)
    return earliest


def taken(limits: Mapping[str, Limit], full_at: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """The buckets after a message left at `at`."""
    return {name: max(at, full_at.get(name, at)) + limit.interval for name, limit in limits.items()}


def arrived(limits: Mapping[str, Limit], full_at: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """The buckets after the service answered at `at`: it may have counted the message only then."""
    return {name: max(full_at.get(name, at), at + limit.interval) for name, limit in limits.items()}

"""Which channel addresses are accepted, and how one is shown without its secrets.

Every address from outside is hostile. A parameter that is not listed here is refused: Apprise knows some that read
files of this machine. Which schemes are taken stands in `kinds.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from notify.channels import push_address, signatures
from notify.channels.apprise_services import recorded, service
from storage.connection_guard import AddressPolicy
from storage.errors import InvalidInputError

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase


@dataclass(frozen=True, slots=True)
class AddressRule:
    """What stands where a host stands in addresses of one kind."""

    hosted: bool
    """The host to connect to; else, at one service for all, it may be a token."""
    alone_a_topic: bool = False
    """A host with nothing behind it is a topic at the service's own host, as good as a password."""
    signed: bool = False
    """A secret in it signs what is sent."""
    pushed: bool = False
    """It leads to a browser, and has its keys."""


HOSTED = AddressRule(hosted=True)
SIGNED = AddressRule(hosted=True, signed=True)
PUSHED = AddressRule(hosted=True, pushed=True)
CLOUD = AddressRule(hosted=False)

_FILES = "it makes the service read a file of this machine"
REFUSED = {
    "attach": _FILES,
    "attach-as": _FILES,
    "filename": _FILES,
    "template": _FILES,
    "keyfile": _FILES,
    "subfile": _FILES,
    "pgp": _FILES,
    "pgpprv": _FILES,
    "pgppub": _FILES,
    "file_url": "presswatch sends no files",
    "blossom": "presswatch sends no files",
    "test": "it would report a success without a delivery",
    "cache": "presswatch keeps no files of services",
    "wkd": "it makes the service fetch keys from other hosts",
    "redirect": "a redirect would lose the message or lead it elsewhere",
    "retry": "presswatch tries again by itself, from its own records",
    "wait": "presswatch tries again by itself, from its own records",
    "optional": "it would report a failed delivery as a success",
    "overflow": "presswatch splits what is too long for a service by itself",
    "store": "presswatch keeps no files of services",
    "cto": "presswatch sets its own timeouts",
    "rto": "presswatch sets its own timeouts",
}
"""Parameters that are refused, with the reason."""
HARMLESS = frozenset({
    "access", "action", "actions", "ad", "album", "alert", "alerting_scenario", "alias", "api-version", "apikey",
    "app", "app_id", "app_token", "app_ver", "archive", "assignees", "auth", "autoverify", "avatar", "avatar_url",
    "badge", "batch", "bcc", "blocks", "border", "bot_id", "bot_token", "botname", "broadcast", "call", "campaign",
    "category", "cc", "channel", "channels", "class", "click", "client_id", "client_key", "color", "company",
    "content", "contents", "copy", "country", "critical", "critical_volume", "cycles", "decode", "dedup", "delay",
    "delete", "detect", "device", "discovery", "dither_kernel", "dither_type", "duration", "e2ee", "email", "emojis",
    "entity", "entity_id", "env", "event", "event_type", "exchange", "expire", "external_id", "failure", "fields",
    "filtering", "flags", "flair_id", "flair_text", "flash", "footer", "footer_logo", "format", "from", "gateway",
    "group", "gwid", "header", "hq", "href", "hsreq", "icon", "icon_type", "icon_url", "id", "image", "image_url",
    "info", "inline", "interval", "join", "key", "kind", "label", "labels", "lang", "language", "level", "link",
    "links", "location", "login", "mandatory", "master_key", "max_parts", "mdv", "media", "method", "modal", "mode",
    "msgtype", "name", "nick", "nid", "nsfw", "oauth_id", "oauth_secret", "option", "p256dh", "pa", "pass", "password",
    "path", "persistent", "ping", "platform", "policy", "powerautomate", "prefix", "preview", "priority", "profile",
    "project", "public_key", "purpose", "push_key", "qos", "query", "recipients", "ref", "refresh", "region", "relay",
    "replies", "reply", "reply_to", "resubmit", "retain", "route", "routeid", "routing_key", "savesent", "secret",
    "seed", "sender", "sensitive", "service", "session", "severity", "shared", "sid", "sig", "signature", "silent",
    "smtp", "sound", "source", "spi", "spoiler", "sptag", "status", "subtitle", "success", "tags", "task_key", "team",
    "team_wait", "thirdparty", "thread", "thread_name", "tid", "timeout", "timestamp", "to", "token", "topic",
    "topic_auth_token", "topic_code", "translit", "ttl", "tts", "type", "tz", "unicode", "urgency", "url",
    "url_label", "url_prefix", "url_title", "user", "validity", "ver", "verify", "version", "vhost", "vibration",
    "visibility", "voice", "volume", "warning", "webhook", "workspace", "wrap", "xtags",
})  # fmt: skip
"""Parameters that only choose what is sent, and to whom."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9]*)://(.*)", re.DOTALL)
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_HTTP_PORTS = {False: 80, True: 443}
EXAMPLES = "such as mailtos://user:password@example.org?to=you@example.org, tgram://TOKEN/CHAT or console"


def checked(scheme: str, rest: str, rule: AddressRule, policy: AddressPolicy) -> str:
    """The address of a scheme that is taken, and of what stands behind it, as it is to be stored.

    Raises `InvalidInputError` for a parameter that presswatch does not take and for what Apprise does not understand,
    `AddressRefusedError` for a host that the policy forbids. A name is not resolved here: where it leads to is checked
    when the connection opens.
    """
    if _CONTROL.search(unquote(rest).replace(" ", "")) or _CONTROL.search(rest):
        raise InvalidInputError(
            "the channel address holds blanks or control characters", mend="write a blank in it as %20"
        )
    address = f"{scheme}://{rest}"
    for name in _parameters(address):
        _check_parameter(name, scheme)
    with recorded():  # what Apprise has to say about the address holds its secrets
        instance = service(address)
    if instance is None:
        raise InvalidInputError(
            f"Apprise does not understand {masked(address, rule)}",
            mend=f"compare it with appriseit.com/services, {EXAMPLES}",
        )
    _check_host(instance, rule, policy)
    if rule.signed:
        signatures.key_of(address)
    if rule.pushed:
        push_address.browser_of(address)
        push_address.key_of(address)
    return address


def masked(address: str, rule: AddressRule) -> str:
    """The address as it may be shown and logged: scheme, host, and at most the last four characters of the rest.

    Apprise's own privacy address is not used: it shows headers and paths, and those hold tokens too.
    """
    found = _SCHEME.fullmatch(address.strip())
    if found is None:
        return "…"
    scheme, rest = found[1].lower(), found[2]
    host, tail = _host_and_tail(rest, rule)
    shown = tail[-4:] if len(tail) >= 16 else ""
    return f"{scheme}://{host}{'/' if host and tail else ''}{'…' if tail else ''}{shown}"


def without_secrets(text: str, address: str, rule: AddressRule) -> str:
    """The text without what stands in the address, except its host."""
    rest = address.partition("://")[2]
    host, _ = _host_and_tail(rest, rule)
    parts = {part for part in re.split(r"[/?&=@:;,]", rest) if len(part) >= 4 and part not in host}
    for part in sorted(parts | {unquote(part) for part in parts}, key=len, reverse=True):
        text = text.replace(part, "…")
    return text


def split(address: str) -> tuple[str, str]:
    """Its scheme in lower case and what stands behind `://`. Raises `InvalidInputError` for what is no address."""
    found = _SCHEME.fullmatch(address)
    if found is None:
        raise InvalidInputError("a channel address begins with the name of a service and ://", mend=EXAMPLES)
    return found[1].lower(), found[2]


def _parameters(address: str) -> list[str]:
    """The names of an address's parameters as Apprise itself reads them."""
    from apprise import URLBase

    parse: Callable[..., dict[str, Any] | None] = URLBase.parse_url
    parsed = parse(address, verify_host=False)
    return sorted(parsed["qsd"]) if parsed else []


def _check_parameter(name: str, scheme: str) -> None:
    if name[:1] in ("+", "-", ":") or name in HARMLESS:  # a header, a query parameter or a field of what is sent
        return
    reason = REFUSED.get(name, "presswatch does not know it")
    raise InvalidInputError(
        f"the parameter {name!r} of the {scheme}:// address is refused: {reason}",
        mend=f"remove {name}= from the address",
    )


def _check_host(instance: NotifyBase, rule: AddressRule, policy: AddressPolicy) -> None:
    """Where the address of a hosted service leads; of others, what looks like a host: theirs are tokens as a rule."""
    if getattr(instance, "mode", None) == "cloud":  # ntfy://topic names no host
        return
    if not rule.hosted and not re.search(r"[.:]|localhost", instance.host or ""):
        return
    host = getattr(instance, "smtp_host", "") or instance.host or ""
    policy.check_host(host, instance.port or _HTTP_PORTS[bool(instance.secure)])


def _host_and_tail(rest: str, rule: AddressRule) -> tuple[str, str]:
    """The host with its port, and what stands after it, of the part after `://`; user, password and query left out.

    The host is empty where the address has none to show: a token stands there, an ntfy topic, or what cannot be told
    from a password that was not percent-encoded.
    """
    whole = rest.partition("?")[0]
    authority, _, tail = whole.partition("/")
    host = authority.rpartition("@")[2]
    topic = rule.alone_a_topic and not tail
    unclear = "@" in tail and "@" not in authority
    if not rule.hosted or topic or unclear or not _HOST.fullmatch(host):
        return "", whole.rpartition("@")[2].strip("/")
    return host, tail.strip("/")

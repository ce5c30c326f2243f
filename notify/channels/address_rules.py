"""Which channel addresses are accepted, and how one is shown without its secrets.

Every address from outside is hostile. A scheme or a parameter that is not listed here is refused: Apprise knows
schemes that act on this machine (`syslog`, `dbus`) and parameters that read its files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from notify.channels.apprise_services import recorded, service
from notify.channels.schemes import HOSTED, MAIL, REFUSED_SCHEMES, SCHEMES
from storage.connection_guard import AddressPolicy
from storage.errors import InvalidInputError, KeyUnusableError
from storage.people.keyring import Keyring
from storage.types import SealedAddress

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

CONSOLE = "console"

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
    "msgtype", "name", "nick", "nid", "nsfw", "oauth_id", "oauth_secret", "option", "pa", "pass", "password", "path",
    "persistent", "ping", "platform", "policy", "powerautomate", "prefix", "preview", "priority", "profile",
    "project", "public_key", "purpose", "push_key", "qos", "recipients", "ref", "refresh", "region", "relay",
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
_USUAL = ("mailtos://", "tgram://", "slack://", "discord://", "matrixs://", "mmosts://", "ntfys://", "jsons://")
_HTTP_PORTS = {False: 80, True: 443}
_EXAMPLES = "such as mailtos://user:password@example.org?to=you@example.org, tgram://TOKEN/CHAT or console"


def check_channel_address(address: str, policy: AddressPolicy) -> str:
    """The address as it is to be stored: without blanks around it, its scheme in lower case.

    Raises `InvalidInputError` for a scheme or parameter that presswatch does not take and for what Apprise does not
    understand, `AddressRefusedError` for a host that the policy forbids. A name is not resolved here: where it leads
    to is checked when the connection opens.
    """
    address = address.strip()
    if address.lower() == CONSOLE:
        return CONSOLE
    scheme, rest = _split(address)
    if scheme not in SCHEMES:
        raise InvalidInputError(
            f"presswatch does not send to {scheme}://: {REFUSED_SCHEMES.get(scheme, 'it does not know it')}",
            mend=f"use one of: {CONSOLE}, {', '.join(_USUAL)}, or another one of docs/channels.md",
        )
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
            f"Apprise does not understand {masked(address)}",
            mend=f"compare it with appriseit.com/services, {_EXAMPLES}",
        )
    _check_host(instance, scheme, policy)
    return address


def masked(address: str) -> str:
    """The address as it may be shown and logged: scheme, host, and at most the last four characters of the rest.

    Apprise's own privacy address is not used: it shows headers and paths, and those hold tokens too.
    """
    if address == CONSOLE:
        return CONSOLE
    found = _SCHEME.fullmatch(address.strip())
    if found is None:
        return "…"
    scheme, rest = found[1].lower(), found[2]
    host, tail = _host_and_tail(scheme, rest)
    shown = tail[-4:] if len(tail) >= 16 else ""
    return f"{scheme}://{host}{'/' if host and tail else ''}{'…' if tail else ''}{shown}"


def shown(keyring: Keyring, address: SealedAddress) -> str:
    """A channel's address as it may be shown, or that no key opens it."""
    try:
        return masked(keyring.open(address))
    except KeyUnusableError:
        return "sealed, and its key is missing"


def without_secrets(text: str, address: str) -> str:
    """The text without what stands in the address, except its host."""
    scheme, _, rest = address.partition("://")
    host, _ = _host_and_tail(scheme, rest)
    parts = {part for part in re.split(r"[/?&=@:;,]", rest) if len(part) >= 4 and part not in host}
    for part in sorted(parts | {unquote(part) for part in parts}, key=len, reverse=True):
        text = text.replace(part, "…")
    return text


def _split(address: str) -> tuple[str, str]:
    found = _SCHEME.fullmatch(address)
    if found is None:
        raise InvalidInputError("a channel address begins with the name of a service and ://", mend=_EXAMPLES)
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


def _check_host(instance: NotifyBase, scheme: str, policy: AddressPolicy) -> None:
    """Where the address of a hosted service leads; of others, what looks like a host: theirs are tokens as a rule."""
    if getattr(instance, "mode", None) == "cloud":  # ntfy://topic names no host
        return
    if scheme not in HOSTED and not re.search(r"[.:]|localhost", instance.host or ""):
        return
    host = (getattr(instance, "smtp_host", "") or instance.host or "") if scheme in MAIL else instance.host or ""
    policy.check_host(host, instance.port or _HTTP_PORTS[bool(instance.secure)])


def _host_and_tail(scheme: str, rest: str) -> tuple[str, str]:
    """The host with its port, and what stands after it, of the part after `://`; user, password and query left out.

    The host is empty where the address has none to show: a token stands there, an ntfy topic, or what cannot be told
    from a password that was not percent-encoded.
    """
    whole = rest.partition("?")[0]
    authority, _, tail = whole.partition("/")
    host = authority.rpartition("@")[2]
    topic = scheme.startswith("ntfy") and not tail
    unclear = "@" in tail and "@" not in authority
    if scheme not in HOSTED or topic or unclear or not _HOST.fullmatch(host):
        return "", whole.rpartition("@")[2].strip("/")
    return host, tail.strip("/")

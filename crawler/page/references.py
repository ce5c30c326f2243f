"""References as people type them -> as they were meant: what browsers and other readers mend, mended. Pure.

Only what cannot be meant as it stands is touched: a whole address with both slashes stays as it is.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit, urlunsplit

_TIDY = re.compile(r"https?://(?!https?/)[\w.-]+(?::\d+)?/(?!/*h?ttps?:)[^\s\\\"'<>#]*", re.ASCII)
_AROUND = " \t\r\n\"'<>\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BROKEN_LINE = re.compile(r"[ \t]*[\r\n]\s*|\t")
_ENCODED = re.compile(r"https?%3a%2f%2f[^/?#]*", re.IGNORECASE)
_SCHEME = re.compile(r"(h{0,2}t{1,3}p(s?))\s*(?:[:;]\s*(/*)|(//+))\s*(?=[^/\s])", re.IGNORECASE)
"""`http`, one letter of it missing or twice, with its colon and slashes or what is left of them."""
_AGAIN = re.compile(r"https?:/*[^/?#]*?(?=https?(?::/*|//+)[^/])", re.IGNORECASE)
"""What stands before a second scheme in the place of the host."""
_WITHIN = re.compile(r"(?:https?://(?P<outer>[^/?#]+))?/+(?P<address>https?:/+(?P<inner>[^/?#]+).*)", re.IGNORECASE)
_HOST = re.compile(r"([\w-]++(?:\.[\w-]++)++)(?::\d+)?(?=[/?#]|$)")
_FILE = re.compile(r"\.(?:x?html?|php\d?|aspx?|jspx?|cgi|pdf|xml|json|txt|do|docx?)$", re.IGNORECASE)


def mended(base: str, reference: str) -> str:
    """What a reference on the page `base` was meant to be. References without a mistake come back as they are.

    1. Quotation marks, brackets and unseen characters around it go, and a line break with the blanks beside it.
    2. Backslashes are slashes, one or three of them after a scheme are two (WHATWG URL, 4.4), a letter of the scheme
    that is missing or twice is mended. 3. Of two schemes, or two addresses of one host, the last counts.
    4. What begins with the page's own host, a part of it, or `www.` lacks its scheme.
    """
    if _TIDY.fullmatch(reference):
        return reference
    reference = _BROKEN_LINE.sub("", reference.strip(_AROUND))
    if whole := _ENCODED.match(reference):
        reference = unquote(whole[0]) + reference[whole.end() :] if "/" in reference else unquote(reference)
    reference = _with_slashes(reference)
    here = _host(base)
    reference = _with_scheme(reference, here)
    while again := _AGAIN.match(reference):
        reference = _with_scheme(reference[again.end() :], here)
    within = _WITHIN.fullmatch(reference)
    if within and _bare(within["inner"]) in (_bare(within["outer"] or here), _bare(here)):
        reference = _with_scheme(within["address"], here)
    return reference


def is_of_own_machine(address: str) -> bool:
    """Whether an address names a machine that only its own network reaches: a site's template was made there."""
    host = _host(address)
    if host == "localhost" or host.endswith((".localhost", ".local", ".localdomain", ".lan", ".internal", ".intranet")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return bool(host) and "." not in host  # `web01`: no such name stands in the DNS


def reachable(addresses: Iterable[str], base: str) -> str | None:
    """The first address that leads beyond the site's own machine; else the first one, at the host of `base`."""
    own = None
    for address in addresses:
        if not is_of_own_machine(address) or is_of_own_machine(base):
            return address
        own = own or _at_host_of(base, address)
    return own


def _at_host_of(base: str, address: str) -> str:
    """The address at the host, and under the scheme, of another one."""
    place, parts = urlsplit(base), urlsplit(address)
    return urlunsplit((place.scheme, place.netloc, *parts[2:]))


def _with_slashes(reference: str) -> str:
    """The reference with slashes where it has backslashes before its query."""
    if "\\" not in reference:
        return reference
    end = min((place for mark in "?#" if (place := reference.find(mark)) >= 0), default=len(reference))
    return reference[:end].replace("\\", "/") + reference[end:]


def _with_scheme(reference: str, here: str) -> str:
    if scheme := _SCHEME.match(reference):
        rest = reference[scheme.end() :]
        if len(scheme[3] or scheme[4] or "") >= 2 or _is_host(rest):
            return f"http{scheme[2].lower()}://{rest}"
        return reference
    if reference.startswith("///"):
        rest = reference.lstrip("/")
        return f"//{rest}" if _is_host(rest) else f"/{rest}"
    first = _HOST.match(reference)
    return f"//{reference}" if first and _is_near(first[1].lower(), here) else reference


def _is_host(rest: str) -> bool:
    """Whether a text begins with the name of a host, and not with that of a file."""
    first = _HOST.match(rest)
    return first is not None and not _FILE.search(first[1])


def _is_near(host: str, here: str) -> bool:
    """Whether a name is that of the page's own host, of one above or below it, or of any host by its `www.`."""
    if host.startswith("www."):
        return True
    return bool(here) and (host == _bare(here) or host.endswith(f".{_bare(here)}") or here.endswith(f".{host}"))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""

"""Which statement is this, and is it news? Pure; standard library only.

Identity is the canonical address. A title is not an identity: ministries publish "Spokesperson's briefing" every
week. Two addresses are the same only where the difference cannot change what a server answers.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from storage.tracking import less_sessions, less_tracking
from storage.types import Article, Decision

_DEFAULT_PORTS = {"http": 80, "https": 443}

_SAFE_PATH = "/:@!$&'()*+,;=-._~%"
_SAFE_QUERY = _SAFE_PATH + "?"
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+", re.IGNORECASE)


@lru_cache(maxsize=4_000)  # the same addresses come with every poll
def canonical(address: str) -> str:
    """The canonical form of an http or https address: the same statement gives the same address.

    Scheme and host in lower case, the host in ASCII (IDNA), no default port, no user, no tracking parameter, no
    `;jsessionid`, no fragment but a route (`#!/news/1`, `#/news/1`), dots in the path resolved, ampersands unescaped,
    blanks and non-ASCII characters percent-encoded as UTF-8. Scheme, the order of the other parameters and a trailing
    slash stay as the site uses them: this is the address to fetch and to show. Idempotent. Raises `ValueError` for
    anything that is not an absolute http or https address.

    Source: RFC 3986, section 6.2.2 and 6.2.3.
    """
    typed = "".join(char for char in address.strip() if char not in "\t\r\n")
    parts = urlsplit(_ESCAPED_AMPERSAND.sub("&", typed))
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an absolute http or https address: {address!r}")
    host = host_name(parts.hostname)
    port = parts.port
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _without_dots(less_sessions(_encode(parts.path, _SAFE_PATH))) or "/"
    route = _route(path, parts.fragment)
    query = less_tracking(_encode(parts.query, _SAFE_QUERY), route or path)
    return urlunsplit((scheme, netloc, path, query, route))


def identity_key(address: str) -> str:
    """What two addresses of one statement have in common: the canonical address less what servers treat alike.

    That is the scheme (http or https), a trailing slash, the order of parameters, and whether a blank among them is
    written as a plus. Raises `ValueError` as `canonical` does.
    """
    parts = urlsplit(canonical(address))
    query = "&".join(sorted(parts.query.replace("+", "%20").split("&")))
    route = parts.fragment.removeprefix("!").rstrip("/")
    return f"{parts.netloc}{parts.path.rstrip('/')}" + (f"?{query}" if query else "") + (f"#{route}" if route else "")


SUCCEEDED = "until "
"""What the part of a statement begins with whose address is another's by now, in the key of its item."""


def statement_key(address: str, part: str = "") -> str:
    """The key of a statement: the identity of its address, and what tells it from others there (`sources.keys`).

    The newest statement at an address that is used again has the address's own. Raises `ValueError` as `canonical`.
    """
    key = identity_key(address)
    return key if not part or part.startswith(("@", "~")) else f"{key} {part}"


def base_of(key: str) -> str:
    """The identity of the address in a key."""
    return key.partition(" ")[0]


def part_of(key: str) -> str:
    """What in a key tells its statement from others at the same address."""
    return key.partition(" ")[2]


_LANGUAGES = frozenset(
    (
        "en", "ru", "be", "uk", "ua", "kk", "kz", "ky", "kg", "tg", "tj", "hy", "am", "uz", "az", "ka", "ge", "pl",
        "de", "fr", "es", "pt", "it", "tr", "sv", "zh", "ja", "ar", "fa", "lt", "lv", "et", "eng", "rus",
    )
)  # fmt: skip
_IDENTIFIER = re.compile(r"\d{5,}|[0-9a-f]{8,}", re.IGNORECASE)
"""What no two statements share by chance; small numbers are counted in each language apart."""


def edition_key(address: str) -> str:
    """What the addresses of a statement's language editions have in common, if nothing but the language differs.

    `en.site.example/news/80912`, `site.example/ru/news/80912`: less a host's label or a part of the path that is a
    language. Nothing where no identifier is left. Raises `ValueError` as `canonical` does.
    """
    host, _, path = identity_key(address).partition("/")
    label, _, rest = host.partition(".")
    segments = path.split("/")
    places = [number for number, segment in enumerate(segments[:2]) if segment in _LANGUAGES]
    kept = [segment for number, segment in enumerate(segments) if number not in places[:1]]
    if not kept or not _IDENTIFIER.search(kept[-1]):
        return ""
    bare = rest if "." in rest and (label == "www" or label in _LANGUAGES) else host
    return f"~{bare}/{'/'.join(kept)}"


_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
_LONGEST_LABEL, _LONGEST_NAME = 63, 253
"""Characters of a label, and of a name without its last dot (RFC 1035, 2.3.4; the limit of 255 counts lengths too)."""


@lru_cache(maxsize=10_000)
def host_name(host: str) -> str:
    """The host as the DNS has it: in ASCII (IDNA), in lower case, without a last dot; an IPv6 address in brackets.

    Raises `ValueError`, which says why, for what no host can be called: resolvers refuse such a name late, if at all.

    Source: RFC 1035, 2.3.4; the "forbidden domain code points" of the WHATWG URL Standard, 3.1.
    """
    if ":" in host:
        return f"[{host.strip('[]').lower()}]"
    try:
        name = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError as error:
        raise ValueError(f"no host can be called {host[:80]!r}: {error}") from error
    name = name.removesuffix(".").lower()
    labels = name.split(".")
    if not all(labels):
        raise ValueError(f"no host can be called {host[:80]!r}: a part of its name is empty")
    if len(name) > _LONGEST_NAME or max(map(len, labels)) > _LONGEST_LABEL:
        raise ValueError(f"no host can be called {host[:80]!r}: its name is too long")
    if found := _FORBIDDEN_IN_HOST.search(name):
        raise ValueError(f"no host can be called {host[:80]!r}: {found[0]!r} stands in its name")
    return name


def _encode(text: str, safe: str) -> str:
    """Percent-encode what has to be, decode what need not be encoded (RFC 3986, 6.2.2.2), digits in upper case."""

    def normal(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else f"%{found[1].upper()}"

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(re.sub(r"%([0-9A-Fa-f]{2})", normal, text), safe=safe, errors="replace")


def _route(path: str, fragment: str) -> str:
    """The fragment, if by it a page of one script tells its statements apart: `!/news/1`, `/news/1`.

    Where the path names a statement already, a route that names nothing is a place on its page: `#/comments`.
    """
    if not fragment.startswith(("!", "/")):
        return ""
    route, mark, query = _encode(fragment, _SAFE_QUERY).partition("?")
    query = less_tracking(query, route)
    has_words = re.search(r"\w", route) is not None
    if not (has_words or query) or (_names_statement(path) and not (has_words and _names_statement(route + query))):
        return ""
    return route + (mark + query if query else "")


def _names_statement(path: str) -> bool:
    return re.search(r"\d|-[^/]*-", path) is not None


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` segments (RFC 3986, 5.2.4)."""
    if "." not in path:
        return path
    output: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(output) > 1:
                output.pop()
        elif segment != ".":
            output.append(segment)
    if segments[-1] in (".", ".."):
        output.append("")
    return "/".join(output)


def fingerprint(title: str, body: str) -> str:
    """What a statement says, as 32 hexadecimal digits.

    Differences that no reader sees do not count: white space, Unicode composition, soft hyphens and zero-width
    characters, and the kinds of quotation marks, dashes and ellipses that editors' tools swap.
    """
    text = "\n".join(" ".join(_seen(part).split()) for part in (title, body))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _seen(text: str) -> str:
    """The text less what no reader sees. NFC, not NFKC: whoever reads `10²` does not read `102`."""
    # A pattern, because `str.translate` takes twenty times as long for a text that is not ASCII.
    return unicodedata.normalize("NFC", _UNSEEN_CHARACTER.sub(lambda found: _UNSEEN[found[0]], text))


_UNSEEN = {
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("«»„“”‟", '"'),
    **dict.fromkeys("‘’‚‛ʼ", "'"),
    **dict.fromkeys("‐‑‒–—―", "-"),
    "…": "...",
}
_UNSEEN_CHARACTER = re.compile(f"[{''.join(_UNSEEN)}]")


def decide(known_fingerprint: str | None, article: Article) -> Decision:
    """What an article means, given the fingerprint of the item's current version, or None for an unknown item."""
    if known_fingerprint is None:
        return Decision.NEW
    same = known_fingerprint == fingerprint(article.title, article.body)
    return Decision.SAME if same else Decision.CHANGED

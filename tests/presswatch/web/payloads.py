"""What strangers write to be run by whoever reads it: two hundred payloads, and how a page shows that one got through.

Each element that a payload would make has the attribute `pwx`, and each word of its own is `pwx`: what is found of
either as markup is a hole. Collected after the kinds of OWASP's and PortSwigger's cheat sheets; the words are our own.
"""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

from resiliparse.parse.html import HTMLTree

_OUT_OF = (
    "", '">', "'>", "`>", "</title>", "</textarea>", "</script>", "</style>", "-->", "]]>", "</td></tr></table>",
    '"/>', "\x0c>", "</select>", "</noscript>", "</time>", "</svg>",
)  # fmt: skip
"""From where it breaks out: an attribute, an element, a comment."""
_ELEMENTS = (
    "<script pwx>alert('pwx')</script>", "<img pwx src=x onerror=alert(1)>", "<svg pwx onload=alert(1)>",
    "<a pwx href=javascript:alert(1)>pwx</a>", "<iframe pwx srcdoc='<script>alert(1)</script>'>",
    "<details pwx open ontoggle=alert(1)>", "<form pwx action=https://evil.example><input name=x>",
    "<math pwx><mtext><style><img src onerror=alert(1)>",
)  # fmt: skip
_ALONE = json.loads((Path(__file__).parent / "payloads.json").read_text(encoding="utf-8"))
"""Those that are as they are."""

PAYLOADS = tuple(dict.fromkeys((*map("".join, product(_OUT_OF, _ELEMENTS)), *_ALONE)))
"""Each once; those out of somewhere first."""

SCHEMES = re.compile(r"\s*(?:javascript|data|vbscript|blob):", re.IGNORECASE)
_LEADING = ("href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "background", "poster", "hx-get")
_NEVER = (
    "iframe", "object", "embed", "base", "applet", "frame", "frameset", "marquee", "portal", "math", "template",
    "style",
)  # fmt: skip


def holes_of(page: str) -> list[str]:
    """What a browser would do on this page that we have not written: nothing, where all is well."""
    document = HTMLTree.parse(page).document
    assert document is not None
    return [hole for element in document.query_selector_all("*") for hole in _holes(element)]


def _holes(element) -> list[str]:  # type: ignore[no-untyped-def]
    tag, names = element.tag.lower(), [name.lower() for name in element.attrs]
    found = [
        f"<{tag} {name}>" for name in names if name.startswith("on") or "hx-on" in name or name in ("style", "pwx")
    ]
    if tag in _NEVER or tag.startswith("pwx"):
        found.append(f"<{tag}>")
    if tag == "script" and not (element.getattr("src") or "").startswith("/static/"):
        found.append("<script> of somebody's")
    if tag == "meta" and "http-equiv" in names:
        found.append("<meta http-equiv>")
    leading = {name: element.getattr(name) or "" for name in names if name in _LEADING}
    return found + [f"<{tag} {name}={to[:40]}>" for name, to in leading.items() if SCHEMES.match(to)]

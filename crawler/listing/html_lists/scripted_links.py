"""Links that only a script follows: a button that opens an address. Pure."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_OPENS = re.compile(
    r"(?:\bopen|\blocation(?:\.href|\.assign|\.replace)?|\bnavigate)\s*[(=]\s*(?P<quote>['\"])(?P<address>[^'\"]+)(?P=quote)"
)
_NOWHERE = ("#", "javascript:")


def with_scripted_links(root: HtmlElement) -> HtmlElement:
    """The tree with an address in each link and each button whose `onclick` opens one. Changes and returns it."""
    for element in root.iter("a", "button"):
        found = _OPENS.search(element.get("onclick") or "")
        if found and (element.get("href") or "#").lower().startswith(_NOWHERE):
            element.tag = "a"
            element.set("href", found["address"])
    return root

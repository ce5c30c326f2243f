"""robots.txt, as RFC 9309 has it: the lines that concern us, and the sitemaps it names. Pure.

A group is a run of `User-agent` lines and the lines up to the next one that follows a rule. Rules are `Allow` and
`Disallow`: whatever else stands between two user agents ends no group (2.2.4). A group is ours where our product token
is the whole name, in any case (2.2.1): neither `press`, nor a word of the contact in our User-Agent. All groups that
name us count as one; those of `*` count where none does.

Everything is read in one pass, in time and memory that grow with the length: Protego makes each rule for each agent of
the file, and a file of 28 kB that names a thousand agents with a thousand rules kept the loop for seconds. It gets
`own_group`, where it is as good as any at comparing paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = "presswatch"
"""Our product token: the first word of our User-Agent."""

SIZE_LIMIT = 500 * 1024
"""Bytes that are read: the least that a crawler must read (RFC 9309, 2.5)."""

_AGENT, _RULES, _DELAY = "user-agent", frozenset({"allow", "disallow"}), "crawl-delay"
# Typing errors as Google's parser and Protego forgive them; a blank may stand for the colon.
_LINE = re.compile(
    r"(?:(?P<agent>user[- ]?agent)|(?P<allow>allow)|(?P<disallow>dis{1,2}al{1,2}[oa]w|diasllow)"
    r"|(?P<delay>crawl[- ]delay)|(?P<sitemap>sitemaps?|site-map))(?:\s*:|\s|$)\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FIELDS = {"agent": _AGENT, "allow": "allow", "disallow": "disallow", "delay": _DELAY, "sitemap": "sitemap"}


def decode_robots(body: bytes) -> str:
    """The text of a robots.txt, up to the last whole line of what is read. Never raises."""
    if len(body) > SIZE_LIMIT:  # half a line would be another rule: of `Disallow: /archive` it may leave `Disallow: /`
        body = body[:SIZE_LIMIT]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return body.decode("utf-8-sig", "replace").replace("\0", "")


def own_group(text: str, token: str = TOKEN) -> str:
    """The rules and the delay for the robot of that token, as a robots.txt for every robot; empty where all is allowed.

    Idempotent.
    """
    ours = re.compile(rf"{re.escape(token)}(?=$|[\s/*,;(])", re.IGNORECASE)
    named: list[str] = []
    general: list[str] = []
    is_named = False
    for agents, lines in _groups(text):
        if any(ours.match(agent) for agent in agents):
            is_named = True
            named += lines
        elif any(agent.split()[:1] == ["*"] for agent in agents):
            general += lines
    chosen = dict.fromkeys(named if is_named else general)
    return "\n".join([f"{_AGENT}: *", *chosen]) if chosen else ""


def sitemaps(text: str) -> tuple[str, ...]:
    """The addresses of sitemaps that the file names, in its order, whichever group they stand in (sitemaps.org)."""
    return tuple(value for field, value in _directives(text) if field == "sitemap" and value)


def _groups(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """The agents of each group, and its rules and delays."""
    agents: list[str] = []
    lines: list[str] = []
    is_ruled = False
    for field, value in _directives(text):
        if field == _AGENT:
            if is_ruled:
                yield agents, lines
                agents, lines, is_ruled = [], [], False
            agents.append(value)
        elif field in _RULES or field == _DELAY:
            is_ruled = is_ruled or field in _RULES
            if value and agents:
                lines.append(f"{field}: {value}")
    yield agents, lines


def _directives(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _LINE.match(line.partition("#")[0].strip())
        if found is not None and found.lastgroup is not None:
            yield next(_FIELDS[name] for name in _FIELDS if found[name] is not None), found["value"].strip()

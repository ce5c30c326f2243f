"""What repeats across the pages of a site is the page's, not the statement's: learned, and cut before it is matched.

A paragraph that stands in most of a site's statements in one language, word for word, is a menu, a notice or a box that
found its way into the text. How the line is drawn, and what a formula of condolence has to do with it, is told in
docs/decisions/0027-blocks-that-repeat.md. What is cut is kept with the version.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select, tuple_

from storage.database import insert_or_replace
from storage.tables import blocks
from storage.types import Article, ArticleDraft

ENOUGH = 5
"""Statements that a paragraph has to stand in before it can be the page's."""
SHARE = 0.6
"""Part of the site's statements, since it was first seen, that it has to stand in."""
_FIRST, _LAST = 4, 6
"""Paragraphs at the beginning and at the end of a text that are looked at: what belongs to the page is around it."""
_FORGOTTEN = timedelta(days=60)
"""How long a paragraph that stood in one statement alone is remembered."""
_EVERY = 50
"""Statements of a site after which what is forgotten goes."""
_TOTAL = ""
"""The hash under which the number of a site's statements is kept."""


@dataclass(frozen=True, slots=True)
class _Known:
    items: int
    since: int
    first_seen_at: datetime


Learned = Mapping[tuple[str, str], _Known]
"""In how many statements paragraphs have been seen, by site and hash."""


def without_blocks(
    connection: Connection, drafts: Sequence[ArticleDraft], unknown: Iterable[int], now: datetime
) -> list[ArticleDraft]:
    """The drafts without the paragraphs that repeat; these are in their articles' `cut`.

    From the drafts with the indices `unknown`, new statements, more is learned first.
    """
    cut, learned = recognised(connection, drafts, unknown, now)
    _save(connection, learned, now)
    return cut


def recognised(
    connection: Connection, drafts: Sequence[ArticleDraft], unknown: Iterable[int], now: datetime
) -> tuple[list[ArticleDraft], Learned]:
    """The drafts without the paragraphs that repeat, and what is learned from the new ones. Reads alone."""
    sites = [_site(draft.article) for draft in drafts]
    hashes = [{block_hash(one) for one in _edges(draft.article.body)} for draft in drafts]
    wanted = {(site, one) for site, own in zip(sites, hashes, strict=True) for one in (_TOTAL, *own)}
    known = _load(connection, wanted)
    learned = _learn(known, [(sites[index], hashes[index]) for index in sorted(set(unknown))], now)
    known = {**known, **learned}
    cut = [
        replace(draft, article=_cut(draft.article, {one for one in own if _repeats(known, site, one)}))
        for draft, site, own in zip(drafts, sites, hashes, strict=True)
    ]
    return cut, learned


@lru_cache(1024)  # the paragraphs of a batch, each of which is asked for some eight times
def block_hash(paragraph: str) -> str:
    """The hash of a paragraph's words; nothing for one without words, which is never a block."""
    words = " ".join(re.findall(r"\w+", paragraph.casefold()))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest() if words else ""


def less(body: str, paragraphs: Sequence[str]) -> str:
    """A body without these paragraphs."""
    cut = {block_hash(one) for one in paragraphs}
    return "\n\n".join(one for one in body.split("\n\n") if block_hash(one) not in cut)


def _site(article: Article) -> str:
    """The host and the language: what is on each English page is on a third of the pages of three languages."""
    return f"{urlsplit(article.address).hostname or ''} {article.language}".strip()


def _edges(body: str) -> list[str]:
    paragraphs = body.split("\n\n") if body else []
    edges = paragraphs if len(paragraphs) <= _FIRST + _LAST else paragraphs[:_FIRST] + paragraphs[-_LAST:]
    return [one for one in edges if block_hash(one)]


def _repeats(known: Mapping[tuple[str, str], _Known], site: str, own: str) -> bool:
    block, total = known.get((site, own)), known.get((site, _TOTAL))
    if block is None or total is None or block.items < ENOUGH:
        return False
    return block.items >= SHARE * (total.items - block.since)


def _cut(article: Article, repeating: set[str]) -> Article:
    """The article without its repeating paragraphs; a text that is nothing else stays as it is."""
    edges = {one for one in _edges(article.body) if block_hash(one) in repeating}
    paragraphs = article.body.split("\n\n")
    kept = [one for one in paragraphs if one not in edges]
    if not edges or not kept:
        return article
    return replace(article, body="\n\n".join(kept), cut=(*article.cut, *(one for one in paragraphs if one in edges)))


def _learn(
    known: Mapping[tuple[str, str], _Known], statements: Sequence[tuple[str, set[str]]], now: datetime
) -> dict[tuple[str, str], _Known]:
    learned: dict[tuple[str, str], _Known] = {}
    totals: Counter[str] = Counter()
    for site, own in statements:
        total = learned.get((site, _TOTAL)) or known.get((site, _TOTAL)) or _Known(0, 0, now)
        for one in own:
            before = learned.get((site, one)) or known.get((site, one)) or _Known(0, total.items, now)
            learned[site, one] = replace(before, items=before.items + 1)
        learned[site, _TOTAL] = replace(total, items=total.items + 1)
        totals[site] += 1
    return learned


def _load(connection: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], _Known]:
    keys = list(wanted)
    rows = connection.execute(select(blocks).where(tuple_(blocks.c.site, blocks.c.hash).in_(keys))) if keys else ()
    return {(row.site, row.hash): _Known(row.items, row.since, row.first_seen_at) for row in rows}


def _save(connection: Connection, learned: Learned, now: datetime) -> None:
    insert_or_replace(
        connection,
        blocks,
        [
            {
                "site": site,
                "hash": own,
                "items": known.items,
                "since": known.since,
                "first_seen_at": known.first_seen_at,
                "last_seen_at": now,
            }
            for (site, own), known in learned.items()
        ],
        unique=("site", "hash"),
    )
    for site in {site for (site, own), known in learned.items() if own == _TOTAL and known.items % _EVERY == 0}:
        once = (blocks.c["items"] == 1) & (blocks.c.hash != _TOTAL) & (blocks.c.last_seen_at < now - _FORGOTTEN)
        connection.execute(delete(blocks).where(blocks.c.site == site, once))

"""Where a section's feed may stand, and whether one that was found is that of the section, and alive. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.page.document import absolute
from crawler.page.robots_file import sitemaps
from storage.identity import identity_key
from storage.types import Entry, Listing

STUCK = timedelta(days=45)
"""How much older than the page's newest entry a feed's may be: some feeds are filled once a day, none a month late."""
DEAD = timedelta(days=365)
"""Age of the newest entry from which on a feed is dead where there is no list to compare it with."""
_MOST, _FOREIGN = 0.6, 0.34
"""The share of the section's entries that its feed has; and the share of a feed's that belong to other sections."""
PLACES = 8


def common_places(section: str, *, is_wordpress: bool) -> tuple[str, ...]:
    """Addresses at which a feed of the section may stand, the likeliest first."""
    parts = urlsplit(section)
    root = f"{parts.scheme}://{parts.netloc}/"
    here = f"{root}{parts.path.strip('/')}".rstrip("/")
    atom = [f"{here}.atom"] if parts.path.strip("/") else []
    wordpress = [f"{here}/feed/", f"{root}feed/"]
    beside = [f"{here}/rss.xml", f"{here}/rss", *atom, f"{here}/feed.xml", f"{here}/atom.xml"]
    whole = [f"{root}rss.xml", f"{root}feed.xml", f"{root}rss", f"{root}atom.xml", f"{root}feed.json"]
    old = [f"{here}/?feed=rss2"]
    ordered = [*wordpress, *old] if is_wordpress else [wordpress[0], *beside[:3], *whole[:2], wordpress[1], whole[2]]
    return tuple(dict.fromkeys(address for address in ordered if address != section))[:PLACES]


def news_sitemaps(robots: str, section: str) -> tuple[str, ...]:
    """The sitemaps for news that a robots.txt names (sitemaps.org, "Submitting"), else where one usually stands."""
    wanted = [absolute(section, one) for one in sitemaps(robots) if "news" in one.lower()]
    usual = (urljoin(section, "/sitemap-news.xml"), urljoin(section, "/news-sitemap.xml"))
    return tuple(one for one in wanted if one)[:2] or usual


def problem_of(found: Listing, own: Listing, section: str, today: date) -> str:
    """Why something found is not the section's, or nothing. `own` is what the section's page shows."""
    if not found.entries:
        return found.detail or "it has no entries"
    if sum("#comment" in entry.address for entry in found.entries) * 2 >= len(found.entries):
        return "it has comments"
    newest = _newest(found.entries)
    if not own.entries:
        if newest and today - newest > DEAD:
            return f"it is stuck: its newest entry is of {newest}"
        return "" if _is_below(found.entries, section) else "it is that of the whole site"
    shown = _newest(own.entries)
    if newest and shown and shown - newest > STUCK:
        return f"it is stuck: its newest entry is of {newest}, the page's of {shown}"
    return _same_section(found.entries, own.entries)


def _same_section(found: Sequence[Entry], own: Sequence[Entry]) -> str:
    """Whether most of what the page shows, as far back as the feed goes, is in it, and little else."""
    keys, titles = {_key(one) for one in own}, {_title(one) for one in own if one.title}
    common = [number for number, one in enumerate(found) if _key(one) in keys or _title(one) in titles]
    if not common:
        return "it has none of the page's entries: it is that of another section"
    if len(common) < _MOST * min(len(found), len(own)):
        return f"it has {len(common)} of the page's {len(own)} entries: it is that of the whole site"
    reach = common[int(len(common) * 0.8)] + 1  # an old statement that is pinned on the page reaches too far
    foreign = reach - sum(number < reach for number in common)
    if foreign > _FOREIGN * reach:
        return f"{foreign} of its {reach} newest entries are not on the page: it is that of the whole site"
    return ""


def _newest(entries: Sequence[Entry]) -> date | None:
    days = sorted(entry.published.day for entry in entries if entry.published.day)
    return days[-1] if days else None


def _is_below(entries: Sequence[Entry], section: str) -> bool:
    path = urlsplit(section).path.rstrip("/")
    return bool(path) and 2 * sum(urlsplit(entry.address).path.startswith(f"{path}/") for entry in entries) > len(
        entries
    )


def _key(entry: Entry) -> str:
    try:
        parts = urlsplit(identity_key(entry.address))
    except ValueError:
        return entry.address
    return f"{parts.netloc.removeprefix('www.')}{parts.path}?{parts.query}"


def _title(entry: Entry) -> str:
    return entry.title.casefold()


def agree(one: Listing, other: Listing) -> float:
    """The share of the second listing's entries that the first one has too."""
    keys = {_key(entry) for entry in one.entries}
    return sum(_key(entry) in keys for entry in other.entries) / max(len(other.entries), 1)

"""Feeds as OPML, and a feed reader's OPML as sources. Pure. Source: https://opml.org/spec2.opml

Only feeds have a place there: lists without one, topics and subscriptions are for the TOML form. One folder a country,
because most readers know one level; the body stands in the category.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from crawler.catalog import catalogue
from crawler.discovery.source_defaults import key_for, neighbours, placed
from crawler.listing.readers import is_feed
from crawler.reading.site_metadata import SiteMetadata
from presswatch.formats.opml import document
from presswatch.watchlist.model import WantedSource, WantedSwitch, Watchlist
from presswatch.watchlist.toml_reader import Reading, at
from storage.errors import InvalidInputError, PresswatchError
from storage.identity import identity_key
from storage.types import Shape, Source, SourceSpec

_CATEGORY = re.compile(r"/(?:([A-Z]{2})|International|)(?:/(.*))?")
"""A category as we write it: the folder, if the country is known, and whose the feed is. Others had a folder once."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An outline that names a feed."""

    address: str
    title: str
    folders: tuple[str, ...]
    place: str
    category: str = ""
    language: str = ""


# -- writing -----------------------------------------------------------------------------------------------------------


def feeds_among(every: Iterable[Source]) -> tuple[SourceSpec, ...]:
    """The sources that are polled and read as feeds."""
    return tuple(
        source.spec
        for source in every
        if source.enabled
        and (source.spec.shape is Shape.FEED or (source.habits is not None and is_feed(source.habits.reader)))
    )


def written(feeds: Iterable[SourceSpec]) -> str:
    """The file's text, folders and feeds by name. A feed's page is not known: its site's home page stands for it.

    What is of no country that is known stands in no folder, last.
    """
    folders: dict[str, list[SourceSpec]] = {}
    for spec in feeds:
        folders.setdefault(spec.country, []).append(spec)
    return document(
        "What presswatch watches",
        {
            folder: [_attributes(spec, folder) for spec in sorted(specs, key=lambda spec: spec.key)]
            for folder, specs in sorted(folders.items(), key=lambda each: (not each[0], each[0]))
        },
    )


def _attributes(spec: SourceSpec, folder: str) -> dict[str, str]:
    parts = urlsplit(spec.address)
    return {
        "type": "rss",
        "text": spec.name,
        "title": spec.name,
        "xmlUrl": spec.address,
        "htmlUrl": f"{parts.scheme}://{parts.netloc}/",
        "language": spec.languages[0] if len(spec.languages) == 1 else "",
        "category": "".join(f"/{re.sub('[/,]', ' ', part)}" for part in (folder, spec.organisation)).rstrip("/"),
    }


# -- reading -----------------------------------------------------------------------------------------------------------


def read(content: bytes) -> tuple[Feed, ...]:
    """The feeds that a file names, in its order, each with the folders around it.

    Raises `InvalidInputError` for what is not OPML, defines entities or names no feed. Nothing is fetched.
    """
    mend = "export it from the feed reader once more"
    try:
        root = fromstring(content)
    except DefusedXmlException as error:
        raise InvalidInputError(f"it is not read: it {_defines(error)}", mend=mend) from error
    except (ParseError, LookupError, ValueError) as error:  # an unknown encoding is a LookupError or a ValueError
        raise InvalidInputError(f"it is not XML: {error}", mend=mend) from error
    body = next((child for child in root if child.tag.lower() == "body"), None)
    if root.tag.lower() != "opml" or body is None:
        raise InvalidInputError("it is not OPML: it has no <opml> with a <body>", mend=mend)
    feeds = tuple(_feeds(body))
    if not feeds:
        raise InvalidInputError("it names no feed: no outline has an xmlUrl", mend=mend)
    return feeds


def _defines(error: DefusedXmlException) -> str:
    return f"defines {'entities' if 'Entit' in type(error).__name__ else 'what lies elsewhere'}, as no feed reader does"


def _feeds(body: Element) -> Iterator[Feed]:
    waiting: list[tuple[Element, tuple[str, ...]]] = [(each, ()) for each in reversed(body)]
    number = 0
    while waiting:
        outline, folders = waiting.pop()
        said = {name.lower(): " ".join(value.split()) for name, value in outline.attrib.items()}
        title = said.get("title") or said.get("text") or ""
        if address := said.get("xmlurl"):
            number += 1
            place = f"feed {number} ({title or address})"
            language = said.get("language", "")[:2].lower()
            yield Feed(_of_web(address), title, folders, place, said.get("category", ""), language)
        waiting += ((each, (*folders, title) if title and not address else folders) for each in reversed(outline))


def _of_web(address: str) -> str:
    """`feed://host` and `feed:https://host` are how browsers once called a feed's address."""
    if address.lower().startswith("feed:"):
        rest = address[len("feed:") :]
        return f"http:{rest}" if rest.startswith("//") else rest
    return address


# -- as sources --------------------------------------------------------------------------------------------------------


def wanted(feeds: Sequence[Feed], there: Sequence[Source]) -> Reading:
    """The sources that the feeds are: one that is watched stays as it is, one of the catalogue is switched on.

    What is not known of a new one is proposed from its address and from what the catalogue has of its host.
    """
    known = {_section(source.spec.address): source for source in there}
    keys = {source.key for source in there}
    more_names: dict[str, Iterator[str]] = {}
    found: dict[str, WantedSource | WantedSwitch] = {}
    mistakes: list[PresswatchError] = []
    for feed in feeds:
        try:
            section = identity_key(feed.address)
        except ValueError:
            error = InvalidInputError(f"{feed.address} is not an address of the web", mend="correct it or leave it out")
            mistakes.append(at(feed.place, error))
            continue
        if source := known.get(section):
            if source.origin == "catalogue":
                found.setdefault(section, WantedSwitch(source.key, enabled=True, place=feed.place))
        elif section not in found:
            spec = _spec(feed)
            names = more_names.setdefault(spec.key, _names(spec.key))
            key = next(key for key in names if key not in keys)
            keys.add(key)
            found[section] = WantedSource(replace(spec, key=key), place=feed.place)
    return Reading(Watchlist(sources=tuple(found.values())), tuple(mistakes))


def _spec(feed: Feed) -> SourceSpec:
    near = neighbours(feed.address, catalogue())
    ours = _CATEGORY.fullmatch(feed.category)
    spec = SourceSpec(
        key=key_for(feed.address, near),
        name=feed.title[:200],
        address=feed.address,
        organisation=ours[2] or "" if ours else "",
        country=ours[1] or "" if ours else "",
        zone="",
        shape=Shape.FEED,
        note=f"From a feed reader: {' / '.join(feed.folders)}" if feed.folders and not ours else "",
    )
    language = feed.language if re.fullmatch("[a-z]{2}", feed.language) else ""
    about = SiteMetadata(feed.title or feed.address, "", language, (), False, ())
    return placed(spec, about, near, catalogue())


def _section(address: str) -> str:
    try:
        return identity_key(address)
    except ValueError:
        return address


def _names(key: str) -> Iterator[str]:
    """The key, then the key with numbers."""
    yield key
    yield from (f"{key}-{number}" for number in itertools.count(2))

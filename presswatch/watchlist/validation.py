"""Whether a watchlist can be brought in: against what is known, by the rules by which each thing is added alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Protocol

from sqlalchemy import Connection

from crawler.page.document import select, tree
from presswatch.actions.sources import check_browser
from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.model import Kind, WantedSource
from presswatch.watchlist.toml_reader import Reading, at
from storage.connection_guard import AddressPolicy
from storage.errors import InvalidInputError, NotFoundError, PresswatchError, QueryError
from storage.people import topics
from storage.people.channels import CONSOLE, every
from storage.query.aliases import Packs, alias
from storage.sources import sources
from storage.sources.watched import Watched, watched
from storage.types import SourceSpec


class Allowed(Protocol):
    """What sources may be: the settings say so, and whoever else has them."""

    @property
    def policy(self) -> AddressPolicy: ...

    @property
    def browser(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Checks:
    """The rules, and what they need to know."""

    connection: Connection
    owner: int
    packs: Packs
    allowed: Allowed
    reading: Reading
    changes: tuple[WatchlistChange, ...]

    def mistakes(self) -> Iterator[PresswatchError]:
        """All that cannot be brought in as it stands."""
        yield from self._topics()
        yield from self._subscriptions()
        yield from self._sources()

    def _topics(self) -> Iterator[PresswatchError]:
        for each in self.reading.watchlist.topics or ():
            try:
                topics.check_name(each.name)
            except PresswatchError as error:
                yield at(f"{each.place}: name", error)
            try:
                topics.check(self.packs, each.query)
            except QueryError as error:
                yield at(f"{each.place}: query", error)

    def _subscriptions(self) -> Iterator[PresswatchError]:
        gone = {change.name.casefold() for change in self.changes if change.kind is Kind.TOPIC and not change.after}
        known = {topic.name.casefold() for topic in topics.every(self.connection, self.owner)} - gone
        channels = {channel.name for channel in every(self.connection, self.owner)}
        for each in self.reading.watchlist.subscriptions or ():
            if each.topic.casefold() not in self.reading.topics | known:
                yield at(each.place, self._no_topic(each.topic))
            if each.channel not in channels | {CONSOLE}:
                mend = f"make it first: presswatch channels add {each.channel!r} ADDRESS"
                yield NotFoundError(f"{each.place}: there is no channel {each.channel!r}", mend=mend)

    def _no_topic(self, name: str) -> PresswatchError:
        try:
            query = f"alias:{alias(name, self.packs).name}"
        except QueryError:
            query = "..."
        mend = f'add it to the file: [[topic]], name = "{name}", query = "{query}"'
        return NotFoundError(f"there is no topic {name!r}", mend=mend)

    def _sources(self) -> Iterator[PresswatchError]:
        after = self._sources_after()
        for each in self.reading.watchlist.sources or ():
            if isinstance(each, WantedSource):
                yield from (at(each.place, error) for error in self._of_own(each.spec, after))
            elif each.enabled and sources.get(self.connection, each.key).spec.browser:
                yield from (at(each.place, error) for error in self._of_browser())

    def _of_own(self, spec: SourceSpec, after: Watched) -> Iterator[PresswatchError]:
        yield from _selectors(spec)
        for address in filter(None, (spec.address, spec.search.address)):
            try:
                self.allowed.policy.check_address(address)
            except PresswatchError as error:
                yield error
                return
        try:
            after.refuse_section(spec)
        except PresswatchError as error:
            yield error
        if spec.enabled and spec.browser:
            yield from self._of_browser()

    def _of_browser(self) -> Iterator[PresswatchError]:
        try:
            check_browser(self.allowed.browser)
        except PresswatchError as error:
            yield error

    def _sources_after(self) -> Watched:
        """The sources as they would be when all is done."""
        after = watched(self.connection)
        for change in self.changes:
            if isinstance(change.before, WantedSource):
                after.remove(change.name)
        for each in self.reading.watchlist.sources or ():
            if isinstance(each, WantedSource):
                after.add(each.spec)
        return after


def _selectors(spec: SourceSpec) -> Iterator[PresswatchError]:
    """`sources add` tries a source's selectors on its page; here there is none to try them on."""
    tables = {"listing": asdict(spec.listing), "article": asdict(spec.article), "search": {"token": spec.search.token}}
    nothing = tree("")
    for place, selector in ((f"{table}: {name}", each) for table, row in tables.items() for name, each in row.items()):
        try:
            select(nothing, selector)
        except ValueError as error:
            yield InvalidInputError(f"{place}: {error}", mend="write it as a style sheet would")

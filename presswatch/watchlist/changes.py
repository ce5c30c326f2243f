"""What a watchlist changes in what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from presswatch.watchlist.model import Kind, Wanted, WantedSwitch, Watchlist


@dataclass(frozen=True, slots=True)
class WatchlistChange:
    """One thing that is added (there was nothing before), changed or removed (there is nothing after)."""

    kind: Kind
    before: Wanted | None
    after: Wanted | None

    @property
    def verb(self) -> str:
        return "removed" if self.after is None else "added" if self.before is None else "changed"

    @property
    def name(self) -> str:
        named = self.after or self.before
        assert named is not None
        return named.name

    @property
    def fields(self) -> Mapping[str, tuple[Any, Any]]:
        """What each field that differs said before and says after; None where nothing is said."""
        before, after = (each.row if each else {} for each in (self.before, self.after))
        names = dict.fromkeys((*before, *after))
        return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def changes(known: Watchlist, wanted: Watchlist, *, prune: bool = False) -> tuple[WatchlistChange, ...]:
    """What is to be done, in an order in which it can be done: what is removed goes first.

    With `prune`, what is not named is removed, of the kinds that the watchlist speaks of; a source of the catalogue is
    only polled no longer. The subscriptions of a topic that is removed end with it.
    """
    by_kind = {kind: list(_of_kind(kind, known, wanted, prune)) for kind in Kind}
    if wanted.subscriptions is None:
        gone = {change.name.casefold() for change in by_kind[Kind.TOPIC] if change.after is None}
        ended = (each for each in known.subscriptions or () if each.topic.casefold() in gone)
        by_kind[Kind.SUBSCRIPTION] = [WatchlistChange(Kind.SUBSCRIPTION, each, None) for each in ended]
    order = (Kind.SUBSCRIPTION, Kind.TOPIC, Kind.SOURCE)
    removed = [change for kind in order for change in by_kind[kind] if change.after is None]
    return (*removed, *(change for kind in Kind for change in by_kind[kind] if change.after is not None))


def _of_kind(kind: Kind, known: Watchlist, wanted: Watchlist, prune: bool) -> Iterator[WatchlistChange]:
    before = {each.identity: each for each in known.of(kind) or ()}
    after = {each.identity: each for each in wanted.of(kind) or ()}
    for identity, each in after.items():
        change = WatchlistChange(kind, before.get(identity), each)
        if change.before is None or change.fields.keys() - _CARRIED[kind]:
            yield change
    if not prune or wanted.of(kind) is None:
        return
    for identity, each in before.items():
        if identity in after:
            continue
        if not isinstance(each, WantedSwitch):
            yield WatchlistChange(kind, each, None)
        elif each.enabled:
            yield WatchlistChange(kind, each, WantedSwitch(each.key, enabled=False))


_CARRIED: Mapping[Kind, frozenset[str]] = {
    Kind.TOPIC: frozenset(),
    Kind.SUBSCRIPTION: frozenset({"topic"}),  # another spelling of it is the topic's change
    Kind.SOURCE: frozenset(),
}

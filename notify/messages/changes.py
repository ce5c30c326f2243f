"""What became of a statement, as a message says it: what happened, and the sentences before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from notify.messages.snippets import REMEMBERED, Piece, isolated, plain
from storage.items.diff import Change, Run, words
from storage.types import Alert, AlertEvent, Became, ChangedSentence, TopicChange


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence of one version; the words that the other one has not are marked."""

    label: str
    """`Before`, `Now`, `Added` or `Removed`."""
    pieces: tuple[Piece, ...]
    is_removed: bool
    """It is the earlier one."""


def happened(alerts: Sequence[Alert]) -> str:
    """What is told, if that is no new statement: `Edited, version 2: it meets CSTO no longer`; else nothing."""
    first = alerts[0]
    if first.event is AlertEvent.WITHDRAWN:
        return "Withdrawn: it stands at its address no longer"
    if first.event is AlertEvent.RESTORED:
        return "Restored: it stands at its address again"
    said = dict.fromkeys(_did(alert.change, isolated(plain(alert.topic.name))) for alert in alerts if alert.change)
    return f"Edited, version {first.version.number}: {'; '.join(said)}" if said else ""


def _did(change: TopicChange, topic: str) -> str:
    if change.became is Became.MET:
        return f"it meets {topic} now"
    if change.became is Became.UNMET:
        return f"it meets {topic} no longer"
    if not any(each.before for each in change.sentences):
        return f"a mention of {topic} was added"
    if not any(each.after for each in change.sentences):
        return f"a mention of {topic} was removed"
    return f"what it says on {topic} was changed"


def sides(alerts: Iterable[Alert]) -> tuple[Side, ...]:
    """The sentences that edits changed, each once."""
    found = dict.fromkeys(each for alert in alerts if alert.change for each in alert.change.sentences)
    return tuple(side for each in found for side in _sides(each))


@lru_cache(REMEMBERED)
def _sides(changed: ChangedSentence) -> tuple[Side, ...]:
    if not changed.before:
        return (Side("Added", (Piece(plain(changed.after)),), is_removed=False),)
    if not changed.after:
        return (Side("Removed", (Piece(plain(changed.before)),), is_removed=True),)
    runs = words(plain(changed.before), plain(changed.after))
    before = _pieces(run for run in runs if run.change is not Change.ADDED)
    after = _pieces(run for run in runs if run.change is not Change.REMOVED)
    return Side("Before", before, is_removed=True), Side("Now", after, is_removed=False)


def _pieces(runs: Iterable[Run]) -> tuple[Piece, ...]:
    """The runs with those that changed marked; blanks stand outside of marks."""
    pieces: list[Piece] = []
    for run in runs:
        bare = run.text.rstrip()
        pieces.append(Piece(bare, marked=run.change is not Change.SAME))
        if blank := run.text[len(bare) :]:
            pieces.append(Piece(blank))
    return tuple(pieces)

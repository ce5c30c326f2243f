"""What happened, in words: the same line on the console and in a log."""

from __future__ import annotations

from storage.types import (
    AlertsFailed,
    AlertsSent,
    Event,
    FaultBegan,
    FaultEnded,
    MissesRepaired,
    NoticesSent,
    PollEnded,
    StatementStored,
    StatementWithdrawn,
)


def event_line(event: Event) -> str:
    """What happened, in one line that begins with a word to search for."""
    match event:
        case PollEnded():
            found = f"{event.entries} entries, {event.new} new, " if event.entries else ""
            detail = f" ({event.detail})" if event.detail else ""
            return f"poll      {event.source}: {event.reason}{detail}, {found}{event.seconds:.1f} s"
        case StatementStored(stored=stored):
            what = "new" if stored.number == 1 else f"edited, version {stored.number}"
            dated = f", {event.published}" if str(event.published) else ""
            silent = ", stored without alert" if event.silent and stored.number == 1 else ""
            kind = "statement" if stored.number == 1 else "edit     "
            return f"{kind} #{stored.item_id} {what}{dated}{silent}: {stored.title}"
        case StatementWithdrawn(returned=True):
            return f"return    #{event.item_id} stands at its address again: {event.title}"
        case StatementWithdrawn():
            return f"withdrawn #{event.item_id} is gone from {event.address}; its text stays: {event.title}"
        case FaultBegan():
            mend = f" - {event.mend}" if event.mend else ""
            return f"fault     {event.where}: {event.reason}: {event.detail}{mend}"
        case FaultEnded():
            return f"recovered {event.where}: was {event.reason}"
        case AlertsSent():
            return f"alert     {', '.join(event.topics)} -> {event.channel}: {'; '.join(event.titles)}"
        case NoticesSent():
            return f"notice    {', '.join(event.sources)} -> {event.channel}"
        case AlertsFailed():
            again = f"again at {event.retry_at.astimezone():%H:%M:%S}" if event.retry_at else "not tried again"
            return f"unsent    {event.alerts} alerts -> {event.channel}: {event.detail}; {again}"
        case MissesRepaired():
            missed = f"{event.matches} matches and {event.alerts} alerts had been missed"
            return f"repaired  {missed}, among {event.versions} versions that were asked about again"

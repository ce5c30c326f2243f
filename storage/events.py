"""What happened, in words: the same line on the console and in a log."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from traceback import format_exception

from storage.types.items import Stored
from storage.types.moments import moment_in_words
from storage.types.published import Published
from storage.types.reasons import Reason

logger = logging.getLogger(__name__)


def event_line(event: Event) -> str:
    """What happened, in one line that begins with a word to search for."""
    match event:
        case PollEnded():
            found = f"{event.entries} entries, {event.new} new, " if event.entries else ""
            detail = f" ({event.detail})" if event.detail else ""
            return f"poll      {event.source}: {event.reason}{detail}, {found}{event.seconds:.1f} s"
        case StatementStored(stored=stored):
            what = "new" if stored.number == 1 else f"edited, version {stored.number}"
            said = event.published.in_words(event.published.zone)
            dated = f", {said}" if said else ""
            silent = ", stored without alert" if event.silent and stored.number == 1 else ""
            kind = "statement" if stored.number == 1 else "edit     "
            return f"{kind} #{stored.item_id} {what}{dated}{silent}: {stored.title}"
        case StatementWithdrawn(returned=True):
            return f"return    #{event.item_id} stands at its address again: {event.title}"
        case StatementWithdrawn(suspected=True):
            return f"missing   #{event.item_id} is not at {event.address}; it is looked for again: {event.title}"
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
            again = f"again at {moment_in_words(event.retry_at)}" if event.retry_at else "not tried again"
            alerts = "1 alert" if event.alerts == 1 else f"{event.alerts} alerts"
            return f"unsent    {alerts} -> {event.channel}: {event.detail}; {again}"
        case MissesRepaired():
            missed = f"{event.matches} matches and {event.alerts} alerts had been missed"
            return f"repaired  {missed}, among {event.versions} versions that were asked about again"
        case MistakeMade():
            return f"mistake   {event.where}: {event.detail}"


@dataclass(frozen=True, slots=True)
class PollEnded:
    """A poll is over. `reason` is why there was nothing, or `ok`."""

    source: str
    reason: Reason
    detail: str
    seconds: float
    entries: int = 0
    new: int = 0
    begins_fault: bool = False
    """Whether a `FaultBegan` that says the same comes next."""


@dataclass(frozen=True, slots=True)
class StatementStored:
    """A statement was stored for the first time, or in a new version."""

    source: str
    stored: Stored
    published: Published
    silent: bool


@dataclass(frozen=True, slots=True)
class StatementWithdrawn:
    """A known statement no longer stands at its address, or stands there again (`returned`)."""

    source: str
    item_id: int
    title: str
    address: str
    returned: bool = False
    suspected: bool = False
    """It was found gone for the first time, and is looked for again."""


@dataclass(frozen=True, slots=True)
class FaultBegan:
    """A source, a page or a channel stopped working. Told once."""

    where: str
    reason: str
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class FaultEnded:
    """What had stopped works again. Told once."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlertsSent:
    """A delivery left: one message with one alert or many."""

    channel: str
    titles: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticesSent:
    """The operator was told of the health of these sources."""

    channel: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertsFailed:
    """A delivery did not leave. `retry_at` is None where nobody will try again by himself."""

    channel: str
    alerts: int
    detail: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class MissesRepaired:
    """A reconciliation found what the topics should have met and had not, and made up for it."""

    versions: int
    """How many versions were asked about again."""
    matches: int
    alerts: int


@dataclass(frozen=True, slots=True)
class MistakeMade:
    """A mistake of our own: a task met an exception that nobody had thought of."""

    where: str
    """What was being done. One place has one name: the operator is told of each once a day."""
    detail: str
    """The exception, as `TypeName: message`."""

    @property
    def kind(self) -> str:
        """The exception's type."""
        return self.detail.partition(":")[0]


def mistake(where: str, error: BaseException, hide: Callable[[str], str] = str) -> MistakeMade:
    """The event of an exception that nobody had thought of; its traceback goes to the log.

    `hide` takes out of a text what neither may show.
    """
    logger.error("a mistake in %s\n%s", where, hide("".join(format_exception(error))))
    return MistakeMade(where, hide(f"{type(error).__name__}: {error}"))


async def heard(work: Awaitable[object], where: str, report: Callable[[Event], None]) -> None:
    """Wait for work that nobody else waits for, so that a mistake in it does not die unheard with its task."""
    try:
        await work
    except Exception as error:
        report(mistake(where, error))


Event = (
    PollEnded
    | StatementStored
    | StatementWithdrawn
    | FaultBegan
    | FaultEnded
    | AlertsSent
    | AlertsFailed
    | NoticesSent
    | MissesRepaired
    | MistakeMade
)

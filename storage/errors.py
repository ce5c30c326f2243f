"""The one exception tree.

Every error carries its next action: `mend` is the sentence that a person needs after the message. Errors of other
libraries are wrapped at the boundary where they are met, with the cause kept.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from storage.types.reasons import Reason

NEAR = 0.75
"""How alike two names are of which one may be a slip of the other: the ratio of `difflib`."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean X? ` of the known name that is nearest, whatever its case; nothing where none is near."""
    near = nearest(name, known)
    return f"did you mean {near}? " if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name of which this one may be a slip, whatever its case; nothing where none is near."""
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=NEAR)
    return folded[near[0]] if near else ""


def as_called(mend: str, program: str) -> str:
    """A mend whose commands, written as `: presswatch VERB`, name the program as this person calls it."""
    return re.sub(r"(?<=: )presswatch (?=[a-z])", lambda _: f"{program} ", mend)


class PresswatchError(Exception):
    """The root. `str(error)` says what and where, `mend` what to do about it."""

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class NotFoundError(PresswatchError):
    """A source, topic, channel, subscription, item or alert that a person named does not exist."""


class InvalidInputError(PresswatchError):
    """Something a person entered cannot be used as it stands."""


class MistakesError(InvalidInputError):
    """Some of what a person entered together cannot be used, so none of it was. Each of `mistakes` says its place."""

    def __init__(self, message: str, mistakes: Iterable[PresswatchError], *, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.mistakes = tuple(mistakes)


class WatchedError(InvalidInputError):
    """A section that is to be added is there already, as the source `key`."""

    def __init__(self, message: str, *, key: str, mend: str) -> None:
        super().__init__(message, mend=mend)
        self.key = key


class NoStatementsError(InvalidInputError):
    """A page that is to be watched lists no statements. `sections` are addresses that may, each with its words."""

    def __init__(
        self, message: str, *, mend: str, sections: Iterable[tuple[str, str]] = (), by_scripts: bool = False
    ) -> None:
        super().__init__(message, mend=mend)
        self.sections = tuple(sections)
        self.by_scripts = by_scripts
        """Whether it seems to be written by scripts."""


class AddressRefusedError(InvalidInputError):
    """An address that must not be connected to: wrong scheme, or a private, loopback or link-local network."""


class SettingsError(PresswatchError):
    """A setting in the environment or in the configuration file is wrong."""


class QueryError(PresswatchError):
    """A query that is well formed but cannot be used."""


class QuerySyntaxError(QueryError):
    """A query that cannot be read. `position` counts characters from 0.

    `mended` is the query with the mistake mended, where there is one way to do that.
    """

    def __init__(self, message: str, *, position: int, query: str, mend: str, mended: str = "") -> None:
        super().__init__(message, mend=mend)
        self.position = position
        self.query = query
        self.mended = mended

    @property
    def problem(self) -> str:
        """What is wrong there, without the place."""
        return str(self).removeprefix(f"character {self.position + 1}: ")

    def pointer(self) -> str:
        """The query with a caret under the character that could not be read."""
        start = max(0, self.position - 60)
        line = self.query[start : self.position + 20].replace("\n", " ").replace("\t", " ")
        return f"{line}\n{' ' * (self.position - start)}^"


class UnreadableError(PresswatchError):
    """A page that no reader can make sense of; `reason` is the reason code."""

    def __init__(self, reason: Reason, detail: str, mend: str = "") -> None:
        super().__init__(detail, mend=mend)
        self.reason = reason
        self.args = (reason, detail, mend)  # what a copy in another process is made from

    def __str__(self) -> str:
        return str(self.args[1])


class StorageError(PresswatchError):
    """The database refused. Nothing already stored is lost."""


class StorageFullError(StorageError):
    """The disk of the database is full."""


class StorageBusyError(StorageError):
    """Another process held the database's write lock for longer than the busy timeout."""


class DatabaseTooNewError(StorageError):
    """The database was written by a newer version of presswatch."""


class DatabaseUnusableError(StorageError):
    """The database file cannot be opened: no permission, not a database, or damaged."""


class DatabaseGoneError(DatabaseUnusableError):
    """The database file was deleted or replaced while it was open: what is written goes nowhere."""


class DatabaseForeignError(DatabaseUnusableError):
    """The database holds the tables of another program."""


class DatabaseReadOnlyError(DatabaseUnusableError):
    """The database can be asked, and nothing can be written into it."""


class FencedError(StorageError):
    """Others have taken over what this node held, as nothing was heard of it: it writes nothing any more."""


class DatabaseInUseError(StorageError):
    """Another process has the database open that is to be replaced."""


class KeyUnusableError(StorageError):
    """The key that seals the addresses of channels is missing, or is none. Nothing but these channels stops."""


class DeliveryError(PresswatchError):
    """A channel did not take a message. `permanent` says that trying again is pointless.

    `retry_after` is the wait in seconds that the receiving side asked for, or None.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: float | None = None, mend: str = ""
    ) -> None:
        super().__init__(message, mend=mend)
        self.permanent = permanent
        self.retry_after = retry_after

"""What is watched already, for whoever adds to it: one look, however many sources are added. Pure but for the look."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import Connection, select

from storage.errors import InvalidInputError, WatchedError
from storage.identity import identity_key
from storage.tables import sources
from storage.types import SourceSpec

_KNOWN_AND_OFF = ("known", "watch it with: presswatch sources enable")


class Watched:
    """Sources by their names and by their sections. Two addresses of one section differ in what servers treat alike."""

    def __init__(self, known: Iterable[tuple[str, str, bool]] = ()) -> None:
        """`known` are names, addresses, and whether they are polled."""
        self._sections: dict[str, str] = {}
        self._polled: dict[str, dict[str, bool]] = {}
        for key, address, enabled in known:
            self._put(key, address, enabled)

    def add(self, spec: SourceSpec) -> None:
        """Note one more, in the place of the one of its name."""
        self.remove(spec.key)
        self._put(spec.key, spec.address, spec.enabled)

    def remove(self, key: str) -> None:
        """Note that it is watched no more."""
        section = self._sections.pop(key, None)
        if section is not None:
            del self._polled[section][key]

    def refuse(self, spec: SourceSpec) -> None:
        """Raise `InvalidInputError` where a source of that name or of that section is there already."""
        if spec.key in self._sections:
            raise InvalidInputError(f"there is already a source {spec.key}", mend="give another name with --key")
        self.refuse_section(spec)

    def refuse_section(self, spec: SourceSpec) -> None:
        """Raise `WatchedError` where a source of another name has the section."""
        for key, is_polled in self._polled.get(section_of(spec.address), {}).items():
            if key != spec.key:
                state, verb = ("watched", "see it with: presswatch sources check") if is_polled else _KNOWN_AND_OFF
                raise WatchedError(f"{spec.address} is already {state} as {key}", key=key, mend=f"{verb} {key}")

    def _put(self, key: str, address: str, enabled: bool) -> None:
        section = ""
        with suppress(InvalidInputError):  # it was added before such addresses were refused
            section = section_of(address)
        self._sections[key] = section
        self._polled.setdefault(section, {})[key] = enabled


def watched(connection: Connection) -> Watched:
    """All sources that are not removed."""
    columns = select(sources.c.key, sources.c.address, sources.c.enabled).where(sources.c.removed_at.is_(None))
    return Watched((row.key, row.address, row.enabled) for row in connection.execute(columns.order_by(sources.c.key)))


def section_of(address: str) -> str:
    """What the addresses of one section have in common. Raises `InvalidInputError` for what is no address."""
    try:
        return identity_key(address)
    except ValueError as error:
        raise InvalidInputError(f"{address} is not an address: {error}", mend="check it for typing errors") from error

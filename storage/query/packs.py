"""The alias packs in force: those that are shipped, and those of the folder `aliases` beside the database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from storage.errors import SettingsError
from storage.query.aliases import AliasPack, Packs, by_name, read_packs, shipped_packs


@dataclass(frozen=True, slots=True)
class PacksInForce:
    """The packs, which of them are the user's, and what is wrong with the user's other files."""

    packs: Packs
    own: tuple[AliasPack, ...] = ()
    problems: tuple[SettingsError, ...] = ()

    @property
    def every(self) -> tuple[AliasPack, ...]:
        """Each pack once, by name."""
        return tuple(sorted({pack.name: pack for pack in self.packs.values()}.values(), key=_folded_name))


def _folded_name(pack: AliasPack) -> str:
    return pack.name.casefold()


def packs_in_force(connection: Connection) -> PacksInForce:
    """The packs that queries in this database mean. The user's folder is read again when a file of it has changed.

    A pack of the user's takes the place of a shipped one of the same name. A file that is none is left out, and what it
    was to replace stays. The same value is given as long as nothing has changed.
    """
    database = connection.engine.url.database
    if not database or database == ":memory:":
        return PacksInForce(shipped_packs())
    folder = Path(database).parent / "aliases"
    return _read(folder, tuple(_state(path) for path in sorted(folder.glob("*.toml"))))


def packs_of(connection: Connection) -> Packs:
    """The packs that queries in this database mean, by name."""
    return packs_in_force(connection).packs


def _state(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:  # removed a moment ago, or a link that leads nowhere: reading it says so
        return path.name, 0, 0
    return path.name, found.st_mtime_ns, found.st_size


@lru_cache(8)
def _read(folder: Path, _: tuple[tuple[str, int, int], ...]) -> PacksInForce:
    own, problems = read_packs(folder)
    return PacksInForce(by_name([*set(shipped_packs().values()), *own]), tuple(own), tuple(problems))

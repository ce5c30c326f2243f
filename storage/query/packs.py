"""The alias packs in force: those that are shipped, and those of a folder that the operator names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class AliasFolder:
    """Where the user's packs lie: one TOML file each. The folder need not exist."""

    path: Path

    @property
    def in_force(self) -> PacksInForce:
        """The packs that queries mean now. The folder is read again when a file of it has changed.

        A pack of the user's takes the place of a shipped one of the same name. A file that is none is left out, and
        what it was to replace stays. The same value is given as long as nothing has changed.
        """
        return _read(self.path, tuple(_state(path) for path in sorted(self.path.glob("*.toml"))))

    @property
    def packs(self) -> Packs:
        """The packs that queries mean now, by name."""
        return self.in_force.packs


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

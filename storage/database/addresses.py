"""Which database a person names: a server's by its address, a file by its path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.database.files import NAME
from storage.errors import InvalidInputError

_OF_SERVERS = ("postgresql:", "postgres:")


@dataclass(frozen=True, slots=True)
class Named:
    """A database as `Database` and `storage.opening.open_database` are told of it."""

    folder: Path
    """The data folder: of the file, or of a server's keys."""
    address: str = ""
    """Of a server's database, with its password."""


def named(text: str, keys: Path) -> Named:
    """The database of `postgresql://...`, `sqlite:PATH`, or a path: of a data folder or the file in it.

    `keys` is the data folder that has the keys of a server's database. Raises `InvalidInputError`.
    """
    if text.startswith(_OF_SERVERS):
        return Named(keys, text)
    place = text.removeprefix("sqlite:")
    if place.startswith("//"):  # sqlite:///var/lib/presswatch
        place = "/" + place.lstrip("/")
    path = Path(place).expanduser().absolute()
    if path.name == NAME:
        return Named(path.parent)
    if path.is_file() or not place:
        raise InvalidInputError(
            f"{text!r} is no database of presswatch's",
            mend=f"name the folder in which {NAME} lies, or a server as postgresql://USER:PASSWORD@HOST/NAME",
        )
    return Named(path)

"""The file of a backup: what goes into it, and what comes out of it as it went in."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from storage.database.files import NAME, OF_THE_OWNER_FILE, make_folder
from storage.errors import InvalidInputError
from storage.items.evidence.folder import CHAIN, OUR_FILE
from storage.items.evidence.folder import FOLDER as EVIDENCE
from storage.people.keyring import FILE as KEY

MANIFEST = "backup.json"
ALIASES = "aliases"
FORMAT = 1
LONGEST_MANIFEST = 1024 * 1024
"""Bytes; it names a file a line."""

PIECE = 1024 * 1024
"""Bytes that are read at a time."""

COMPRESSION = 3
"""Of gzip: statements shrink to a third of their size either way, and more takes several times as long."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is known of a backup."""

    made_at: datetime
    version: str
    """Of presswatch."""
    schema: str
    statements: int
    has_key: bool
    unopened: tuple[str, ...] = ()
    """Channels whose address no key opens."""
    records: int = 0
    """Of the evidence that goes along, or that its database knows of."""
    altered: tuple[str, ...] = ()
    """What of the evidence is not as it was written."""


def pack(folder: Path, made: Backup, to: Path) -> None:
    """Write the files of the folder into one, behind one that says what they are."""
    aliases = sorted(f"{ALIASES}/{each.name}" for each in aliases_in(folder))
    evidence = sorted(f"{EVIDENCE}/{each.name}" for each in (folder / EVIDENCE).glob("*"))
    names = [NAME, *([KEY] if made.has_key else []), *aliases, *evidence]
    manifest = {
        "format": FORMAT,
        "made_at": made.made_at.isoformat(),
        "presswatch": made.version,
        "schema": made.schema,
        "statements": made.statements,
        "files": {name: _digest(folder / name) for name in names},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    with tarfile.open(to, "w:gz", compresslevel=COMPRESSION, format=tarfile.PAX_FORMAT) as archive:
        for name in [MANIFEST, *names]:
            archive.add(folder / name, name, recursive=False)


def aliases_in(folder: Path) -> Sequence[Path]:
    """The alias packs of an unpacked backup."""
    return sorted((folder / ALIASES).glob("*.toml"))


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def unpack(file: Path, into: Path) -> Mapping[str, Any]:
    """Write the files of a backup into a folder, those alone that its first one names; returns what that says.

    Raises `InvalidInputError` where it is no backup, or not what was made.
    """
    try:
        with gzip.open(file) as unzipped, tarfile.open(fileobj=unzipped, mode="r:") as archive:
            manifest = _manifest(archive)
            missing = dict(manifest["files"])
            while missing and (member := archive.next()) is not None:
                wanted, content = missing.pop(member.name, None), archive.extractfile(member)
                if wanted is None or content is None or not member.isreg():
                    raise InvalidInputError(f"{member.name!r} does not belong there")
                if _written(content, into / member.name) != wanted:
                    raise InvalidInputError(f"{member.name} is not what was put in")
            if missing:
                raise InvalidInputError(f"{next(iter(missing))} is missing")
            while unzipped.read(PIECE):  # to its end, where the check sum stands
                pass
            return manifest
    except (
        tarfile.TarError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        OSError,
        InvalidInputError,
        zlib.error,
    ) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InvalidInputError(
                f"{file} cannot be read: {error.strerror}",
                mend="look whether it is there and yours, and for free space",
            ) from error
        raise InvalidInputError(
            f"{file} is no whole backup: {error}", mend="take another one; presswatch backup FILE makes them"
        ) from error


def _manifest(archive: tarfile.TarFile) -> Mapping[str, Any]:
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.name == MANIFEST else None
    if content is None:
        raise InvalidInputError("it does not say what is in it")
    manifest: Mapping[str, Any] = json.loads(content.read(LONGEST_MANIFEST))
    datetime.fromisoformat(manifest["made_at"])
    if manifest["format"] != FORMAT:
        raise InvalidInputError(f"it has the format {manifest['format']}, of a newer presswatch")
    for name in manifest["files"]:
        path = PurePosixPath(name)
        is_alias = path.parts[:-1] == (ALIASES,) and path.suffix == ".toml" and "\\" not in name
        is_evidence = path.parts[:-1] == (EVIDENCE,) and (path.name == CHAIN or OUR_FILE.fullmatch(path.name))
        if not (name in (NAME, KEY) or is_alias or is_evidence):
            raise InvalidInputError(f"{name!r} does not belong there")
    if NAME not in manifest["files"]:
        raise InvalidInputError("it has no database")
    return manifest


def _written(content: IO[bytes], to: Path) -> str:
    make_folder(to.parent)
    with to.open("wb") as file:
        shutil.copyfileobj(content, file, PIECE)
    to.chmod(OF_THE_OWNER_FILE)
    return _digest(to)

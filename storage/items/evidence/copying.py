"""The evidence as of one moment is copied, while others go on writing it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from storage.database.files import make_file, make_folder
from storage.items.evidence import rows
from storage.items.evidence.folder import EvidenceFolder

_PIECE = 1024 * 1024


def copy(connection: Connection, folder: EvidenceFolder, to: EvidenceFolder) -> None:
    """Copy what the rows know of: files up to their last record, as many lines of the chain.

    A file that nobody writes to any more is linked where both lie on one disk. What is missing or too short is copied
    as it is: whoever verifies the copy finds it. Raises `OSError`.
    """
    node = _node(folder)
    last = rows.last(connection, node) if node else None
    if last is None:
        return
    make_folder(to.path)
    make_file(to.chain)
    with folder.chain.open("rb") as source, to.chain.open("wb") as file:
        for _ in range(last.link.number + 1):
            file.write(source.readline())
    for path in folder.files():
        if path.name < last.link.file:
            _link(path, to.path / path.name)
        elif path.name == last.link.file:
            _copy(path, to.path / path.name, last.link.end)


def _node(folder: EvidenceFolder) -> str | None:
    with suppress(ValueError):
        return folder.node()
    return None


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:
        _copy(path, to, path.stat().st_size)


def _copy(path: Path, to: Path, length: int) -> None:
    make_file(to)
    with path.open("rb") as source, to.open("wb") as file:
        while length > 0 and (piece := source.read(min(length, _PIECE))):
            file.write(piece)
            length -= len(piece)

"""Where a command's output goes: the screen, a file, whatever a shell's `>` could write to."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storage.errors import InvalidInputError

SCREEN = Path("-")

Write = Callable[[str | bytes], object]


def is_screen(to: Path | None) -> bool:
    """Whether output is not for a file."""
    return to is None or to == SCREEN


@contextmanager
def whole_file(to: Path | None) -> Iterator[Write]:
    """Gives a function that writes to a file, or text to the screen.

    An ordinary file is there whole or, whatever happens, as it was before; it keeps its rights, and a link to it stays
    a link. What is no ordinary file, a device or a pipe, is written to as it stands.
    Raises `InvalidInputError` where it cannot be written.
    """
    if to is None or to == SCREEN:
        yield lambda piece: sys.stdout.write(piece if isinstance(piece, str) else piece.decode())
        return
    try:
        with _replacing(to) if _is_ordinary(to) else to.open("wb", buffering=0) as file:
            yield lambda piece: file.write(piece if isinstance(piece, bytes) else piece.encode())
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename not in (None, str(to), *_parts(to)):
            raise
        mend = "name a file in a folder that is yours"
        raise InvalidInputError(f"{to} cannot be written: {error.strerror}", mend=mend) from error


def whole_folder(to: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, which is there whole or not at all.

    Raises `InvalidInputError` where there is something already, or none can be made.
    """
    if to.exists() and not (to.is_dir() and not any(to.iterdir())):
        raise InvalidInputError(f"{to} is there already", mend="name a new folder")
    try:
        with tempfile.TemporaryDirectory(dir=to.absolute().parent, prefix=".presswatch-") as workshop:
            made = Path(workshop) / "made"
            for name, content in files.items():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_bytes(content)
            made.replace(to)
    except OSError as error:
        mend = "name a new folder in one that is yours"
        raise InvalidInputError(f"{to} cannot be written: {error.strerror}", mend=mend) from error


def _is_ordinary(to: Path) -> bool:
    """Whether there is an ordinary file, or nothing yet."""
    try:
        return stat.S_ISREG(to.stat().st_mode)
    except FileNotFoundError:
        return True


def _parts(to: Path) -> tuple[str, ...]:
    real = Path(os.path.realpath(to))
    return str(real), str(_part_of(real))


def _part_of(real: Path) -> Path:
    return real.with_name(f"{real.name}.part")


@contextmanager
def _replacing(to: Path) -> Iterator[BinaryIO]:
    """A file beside the one that is meant, which takes its place in one step at the end, or is gone."""
    real = Path(os.path.realpath(to))
    part = _part_of(real)
    try:
        with part.open("wb") as file:
            if real.exists():
                _keep_rights(real, part)
            yield file
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)


def _keep_rights(real: Path, part: Path) -> None:
    """Raises `PermissionError` where the file may not be written, as a shell does."""
    known = real.stat()
    if not os.access(real, os.W_OK):
        raise PermissionError(13, os.strerror(13), str(real))
    if hasattr(os, "chown") and os.geteuid() == 0:
        os.chown(part, known.st_uid, known.st_gid)
    part.chmod(stat.S_IMODE(known.st_mode))

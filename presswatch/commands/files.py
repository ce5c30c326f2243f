"""How a command writes a file: whole, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import InvalidInputError


@contextmanager
def whole_file(to: Path | None) -> Iterator[Callable[[str | bytes], object]]:
    """Gives a function that writes to a file, which is there whole or not at all, or text to the screen.

    Raises `InvalidInputError` where the file cannot be written.
    """
    if to is None:
        yield lambda piece: sys.stdout.write(str(piece))
        return
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("wb") as file:
            yield lambda piece: file.write(piece if isinstance(piece, bytes) else piece.encode())
        part.replace(to)
    except OSError as error:
        raise InvalidInputError(
            f"{to} cannot be written: {error.strerror}", mend="name a file in a folder that is yours"
        ) from error
    finally:
        part.unlink(missing_ok=True)

"""The forms that a watchlist's file can have. Standard library only: the command line names them in its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Form(StrEnum):
    """`toml` has everything, `opml` the feeds, for feed readers."""

    TOML = "toml"
    OPML = "opml"


def form_of(file: Path | None) -> Form:
    """The form that a file's name tells."""
    return Form.OPML if file is not None and file.suffix.lower() in (".opml", ".xml") else Form.TOML

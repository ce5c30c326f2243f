"""A database is named by an address or a path; what is none is refused with what to name instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.database import Named, named
from storage.errors import InvalidInputError

KEYS = Path("/keys")
SERVER = "postgresql://presswatch:secret@db.example/presswatch"


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("/var/lib/presswatch", "/var/lib/presswatch"),
        ("sqlite:/var/lib/presswatch", "/var/lib/presswatch"),
        ("sqlite:///var/lib/presswatch", "/var/lib/presswatch"),
        ("sqlite:////var/lib/presswatch/presswatch.db", "/var/lib/presswatch"),
        ("/var/lib/presswatch/presswatch.db", "/var/lib/presswatch"),
        ("desk", str(Path.cwd() / "desk")),
        ("sqlite:desk", str(Path.cwd() / "desk")),
        ("~/desk", str(Path.home() / "desk")),
    ],
)
def test_a_path_is_a_data_folder_or_the_file_in_it(text: str, folder: str) -> None:
    assert named(text, KEYS) == Named(Path(folder))


@pytest.mark.parametrize("address", [SERVER, "postgres://db.example/presswatch", "postgresql:presswatch"])
def test_an_address_is_a_server_s_whose_keys_are_in_our_folder(address: str) -> None:
    assert named(address, KEYS) == Named(KEYS, address)


def test_what_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    for text in (str(tmp_path / "notes.txt"), "", "sqlite:"):
        with pytest.raises(InvalidInputError, match="no database") as refused:
            named(text, KEYS)
        assert "presswatch.db" in refused.value.mend

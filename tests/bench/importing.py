"""A watchlist of thousands of sources is brought in: seconds, against the half minute that a person waits."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from presswatch.settings import Settings
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_file
from storage.opening import open_database
from storage.types import SOLE_OWNER
from tests.bench.measure import Figure, in_child, say, watch

MOST = 30.0
"""Seconds that ten thousand may take."""
OF_A_HOST = 3


def run(sources: int, rounds: int) -> list[Figure]:
    """Bring so many sources into an empty database, and then the same file again."""
    new, known = zip(*(in_child(_import, sources) for _ in range(rounds)), strict=True)
    return [_figure(sources, "import of new sources", median(new)), _figure(sources, "the same again", median(known))]


def _figure(sources: int, name: str, seconds: float) -> Figure:
    most = MOST * sources / 10_000
    say(f"{name}: {sources:,} in {seconds:.1f} s")
    note = f"{seconds / sources * 1000:.2f} ms each; the baseline is what may be"
    return Figure(f"{name}, {sources:,}", f"{seconds:.1f} s", f"{most:.1f} s", most / seconds, 1.0, note)


def _import(sources: int) -> tuple[float, float]:
    rows = (
        f'[[source]]\nkey = "m/{n}"\nname = "Section {n}"\naddress = "https://host{n // OF_A_HOST}.example/{n}/"\n'
        for n in range(sources)
    )
    with TemporaryDirectory(prefix="presswatch-bench-") as name, open_database(Path(name)) as database:
        file = Path(name) / "watchlist.toml"
        file.write_text("\n".join(rows), encoding="utf-8")
        took = []
        for expected in (sources, 0):
            with watch() as seconds:
                changed = asyncio.run(import_file(database, SOLE_OWNER, file, Form.TOML, Settings()))
            assert len(changed) == expected
            took.append(seconds.wall)
    return took[0], took[1]

"""Many machines: what PostgreSQL is asked, against the bare statement that does the same, on a server of its own.

The server is the newest that lies here, with the memory of a small one and no promise to the disk: both sides have the
same. Both also share this machine, with its cores.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.cluster import claiming, history, inserting, searching
from tests.bench.measure import Figure, say
from tests.fakes import postgres

SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=1GB",
    "effective_cache_size=4GB", "work_mem=32MB", "maintenance_work_mem=512MB", "max_wal_size=8GB",
    "random_page_cost=1.1",
)  # fmt: skip

SOURCES = 1_000_000
"""In the table of which some are due, at the most."""


def run(size: int, rounds: int) -> list[Figure]:
    """Ask a history of `size` statements, and a table of three times as many sources."""
    found = postgres.installations()
    newest = max(found)
    with (
        TemporaryDirectory(prefix="presswatch-bench-") as told,
        postgres.running(found[newest], SETTINGS) as server,
    ):
        say(f"cluster: PostgreSQL {newest}")
        folder = Path(told)
        figures = claiming.run(server, folder, min(SOURCES, 4 * size), rounds)
        figures += inserting.run(server, folder, min(2_000, size // 5), rounds)
        address = server.new()
        history.fill(folder, address, size)
        return figures + searching.asked_in(folder, address, rounds)

"""A PostgreSQL that keeps its log, is stopped, and whose files are put in another's place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.postgres import NOBODY, USER, _free_port, _reachable, _run


class OwnServer:
    """One whose folder the test knows; everything in it belongs to who runs it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder, self.data, self.log = folder, folder / "data", folder / "wal"
        self._port = _free_port()
        self._own(folder)
        self._programs = _reachable(programs, folder)
        self.log.mkdir()
        self._own(self.log)
        self._do("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-D", str(self.data))

    @property
    def address(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"

    def configure(self, lines: str) -> None:
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\n{lines}\n")

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._do("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        self._do("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def copy_files(self, *options: str) -> None:
        where = ("-h", "127.0.0.1", "-p", str(self._port), "-U", USER)
        self._do("pg_basebackup", f"--pgdata={self.folder / 'base'}", *options, *where)

    def put_back(self) -> None:
        """The copy takes the place of the files, and recovers."""
        self.data.rename(self.folder / "kept")
        (self.folder / "base").rename(self.data)
        (self.data / "recovery.signal").touch()
        self._own(self.data / "recovery.signal")

    def _do(self, program: str, *words: str) -> None:
        _run(self._programs / program, *words)

    @staticmethod
    def _own(path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)


@contextmanager
def own_server(programs: Path) -> Iterator[OwnServer]:
    """Not started yet; stopped at the latest when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="pw-pg-"))
    server = OwnServer(programs, folder)
    try:
        yield server
    finally:
        if (server.data / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)

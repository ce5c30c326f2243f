"""The environment that presswatch runs in: where it is, whether it is whole, and how it becomes so."""

import contextlib
import hashlib
import os
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bootstrap.installer import HERE, install, python_of, say

LOCK = HERE / "requirements.lock"
TEST_LOCK = HERE / "requirements-test.lock"
SERVER_LOCK = HERE / "requirements-postgres.lock"
"""With what speaks to PostgreSQL: for many machines, and for the container."""
STAMP = "presswatch-installed"


def choose_environment() -> Path:
    """`.venv` in the project's folder; one in the user's cache if the folder is read-only or its name forbids it."""
    beside = HERE / ".venv"
    if is_ready(beside, LOCK) or (os.access(HERE, os.W_OK) and os.pathsep not in str(HERE)):
        return beside
    usual = {"darwin": "~/Library/Caches", "win32": "~/AppData/Local"}.get(sys.platform, "~/.cache")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or usual).expanduser()
    return cache / "presswatch" / hashlib.sha256(os.fsencode(HERE)).hexdigest()[:12]


def is_ready(environment: Path, lock: Path) -> bool:
    """True if the lock was installed there to the end: the stamp is written last."""
    try:
        stamp = (environment / STAMP).read_text(encoding="ascii").split()
        return python_of(environment).exists() and digest(environment, lock) in stamp
    except OSError:
        return False


def digest(environment: Path, lock: Path) -> str:
    """Fingerprint of all that an installation depends on: the lock, the project's metadata, its place, its Python."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    metadata = repr([project["build-system"], project["project"], project["tool"]["hatch"]])
    parts = [lock.read_bytes(), metadata.encode(), os.fsencode(HERE), os.fsencode(python_of(environment).resolve())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_ready(environment: Path, lock: Path) -> None:
    """Bring the environment to the state that the lock names; without effect if it is there already.

    A stamped environment is extended by the tests' lock, which names the same versions and more. Any other one, be it
    half made, of an older lock or a stranger's, is made anew. Raises InstallationError and OSError.
    """
    if is_ready(environment, lock):
        return
    with alone(environment) as guard:
        if is_ready(environment, lock):
            return
        start = time.monotonic()
        if not is_ready(environment, LOCK):
            make_anew(environment)
        install(environment, lock, guard)
        write_stamp(environment, lock)
        say(f"installed in {time.monotonic() - start:.0f} s")


@contextlib.contextmanager
def alone(environment: Path) -> Iterator[int]:
    """Hold the environment's lock file, so that two runs never install at the same time; yields its descriptor."""
    environment.parent.mkdir(parents=True, exist_ok=True)
    with environment.with_name(environment.name + ".lock").open("a") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("waiting for another run that is installing")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def make_anew(environment: Path) -> None:
    """Replace whatever stands there by an empty environment without pip: Debian may have no ensurepip to put it in."""
    say(f"making an environment in {environment}, once; it takes about a minute")
    import venv  # only here: a run that installs nothing starts sooner without it

    (environment / STAMP).unlink(missing_ok=True)
    venv.create(environment, clear=True, symlinks=os.name != "nt", prompt="presswatch")


def write_stamp(environment: Path, lock: Path) -> None:
    """Declare the environment whole; the tests' lock includes the other one."""
    fresh = environment / f"{STAMP}.new"
    fresh.write_text("\n".join(sorted({digest(environment, LOCK), digest(environment, lock)})), encoding="ascii")
    fresh.replace(environment / STAMP)

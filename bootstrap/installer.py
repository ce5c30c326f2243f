"""Install a lock and the project into an environment: with uv, or with the pip of this folder where uv fails."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
BINARIES = "Scripts" if os.name == "nt" else "bin"

Command = list[str | Path]

MENDS = {
    "No space left|quota exceeded": "the disk is full. Mend: free 1 GB, then run it again.",
    "DO NOT MATCH THE HASHES|hash mismatch": (
        "a package is not the one that the lock names. Mend: look at the package index that this machine uses."
    ),
    "name resolution|NewConnectionError|ConnectTimeout|dns error|connect error|error sending request": (
        "the package index cannot be reached. "
        "Mend: connect to the internet, or configure pip for an index that this machine can reach."
    ),
}


REFUSED = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""Variables that commands and installers do not get."""

STARTED = "presswatch.serve, presswatch.actions.topics, presswatch.demo.scenario, crawler.article, rich.table"
"""Modules whose imports are compiled once after an installation: what the first commands need."""


class InstallationError(Exception):
    """An installer failed; the argument is what it printed."""


def say(text: str) -> None:
    """Tell the person what happens, on the error stream: the output stream belongs to the command."""
    print(f"presswatch: {text}", file=sys.stderr, flush=True)


def mend(failure: str) -> str | None:
    """One line with the cause and the mend of a failure that is known by its words; None for an unknown one."""
    return next((line for words, line in MENDS.items() if re.search(words, failure, re.IGNORECASE)), None)


def variables() -> dict[str, str]:
    """This process's variables for installers and commands, without those that let strangers' packages in.

    Bytecode is kept whatever they say: without it each command compiles a hundred thousand lines first.
    uv is told to trust what the machine trusts, as pip does: a company's proxy signs with a certificate of its own.
    """
    kept = {name: value for name, value in os.environ.items() if name not in REFUSED}
    return {"UV_SYSTEM_CERTS": "1"} | kept | {"PRESSWATCH_COMMAND": "./run", "PIP_USER": "0"}


def python_of(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / BINARIES / ("python.exe" if os.name == "nt" else "python")


def install(environment: Path, lock: Path, guard: int) -> None:
    """Install the lock and the project itself into a made environment.

    `guard` is the descriptor of the held lock file. Raises InstallationError with the installer's output.
    """
    pip: Command = [python_of(environment), "-I", next(HERE.glob("bootstrap/pip-*.whl")) / "pip", "install"]
    pip += ["--no-input", "--progress-bar", "off"]
    uv = shutil.which("uv")
    if uv is None:
        uv = fetch_uv(pip, environment, lock, guard)
    try:
        install_with("uv", [uv, "pip", "install", "--python", python_of(environment)], environment, lock, guard)
    except InstallationError as uv_failed:
        # uv does not read pip's configuration: pip may know the way to an index that uv cannot find.
        try:
            install_with("pip", pip, environment, lock, guard)
        except InstallationError as pip_failed:
            raise InstallationError(f"{uv_failed}\n{pip_failed}") from pip_failed


def fetch_uv(pip: Command, environment: Path, lock: Path, guard: int) -> str:
    """Install the uv that the lock names into the environment; returns its path."""
    pinned = re.search(r"^uv==.*(\n +--hash.*)+", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if pinned is None:
        raise InstallationError(f"{lock.name} does not name uv")
    requirement = environment / "uv.txt"
    requirement.write_text(pinned[0], encoding="utf-8")
    perform("fetching uv", [*pip, "--only-binary", ":all:", "-r", requirement], environment, guard)
    return str(environment / BINARIES / "uv")


def install_with(name: str, installer: Command, environment: Path, lock: Path, guard: int) -> None:
    """Install the lock by its hashes, then the project, which has none, from where it stands."""
    packages: Command = ["--require-hashes", "-r", lock]
    perform(f"installing {lock.name} with {name}", [*installer, *packages], environment, guard)
    project: Command = ["--no-deps", "--no-build-isolation", "--editable", "."]
    perform("installing presswatch itself", [*installer, *project], environment, guard)
    with contextlib.suppress(InstallationError):  # what cannot be compiled now says so when it is used
        perform("compiling", [python_of(environment), "-P", "-c", f"import {STARTED}"], environment, guard)


def perform(title: str, command: Command, environment: Path, guard: int) -> None:
    """Run one step behind a live line, or a plain one without a terminal; its output goes to a log."""
    log = environment / "installation.log"
    is_live, start = sys.stderr.isatty(), time.monotonic()
    if not is_live:
        say(title)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=HERE,
            env=variables(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The step inherits the lock: should this process be killed, the next run waits until the step has ended.
            pass_fds=() if os.name == "nt" else (guard,),
        )
    try:
        while process.poll() is None:
            if is_live:
                last_line = log.read_text(errors="replace").strip().rpartition("\n")[2].strip()
                show(f"presswatch: {title}, {time.monotonic() - start:.0f} s  {last_line}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
    finally:
        if is_live:
            show("")
        process.terminate()
        process.wait()
    if process.returncode != 0:
        raise InstallationError(log.read_text(errors="replace").strip())


def show(line: str) -> None:
    """Replace the terminal's current line, cut to its width."""
    print(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

"""What `run` does: checks, locks and the wheel by itself, everything else by the program in its environment."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from bootstrap.environment import LOCK, SERVER_LOCK, TEST_LOCK, choose_environment, make_ready
from bootstrap.installer import BINARIES, HERE, InstallationError, mend, python_of, say, variables

# Four more than there are cores: most tests of the whole program wait, for a poll or for a message.
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "lint-imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"],
    "pytest": ["-m", "pytest", "-n", str((os.cpu_count() or 1) + 4), "--dist", "loadgroup"],
}

OF_TESTS = {"bench": "tests.bench", "screenshots": "tests.screenshots"}
"""Commands that are modules of the tests."""


def main(arguments: list[str]) -> int:
    """Make the environment ready, then do what the arguments ask; returns the exit code."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("start", [])
    environment = choose_environment()
    try:
        make_ready(environment, TEST_LOCK if name == "test" or name in OF_TESTS else LOCK)
    except (InstallationError, OSError) as error:
        return give_up(environment, error)
    if name == "test":
        return test(environment, rest)
    if name == "lock":
        return lock(environment, rest)
    if name == "wheel":
        return wheel(environment)
    if name == "screenshots":
        have_chromium()
    become(python_of(environment), [OF_TESTS[name], *rest] if name in OF_TESTS else ["presswatch", name, *rest])


def test(environment: Path, arguments: list[str]) -> int:
    """Run every check, also after a failed one; returns the first failure's exit code, 0 if all passed.

    pytest comes last, so that its summary closes the output.
    """
    failed: dict[str, int] = {}
    if "--fast" not in arguments:  # what needs a browser is left out
        have_chromium()
    for name, words in CHECKS.items():
        say(name)
        command = [str(python_of(environment)), *words, *(arguments if name == "pytest" else [])]
        code = subprocess.call(command, cwd=HERE, env=variables())
        if code:
            failed[name] = code
    if failed.keys() - {"pytest"}:
        say(f"failed: {', '.join(failed)}")
    return next(iter(failed.values()), 0)


def have_chromium() -> None:
    """Install Debian's Chromium where that is possible: the tests of pages written by scripts, and of ours, need one.

    Where it is not, they are skipped, and this says so before and pytest after them.
    """
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))):
        return
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        say("NO CHROMIUM: nothing is looked at in a browser. Mend: install Debian's package chromium.")
        return
    say("installing Debian's chromium, once")
    settings = {**variables(), "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
    for command in (install, [apt, "update", "--quiet"], install):  # the lists may be too old, or not there at all
        done = subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode == 0 and command is install:
            return
    print(*done.stderr.splitlines()[-3:], sep="\n", file=sys.stderr)
    say("NO CHROMIUM: it could not be installed, and nothing is looked at in a browser.")


def lock(environment: Path, arguments: list[str]) -> int:
    """Write the locks anew from pyproject.toml, by the default index alone and without its address."""
    base = [str(environment / BINARIES / "uv"), "pip", "compile", "pyproject.toml", "--group", "build"]
    base += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-config"]
    base += ["--quiet", "--custom-compile-command", "./run lock", *arguments]
    settings = {name: value for name, value in variables().items() if not name.startswith(("UV_INDEX", "UV_DEFAULT"))}
    for command in (
        [*base, "-o", LOCK.name],
        [*base, "-o", TEST_LOCK.name, "--group", "test", "--constraints", LOCK.name],
        [*base, "-o", SERVER_LOCK.name, "--extra", "postgres", "--constraints", TEST_LOCK.name],
    ):
        if code := subprocess.call(command, cwd=HERE, env=settings):
            return code
    return 0


def wheel(environment: Path) -> int:
    """Build what is installed on a server into `dist`: the wheel of presswatch, and the locks of all it needs."""
    built = HERE / "dist"
    build = [str(python_of(environment)), "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    done = subprocess.run(build, cwd=HERE, env=variables(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        say("the wheel could not be built. Mend: see the lines above.")
        return done.returncode
    for each in (LOCK, SERVER_LOCK):
        shutil.copy(each, built)
    say(f"built {', '.join(sorted(str(path.relative_to(HERE)) for path in built.iterdir()))}; see docs/server.md")
    return 0


def give_up(environment: Path, error: InstallationError | OSError) -> int:
    """Say in one line why the installation failed and what to do, after the installer's last words if it is unknown."""
    # On a full disk the installer may have been unable to write down what it failed of.
    is_full = isinstance(error, InstallationError) and shutil.disk_usage(environment).free < 100_000_000
    known = mend("No space left" if is_full else str(error))
    if known is None and isinstance(error, InstallationError):
        print(*str(error).splitlines()[-5:], sep="\n", file=sys.stderr)
        known = "the installation failed. Mend: see the lines above, then run it again."
    say(known or f"{error}. Mend: make it writable, or name a folder that is in XDG_CACHE_HOME.")
    return 1


def become(python: Path, module: list[str]) -> NoReturn:
    """Replace this process by a module with its arguments, so that signals and the exit code are the module's own."""
    # -P: a folder named storage where the person stands must not be taken for ours.
    command = [str(python), "-P", "-m", *module]
    if module[0] == "presswatch" and hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # its `__main__` takes what came meanwhile
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=variables()))
    os.execve(command[0], command, variables())

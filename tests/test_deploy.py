"""What a server gets: the units, and a wheel that is whole."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from tests.project import EVERY_COMMAND, PACKAGES, ROOT, files

UNITS = sorted(file for file in (ROOT / "deploy").iterdir() if file.suffix in (".service", ".timer"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


def read(unit: Path) -> configparser.ConfigParser:
    """A unit's sections; of a name that comes several times the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


def test_there_are_units_of_the_service_and_of_its_backup() -> None:
    assert [unit.name for unit in UNITS] == [
        "presswatch-backup.service", "presswatch-backup.timer", "presswatch-node@.service", "presswatch.service"
    ]  # fmt: skip


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_starts_a_command_that_exists_as_a_user_of_its_own_and_may_touch_little(unit: Path) -> None:
    service = read(unit)["Service"]
    program, command, *_ = service["ExecStart"].split()
    assert program.endswith("/presswatch") and (command,) in EVERY_COMMAND
    assert service["User"] == "presswatch"
    wanted = {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "PrivateDevices": "yes", "CapabilityBoundingSet": "", "StateDirectory": "presswatch",
        "StateDirectoryMode": "0700", "UMask": "0077", "RestrictSUIDSGID": "yes",
    }  # fmt: skip
    assert {name: service.get(name) for name in wanted} == wanted


def test_what_a_start_does_not_mend_is_not_started_again() -> None:
    service = read(ROOT / "deploy" / "presswatch.service")["Service"]
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", "2")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    """Installed as docs/server.md says, but for the program and the user, who are here."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/presswatch/venv/bin/presswatch", "/bin/true")
        (tmp_path / unit.name).write_text(re.sub(r"^(User|Group)=.*", "", text, flags=re.MULTILINE), encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    verified = subprocess.run(command, capture_output=True, text=True)
    own = [line for line in verified.stderr.splitlines() if "presswatch" in line]
    assert own == [], verified.stderr


def test_the_page_on_servers_speaks_of_every_unit_and_of_the_folders_that_they_use() -> None:
    page = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    for word in (
        "presswatch.service",
        "presswatch-backup.timer",
        "/opt/presswatch/venv",
        "/etc/presswatch/presswatch.toml",
    ):
        assert word in page
        assert word.startswith("presswatch") or word in "".join(unit.read_text("utf-8") for unit in UNITS)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `./run wheel` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    [file] = folder.glob("*.whl")
    return file


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_five_packages_and_no_other(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    own = {str(path.relative_to(ROOT)) for path in files() if path.relative_to(ROOT).parts[0] in PACKAGES}
    assert names == own
    for kind in (".py", ".toml", ".html"):
        assert [name for name in names if name.endswith(kind)], kind


@pytest.mark.slow
def test_what_the_wheel_holds_runs_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    """From an unpacked wheel beside this environment's libraries, in a folder that has nothing of ours."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import storage, presswatch.cli; "
        "print(storage.__file__, file=sys.stderr); presswatch.cli.main()"
    )
    for arguments in (
        ["subscribe", "CSTO", "--to", "console"],
        ["sources", "list", "--pack", "csto"],
        ["topics", "list"],
    ):
        command = [sys.executable, "-P", "-c", code, str(tmp_path / "installed"), *arguments]
        ran = subprocess.run([*command, "--data", str(tmp_path / "data")], cwd=tmp_path, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert str(tmp_path / "installed" / "storage") in ran.stderr
        assert ran.stdout


@pytest.mark.slow
def test_the_wheel_brings_the_command(wheel: Path) -> None:
    [named] = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/entry_points.txt")]
    text = zipfile.ZipFile(wheel).read(named).decode()
    [(module, function)] = re.findall(r"^presswatch = ([\w.]+):(\w+)$", text, re.MULTILINE)
    assert callable(getattr(import_module(module), function))

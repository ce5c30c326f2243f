"""The image: what is in it, who runs there, and that what it starts serves, is healthy and stops."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.environment import SERVER_LOCK
from presswatch.settings import Settings
from tests.fakes.program import Program
from tests.patience import PATIENCE, wait_until
from tests.project import EVERY_COMMAND, ROOT

DEPLOY = ROOT / "deploy"
SETTINGS = {f"PRESSWATCH_{name.upper()}" for name in Settings.model_fields}


def _instructions() -> list[tuple[str, str]]:
    """Those of the Dockerfile, each with its words in one line."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    found = (line.partition(" ") for line in lines if line)
    return [(instruction, " ".join(words.split())) for instruction, _, words in found]


def _stages() -> list[dict[str, list[str]]]:
    """The words of each instruction, stage by stage."""
    stages: list[dict[str, list[str]]] = []
    for instruction, words in _instructions():
        if instruction == "FROM":
            stages.append({})
        if stages:
            stages[-1].setdefault(instruction, []).append(words)
    return stages


BUILD, IMAGE = _stages()
ENVIRONMENT = dict(word.split("=", 1) for word in shlex.split(" ".join(IMAGE["ENV"])))
ENTRYPOINT, COMMAND = (json.loads(IMAGE[each][0]) for each in ("ENTRYPOINT", "CMD"))
HEALTH_CHECK = json.loads(IMAGE["HEALTHCHECK"][0].partition("CMD ")[2])
PORT = int(IMAGE["EXPOSE"][0])


def test_the_image_installs_what_the_lock_names_and_our_wheel_and_nothing_else() -> None:
    installs = [words for run in BUILD["RUN"] for words in run.split(" && ") if "pip install" in words]
    assert [words.partition(" install ")[2] for words in installs] == [
        f"--no-deps --require-hashes -r {SERVER_LOCK.name}",
        "--no-deps presswatch-*.whl",
    ]
    assert [words.split()[0] for words in BUILD["COPY"]] == [SERVER_LOCK.name, "presswatch-*.whl"]


def test_what_runs_comes_from_the_stage_that_built_it_and_is_nobody_who_may_do_anything() -> None:
    [source, *_] = IMAGE["COPY"]
    assert source == "--from=build /opt/presswatch/venv /opt/presswatch/venv"
    [user] = IMAGE["USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    [made] = IMAGE["RUN"]
    assert f"--uid {user.partition(':')[0]} --gid {user.partition(':')[2]}" in made
    assert IMAGE["VOLUME"] == [ENVIRONMENT["PRESSWATCH_DATA"]]
    assert f"--mode 700 {ENVIRONMENT['PRESSWATCH_DATA']}" in made
    assert not [words for stage in (BUILD, IMAGE) for words in stage["RUN"] if "apt" in words or "curl" in words]


def test_the_image_starts_a_command_that_exists_with_settings_that_exist() -> None:
    assert ENTRYPOINT == ["presswatch"]
    assert (COMMAND[0],) in EVERY_COMMAND
    assert {name for name in ENVIRONMENT if name.startswith("PRESSWATCH_")} <= SETTINGS
    assert ENVIRONMENT["PRESSWATCH_LISTEN"] == f"0.0.0.0:{PORT}"
    assert f"http://127.0.0.1:{PORT}/healthz" in HEALTH_CHECK[-1]


@pytest.mark.slow
def test_what_the_image_starts_serves_is_healthy_and_stops(tmp_path: Path) -> None:
    """The command of the image with its settings alone, but for the folder and the port."""
    data, empty = tmp_path / "data", tmp_path / "empty"
    empty.mkdir()
    Program(data)  # in which no source is enabled: a test asks nobody on the internet
    port = _free_port()
    environment = {
        **ENVIRONMENT,
        "PATH": os.environ["PATH"],
        "HOME": str(data),
        "TMPDIR": str(tmp_path),
        "PRESSWATCH_DATA": str(data),
        "PRESSWATCH_LISTEN": f"127.0.0.1:{port}",
        "PRESSWATCH_CONFIG": str(empty / "presswatch.toml"),
    }
    check = [word.replace(str(PORT), str(port)) for word in (sys.executable, *HEALTH_CHECK[1:])]
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", *ENTRYPOINT, *COMMAND]
        running = subprocess.Popen(command, cwd=empty, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: running.poll() is not None or _succeeds(check))
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0, (tmp_path / "log").read_text("utf-8")
    finally:
        running.kill()
    assert not _succeeds(check)
    assert list(empty.iterdir()) == [], "its folder is not written to"


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

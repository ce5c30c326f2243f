"""The services around the image, and a node of systemd: whom they reach, what they may, and what they are told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from crawler.catalog import catalogue
from presswatch.settings import Settings
from storage.clock import now
from storage.opening import open_database
from storage.sources import sources
from tests.fakes import postgres
from tests.patience import PATIENCE, wait_until
from tests.project import EVERY_COMMAND, ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "presswatch"}
SETTINGS = {f"PRESSWATCH_{name.upper()}" for name in Settings.model_fields}
KEYS = {"PRESSWATCH_KEY", "PRESSWATCH_KEY_FILE"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_an_image_a_restart_and_networks_and_volumes_that_exist(name: str) -> None:
    service = SERVICES[name]
    assert service["image"] == "presswatch" or re.search(r":(?!latest)\w", service["image"])
    assert service["restart"] == "unless-stopped"
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    named = {volume.partition(":")[0] for volume in service["volumes"] if not volume.startswith(".")}
    assert named <= set(COMPOSE["volumes"])
    for volume in service["volumes"]:
        assert not volume.startswith(".") or (DEPLOY / volume.partition(":")[0]).is_file()
    for other, wanted in service.get("depends_on", {}).items():
        assert wanted == {"condition": "service_healthy"}
        assert other == "postgres" or other in OURS
    assert "no-new-privileges:true" in service["security_opt"]


def test_nothing_is_declared_that_no_service_has() -> None:
    every = SERVICES.values()
    assert {network for service in every for network in service["networks"]} == set(COMPOSE["networks"])
    volumes = {volume.partition(":")[0] for service in every for volume in service["volumes"]}
    assert {volume for volume in volumes if not volume.startswith(".")} == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", OURS)
def test_a_node_may_write_its_data_alone_and_is_started_by_words_that_the_program_knows(name: str) -> None:
    service = OURS[name]
    assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert set(service["environment"]) <= SETTINGS
    command, *words = service["command"]
    assert all(isinstance(word, str) for word in (command, *words, *service["environment"].values()))
    known = {option for parameter in EVERY_COMMAND[(command,)].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_all_that_a_node_can_do_is_done_by_some() -> None:
    roles = [service["command"][service["command"].index("--roles") + 1].split(",") for service in OURS.values()]
    assert sorted(role for each in roles for role in each) == ["crawl", "deliver", "match", "web"]
    assert OURS["node"]["deploy"] == {"replicas": 2}


def test_the_proxy_alone_can_be_reached_from_outside_and_is_believed_by_the_pages() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    proxy, web = SERVICES["proxy"], OURS["web"]
    assert web["environment"]["PRESSWATCH_PROXIES"] == proxy["networks"]["front"]["ipv4_address"]
    assert set(web["networks"]) & set(proxy["networks"]) == {"front"}, "else it comes by another address"
    assert proxy["environment"]["UPSTREAM"] == "web:8420"
    assert "{$UPSTREAM:" in (DEPLOY / "Caddyfile").read_text("utf-8")
    assert SERVICES["postgres"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_what_the_services_want_to_be_told_stands_in_the_example_and_no_secret_in_the_file() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+):\?", text)) == set(_example("compose.env.example"))
    assert re.findall(r"\$\{\w+\}", text) == [], "each is refused where it is not told"
    assert _example("compose.env.example")["POSTGRES_PASSWORD"] == ""


def test_a_node_of_systemd_is_told_what_its_unit_asks_for() -> None:
    told = _example("node.env.example")
    unit = (DEPLOY / "presswatch-node@.service").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", unit)) == {"ROLES"}
    assert set(told) - {"ROLES"} <= SETTINGS | KEYS
    assert {"PRESSWATCH_DATABASE", "PRESSWATCH_KEY_FILE"} <= set(told)


def _example(name: str) -> dict[str, str]:
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {variable: value for variable, _, value in pairs}


@pytest.mark.slow
def test_the_services_as_they_stand_there_are_nodes_of_one_database(tmp_path: Path) -> None:
    """Their commands and settings, as processes; two of what there are two of."""
    found = postgres.installations()
    with postgres.running(found[max(found)]) as server, ExitStack() as running:
        address = server.new()
        with open_database(tmp_path, address=address) as database:
            database.write(sources.sync_catalogue, catalogue(), now())
            every = [source.key for source in database.read(sources.every)]
            database.write(sources.set_many_enabled, every, False, now())  # a test asks nobody on the internet
        started = [
            running.enter_context(_started(service, number, tmp_path, address))
            for service in OURS.values()
            for number in range(service.get("deploy", {}).get("replicas", 1))
        ]
        wanted = sorted(sorted(_roles(service)) for service in (OURS["web"], OURS["node"], OURS["node"]))
        wait_until(lambda: _nodes(tmp_path, address) == wanted)
        assert [process.poll() for process in started] == [None] * len(started)
        for process in started:
            process.terminate()
        assert [process.wait(PATIENCE) for process in started] == [0] * len(started)


def _roles(service: dict[str, Any]) -> list[str]:
    return str(service["command"][service["command"].index("--roles") + 1]).split(",")


def _environment(folder: Path, address: str) -> dict[str, str]:
    """What the image says, for this machine."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PRESSWATCH_DATA": str(folder),
        "PRESSWATCH_CONFIG": str(folder / "presswatch.toml"),
        "PRESSWATCH_LISTEN": "127.0.0.1:0",
        "PRESSWATCH_DATABASE": address,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def _started(service: dict[str, Any], number: int, folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    told = {name: value for name, value in service["environment"].items() if "${" not in value}
    log = folder / f"{'-'.join(_roles(service))}-{number}"
    with log.open("wb") as written:
        command = [sys.executable, "-m", "presswatch", *service["command"]]
        environment = _environment(folder, address) | told
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=written, stderr=written)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def _nodes(folder: Path, address: str) -> list[list[str]]:
    """The roles of each node that is there."""
    command = [sys.executable, "-m", "presswatch", "nodes", "list", "--json"]
    said = subprocess.run(command, cwd=folder, env=_environment(folder, address), capture_output=True, check=True)
    return sorted(sorted(node["roles"]) for node in json.loads(said.stdout))

"""Which database is used: what the line names goes before what the environment does, and no password is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.cli import app
from presswatch.output import command, named, without_password
from tests.fakes.postgres import PostgreSQL

runner = CliRunner()


@pytest.fixture
def address(server: PostgreSQL) -> Iterator[str]:
    address = server.new()
    yield address.replace("presswatch@", "presswatch:hush@")
    server.drop(address)


@pytest.mark.slow
def test_the_line_names_a_database_before_the_environment_does(
    server: PostgreSQL, address: str, tmp_path: Path
) -> None:
    data = {"PRESSWATCH_DATA": str(tmp_path), "PRESSWATCH_CONFIG": str(tmp_path / "none.toml")}
    elsewhere = data | {"PRESSWATCH_DATABASE": "postgresql://nobody:hush@127.0.0.1:1/none"}
    added = runner.invoke(app, ["--database", address, "topics", "add", "Bridges", "bridge"], env=elsewhere)
    assert added.exit_code == 0, added.output
    here = data | {"PRESSWATCH_DATABASE": address}
    for source in json.loads(runner.invoke(app, ["sources", "list", "--enabled", "--json"], env=here).stdout):
        runner.invoke(app, ["sources", "disable", source["key"]], env=here)
    listed = runner.invoke(app, ["topics", "list", "--json"], env=here)
    assert [each["name"] for each in json.loads(listed.stdout)] == ["Bridges"]
    assert not (tmp_path / "presswatch.db").exists()
    for words, by, of in ((["--database", address], "--database", elsewhere), ([], "PRESSWATCH_DATABASE", here)):
        shown = runner.invoke(app, [*words, "doctor"], env=of).output
        assert f" MiB (by {by}), " in shown
        assert "hush" not in shown
    server.do(address, f"ALTER DATABASE {address.rpartition('/')[2]} SET default_transaction_read_only = on")
    shown = runner.invoke(app, ["doctor"], env=here).output
    assert "fail  database: postgresql://presswatch@127.0.0.1" in shown
    assert "only answers, as a standby does" in shown


def test_what_is_no_address_of_a_server_is_refused_where_it_stands(tmp_path: Path) -> None:
    refused = runner.invoke(app, ["--database", "mysql://me:hush@db/x", "--data", str(tmp_path), "topics", "list"])
    told = f"{refused.exception} {getattr(refused.exception, 'mend', '')}"
    assert "postgresql://USER:PASSWORD@HOST/NAME" in told
    assert "--database" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:hush@db/x", "postgresql://me@db/x"),
        ("postgresql://me:hu/s?h@db@db/x", "postgresql://me@db/x"),
        ("postgresql://db/x?user=me&password=hush", "postgresql://db/x"),
        ("postgresql://me@db:5433/x", "postgresql://me@db:5433/x"),
    ],
)
def test_hints_of_what_to_type_name_the_database_without_its_password(address: str, shown: str) -> None:
    assert without_password(address) == shown
    named(None, address)
    try:
        assert command().endswith(f"--database {shown}")
    finally:
        named(None)

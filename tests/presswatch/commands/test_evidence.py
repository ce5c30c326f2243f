"""The commands about the evidence, as a person types them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.cli import app
from storage.errors import NotFoundError
from storage.items.evidence.folder import EvidenceFolder
from storage.opening import open_database
from tests.storage.examples import watched
from tests.storage.items.evidence.kept import fill

runner = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the evidence of some statements."""
    with open_database(tmp_path) as database:
        asyncio.run(fill(database, watched(database)))
    return tmp_path


def typed(data: Path, *words: str) -> tuple[int, str]:
    result = runner.invoke(app, ["--data", str(data), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_the_evidence_is_verified_and_its_head_found_again(data: Path) -> None:
    code, told = typed(data, "evidence", "head")
    node, number, digest = told.split()
    assert code == 0
    code, told = typed(data, "evidence", "verify", "--head", digest)
    assert (code, told.splitlines()[-1]) == (0, f"{number} records and 10 texts: as it was written")
    assert f"{node} holds all as it was at record {number}" in told
    file = EvidenceFolder.within(data).files()[0]
    content = file.read_bytes()
    file.write_bytes(content[:600] + bytes([content[600] ^ 1]) + content[601:])
    code, told = typed(data, "evidence", "verify", "--json")
    assert code == 1
    [fault] = json.loads(told)["faults"]
    assert fault["where"].startswith(f"{file.name} at byte ")
    with pytest.raises(NotFoundError, match="no record has the digest 0000"):
        typed(data, "evidence", "verify", "--head", "0" * 64)

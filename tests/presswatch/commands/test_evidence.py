"""The commands about the evidence, as a person types them."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.cli import app
from storage.errors import InvalidInputError, NotFoundError
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


@pytest.mark.slow
def test_a_third_party_verifies_a_statement_with_standard_tools(data: Path, tmp_path: Path) -> None:
    for number, records in ((1, 2), (8, 2), (9, 1)):  # edited; a body that another record has; a page of scripts
        to = tmp_path / f"statement-{number}"
        typed(data, "evidence", "export", str(number), "--to", str(to))
        assert len(list((to / "records").iterdir())) == records
        assert by_hand(to, "sha256sum --quiet -c SHA256SUMS") == ""
        assert by_hand(to, f"{WARCIO} check records/*.warc.gz") == ""
        lines = (to / "chain.txt").read_text().splitlines()
        first = int(lines[1].split()[0])
        for at in range(3, len(lines) + 1) if first else ():
            before = by_hand(to, f"sed -n '{at - 1}p' chain.txt | grep -o '[^ ]*$'")
            fields = by_hand(to, f"sed -n '{at}p' chain.txt | sed 's/ [^ ]*$//'")
            assert (
                by_hand(to, f"printf '%s %s' '{before}' '{fields}' | sha256sum").split()[0] == lines[at - 1].split()[-1]
            )
        said = {line.split()[0]: line.split() for line in lines[1:]}
        for file in (to / "records").iterdir():
            assert by_hand(to, f"sha256sum records/{file.name}").split()[0] == said[file.name.split(".")[0]][4]
        for text in (to / "versions").iterdir():
            recorded = [each[8] for each in said.values() if each[6:8] == [str(number), text.stem]]
            assert recorded == [by_hand(to, f"sha256sum versions/{text.name}").split()[0]]
        item = json.loads((to / "item.json").read_text())
        assert item["address"] == f"https://mfa.example/news/{number}"


WARCIO = f"{shlex.quote(sys.executable)} -c 'from warcio.cli import main; main()'"


def by_hand(folder: Path, line: str) -> str:
    return subprocess.run(line, shell=True, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.slow
def test_what_proves_a_statement_comes_as_a_zip_too_and_nothing_is_written_over(data: Path, tmp_path: Path) -> None:
    typed(data, "evidence", "export", "1", "--to", str(tmp_path / "one.zip"))
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {"statement-1/README.txt", "statement-1/versions/2.txt"} < set(archive.namelist())
    with pytest.raises(InvalidInputError, match="is there already"):
        typed(data, "evidence", "export", "1", "--to", str(data))
    file = EvidenceFolder.within(data).files()[0]
    file.write_bytes(file.read_bytes()[:-700])
    assert typed(data, "evidence", "verify")[0] == 1
    with pytest.raises(InvalidInputError, match="is not as it was written"):
        for number in range(1, 8):
            typed(data, "evidence", "export", str(number), "--to", str(tmp_path / f"altered-{number}"))

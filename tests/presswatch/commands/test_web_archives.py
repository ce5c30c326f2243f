"""Statements out of a web archive, as a person types it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from presswatch.cli import app
from storage.opening import open_database
from storage.tables import alerts, items, versions
from tests.storage.examples import BODY, draft, store, subscribed, watched

runner = CliRunner()

PAGE = (
    "<title>Bridge {0}</title><h1>The minister opened bridge {0}</h1><time>{0} March 2019</time>" + f"<p>{BODY}</p>" * 2
)
ABOUT = f"<title>About</title><h1>About the ministry</h1><p>{BODY}</p><p>{BODY}</p>"


def archive(file: Path, *extra: bytes) -> Path:
    """Statements of March 2019, one that is known, a page without a day, and one of another site."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        pages = {f"https://mfa.example/old/{day}": PAGE.format(day) for day in range(10, 14)}
        pages |= {"https://mfa.example/news/1": PAGE.format(1), "https://mfa.example/about": ABOUT}
        pages |= {"https://another.example/1": PAGE.format(20)}
        for address, html in pages.items():
            told = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            body = io.BytesIO(html.encode())
            size = len(body.getvalue())
            writer.write_record(writer.create_warc_record(address, "response", body, size, http_headers=told))
        for each in extra:
            out.write(each)
    return file


@pytest.mark.slow
def test_statements_of_an_archive_are_stored_once_and_nobody_is_alerted(tmp_path: Path) -> None:
    data, file = tmp_path / "data", archive(tmp_path / "crawl.warc.gz", b"\x1f\x8b is no more than that")
    with open_database(data) as database:
        source = watched(database)
        store(database, draft(source, 1))
        subscribed(database)
    told = runner.invoke(app, ["--data", str(data), "import", str(file)])
    assert told.stdout.strip() == "4 new statements, 1 known; 1 other pages, 1 of sites that no source is of"
    assert told.exit_code == 1  # for what stands behind them
    again = runner.invoke(app, ["--data", str(data), "import", str(file)])
    assert again.stdout.startswith("0 new statements, 5 known;")
    with open_database(data) as database:
        silent = select(func.count()).select_from(items).where(items.c.silent)
        assert database.read(lambda connection: connection.scalar(silent)) == 4
        edits = select(func.count()).select_from(versions).where(versions.c.number > 1)
        assert database.read(lambda connection: connection.scalar(edits)) == 0
        assert database.read(lambda connection: connection.scalar(select(func.count()).select_from(alerts))) == 0

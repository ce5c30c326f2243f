"""What today's readers would read otherwise from raw pages, as a person types it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.article import read_article
from crawler.article.cleaning import clean
from presswatch.cli import app
from storage.items import items
from storage.items.evidence.folder import EvidenceFolder
from storage.opening import open_database
from storage.types import Article, Page, Source
from tests.storage.examples import BODY, watched
from tests.storage.items.evidence.kept import archive, fetched

HTML = f"<title>Bridge</title><h1>The minister opened bridge {{0}}</h1><p>{BODY}</p><p>{{0}} masons were praised.</p>"


def read(source: Source, number: int) -> Article:
    page = Page(f"https://mfa.example/news/{number}", HTML.format(number).encode(), content_type="text/html")
    return clean(read_article(page, source.spec))


@pytest.mark.slow
def test_what_would_be_read_otherwise_is_said_and_nothing_is_stored(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        source = watched(database)
        as_now = [
            replace(fetched(source, number, HTML.format(number)), article=read(source, number)) for number in (1, 2)
        ]
        worse = replace(read(source, 3), body=BODY)
        repeated = replace(
            fetched(source, 4, HTML.format(1)), article=replace(read(source, 1), address="https://mfa.example/news/4")
        )
        for draft in (*as_now, replace(fetched(source, 3, HTML.format(3)), article=worse), repeated):
            asyncio.run(archive(database).store([draft]))
        file = EvidenceFolder.within(tmp_path).files()[-1]
        said = [database.read(items.history, number) for number in range(1, 5)]
    told = CliRunner().invoke(app, ["--data", str(tmp_path), "reread", "mfa-xy/news"])
    assert told.stdout.splitlines() == [
        "#3 version 1: 1 paragraph more",
        "1 of 4 versions would be read otherwise",
    ]
    told = CliRunner().invoke(app, ["--data", str(tmp_path), "reread", "mfa-xy/news", "--json"])
    [changed] = json.loads(told.stdout)
    assert (changed["item"], changed["version"], changed["trouble"]) == (3, 1, "")
    assert changed["body"] == f"{BODY}\n\n3 masons were praised."
    content = bytearray(file.read_bytes())
    content[-10] ^= 1
    file.write_bytes(content)
    told = CliRunner().invoke(app, ["--data", str(tmp_path), "reread", "mfa-xy/news"])
    assert told.stdout.splitlines()[-1] == "2 of 4 versions would be read otherwise"
    assert "#4 version 1: nothing could be read: record " in told.stdout
    with open_database(tmp_path) as database:
        assert [database.read(items.history, number) for number in range(1, 5)] == said

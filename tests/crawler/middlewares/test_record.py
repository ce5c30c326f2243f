"""What was sent and answered for a statement's page is its evidence, as it came and less what is ours."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select
from warcio.archiveiterator import ArchiveIterator

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.verifying import verify
from storage.sources import sources
from storage.tables import versions
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import LOOPBACK, Website

# Twisted has one reactor, and it has one loop.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

LISTING = "<h1>News</h1>" + "".join(
    f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in range(10, 14)
)
ARTICLE = "<title>Bridge</title><h1>The minister opened bridge {0}</h1><p>It leads over the river, and is long.</p>"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        site.answer("/news", LISTING)
        for day in range(10, 13):
            site.answer(f"/n/{day}", ARTICLE.format(day), Set_Cookie="session=secret", X_Served_By="river")
        compressed = gzip.compress(ARTICLE.format(13).encode())
        site.answer("/n/13", compressed, Content_Encoding="gzip", Content_Type="text/html")
        site.wall("/n/10", "way=in", Location="/n/10", Set_Cookie="way=in")
        yield site


async def polled(database: Database, site: Website, **settings: object) -> EvidenceFolder:
    spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())
    async with running(Crawl(database), {**LOOPBACK, **settings}) as crawl:
        await poll(crawl, "test/news")
        assert database.read(_versions) == 4
        return crawl.archive.folder


def _versions(connection: Connection) -> int:
    return len(connection.execute(select(versions.c.id)).all())


async def test_a_poll_leaves_the_raw_pages_of_its_statements_without_cookies(database: Database, site: Website) -> None:
    folder = await polled(database, site)
    [file] = folder.files()
    content = file.read_bytes()
    found, plain = {}, b""
    for record in ArchiveIterator(io.BytesIO(content), check_digests="raise"):
        raw = record.raw_stream.read()
        plain += str(record.rec_headers).encode() + str(record.http_headers or "").encode() + raw
        if record.rec_type == "response":
            found[record.rec_headers.get_header("WARC-Target-URI")] = (record.http_headers, raw)
        if record.rec_type == "request":
            assert record.http_headers.get_header("User-Agent").startswith("presswatch/")
    assert set(found) == {site.address(f"/n/{day}") for day in range(10, 14)}
    http, raw = found[site.address("/n/11")]
    assert (raw.decode(), http.get_header("X-Served-By")) == (ARTICLE.format(11), "river")
    http, raw = found[site.address("/n/13")]
    assert (gzip.decompress(raw).decode(), http.get_header("Content-Encoding")) == (ARTICLE.format(13), "gzip")
    assert b"cookie" not in plain.lower()
    verified = database.read(verify, folder, shared=False, progress=lambda done, total: None)
    assert (verified.faults, verified.notes, verified.texts) == ([], [], 4)


async def test_nothing_is_kept_where_the_operator_wants_none(database: Database, site: Website) -> None:
    folder = await polled(database, site, PRESSWATCH_EVIDENCE=0)
    assert not folder.path.exists()

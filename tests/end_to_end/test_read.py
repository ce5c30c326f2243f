"""Saved pages are read from the command line as the crawl would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from tests.crawler import pages
from tests.fakes.program import Program

ROWS = [
    (f"/en/press/news/{number}.html", f"Minister opens bridge number {number}", f"{number} November 2024")
    for number in range(20, 10, -1)
]
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://ministry.example/</link>
<item><title>Minister opens a bridge</title><link>/news/1</link><pubDate>Thu, 28 Nov 2024 09:05:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "list.html").write_bytes(pages.listing(ROWS).body)
    (folder / "one.html").write_bytes(pages.article().body)
    (folder / "feed.xml").write_text(FEED, encoding="utf-8")
    (folder / "empty.html").write_text("<html><title>News</title><h1>News</h1><p>There are none.</p></html>")
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "data")


def test_a_saved_section_is_read_as_its_poll_would(program: Program, saved: Path) -> None:
    asked = program(
        "read", str(saved / "list.html"), "--url", f"{pages.HOST}/en/press/news/", "--as", "listing", "--json"
    )
    assert asked.code == 0, asked
    (page,) = asked.json
    assert (page["as"], page["reader"], page["reason"]) == ("listing", "html-dated-links", "ok")
    assert [entry["title"] for entry in page["entries"]] == [title for _, title, _ in ROWS]
    assert page["entries"][0] == {
        "title": "Minister opens bridge number 20",
        "address": "https://ministry.example/en/press/news/20.html",
        "published_at": "2024-11-20",
        "published_day": "2024-11-20",
        "precision": "day",
        "published_text": "20 November 2024",
        "summary": "",
    }


def test_several_pages_at_once_are_each_found_out(program: Program, saved: Path) -> None:
    files = [str(saved / name) for name in ("one.html", "feed.xml", "list.html", "empty.html")]
    asked = program("read", *files, "--url", f"{pages.HOST}/en/press/news/", "--json")
    assert asked.code == 0, asked
    statement, feed, section, empty = asked.json
    assert [page["as"] for page in asked.json] == ["article", "feed", "listing", "listing"]
    assert [page["file"] for page in asked.json] == files
    assert statement["title"] == pages.TITLE
    assert (statement["published_at"], statement["language"]) == ("2024-11-28", "en")
    assert statement["body"].split("\n\n") == list(pages.BODY)
    assert feed["entries"][0]["published_at"] == "2024-11-28T09:05+00:00"
    assert feed["entries"][0]["address"] == "https://ministry.example/news/1"
    assert len(section["entries"]) == len(ROWS)
    assert (empty["reason"], empty["entries"]) == ("empty", [])


def test_what_cannot_be_read_is_said_and_the_others_are_read(program: Program, saved: Path) -> None:
    (saved / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    files = [str(saved / name) for name in ("missing.html", "picture.html", "one.html")]
    asked = program("read", *files, "--url", f"{pages.HOST}/en/a.html", "--as", "article")
    assert asked.code == 1
    assert "missing.html cannot be read: No such file" in asked.out
    assert "unreadable:" in asked.out
    assert pages.TITLE in asked.out
    assert "Traceback" not in asked.out + asked.err


def test_a_page_says_itself_where_it_came_from(program: Program, saved: Path) -> None:
    told = saved / "told.html"
    told.write_bytes(b"<!-- saved from url=(0031)https://ministry.example/news/ -->" + pages.listing(ROWS).body)
    assert program("read", str(told), "--json").json[0]["url"] == "https://ministry.example/news/"
    untold = program("read", str(saved / "empty.html"))
    assert untold.code == 1
    assert "say it with --url" in untold.out


def test_addresses_and_files_stand_for_each_other(program: Program, saved: Path) -> None:
    two = program(
        "read",
        str(saved / "one.html"),
        str(saved / "list.html"),
        "--url",
        "https://a.example/",
        "--url",
        "https://b.example/",
        "--json",
    )
    assert [page["url"] for page in two.json] == ["https://a.example/", "https://b.example/"]
    three = program("read", str(saved / "one.html"), "--url", "https://a.example/", "--url", "https://b.example/")
    assert three.code == 2
    assert "give --url once" in three.err


def test_an_address_is_fetched_and_read(program: Program) -> None:
    with ReplicaSite() as site:
        site.publish("A visit to the port", ("The Minister went to the port on Tuesday and spoke with its workers.",))
        asked = program("read", f"{site.address}/en/press/news_mfa/", f"{site.address}/nowhere.html", "--json")
    section, nowhere = asked.json
    assert section["entries"][0]["title"] == "A visit to the port"
    assert section["file"] is None
    assert (nowhere["reason"], asked.code) == ("gone", 1)


@pytest.mark.parametrize(
    ("host", "date", "expected"),
    [
        ("www.ministry.gov.tw", "113-11-28 14:05", "2024-11-28T14:05+08:00"),
        ("ministry.example.ir", "1403/09/08", "2024-11-28"),
        ("ministry.gov", "3/4/2024", "2024-03-04"),
        ("ministry.gov.uk", "3/4/2024 14:05", "2024-04-03T14:05+01:00"),
    ],
)
def test_the_address_tells_how_its_country_writes_dates(
    program: Program, tmp_path: Path, host: str, date: str, expected: str
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(pages.article(date=date).body.replace(b'lang="en"', b'lang="fa"' if ".ir" in host else b""))
    asked = program("read", str(page), "--url", f"https://{host}/news/7", "--as", "article", "--json")
    assert asked.json[0]["published_at"] == expected

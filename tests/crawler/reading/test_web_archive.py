"""A WARC file of a stranger is read with limits, and where it cannot be read on is said."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.reading import web_archive
from crawler.reading.web_archive import ArchivedPage, archived_pages
from storage.errors import InvalidInputError

HTML = b"<h1>The minister opened a bridge</h1>"


def warc(*pages: bytes, zipped: bool = True, status: str = "200 OK", **headers: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=zipped)
    for number, body in enumerate(pages):
        told = StatusAndHeaders(
            status, [(name.replace("_", "-"), value) for name, value in headers.items()], "HTTP/1.1"
        )
        address = f"https://mfa.example/{number}"
        writer.write_record(
            writer.create_warc_record(address, "response", io.BytesIO(body), len(body), http_headers=told)
        )
    return out.getvalue()


def pages_in(file: Path, content: bytes) -> tuple[list[ArchivedPage], str]:
    """What was read, and why it was not read on."""
    file.write_bytes(content)
    found: list[ArchivedPage] = []
    try:
        found += iter(archived_pages(file))
    except InvalidInputError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("zipped", [True, False])
def test_pages_are_read_as_they_were_sent(tmp_path: Path, zipped: bool) -> None:
    content = warc(HTML, HTML * 2, zipped=zipped, Content_Type="text/html") + warc(
        gzip.compress(HTML), zipped=zipped, Content_Encoding="gzip"
    )
    found, ended = pages_in(tmp_path / "a.warc.gz", content)
    assert [each.page.body for each in found if each.page] == [HTML, HTML * 2, HTML]
    assert found[0].page and (found[0].page.address, found[0].page.content_type) == (
        "https://mfa.example/0",
        "text/html",
    )
    assert (ended, found[-1].read) == ("", len(content))


def test_what_is_no_page_is_passed_by(tmp_path: Path) -> None:
    found, ended = pages_in(tmp_path / "a.warc.gz", warc(HTML, status="404 Not Found") + warc(HTML))
    assert [bool(each.page) for each in found] == [False, True]
    assert ended == ""


def test_a_page_that_is_too_long_is_named_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_archive, "LONGEST_PAGE", 1000)
    bomb = gzip.compress(bytes(2_000_000))
    content = warc(HTML * 100) + warc(bomb, Content_Encoding="gzip") + warc(HTML)
    found, ended = pages_in(tmp_path / "a.warc.gz", content)
    assert [each.skipped for each in found] == ["it is longer than 1,000 bytes"] * 2 + [""]
    assert found[-1].page and found[-1].page.body == HTML
    assert ended == ""


def test_a_file_that_becomes_far_too_much_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_archive, "FREELY", 1000)
    found, ended = pages_in(tmp_path / "a.warc.gz", warc(HTML, bytes(3_000_000), HTML))
    assert len(found) == 1
    assert "200 times as much" in ended


def test_a_head_that_does_not_end_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_archive, "LONGEST_HEAD", 10_000)
    endless = b"WARC/1.1\r\nWARC-Type: response\r\nX: " + b"x" * 2_000_000
    found, ended = pages_in(tmp_path / "a.warc", warc(HTML, zipped=False) + endless)
    assert len(found) == 1
    assert "does not end" in ended


def test_a_file_that_is_cut_off_gives_what_stands_before(tmp_path: Path) -> None:
    whole, more = warc(HTML), warc(HTML * 50)
    found, ended = pages_in(tmp_path / "a.warc.gz", whole + more[: len(more) // 2])
    assert found[0].page and found[0].page.body == HTML
    assert "it is cut off at byte" in ended


WHOLE = {zipped: warc(HTML, HTML * 3, zipped=zipped) for zipped in (True, False)}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_stands_there_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[data.draw(st.booleans())])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 600))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    pages_in(tmp_path_factory.getbasetemp() / "altered.warc.gz", bytes(content))

"""Statements that are PDF files, made here by hand. Touches nothing but values."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import pytest
from pypdf import PdfReader, PdfWriter

from crawler.article import read_article
from storage.errors import UnreadableError
from storage.types import Page, Published, Reason
from tests.crawler import pages

LINES = (
    ("Ministry of Transport", "Minister opens a round of talks on transit", "28 November 2024", ""),
    (
        "On 27 November the Minister opened a round of talks on the transit of goods along the north-",
        "ern river. The delegations agreed to meet again in spring.",
        "",
        "A joint press release follows when the survey is finished.",
    ),
)


def pdf(texts: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF file with a page for each run of lines, one object after the other (ISO 32000-1, 7.5)."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(texts)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(texts):
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 10 Tf 40 780 Td {shown}ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< /Title ({title}) >>")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def page(body: bytes) -> Page:
    return Page(f"{pages.HOST}/files/7.pdf", body, 200, "application/pdf")


def test_a_statement_is_read_from_a_pdf_file() -> None:
    article = read_article(page(pdf(LINES)), pages.listed(), "Minister opens a round of talks on transit")
    assert article.title == "Minister opens a round of talks on transit"
    assert article.published.day == date(2024, 11, 28)
    assert article.language == "en"
    assert (
        "the transit of goods along the northern river. The delegations agreed to meet again in spring." in article.body
    )
    assert article.body.endswith("A joint press release follows when the survey is finished.")


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("Talks on transit", "Talks on transit"),
        ("Microsoft Word - talks.doc", "Ministry of Transport"),
        ("", "Ministry of Transport"),
    ],
)
def test_the_title_is_the_file_s_own_else_its_first_line(named: str, title: str) -> None:
    assert read_article(page(pdf(LINES, named)), pages.listed()).title == title


def test_the_listing_s_day_outranks_the_file_s() -> None:
    day = Published(day=date(2024, 11, 29), zone="Europe/Minsk", text="29.11.2024")
    assert read_article(page(pdf(LINES)), pages.listed(), "Talks", day).published.day == date(2024, 11, 29)


def test_heads_and_page_numbers_are_no_text() -> None:
    pieces = [(number, f"Page {number} says that the river rose by {number} feet.") for number in range(1, 5)]
    texts = [("Bulletin of the CSTO", text, str(number)) for number, text in pieces]
    article = read_article(page(pdf(texts)), pages.listed(), "Bulletin")
    assert "CSTO" not in article.body
    assert "rose by 4 feet" in article.body
    assert not article.body.rstrip().endswith("\n4")


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(LINES))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (locked("secret"), "with a password"),
        (pdf([()]), "without text"),
        (pdf(LINES)[:300], "PDF file"),
        (b"%PDF-1.7 ...", "PDF file"),
        (b"%PDF-1.7\n" + b"1 0 obj << /Type /Pages /Kids [1 0 R] >> endobj\n" * 200, "PDF file"),
    ],
    ids=["password", "scanned", "cut off", "nothing", "a page that is its own child"],
)
def test_a_file_that_cannot_be_read_has_its_reason(body: bytes, detail: str) -> None:
    with pytest.raises(UnreadableError, match=detail) as caught:
        read_article(page(body), pages.listed())
    assert caught.value.reason is Reason.UNREADABLE


def test_a_file_that_only_forbids_printing_is_read() -> None:
    assert "joint press release" in read_article(page(locked("")), pages.listed()).body

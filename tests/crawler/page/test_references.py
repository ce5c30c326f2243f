"""References as people type them. Touches nothing but values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.document import absolute
from crawler.page.references import mended, reachable

BASE = "https://m.example/en/feed.xml"
MEANT = "https://m.example/en/1"


@pytest.mark.parametrize(
    "typed",
    [
        "m.example/en/1",
        "HTTPS://m.example/en/1",
        "https:/m.example/en/1",
        "https:///m.example/en/1",
        "https:m.example/en/1",
        "https:\\\\m.example\\en\\1",
        "https//m.example/en/1",
        "https;//m.example/en/1",
        "https ://m.example/en/1",
        "https:// m.example/en/1",
        "ttps://m.example/en/1",
        "htps://m.example/en/1",
        "hhttps://m.example/en/1",
        "htttps://m.example/en/1",
        "https://https://m.example/en/1",
        "http://https://m.example/en/1",
        "http:https://m.example/en/1",
        "https://https//m.example/en/1",
        "https://m.examplehttps://m.example/en/1",
        "https://m.example/https://m.example/en/1",
        "/https://m.example/en/1",
        "///m.example/en/1",
        "https%3A%2F%2Fm.example%2Fen%2F1",
        '"https://m.example/en/1"',
        "<https://m.example/en/1>",
        "\u200bhttps://m.example/en/1\ufeff",
        "https://m.example/en/\n      1",
        "https://m.example\r\n\t/en/1",
        "https://m.exam\tple/en/1",
    ],
)
def test_what_a_browser_or_a_reader_mends_is_mended(typed: str) -> None:
    assert absolute(BASE, typed) == MEANT


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("press.m.example/en/1", "https://press.m.example/en/1"),
        ("www.other.example/1", "https://www.other.example/1"),
        ("http//m.example/en/1", "http://m.example/en/1"),
        ("http:/other.example/1", "http://other.example/1"),
    ],
)
def test_other_hosts_without_their_whole_scheme_are_known_by_their_names(typed: str, expected: str) -> None:
    assert absolute(BASE, typed) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("news.html", "https://m.example/en/news.html"),
        ("m.example.html", "https://m.example/en/m.example.html"),
        ("other.example/1", "https://m.example/en/other.example/1"),
        ("en/www.m.example/1", "https://m.example/en/en/www.m.example/1"),
        ("?id=5", "https://m.example/en/feed.xml?id=5"),
        ("https:/en/news.html", "https://m.example/en/news.html"),
        ("https:news.html", "https://m.example/en/news.html"),
        ("http", "https://m.example/en/http"),
        ("httpd/1", "https://m.example/en/httpd/1"),
        ("https://m.example/a  b", "https://m.example/a%20%20b"),
        ("https://m.example/?back=https://m.example/2", "https://m.example/?back=https://m.example/2"),
        ("https://m.example/?at=a\\b", "https://m.example/?at=a\\b"),
        (
            "https://web.archive.example/web/2020/https://m.example/1",
            "https://web.archive.example/web/2020/https://m.example/1",
        ),
        ("https://proxy.example/http://other.example/1", "https://proxy.example/http://other.example/1"),
        ("https://m.example//en/1", "https://m.example//en/1"),
    ],
)
def test_what_can_be_meant_as_it_stands_stays(reference: str, expected: str) -> None:
    assert absolute(BASE, reference) == expected


@pytest.mark.parametrize("reference", ["mailto:a@m.example", "javascript:alert(1)", "ftp://m.example/1", "tel:+37517"])
def test_what_is_no_address_of_a_page_is_made_into_none(reference: str) -> None:
    assert absolute(BASE, reference) is None


@given(st.text(alphabet="htps:/\\.;%3A2Fwm e1\n\"'?#", max_size=60), st.sampled_from([BASE, ""]))
def test_any_reference_is_mended_once_and_for_all(reference: str, base: str) -> None:
    address = absolute(base, reference)
    assert address is None or absolute(base, address) is not None
    assert isinstance(mended(base, reference), str)


def test_mending_costs_no_more_than_a_reference_is_long() -> None:
    for piece in ("https:", "https://", "http", "/https://m.example", "\\", "\n ", "h", "%3a%2f"):
        assert isinstance(mended(BASE, piece * 20_000), str)


def test_an_address_of_the_site_s_own_machine_is_the_last_choice() -> None:
    for own in ("http://localhost/en/6", "http://127.0.0.1:8080/en/6", "http://10.1.2.3/en/6", "http://web.local/en/6",
                "http://[::1]/en/6", "http://web01/en/6"):  # fmt: skip
        assert reachable([own, "https://m.example/6"], BASE) == "https://m.example/6"
        assert reachable([own], BASE) == "https://m.example/en/6"
        assert reachable([own], "http://localhost/feed.xml") == own
    assert reachable([], BASE) is None

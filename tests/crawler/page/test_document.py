"""Bytes -> text -> tree. Touches nothing but values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.document import absolute, decode, select, text_of, tree
from storage.types import Page

RUSSIAN = "Встреча Министра с руководством речного порта прошла в понедельник."
CHINESE = "外交部发言人就河港航运问题答记者问"


def page(body: bytes, content_type: str = "text/html") -> Page:
    return Page("https://ministry.example/", body, 200, content_type)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_a_byte_order_mark_and_utf8_outrank_what_is_declared(encoding: str) -> None:
    assert decode(page(RUSSIAN.encode(encoding), "text/html; charset=iso-8859-1")) == RUSSIAN


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (CHINESE, "gbk"), (CHINESE, "big5hkscs")]
)
def test_the_header_s_and_the_page_s_own_declaration_are_obeyed(text: str, encoding: str) -> None:
    if encoding == "big5hkscs":
        text = "外交部發言人"
    body = text.encode(encoding)
    assert decode(page(body, f"text/html; charset={encoding}")) == text
    assert decode(page(f'<meta charset="{encoding}">'.encode() + body)).endswith(text)
    old = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    assert decode(page(old.encode() + body)).endswith(text)


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8"])
@pytest.mark.parametrize("declared", ["", "utf-8", "no-such-charset", "idna", "unicode_escape", "utf-16", "zlib"])
def test_an_undeclared_or_falsely_declared_encoding_is_found(encoding: str, declared: str) -> None:
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    assert decode(page(RUSSIAN.encode(encoding), content_type)) == RUSSIAN


def test_one_bad_byte_costs_one_character() -> None:
    body = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert decode(page(body, "text/html; charset=utf-8")) == f"{RUSSIAN}\ufffd{RUSSIAN}"


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "windows-1251", "gbk", "utf-16", "x-user-defined"]))
def test_any_bytes_become_text_that_a_database_takes(body: bytes, charset: str) -> None:
    text = decode(page(body, f"text/html; charset={charset}"))
    assert "\x00" not in text
    assert text.encode("utf-8").decode("utf-8") == text


@given(st.text(alphabet=st.sampled_from("<>/ap divbr='\"&;!-[]\x00é"), max_size=200))
def test_any_text_becomes_a_tree(text: str) -> None:
    assert isinstance(text_of(tree(text)), str)


def test_soft_hyphens_scripts_and_comments_are_not_read() -> None:
    root = tree("<p>Binnen&shy;schiff<script>var a = 1</script> fährt<!-- not this --><style>p {}</style></p>")
    assert text_of(root) == "Binnenschiff fährt"


def test_nested_elements_beyond_measure_are_cut() -> None:
    root = tree("<p>before</p>" + "<div>" * 200_000)
    assert text_of(root) == "before"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("./a.html", "https://ministry.example/en/news/a.html"),
        ("a.html", "https://ministry.example/en/news/a.html"),
        ("../a b.html ", "https://ministry.example/en/a%20b.html"),
        ("/a\n.html", "https://ministry.example/a.html"),
        ("//other.example/a", "https://other.example/a"),
        ("?page=2", "https://ministry.example/en/news/?page=2"),
        ("#top", None),
        ("", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[::1", None),
        ("http://host:notaport/", None),
    ],
)
def test_a_reference_means_an_address_of_the_web_or_none(reference: str, expected: str | None) -> None:
    assert absolute("https://ministry.example/en/news/", reference) == expected


def test_a_selector_that_is_not_css_is_named() -> None:
    with pytest.raises(ValueError, match=r"div\[\["):
        select(tree("<p>a</p>"), "div[[")


DAMAGED = {
    "a quotation mark alone": "<title>The port’s talks</title>",
    "a dash alone": "<title>Talks – the port</title>",
    "a euro sign alone": "<title>Costs of 30 € a ton</title>",
    "Polish words": "<title>Łódź talks “open”</title>",
    "a few Czech letters": "<title>Příští jednání</title>",
    "a name in Cyrillic": "<title>Talks in Гомель</title>",
    "a name in Greek": "<title>Talks in Αθήνα</title>",
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("bad", [b"\xff\x80", b"\xfe\xff", b"\x80\xc3("])
def test_whole_sequences_beside_a_few_bad_bytes_prove_that_a_text_is_utf_8(text: str, bad: bytes) -> None:
    page = Page("https://mfa.example/", text.encode() + b"<p>" + bad + b"</p>", 200, "text/html")
    assert text in decode(page)


OTHERWISE = {
    "cp1251": ["МИД РФ» заявил о встрече", "Talks with РФ» in the port", "«Белая Русь»", "Встреча — в Гомеле"],
    "cp1252": ["Größe und Maß der Häfen", "«Qué», «Cómo»", "Le port d’Évian – à côté"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in OTHERWISE.items() for text in texts])
def test_a_text_in_another_encoding_is_not_taken_for_damaged_utf_8(encoding: str, text: str) -> None:
    page = Page("https://mfa.example/", f"<p>{text}</p>".encode(encoding), 200, f"text/html; charset={encoding}")
    assert text in decode(page)

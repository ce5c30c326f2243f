"""The one form in which an address is kept, and which hosts cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.document import absolute
from storage.connection_guard import AddressPolicy
from storage.errors import AddressRefusedError
from storage.identity import canonical, host_name, identity_key
from tests.storage.addresses import addresses


@given(addresses)
def test_a_canonical_address_stays_as_it_is(address: str) -> None:
    try:
        once = canonical(address)
    except ValueError:
        return
    assert canonical(once) == once
    assert once.isascii()
    assert identity_key(once) == identity_key(address)


@given(st.one_of(st.text(), st.text().map("http://".__add__), st.text().map("https://mfa.example/".__add__)))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    try:
        once = canonical(text)
    except ValueError:
        return
    assert canonical(once) == once


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTTPS://MFA.Example/News/A", "https://mfa.example/News/A"),
        ("https://mfa.example./a", "https://mfa.example/a"),
        ("https://мид.пример/а", "https://xn--d1ahl.xn--e1afmkfd/%D0%B0"),
        ("https://мид。пример。/", "https://xn--d1ahl.xn--e1afmkfd/"),
        ("http://mfa.example:80/a", "http://mfa.example/a"),
        ("https://mfa.example:443/a", "https://mfa.example/a"),
        ("https://mfa.example:8443/a", "https://mfa.example:8443/a"),
        ("https://user:secret@mfa.example/a", "https://mfa.example/a"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("https://mfa.example", "https://mfa.example/"),
        ("https://mfa.example?id=1", "https://mfa.example/?id=1"),
        ("https://mfa.example/a/", "https://mfa.example/a/"),
        ("https://mfa.example/a#part", "https://mfa.example/a"),
        ("https://mfa.example/a/./b/../c", "https://mfa.example/a/c"),
        ("https://mfa.example/../../a", "https://mfa.example/a"),
        ("https://mfa.example/a/%2e%2E/b", "https://mfa.example/b"),
        ("https://mfa.example/a/..", "https://mfa.example/"),
        ("https://mfa.example/a b", "https://mfa.example/a%20b"),
        ("https://mfa.example/%7euser/%d0%b0", "https://mfa.example/~user/%D0%B0"),
        ("https://mfa.example/100%", "https://mfa.example/100%25"),
        ("https://mfa.example/a%2Fb", "https://mfa.example/a%2Fb"),
        ("https://mfa.example/a;jsessionid=0A1B.node1?id=7", "https://mfa.example/a?id=7"),
        ("https://mfa.example/a;%6Asessionid=0A1B/b", "https://mfa.example/a/b"),
        ("https://mfa.example/a?utm_source=x&id=7&UTM_Campaign=y&fbclid=z", "https://mfa.example/a?id=7"),
        ("https://mfa.example/a?utm%5Fsource=x", "https://mfa.example/a"),
        ("https://mfa.example/a?PHPSESSID=1&&b=2&", "https://mfa.example/a?b=2"),
        ("https://mfa.example/a?b=2&a=1", "https://mfa.example/a?b=2&a=1"),
        ("  https://mfa.example/a\n", "https://mfa.example/a"),
        ("https://mfa.exam\nple/lo\tng", "https://mfa.example/long"),
    ],
)
def test_an_address_has_one_canonical_form(written: str, expected: str) -> None:
    assert canonical(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "/news/1", "mfa.example/1", "ftp://mfa.example/", "mailto:desk@mfa.example", "javascript:void(0)", "https://",
     "https:///news", "https://./news", "https://mfa.example:port/", "https://mfa.example:99999/", "https://[::1/",
     "https://" + "а" * 70 + ".example/"],
)  # fmt: skip
def test_what_is_not_an_absolute_web_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        canonical(written)


IMPOSSIBLE_HOSTS = [
    "a..b.example", ".a.example", "a.example..", "..", "a" * 64 + ".example", "a." * 127 + "ab",
    "x." + "я" * 60 + ".example",
    "a。。b.example", "мид..пример", "a b.example", "a%20b.example", "a%2e.example", "a|b.example", "a^b.example",
    "a<b>.example", "a\x01b.example", "a\x7fb.example", "\u200b.example..", "a\u2028b..example",
]  # fmt: skip


@pytest.mark.parametrize("host", IMPOSSIBLE_HOSTS)
def test_a_host_that_cannot_be_is_refused_wherever_an_address_is_read(host: str) -> None:
    with pytest.raises(ValueError):
        host_name(host)
    address = f"https://{host}/news/1"
    with pytest.raises(ValueError):
        canonical(address)
    with pytest.raises(AddressRefusedError) as refused:
        AddressPolicy().check_address(address)
    assert refused.value.mend
    assert absolute("https://mfa.example/", address) is None
    assert absolute("https://mfa.example/", f"//{host}/news/1") is None


POSSIBLE_HOSTS = [
    "mfa.example", "mfa.example.", "my_site.example", "-odd-.example", "a" * 63 + ".example", "a." * 125 + "ab", "a",
    "1.2.3.4.5", "256.1.1.1", "xn--d1ahl.xn--e1afmkfd", "xn--strae-oqa.example", "мид.пример", "МИД。Пример。",
    "straße.example", "faß.example", "例え.テスト", "وزارة.مثال", "bücher.example", "8.8.8.8", "[2606:4700::1111]",
]  # fmt: skip


@pytest.mark.parametrize("host", POSSIBLE_HOSTS)
def test_a_host_that_can_be_is_let_through(host: str) -> None:
    address = f"https://{host}/news/1"
    AddressPolicy().check_address(address)
    assert canonical(canonical(address)) == canonical(address)
    assert absolute("https://mfa.example/", address) == address


@given(st.text(max_size=80))
def test_any_host_is_one_that_a_resolver_takes_or_is_refused(host: str) -> None:
    try:
        name = host_name(host)
    except ValueError:
        return
    if not name.startswith("["):
        assert name.encode("idna")  # what `socket.getaddrinfo` does with it first
        assert host_name(name) == name

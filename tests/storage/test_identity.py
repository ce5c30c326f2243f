from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.document import absolute
from storage.connection_guard import AddressPolicy
from storage.errors import AddressRefusedError
from storage.identity import canonical, decide, fingerprint, host_name, identity_key
from storage.types import Article, Decision

words = st.text(st.characters(codec="utf-8"), max_size=8)
hosts = st.sampled_from(
    ["mfa.example", "MFA.Example.", "мид.пример", "МИД。Пример。", "bücher.example", "192.0.2.7", "[2001:DB8::1]"]
)
odd_segments = ["..", ".", "%2e%2E", "a;jsessionid=1F", "%7Eb;%6Asessionid=2", "%", "%zz", ""]
segments = st.one_of(words, st.sampled_from(odd_segments))
pairs = st.one_of(
    st.tuples(words, words).map("=".join),
    st.sampled_from(["utm_source=x", "UTM%5FMedium=y", "fbclid=1", "id=7", "p", "", "PHPSESSID=ab", "a=%d0%9c"]),
)
addresses = st.builds(
    lambda scheme, host, port, path, query, fragment: (
        f"{scheme}://{host}{port}/{'/'.join(path)}" + (f"?{'&'.join(query)}" if query else "") + fragment
    ),
    st.sampled_from(["http", "https", "HTTPS"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.lists(segments, max_size=4),
    st.lists(pairs, max_size=4),
    st.sampled_from(["", "#top", "#/news?utm_source=1"]),
)


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


@pytest.mark.parametrize(
    "other",
    ["http://mfa.example/news/7?a=1&b=2", "https://mfa.example/news/7/?a=1&b=2", "https://mfa.example/news/7?b=2&a=1",
     "HTTP://MFA.EXAMPLE:80/news/7?b=2&a=1&utm_source=feed#top", "https://mfa.example/x/../news/%37;jsessionid=1?a=1&b=2"],
)  # fmt: skip
def test_spellings_of_one_address_have_one_key(other: str) -> None:
    assert identity_key(other) == identity_key("https://mfa.example/news/7?a=1&b=2")


DIFFERENT = [
    "https://mfa.example/",
    "https://www.mfa.example/",
    "https://mfa.example:8080/",
    "https://mfa.example/news",
    "https://mfa.example/News",
    "https://mfa.example/news.html",
    "https://mfa.example/news/7",
    "https://mfa.example/news/70",
    "https://mfa.example/news//7",
    "https://mfa.example/news%2F7",
    "https://mfa.example/news?id=7",
    "https://mfa.example/news?id=8",
    "https://mfa.example/news?ID=7",
    "https://mfa.example/news?id=7&lang=en",
    "https://mfa.example/news?id=7&lang=ru",
    "https://mfa.example/news?id",
    "https://mfa.example/news?id=",
    "https://mfa.example/news?id=7%26lang=en",
    "https://mfa.example/news;id=7",
    "https://mfa.example/news%3Fid=7",
    "https://mfa.example/en/news",
    "https://mfa.example/news?p=1&p=2",
    "https://mfa.example/news?utm=7",
    "https://mfa.example/news?source=feed",
    "https://mfa.example/news?ref=7",
    "https://mfa.example/news?sid=7",
    "https://mfa.example/news?sid=8",
    "https://mfa.example/news?sid=4f2a9c1be07d4f2a9c1be07d11",
    "https://mfa.example/news?sid=4f2a9c1be07d4f2a9c1be07d12",
    "https://mfa.example/news?pk=7",
    "https://mfa.example/news?at=7",
    "https://mfa.example/news?pk_id=7",
    "https://mfa.example/news?s=7",
    "https://mfa.example/news?session=7",
    "https://mfa.example/news?mc=7",
    "https://mfa.example/news/(S)/7",
    "https://mfa.example/news+a",
    "https://mfa.example/news%20a",
    "https://mfa.example/#!/news/7",
    "https://mfa.example/#!/news/8",
    "https://mfa.example/#/news/9",
    "https://mfa.example/#!about",
    "https://mfa.example/app#/news?id=7",
    "https://mfa.example/app#/news?id=8",
]


def test_what_tracks_a_visitor_is_no_part_of_an_address_wherever_it_stands() -> None:
    for pair in TRACKING:
        for address in ("https://m.example/news/1", "https://m.example/news?id=1", "https://m.example/#!/news/1"):
            with_it = address + ("&" if "?" in address else "?") + pair
            if "#" in address:
                with_it = f"https://m.example/?{pair}#!/news/1"
            assert identity_key(with_it) == identity_key(address), pair
            assert canonical(with_it) == canonical(address), pair


TRACKING = (
    "mtm_campaign=feed", "pk_campaign=feed", "at_medium=rss&at_campaign=news", "xtor=RSS-1", "WT.mc_id=rss", "wt_zmc=x",
    "srsltid=AfmBOo1", "sphrase_id=1234", "CFID=12&CFTOKEN=34", "piwik_campaign=x", "mtm_source=rss&mtm_medium=feed",
    "s_cid=rss", "etcc_med=RSS", "fb_ref=x", "clear_cache=Y", "wtrid=rss", "matomo_kwd=x", "pk_kwd=7", "hsa_acc=1",
    "gad_source=1", "gclsrc=aw.ds", "ttclid=1", "li_fat_id=1", "igsh=1", "__hstc=1.2", "__hssc=1", "hsCtaTracking=1",
    "oly_enc_id=7", "vero_id=1", "elqTrackId=1", "ns_campaign=x", "ns_mchannel=rss", "itm_source=x", "ref_src=twsrc",
    "bitrix_include_areas=Y", "utm_source_platform=x", "ml_subscriber=7", "cm_mmc=x", "at_custom1=rss", "guccounter=1",
    "sid=4f2a9c1be07d4f2a9c1be07d11", "session_id=a1b2c3d4e5f6a7b8c9d0e1f2",
)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.example/(S(abcdefgh12345678))/news/1.aspx", "https://m.example/news/1.aspx"),
        ("https://m.example/(A(x1)F(y2)S(z3))/news/1.aspx", "https://m.example/news/1.aspx"),
        ("https://m.example/news/1;cfid=7", "https://m.example/news/1"),
        ("https://m.example/news?a=1&amp;b=2", "https://m.example/news?a=1&b=2"),
        ("https://m.example/news?a=1&amp;amp;b=2", "https://m.example/news?a=1&b=2"),
        ("https://m.example/news?a=1&AMP;b=2", "https://m.example/news?b=2&a=1"),
        ("https://m.example/news/a+b?x=a+b", "https://m.example/news/a+b?x=a%20b"),
        ("https://m.example/news?x=a b", "https://m.example/news?x=a+b"),
        ("https://m.example/#!/news/1", "http://M.example/#!/news/1/"),
        ("https://m.example/#!/news/1", "http://m.example#/news/1"),
        ("https://m.example/app#/news/1?utm_source=x", "https://m.example/app/#/news/1"),
        ("https://m.example/news/1#/comments", "https://m.example/news/1"),
        ("https://m.example/news/1#!", "https://m.example/news/1"),
        ("https://m.example/news/1#/", "https://m.example/news/1"),
    ],
)
def test_more_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert identity_key(one) == identity_key(other)


def test_addresses_that_can_lead_to_different_statements_have_different_keys() -> None:
    assert len({identity_key(address) for address in DIFFERENT}) == len(DIFFERENT)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=4, unique_by=lambda p: p[0]))
def test_every_value_of_a_content_parameter_counts(parameters: list[tuple[str, int]]) -> None:
    def key(pairs: list[tuple[str, int]]) -> str:
        return identity_key("https://mfa.example/news?" + "&".join(f"{name}={value}" for name, value in pairs))

    (name, value), *others = parameters
    assert key([(name, value), *others]) == key([*others, (name, value)])
    assert key([(name, value + 10), *others]) != key(parameters)
    assert not others or key(others) != key(parameters)


# -- the text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A  statement\nin two\u00a0lines", "A statement in two lines"),
        ("caf\u00e9", "cafe\u0301"),
        ("co\u00adoperation\u200b", "cooperation"),
        ("caf\u00e9", "cafe\u200d\u0301"),
        ("«Bridge»", "“Bridge”"),
        ("the ministry’s", "the ministry's"),
        ("2020–2024 — done", "2020-2024 - done"),
        ("and so on…", "and so on..."),
    ],
)
def test_differences_that_no_reader_sees_do_not_count(one: str, other: str) -> None:
    assert fingerprint("Title", one) == fingerprint("Title", other)
    assert fingerprint(one, "Body") == fingerprint(other, "Body")


INVISIBLE = st.sampled_from(["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])


@given(st.text(), st.integers(0, 40), INVISIBLE)
def test_an_invisible_character_changes_nothing_wherever_it_stands(text: str, place: int, char: str) -> None:
    assert fingerprint("Title", text[:place] + char + text[place:]) == fingerprint("Title", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Title", "10² km"), ("Title", "102 km")),
        (("Title", "not agreed"), ("Title", "now agreed")),
        (("Title", "Not agreed"), ("Title", "not agreed")),
        (("Title", "agreed"), ("Title", "agreed.")),
        (("Title", "A, B"), ("Title", "A; B")),
        (("Title", "together"), ("Title", "to gether")),
        (("On the bridge", "of peace"), ("On the bridge of", "peace")),
        (("Title", ""), ("", "Title")),
        (("Title", "5 − 3"), ("Title", "5 + 3")),
        (("Title", "мир"), ("Title", "миp")),
    ],
)
def test_every_visible_difference_counts(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert fingerprint(*one) != fingerprint(*other)


@given(st.text(st.sampled_from("abcабв .,!12\n"), max_size=30), st.text(st.sampled_from("abcабв .,!12\n"), max_size=30))
def test_texts_are_the_same_just_when_their_words_are(one: str, other: str) -> None:
    assert (fingerprint("Title", one) == fingerprint("Title", other)) == (one.split() == other.split())


def test_a_text_with_a_lone_surrogate_has_a_fingerprint() -> None:
    assert len(fingerprint("Title", "broken \ud800 text")) == 32


def test_an_unknown_item_is_new() -> None:
    assert decide(None, Article("https://mfa.example/1", "Title", "Body")) is Decision.NEW


def test_an_item_that_says_the_same_is_the_same() -> None:
    known = fingerprint("Title", "Body")
    assert decide(known, Article("https://mfa.example/1", "Title", "Body ")) is Decision.SAME


def test_an_item_that_says_something_else_has_changed() -> None:
    known = fingerprint("Title", "Body")
    assert decide(known, Article("https://mfa.example/1", "Title", "Body!")) is Decision.CHANGED
    assert decide(known, Article("https://mfa.example/1", "Title!", "Body")) is Decision.CHANGED

"""Which addresses lead to one statement, and which to different ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity import base_of, canonical, identity_key, part_of, statement_key


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
    "https://mfa.example/news?source=twitter",
    "https://mfa.example/news?print=1",
    "https://mfa.example/news?print=7",
    "https://mfa.example/news?from=7",
    "https://mfa.example/news?partner=example",
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
    "https://mfa.example/app#!/?page=view&id=7",
    "https://mfa.example/app#!/?page=view&id=8",
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
    "erid=2SDnj", "roistat_visit=5", "yrclid=1", "etext=2202.abc", "hmsr=rss&hmpl=x", "cx_artPos=1", "adjust_tracker=a",
    "sc_src=email_1&sc_eh=5", "spMailingID=7&spUserID=8", "wt_cc1=rss", "xtref=a", "os_ehash=1", "utm_social-type=x",
    "share_source=copy", "_x_tr_sl=ru&_x_tr_tl=en", "back_url_admin=%2F", "bxajaxid=1", "wprov=sfla1",
    "from=rss", "source=twitter", "ref=telegram", "partner=yandex", "rss=1", "print=Y", "amp=1", "nocache=1",
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
        ("https://m.example/news?a=1&#38;b=2", "https://m.example/news?a=1&#x26;b=2"),
        ("https://m.example/news/1&amp;x=2", "https://m.example/news/1&x=2"),
        ("https://m.example/news?x=a b", "https://m.example/news?x=a+b"),
        ("https://m.example/#!/news/1", "http://M.example/#!/news/1/"),
        ("https://m.example/#!/news/1", "http://m.example#/news/1"),
        ("https://m.example/app#/news/1?utm_source=x", "https://m.example/app/#/news/1"),
        ("https://m.example/news/1#/comments", "https://m.example/news/1"),
        ("https://m.example/news/1#/?page=2", "https://m.example/news/1"),
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


@pytest.mark.parametrize("part", ["", "@b-12", "~b-12"])
def test_the_newest_statement_at_an_address_has_the_address_s_own_key(part: str) -> None:
    assert statement_key("https://m.example/briefing/", part) == identity_key("https://m.example/briefing")


@pytest.mark.parametrize("part", ["#st1", "=st-1", "=", "until 3"])
def test_what_tells_a_statement_from_the_newest_one_stands_in_its_key(part: str) -> None:
    key = statement_key("https://m.example/briefing", part)
    assert (base_of(key), part_of(key)) == (identity_key("https://m.example/briefing"), part)

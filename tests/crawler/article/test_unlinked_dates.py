"""Days that stand beside links, in the page's title, in its address and in damaged data. The words are our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.article import read_article
from tests.crawler import pages

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in pages.BODY)
TITLE = "Harbour board meets the growers of the river"
LONG = "Alder Montgomery Castellan-Birchwood of the Port Authority"


def published(body: str, *, title: str = "Ministry", head: str = "", address: str = "") -> str:
    text = f"<html lang='en'><head><title>{title}</title>{head}</head><body><main>{body}</main></body></html>"
    page = pages.page(text, address or f"{pages.HOST}/en/press/1.html")
    return str(read_article(page, replace(pages.listed("en"), zone="UTC")).published)


LINKED = [
    "<a href=/x rel=bookmark><time class=published datetime=2026-03-14>March 14, 2026</time>"
    "<time class=updated datetime=2026-03-14>March 14, 2026</time></a>",
    "<a href=/x><time datetime=2026-03-14>14 March 2026</time> <time datetime=2026-03-15>15 March 2026</time></a>",
    "Posted on <a href=/x><b>14 March 2026, 10:15</b></a> by <a href=/y>Press</a>",
    "<span class=posted-on><a href=/x>2026-03-14 / 2026-03-15</a></span>",
    "<p class=meta><a href=/x>14.03.2026</a> <a href=/y>Press</a></p>",
]


@pytest.mark.parametrize("line", LINKED)
def test_a_link_that_says_nothing_but_dates_is_a_date(line: str) -> None:
    assert published(f"<h1>{TITLE}</h1><div class=meta>{line}</div>{TEXT}")[:10] == "2026-03-14"


BESIDE = [
    "<div><p class=date><span>14 March</span> 2026</p><h2>{title}</h2><p>With <a href=/p/3>{long}</a></p></div>",
    "<header><span class=date>14 March 2026</span><h2>{title}</h2><ul><li><a href=/t>{long}</a></li></ul></header>",
    "<div><h2>{title}</h2><p>14 March 2026</p><p>See also <a href=/s>{long}</a></p></div>",
    "<section><h3>{title}</h3><time>14 March 2026</time><div class=tags><a href=/t>{long}</a></div></section>",
    "<div><div class=d>14/03/2026</div><div><h2>{title}</h2></div><div><a href=/p>{long}</a></div></div>",
]


@pytest.mark.parametrize("head", BESIDE)
def test_a_date_beside_a_headline_that_is_no_link_is_that_headline_s(head: str) -> None:
    assert published(head.format(title=TITLE, long=LONG) + TEXT, title=f"{TITLE} | Ministry") == "2026-03-14"


RELATED = [
    "<ul><li><span>14 March 2026</span> <a href=/o>{long}</a></li></ul>",
    "<div><p>14 March 2026</p><h3><a href=/o>{long}</a></h3></div>",
    "<a href=/o><time>14 March 2026</time> {long}</a>",
    "<div class=card><a href=/o>{long}</a><time datetime=2026-03-14>14 March</time></div>",
]


@pytest.mark.parametrize("other", RELATED)
def test_a_date_beside_a_link_is_that_of_what_the_link_leads_to(other: str) -> None:
    assert published(f"<h1>{TITLE}</h1>{TEXT}<aside>{other.format(long=LONG)}</aside>") == ""


TITLES = ["14.03.2026 - {}", "14.03.2026 | {}", "14 March 2026: {}", "{} (14 March 2026)", "{}, 14 March 2026"]


@pytest.mark.parametrize("form", TITLES)
def test_a_day_that_the_page_s_title_alone_gives(form: str) -> None:
    assert published(f"<h1>{TITLE}</h1>{TEXT}", title=form.format(TITLE)) == "2026-03-14"


ADDRESSES = {
    "/news/14-03-2026": "2026-03-14", "/news/14.03.2026-growers": "2026-03-14", "/news/03-14-2026": "2026-03-14",
    "/news/growers_14_03_2026.html": "2026-03-14", "/2026/03/14/growers": "2026-03-14", "/20260314": "2026-03-14",
    "/news/03-04-2026": "", "/news/31-02-2026": "", "/news/12-2026": "", "/report-14-03-20261": "",
}  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_day_in_an_address_is_read_where_nobody_can_take_it_for_another(address: str) -> None:
    assert published(f"<h1>{TITLE}</h1>{TEXT}", address=f"{pages.HOST}{address}") == ADDRESSES[address]


DAMAGED = [
    '{{"headline":"Board "meets" growers","datePublished":"{day}"}}',
    '{{"@type":"NewsArticle","datePublished" : "{day}","headline":"The\\x port"}}',
    '{{"@type":"NewsArticle","datePublished":"{day}",}}',
    '{{"@type":"NewsArticle","datePublished":"{day}"',
    '// written by a plugin\n{{"datePublished": "{day}"}}',
]


@pytest.mark.parametrize("data", DAMAGED)
def test_damaged_data_still_say_the_day_of_publication(data: str) -> None:
    head = f'<script type="application/ld+json">{data.format(day="2026-03-14T09:30:00+01:00")}</script>'
    assert published(f"<h1>{TITLE}</h1>{TEXT}", head=head)[:10] == "2026-03-14"


def test_damaged_data_with_two_days_say_none() -> None:
    data = '{"a": {"datePublished":"2026-03-14"}, "b": {"datePublished":"2026-03-15"},,}'
    head = f'<script type="application/ld+json">{data}</script>'
    assert published(f"<h1>{TITLE}</h1>{TEXT}", head=head) == ""

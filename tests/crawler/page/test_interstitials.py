"""Pages that stand in the place of others are told apart by what they say, and statements about them are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.listing import read_listing
from crawler.page.interstitials import moved_to, refusal_reason
from storage.types import Page, Reason, SourceSpec

ADDRESS = "https://ministry.example/press/news/"
SPEC = SourceSpec("test/news", "News", ADDRESS, languages=("en",), zone="Europe/Minsk")
ENTRIES = "".join(
    f'<li>{day} November 2024 <a href="/press/news/{day}">The minister opened bridge number {day}</a></li>'
    for day in range(10, 22)
)
SECTION = f"<title>News - Ministry</title><h1>News</h1><ul>{ENTRIES}</ul>"


def reason_of(text: str, **fields: object) -> Reason:
    page = Page(ADDRESS, f"<html><meta charset=utf-8>{text}</html>".encode(), 200, "text/html")
    return read_listing(replace(page, **fields), SPEC).reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
        "<title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
        "<body><script>document.cookie='seen=1; path=/';location.reload()</script></body>",
        "<html><script src='/TSPD/08a?type=9'></script><noscript>Please enable JavaScript.</noscript>",
        "<body><iframe src='/_Incapsula_Resource?incident_id=1'></iframe></body>",
        "<title></title><script src='https://x.token.awswaf.com/challenge.js'></script>",
        "<title>Проверка браузера</title><p>Подождите несколько секунд.</p>",
        "<title>安全验证</title><p>请完成验证</p>",
        "<title>Are you human?</title><div class='h-captcha'></div><script src='https://hcaptcha.com/1/api.js'></script>",
    ],
)
def test_tests_of_the_browser_are_challenges(text: str) -> None:
    assert reason_of(text) is Reason.CHALLENGE


@pytest.mark.parametrize(
    "text",
    [
        "<title>Access Denied</title><h1>Access Denied</h1><p>Reference 18.2</p>",
        "<title>Доступ ограничен</title><h1>Доступ к сайту ограничен</h1>",
        "<title>403 Forbidden</title><center><h1>403 Forbidden</h1></center><hr>nginx",
        "<title>访问被拒绝</title><p>您的请求</p>",
    ],
)
def test_refusals_of_a_firewall_are_blocked(text: str) -> None:
    assert reason_of(text) is Reason.BLOCKED


@pytest.mark.parametrize(
    "title",
    [
        "Page not found | Ministry", "404", "Error 404", "404 - Seite", "Страница не найдена", "Старонка не знойдзена",
        "Сторінку не знайдено", "Бет табылмады", "Барак табылган жок", "Էջը չի գտնվել", "Seite nicht gefunden",
        "Page introuvable", "Página no encontrada", "Nie znaleziono strony", "Sayfa bulunamadı", "Səhifə tapılmadı",
        "页面不存在", "ページが見つかりません", "الصفحة غير موجودة", "Sidan hittades inte",
    ],
)  # fmt: skip
def test_a_page_that_says_it_is_not_there_is_a_soft_404(title: str) -> None:
    assert reason_of(f"<title>{title}</title><p>Try the search.</p>") is Reason.SOFT_404
    assert reason_of(f"<title>Ministry</title><h1>{title}</h1><p>Try the search.</p>") is Reason.SOFT_404
    assert reason_of(f"<title>{title}</title><ul>{ENTRIES * 3}</ul>") is Reason.SOFT_404, "with the news beside it"


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        ("https://ministry.example/", Reason.SOFT_404),
        ("https://ministry.example/en/", Reason.SOFT_404),
        ("https://ministry.example/error.htm", Reason.SOFT_404),
        ("https://ministry.example/user/login?next=news", Reason.LOGIN),
        ("https://www.ministry.example/press/news", Reason.OK),
        ("https://ministry.example/en/press/news/", Reason.OK),
    ],
)
def test_where_a_redirect_leads_is_evidence(answered: str, reason: Reason) -> None:
    assert reason_of(SECTION, address=answered, requested="http://ministry.example/press/news/") is reason


def test_a_section_that_moved_for_good_is_read_and_said_to_have_moved() -> None:
    page = Page("https://ministry.example/en/media/", SECTION.encode(), 200, "text/html", ADDRESS, moved=True)
    listing = read_listing(page, SPEC)
    assert listing.reason is Reason.MOVED
    assert len(listing.entries) == 12
    assert "https://ministry.example/en/media/" in listing.detail
    assert moved_to(replace(page, moved=False)) == "", "a temporary redirect is no move"
    assert moved_to(replace(page, address="https://www.ministry.example/Press/News")) == "", "nor is a way of writing"


@pytest.mark.parametrize(
    "headline",
    [
        "Access denied to inspectors, the ministry says", "404 people return home", "Just a moment of peace",
        "Sunken ship not found", "Statement on the law on captcha and DDoS-Guard",
    ],
)  # fmt: skip
def test_a_section_that_speaks_of_such_things_is_a_section(headline: str) -> None:
    first = f'<li>23 November 2024 <a href="/press/news/23">{headline}</a></li>'
    assert reason_of(f"<title>News - Ministry</title><h1>News</h1><ul>{first}{ENTRIES}</ul>") is Reason.OK


def test_a_section_with_a_form_to_sign_in_or_the_script_of_a_captcha_is_a_section() -> None:
    extras = (
        "<form><input type=password name=word></form><script src='https://www.google.com/recaptcha/api.js'></script>"
    )
    assert reason_of(SECTION + extras) is Reason.OK


def test_a_refused_answer_is_a_challenge_if_it_says_so() -> None:
    challenge = Page(ADDRESS, b"<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>", 403)
    assert refusal_reason(challenge) is Reason.CHALLENGE
    assert refusal_reason(Page(ADDRESS, b"<h1>403 Forbidden</h1>", 403)) is None

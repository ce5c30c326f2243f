"""What stands in the place of the page that was asked for: a challenge, a refusal, a login, a "not found", works. Pure.

Such pages answer 200 as a section does, and a reader that believes them says "no news". Each is told by what it says
of itself, and only where it says little else: a statement that speaks of a blocked site is none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.page.document import clean, short_text
from crawler.page.notices import notice_of, shows
from storage.types import Page, Reason

_LITTLE = 1_500
"""Characters of text. A page with more to read is none of these, unless its title or its heading says so."""
_NOTICE = 500
"""Characters of text. A page with more to read must say it in its title or a heading."""
_HEADING = 120
"""Characters. A longer heading is a headline, and may say anything."""
_HEAD = 65_536
"""Bytes at the beginning of a refused answer that are looked at."""

_CHALLENGE = re.compile(
    r"just a moment\b|checking your browser|verif(y|ying) (that )?you are (a )?human|are you a (robot|human)|ddos-guard"
    r"|enable javascript and cookies|pardon our interruption|security (check|verification)|browser check"
    r"|проверка (вашего )?браузера|подтвердите, что вы (не робот|человек)|один момент\W*$"
    r"|вы не робот|проверка безопасности"
    r"|перевірка (вашого )?браузера|einen moment, bitte|un instant\W*$|un momento\W*$|lütfen bekleyin"
    r"|安全验证|人机验证|浏览器检查|请稍候|ロボットではない",
    re.IGNORECASE,
)
"""What the pages that test a browser say."""

_CHALLENGE_MARKS = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/\w+/\w+/orchestrate|cf-challenge|challenge-form|ddos-guard/js-challenge"
    r"|/\.well-known/ddos-guard|/TSPD/|bobcmn|_Incapsula_Resource|awswaf\.com|AwsWafIntegration|sucuri_cloudproxy_js"
    r"|captcha-delivery\.com|_pxCaptcha|bm-verify|sec-if-cpt-container|__jsl_clearance|__qrator/|servicepipe\.ru"
    r"|slowAES\.decrypt|\$_ts\s*=|geo\.captcha|hcaptcha\.com/1/api|recaptcha/api|smartcaptcha|geetest"
    r"|document\.cookie\s*=[^;]{0,200};[^<]{0,200}location\.(reload|href|replace)",
    re.IGNORECASE,
)
"""What the scripts of such pages are called: Cloudflare, DDoS-Guard, F5, Imperva, AWS, Sucuri, DataDome, PerimeterX,
Akamai, Knownsec, Qrator, Servicepipe, testcookie, Ruishu, and the captchas. Sites carry some of them on every page, so
that they count only where there is hardly a text."""

_BLOCKED = re.compile(
    r"web page blocked|attention required! \| cloudflare|access (to this (page|site|resource) )?(is )?denied"
    r"|request unsuccessful\. incapsula|the requested url was rejected|please enable cookies|request blocked"
    r"|you have been blocked|^(error )?403\b|\bforbidden\W*$|not available in your (country|region)"
    r"|доступ (к (данному |этому )?(сайту|ресурсу|странице) )?(заблокирован|запрещ[её]н|ограничен)"
    r"|доступ забаронены|доступ заборонено|zugriff verweigert|acc[eè]s (refus|interdit)|acceso denegado"
    r"|odmowa dostępu|erişim engellendi|访问被(拒绝|阻断|拦截)|アクセスが拒否",
    re.IGNORECASE,
)
"""What the pages of firewalls and content networks say."""

_NOT_FOUND = re.compile(
    r"^(http |error |ошибка |памылка |помилка |fehler |erreur |błąd |hata |xəta |xato )*404(\s*[-–—|:.!].*)?$"
    r"|\b404\W+(not found|error|ошибка|страница)|^(error|ошибка|fehler|erreur)\W+404\b"
    r"|\b(page|content|document|resource)\b.{0,30}\b(not (be )?(found|available)|does(n.t| not) exist|no longer exists)"
    r"|^not found\b|can.?t find (the|that|this) page"
    r"|(страниц|документ|раздел)\w*\W.{0,30}не (найден|существует)|не найден[ао]?\W*$|нет такой страницы"
    r"|старонк\w*\W.{0,20}не (знойдзен|існуе)|сторінк\w*\W.{0,20}не (знайден|існує)"
    r"|(seite|inhalt)\b.{0,30}\bnicht (gefunden|verfügbar)|page (introuvable|non trouvée)|cette page n.existe"
    r"|página (no|não) (encontrada|existe)|no se encuentra la página|pagina non trovata"
    r"|(nie znaleziono|nie odnaleziono) strony|strona nie (została )?(znaleziona|istnieje)"
    r"|sayfa bulunamadı|səhifə tapılmadı|sahifa topilmadi|саҳифа (топилмади|ёфт нашуд)|бет(і|тер)? (табылмады|жоқ)"
    r"|барак(ча)? табылган жок|էջը չի գտնվել|გვერდი (ვერ|არ) მოიძებნა|sidan (kunde inte |hittades inte|finns inte)"
    r"|puslapis nerastas|lapa nav atrasta|lehte ei leitud|sivua ei löyt|stránka nebyla nalezena|pagina nu a fost"
    r"|页面(不存在|未找到|没有找到)|找不到(页面|網頁|頁面)|您访问的页面|ページ(が|は)見つかりません"
    r"|الصفحة (غير موجودة|المطلوبة)|لم يتم العثور على الصفحة|صفحه (مورد نظر )?(یافت|پیدا) نشد",
    re.IGNORECASE,
)
"""What a page says that is not there: only ever asked of titles and headings."""

_PARKED = re.compile(
    r"\bdomain\b.{0,40}\b(is|may be) (for sale|parked|expired)|buy this domain|sedoparking|parkingcrew|bodis\.com"
    r"|домен\b.{0,40}(прода[её]тся|припаркован|истёк|истек)|срок регистрации домена",
    re.IGNORECASE,
)
_ERROR_PATH = re.compile(r"/(page-?)?(not-?found|error|404|err|missing)(/|\.\w+|$)", re.IGNORECASE)
_LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|logon|auth|adfs|sso|saml2?)(/|\.\w+|$)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z]{2,4})?|index\.\w+|default\.\w+|home", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Interstitial:
    """What stands in the page's place, and by what it is known."""

    reason: Reason
    detail: str
    sure: bool = True
    """Whether it counts although the page can be read as a list or a statement."""


def interstitial_of(root: HtmlElement, page: Page, expected: str = "") -> Interstitial | None:
    """What stands in the place of the page, or None if nothing says that it is another one.

    `expected` is the title that a listing gave the page: where that is read, it is the page, whatever it speaks of.
    """
    if led_away := _where_it_led(page):
        return led_away
    text = short_text(root, _LITTLE)
    title = next((clean(element.text_content()) for element in root.iter("title")), "")
    headings = [heading for element in root.iter("h1", "h2") if (heading := short_text(element, _HEADING))]
    lines = [line for line in ((title, *headings[:3]) if text is not None else (title,)) if len(line) <= _HEADING]
    if loud := next((one for one in lines if _NOT_FOUND.search(one) and not shows((one,), expected)), ""):
        return Interstitial(Reason.SOFT_404, f"{page.address} answered 200 with {loud!r}")
    if text is not None and not shows((title, *headings), expected):
        said = " ".join((title, *headings, text if len(text) <= _NOTICE else ""))
        if found := _what_it_says(said, text, root, page):
            return found
    shown = [*lines, *(heading for heading in headings if shows((heading,), expected))]
    if notice := notice_of(shown, text if text and len(text) <= _NOTICE else "", expected):
        reason, words = notice
        return Interstitial(reason, f"{page.address} answered 200 with {words}", sure=bool(expected))
    return None


def _what_it_says(said: str, text: str, root: HtmlElement, page: Page) -> Interstitial | None:
    source = page.body[:_HEAD].decode("latin-1")
    if match := _CHALLENGE.search(said):
        return Interstitial(Reason.CHALLENGE, f"{page.address} answered with a test of the browser ({match[0]!r})")
    if match := _BLOCKED.search(said):
        return Interstitial(
            Reason.BLOCKED, f"{page.address} answered with a block page in place of its own ({match[0]!r})"
        )
    if len(text) <= _NOTICE and (match := _CHALLENGE_MARKS.search(source)):
        mark = clean(match[0])[:40]
        return Interstitial(
            Reason.CHALLENGE, f"{page.address} answered with a test of the browser ({mark})", sure=False
        )
    if match := _PARKED.search(f"{said} {source}"):
        return Interstitial(Reason.SOFT_404, f"{page.address} answered with the page of a parked domain", sure=False)
    if root.xpath("//input[@type='password' or @type='PASSWORD']"):
        return Interstitial(Reason.LOGIN, f"{page.address} answered with a login page", sure=False)
    return None


def _where_it_led(page: Page) -> Interstitial | None:
    """What the address says that the request was led to."""
    if not page.requested:
        return None
    asked, answered = urlsplit(page.requested), urlsplit(page.address)
    if _LOGIN_PATH.search(answered.path) and not _LOGIN_PATH.search(asked.path):
        return Interstitial(Reason.LOGIN, f"{page.requested} leads to a login page, {page.address}")
    if _ERROR_PATH.search(answered.path) and not _ERROR_PATH.search(asked.path):
        return Interstitial(Reason.SOFT_404, f"{page.requested} leads to an error page, {page.address}")
    if _is_home(answered.path, answered.query) and not _is_home(asked.path, asked.query):
        return Interstitial(Reason.SOFT_404, f"{page.requested} leads to the home page, {page.address}")
    return None


def _is_home(path: str, query: str) -> bool:
    segments = [segment for segment in path.split("/") if segment]
    return not query and len(segments) <= 2 and all(_LANGUAGE.fullmatch(segment) for segment in segments)


def moved_to(page: Page) -> str:
    """Where the page has moved for good, or nothing. Another scheme, `www.`, case or slash at the end is no move."""
    return page.address if page.moved and not same_place(page.requested, page.address) else ""


def same_place(one: str, other: str) -> bool:
    """Whether two addresses differ in no more than their scheme, `www.`, case or a slash at the end."""
    return _place(one) == _place(other)


def _place(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/").casefold(), parts.query


def refusal_reason(page: Page) -> Reason | None:
    """What a refused answer (403, 412, 429, 503 ...) stands for, where its words or scripts say that it is a test."""
    head = page.body[:_HEAD].decode("utf-8", "replace")
    return Reason.CHALLENGE if _CHALLENGE_MARKS.search(head) or _CHALLENGE.search(head) else None

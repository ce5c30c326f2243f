"""Pages in the structure of the foreign ministry's site that the catalogue began with. The words are our own."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from crawler.catalog import find
from storage.types import Page, SourceSpec

HOST = "https://ministry.example"
MENU = {
    "en": ["Ministry", "Foreign policy", "Our country and the CSTO", "Consular questions"],
    "ru": ["Министерство", "Внешняя политика", "Наша страна и ОДКБ", "Консульские вопросы"],
}
RESOURCES = ["www.president.example President of the Republic", "www.trade.example Chamber of Trade"]

TITLE = "Minister opens a round of talks on transit"
DATE = "28 November 2024"
BODY = (
    "On 27 November the Minister opened a round of talks on the transit of goods along the northern river.",
    "The delegations agreed to meet again in spring, and to let engineers survey both banks before that.",
    "A joint press release follows when the survey is finished.",
)
RUSSIAN_TITLE = "О встрече Министра с руководством порта"
RUSSIAN_DATE = "09 декабря 2025 г."
RUSSIAN_BODY = (
    "9 декабря Министр встретился с руководством речного порта и осмотрел новые причалы.",
    "Стороны обсудили сроки навигации и условия перевозки зерна, договорились продолжить переговоры весной.",
)


def listed(language: str = "en") -> SourceSpec:
    """A source whose pages are found out about by detection."""
    prefix = "/en" if language == "en" else ""
    address = f"{HOST}{prefix}/press/news/"
    return SourceSpec("test/news", "News", address, languages=(language,), zone="Europe/Minsk")


def selected(language: str = "en") -> SourceSpec:
    """The same source with the catalogue's selectors."""
    own = find(f"mfa-by/news-{language}")
    return replace(listed(language), listing=own.listing, article=own.article)


def page(text: str, address: str = f"{HOST}/en/press/news/", content_type: str = "text/html") -> Page:
    """A page that says only in itself that it is windows-1251."""
    return Page(address, text.encode("windows-1251", "xmlcharrefreplace"), 200, content_type)


def frame(language: str, heading: str, inner: str) -> str:
    """The site's frame: menus above, the official resources below."""
    menu = "".join(f'<li><a href="/section{number}/">{entry}</a></li>' for number, entry in enumerate(MENU[language]))
    resources = "".join(f"<li>{resource}</li>" for resource in RESOURCES)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="windows-1251">'
        f"<title>{html.escape(heading)} - Ministry of Foreign Affairs</title></head><body>"
        f'<header><ul class="menu">{menu}</ul></header><section class="content-page">{inner}</section>'
        f"<footer><h3>Official Internet Resources</h3><ul>{resources}</ul></footer></body></html>"
    )


def listing(rows: Sequence[tuple[str, str, str]], language: str = "en") -> Page:
    """A list of (reference, title, date)."""
    lines = "".join(
        f'<div class="tabs__item"><span class="date">{date}</span><a href="{reference}">{html.escape(title)}</a></div>'
        for reference, title, date in rows
    )
    return page(frame(language, "News", f"<h1>News</h1>{lines}"), listed(language).address)


def article(
    title: str = TITLE, date: str = DATE, body: Sequence[str] = BODY, *, language: str = "en", head: str = ""
) -> Page:
    """A statement with the tools and the social block below it."""
    text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in body)
    inner = (
        f'<h1>{html.escape(title)}</h1><span class="date _big">{date}</span>{text}'
        '<a href="/print/0a1b2c/">print</a><div class="content-page__social">share</div>'
    )
    whole = frame(language, title, inner).replace("</head>", f"{head}</head>")
    return page(whole, f"{listed(language).address}0a1b2c.html")

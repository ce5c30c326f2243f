"""Reading statements from their pages, against bare trafilatura on the same pages. The words are our own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random

import trafilatura

from crawler.article import read_article
from storage.clock import now
from storage.types import Page, SourceSpec
from tests.bench.measure import Figure, Run, calm, in_turns, rates, say, watch
from tests.bench.texts import statement

ADDRESS = "https://ministry.example/en/press/news/{}.html"
LINKS = 180
"""Links in the menus, columns and the footer of a ministry's page."""
AIM = 0.25
"""Five extractors vote on each text, and a title, a date, a language and editions are read besides."""


def run(pages: int, rounds: int) -> list[Figure]:
    """Read as many statements of some 400 words each, in English and Russian."""
    made = [_page(number) for number in range(pages)]
    name = "statements read from pages"
    say(f"{name}: {pages} pages of {sum(len(page.body) for page in made) // len(made) // 1024} KiB")
    ours, bare = in_turns(name, rounds, partial(_read, made), partial(_extract, made))
    note = f"{bare.cost / ours.cost:.2f} of its CPU speed; baseline: trafilatura's text and metadata"
    return [rates(name, ours, bare, aim=AIM, note=note)]


def _page(number: int) -> Page:
    shown, random = statement(number), Random(number)
    words = shown.body.split()

    def some(count: int) -> str:
        return " ".join(random.choices(words, k=count)).capitalize()

    links = [f"<li><a href='/en/{index}/'>{some(3)}</a></li>" for index in range(LINKS)]
    column = "".join(f"<li><a href='/en/press/news/{index}.html'>{some(9)}</a></li>" for index in range(8))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in shown.body.split("\n\n"))
    return Page(
        ADDRESS.format(number),
        (
            f"<!DOCTYPE html><html lang='{shown.language}'><head><title>{shown.title} - Ministry</title></head><body>"
            f"<div class='head'><ul>{''.join(links[:100])}</ul></div><main><article><h1>{shown.title}</h1>"
            f"<span class='date'>{now():%d.%m.%Y}</span>{text}<p>Share</p></article>"
            f"<aside><h3>Other news</h3><ul>{column}</ul></aside></main>"
            f"<footer><ul>{''.join(links[100:])}</ul><p>© Ministry</p></footer></body></html>"
        ).encode(),
        200,
        "text/html; charset=utf-8",
    )


def _read(pages: Sequence[Page]) -> Run:
    spec = SourceSpec("bench/news", "News", "https://ministry.example/en/press/news/", languages=("en", "ru"))
    read_article(pages[0], spec)  # the first page waits for libraries
    calm()
    with watch() as seconds:
        read = [read_article(page, spec) for page in pages]
    assert all(article.body and article.published.day for article in read)
    return Run(len(pages), seconds.wall, seconds.cpu)


def _extract(pages: Sequence[Page]) -> Run:
    trafilatura.bare_extraction(pages[0].body, with_metadata=True)
    calm()
    with watch() as seconds:
        for page in pages:
            trafilatura.bare_extraction(page.body, url=page.address, with_metadata=True)
    return Run(len(pages), seconds.wall, seconds.cpu)

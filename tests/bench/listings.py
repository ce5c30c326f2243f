"""Finding the list on a section's page, against making the page's tree alone. The words are our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from random import Random

from crawler.listing import read_listing
from crawler.page.document import decode, tree
from storage.types import Page, SourceSpec
from tests.bench.measure import Figure, Run, calm, in_turns, say, watch
from tests.bench.texts import statement

ADDRESS = "https://ministry.example/en/press/news/"
ROWS = 20
"""Statements on a page."""
MENU, ITEMS = 12, 15
"""Menus of a page, and the links in each: a ministry's page has some 200 links around its list."""
SHAPES = {
    "a list": "<li class='row r{n}'><span class='date'>{day:%d.%m.%Y}</span> <a href='{n}.html'>{title}</a></li>",
    "cards": "<div class='card'><a href='{n}.html'><img src='{n}.jpg' alt=''></a><div class='meta'><time datetime="
    "'{day}'>{day:%d %B %Y}</time></div><h3><a href='{n}.html'>{title}</a></h3><p>{text}</p></div>",
    "a table": "<tr><td>{n}</td><td><a href='{n}.html'>{title}</a></td><td>{day:%B %d, %Y}</td></tr>",
    "no dates": "<article><h2><a href='{n}.html'>{title}</a></h2><p>{text}</p></article>",
}


def run(pages: int, rounds: int) -> list[Figure]:
    """Read as many pages of each shape."""
    figures = []
    for name, shape in SHAPES.items():
        made = [_page(shape, number) for number in range(pages)]
        say(f"{name}: {pages} pages of {sum(len(page.body) for page in made) // len(made) // 1024} KiB")
        ours, bare = in_turns(name, rounds, partial(_read, made), partial(_parse, made))
        figures.append(
            Figure(
                f"list found on a page: {name}",
                f"{ours.cost:.1f} ms",
                f"{bare.cost:.1f} ms",
                bare.cost / ours.cost,
                None,
                "CPU time a page; baseline: its tree alone",
            )
        )
    return figures


def _page(shape: str, seed: int) -> Page:
    random, newest = Random(seed), date(2026, 11, 20)
    words = re.findall(r"\w+", statement(seed).body)

    def some(count: int) -> str:
        return " ".join(random.choices(words, k=count)).capitalize()

    rows = "".join(
        shape.format(n=9000 - n, title=some(9), text=some(40), day=newest - timedelta(days=n)) for n in range(ROWS)
    )
    menus = "".join(
        f"<li><a href='/en/{menu}/'>{some(2)}</a><ul>"
        + "".join(f"<li><a href='/en/{menu}/{item}/'>{some(3)}</a></li>" for item in range(ITEMS))
        + "</ul></li>"
        for menu in range(MENU)
    )
    around = "<table>{}</table>" if shape.startswith("<tr") else "<div class='list'>{}</div>"
    text = (
        f"<!DOCTYPE html><html lang='en'><head><title>News</title></head><body><div class='head'><ul>{menus}</ul></div>"
        f"<main><h1>News</h1>{around.format(rows)}<div class='pages'><a href='?page=2'>2</a></div></main>"
        f"<footer><ul>{menus}</ul></footer></body></html>"
    )
    return Page(ADDRESS, text.encode(), 200, "text/html; charset=utf-8")


def _read(pages: Sequence[Page]) -> Run:
    spec = SourceSpec("bench/news", "News", ADDRESS, languages=("en",))
    calm()
    with watch() as seconds:
        found = [len(read_listing(page, spec).entries) for page in pages]
    assert set(found) == {ROWS}, f"unexpected: {found[:5]}"
    return Run(len(pages), seconds.wall, seconds.cpu)


def _parse(pages: Sequence[Page]) -> Run:
    calm()
    with watch() as seconds:
        for page in pages:
            tree(decode(page))
    return Run(len(pages), seconds.wall, seconds.cpu)

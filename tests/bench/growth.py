"""Hostile input, large and a quarter of it: whether reading it costs more than it is long.

The tests count steps of Python; here is measured what C does too, in CPU time.
"""

from __future__ import annotations

from collections.abc import Callable

from crawler.article import read_article
from crawler.listing import read_listing
from storage.types import Page, SourceSpec
from tests.bench.measure import Figure, say, watch
from tests.crawler.hostile import HOSTILE_BODIES, HOSTILE_FEEDS, HOSTILE_JSON, Made

SECTION = "https://ministry.example/en/news/"
SPEC = SourceSpec("bench/news", "News", SECTION, languages=("en",))
AIM = 0.5
"""1 is linear, 0.25 quadratic."""


def run(pieces: int, rounds: int) -> list[Figure]:
    """Read each input in so many pieces and in a quarter of them, so often in turns; the best of each counts."""
    kinds = ((_feed, HOSTILE_FEEDS), (_section, HOSTILE_JSON), (_article, HOSTILE_BODIES))
    return [_figure(name, read, make, pieces, rounds) for read, made in kinds for name, make in made.items()]


def _figure(name: str, read: Callable[[str], None], make: Made, pieces: int, rounds: int) -> Figure:
    small, large = make(pieces // 4), make(pieces)
    read(make(1))  # the first one waits for libraries
    both = [(_milliseconds(read, small), _milliseconds(read, large)) for _ in range(rounds)]
    quarter, whole = (min(times) for times in zip(*both, strict=True))
    name = f"growth of {read.__name__.strip('_')}, {name}"
    say(f"{name}: {quarter:.1f} and {whole:.1f} ms of CPU")
    note = f"{pieces:,} pieces and a quarter of them"
    return Figure(name, f"{whole:.1f} ms", f"{quarter:.1f} ms", 4 * quarter / whole, AIM, note)


def _milliseconds(read: Callable[[str], None], text: str) -> float:
    with watch() as seconds:
        read(text)
    return seconds.cpu * 1000


def _feed(text: str) -> None:
    read_listing(Page(SECTION, text.encode(), 200, "application/xml"), SPEC)


def _section(text: str) -> None:
    read_listing(Page(SECTION, text.encode()), SPEC)


def _article(body: str) -> None:
    html = f"<!DOCTYPE html><html><body><article><h1>A visit to the bridge</h1>{body}</article></body></html>"
    read_article(Page(f"{SECTION}1.html", html.encode(), 200, "text/html"), SPEC)

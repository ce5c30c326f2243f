"""Every page and every question of the API: against the bare queries behind it, under load, and on the wire.

The bare queries are what a page asks the database, asked again in the same process without the page around them. Both
are asked when nothing else is: then fifty people read at once, each a page every two seconds on average, while a crawl
asks sections and reads what is new there, and that is stored, matched and announced.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from types import MappingProxyType
from urllib.parse import quote

from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.policy import routes_of
from storage.clock import now
from storage.opening import open_database
from tests.bench import delivering
from tests.bench.desk import BATCH, BEAT, EDITED, Bare, Busy, TheDesk, desk
from tests.bench.measure import Figure, percentile, say
from tests.bench.readers import Answer, Page, at_once, one_after_the_other
from tests.bench.searching import DAYS, fill
from tests.bench.server import site
from tests.bench.texts import LANGUAGES, phrase, vocabulary

READERS = 50
BARE, SLOWEST, LAG = 1 / 1.5, 0.2, 0.05
"""Aims: the bare queries' share of a page's time at p50; seconds, at p95 under load and of the loop's lag at p99."""
FIRST, AFTER = 60_000, 15_000
"""Bytes over the wire: of the first visit with all that the page needs, of each page after."""
BUSY = {1: 20.0, 3: 90.0}
"""Seconds of reading, by the rounds of a quick and of the usual run."""
TIMES = 15
"""How often each is asked when nothing else is."""

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "item": "7", "number": "7", "key": "ministry-3/section-1", "name": "topic-3", "as_": "atom", "kind": "csv",
        "field": "source",
    }
)  # fmt: skip
"""What stands for the parts of a path."""
NAMED: Mapping[str, str] = MappingProxyType(
    {
        "/collections/{number}": "1", "/collections/{number}/remove": "1", "/collections/{number}/export.{kind}": "1",
        "/collections/{number}/feed.{kind}": "1", "/channels/{number}/remove": "1", "/topics/names/{name:path}": "CSTO",
        "/api/v1/aliases/{name:path}": "CSTO", "/api/v1/users/{name:path}": "ann",
        "/api/v1/tokens/{name:path}": "bench", "/api/v1/channels/{name:path}": "desk-1",
        "/settings/users/{number}/remove": "2", "/api/v1/collections/{number}": "1",
        "/api/v1/collections/{number}/items": "1",
    }
)  # fmt: skip
"""Where the last part is another."""
VISITED = (
    "/", "/search", f"/statements/{EDITED}", "/topics", "/subscriptions", "/sources", "/trends", "/kept", "/settings"
)  # fmt: skip
"""Pages that are weighed."""
LEFT_OUT = ("/events", "/api/v1/events", "{link}", "/mcp", "/directory", "/evidence.zip")
"""What is no page: streams that never end, links that are signed or work once, what a model or a directory asks, and
what there is of statements alone that were fetched."""


def run(size: int, rounds: int) -> list[Figure]:
    """Read the desk of `size` statements."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        fill(Path(folder), size, now().date() - timedelta(days=DAYS))
        return read_in(Path(folder), rounds)


def read_in(folder: Path, rounds: int) -> list[Figure]:
    """Read the desk of the statements that a folder holds."""
    rounds_of_polls = int(BUSY[rounds] / BEAT) + 1
    with (
        delivering.receiver("http", 0.01) as hooks,
        site([BATCH] * rounds_of_polls, etags=True, delay=0.05) as sections,
        desk(folder, hooks, sections) as opened,
    ):
        asked = list(_pages())
        quiet = [_against_bare(opened, page) for page in asked]
        say(f"pages: {READERS} people read for {BUSY[rounds]:.0f} s")
        opened.ask("be busy")
        read = asyncio.run(at_once(opened.opened, asked, READERS, BUSY[rounds]))
        busy = opened.ask("rest")
        return [*_each(quiet, read), *_of_all(read, busy), *_weights(opened)]


def _pages() -> Iterator[Page]:
    """Every route that is read, with what is asked there."""
    with TemporaryDirectory() as nowhere, open_database(Path(nowhere)) as database:
        served = application(Desk(database, "http://127.0.0.1"))
    for route in routes_of(served):
        template = route.path or ""
        if "GET" in (route.methods or ()) and not any(part in template for part in LEFT_OUT):
            yield Page(template, _path(template) + _question(template), "export" in template)


def _path(template: str) -> str:
    def part(found: re.Match[str]) -> str:
        return NAMED[template] if template in NAMED and found[1] in ("number", "name") else PLACES[found[1]]

    kind = "rss" if "feed.{kind}" in template else "csv"
    return re.sub(r"{(\w+)(?::\w+)?}", part, template.replace("{kind}", kind))


def _question(template: str) -> str:
    word = vocabulary(LANGUAGES[0])[0][100]
    q = quote(word)
    questions = {
        "/sources/remove": f"?key={PLACES['key']}",
        "/search": f"?q={q}",
        "/search/check": f"?q={q}",
        "/search/all/{field}": f"?q={q}",
        "/search/export.{kind}": f"?q={quote(phrase(Random(1)))}",
        "/search/feed.{as_}": f"?q={q}",
        "/feeds/{as_}": f"?q={q}",
        "/topics/new": f"?query={q}",
        "/topics/trial": f"?query={q}",
        "/trends": f"?q={q}",
        "/trends/over-time.csv": f"?q={q}",
        "/api/v1/items/{number}/why": "?topic=topic-3",
        "/api/v1/items/{number}/diff": "",
        "/api/v1/search": f"?query={q}",
        "/api/v1/search/facets": f"?query={q}",
        "/api/v1/search/histogram": f"?query={q}",
        "/api/v1/preview": f"?query={q}",
    }
    return questions.get(template, "")


def _against_bare(opened: TheDesk, page: Page) -> tuple[Page, Answer, Sequence[Answer], float, Sequence[Bare]]:
    """A page and its bare queries when nothing else is asked: each answer, CPU seconds of one, and the queries."""
    asyncio.run(one_after_the_other(opened.opened, [page]))  # the first one waits for templates
    opened.ask("note")
    [first] = asyncio.run(one_after_the_other(opened.opened, [page]))
    bare = opened.ask("ask again")
    before = opened.ask("cpu")
    answers = asyncio.run(one_after_the_other(opened.opened, [page] * TIMES))
    cpu = (opened.ask("cpu") - before) / TIMES
    if first.status >= 400:
        say(f"pages: {page.path} answers {first.status}: {first.body[:200]!r}")
    return page, first, answers, cpu, bare


def _each(
    quiet: Sequence[tuple[Page, Answer, Sequence[Answer], float, Sequence[Bare]]], read: Sequence[tuple[Page, Answer]]
) -> Iterator[Figure]:
    """A figure for each page."""
    for page, first, answers, cpu, bare in quiet:
        ours = median(answer.seconds for answer in answers)
        under_load = [answer.seconds for each, answer in read if each == page]
        p95 = f"{percentile(under_load, 0.95) * 1000:.0f} ms" if under_load else "-"
        note = f"p95 under load {p95} of {len(under_load)}; {first.wire / 1000:.1f} kB; {first.status}"
        if bare:
            base, base_cpu = median(each.wall for each in bare), median(each.cpu for each in bare)
            note += f"; {bare[0].queries} reads; CPU {cpu * 1000:.1f} : {base_cpu * 1000:.1f} ms"
            yield Figure(page.name, f"{ours * 1000:.1f} ms", f"{base * 1000:.1f} ms", base / ours, BARE, note)
        else:
            yield Figure(page.name, f"{ours * 1000:.1f} ms", "-", 0.0, None, f"{note}; CPU {cpu * 1000:.1f} ms")


def _of_all(read: Sequence[tuple[Page, Answer]], busy: Busy) -> Iterator[Figure]:
    """All pages under load, and the loop meanwhile."""
    took = [answer.seconds for _, answer in read]
    failed = sum(answer.status >= 400 for _, answer in read)
    meanwhile = f"{busy.polls} polls, {busy.stored} statements, {busy.sent} deliveries"
    told = f"{len(took)} answers, {failed} failed; p50 {median(took) * 1000:.0f}, most {max(took) * 1000:.0f} ms"
    yield _seconds("pages under load, p95", percentile(took, 0.95), SLOWEST, f"{told}; {meanwhile}")
    late = busy.late
    told = f"{len(late)} looks; p50 {median(late) * 1000:.1f}, most {max(late) * 1000:.0f} ms"
    yield _seconds("the loop's lag under load, p99", percentile(late, 0.99), LAG, told)


def _seconds(name: str, took: float, aim: float, note: str) -> Figure:
    return Figure(name, f"{took * 1000:.0f} ms", f"{aim * 1000:.0f} ms", aim / took, 1.0, note)


def _weights(opened: TheDesk) -> Iterator[Figure]:
    """Bytes over the wire: the heaviest page with all that it needs, and by itself."""
    pages = [Page(path, path + _question(path)) for path in VISITED]
    answers = asyncio.run(one_after_the_other(opened.opened, pages))
    said = b"".join(answer.body for answer in answers)
    needed = {found.decode() for found in re.findall(rb'(?:href|src)="(/static/[^"]+)"', said)}
    got = asyncio.run(one_after_the_other(opened.opened, [Page(path, path) for path in sorted(needed)]))
    files, heaviest = sum(answer.wire for answer in got), max(answer.wire for answer in answers)
    yield _bytes("first visit, over the wire", files + heaviest, FIRST, f"{files:,} of it files")
    each = ", ".join(f"{page.name} {answer.wire / 1000:.1f}" for page, answer in zip(pages, answers, strict=True))
    yield _bytes("heaviest page after, over the wire", heaviest, AFTER, f"kB: {each}")


def _bytes(name: str, weight: int, aim: int, note: str) -> Figure:
    return Figure(name, f"{weight:,} B", f"{aim:,} B", aim / weight, 1.0, note)

"""A replica of a foreign ministry's site: a real HTTP server on loopback, with verbs for what ministries do.

    with ReplicaSite() as site:
        statement = site.publish("On a visit", "It took place.")
        site.edit(statement, body="It will take place.")
        site.withdraw(statement)

What is known of mfa.gov.by holds here too: windows-1251 that only the page's own meta element declares, English below
`/en/`, the newest ten statements on a page, articles at sixteen hexadecimal digits. As a process of its own:
`python -m presswatch.demo --port 8091 --filled`.
"""

from __future__ import annotations

import datetime
import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from presswatch.demo import pages
from presswatch.demo.answers import page, shown_in, sound, without_validators
from presswatch.demo.form import SearchForm
from presswatch.demo.pages import Breakage, ReplicaStatement
from presswatch.demo.server import HOST, Answer, LoopbackServer, Request
from presswatch.demo.statements import paragraphs

__all__ = ["ReplicaSite", "ReplicaStatement", "Request"]

_ROBOTS = "/robots.txt"

Body = str | Sequence[str]
"""A text whose paragraphs are parted by blank lines, or its paragraphs."""


@dataclass(frozen=True, slots=True)
class _Faults:
    """What is wrong with the site; this is nothing."""

    listing: Breakage | None = None
    feed: bool = False
    blocked: int | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    """The one path that `status` is for; None is every path but robots.txt."""
    seconds: float = 0.0

    def concern(self, path: str) -> bool:
        """Whether `status` is the answer to a path."""
        return path != _ROBOTS if self.only is None else path == self.only


class ReplicaSite:
    """The site. Its verbs may be called from any thread and take effect at once.

    `port` 0 takes any free one. With `validators` the pages carry ETag and Last-Modified and are answered by 304 when
    they are known. `crawl_delay` (seconds) stands in robots.txt, if it is given. With a `form` a section is one page.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        page_size: int = 10,
        validators: bool = True,
        crawl_delay: float | None = None,
        form: SearchForm | None = None,
    ) -> None:
        self.form = form
        self.page_size = page_size
        self.validators = validators
        self.crawl_delay = crawl_delay
        self._lock = threading.RLock()
        self._faults = _Faults()
        self._statements: dict[str, ReplicaStatement] = {}
        self._kept: dict[str, Answer] = {}
        # The site's own clock: each change is a second later than the one before, so that Last-Modified, which has
        # whole seconds, tells two quick changes apart. It starts a day ago and so stays behind the real one.
        start = datetime.datetime.now(datetime.UTC).replace(microsecond=0) - datetime.timedelta(days=1)
        self._changed = dict.fromkeys(pages.LANGUAGES, start)
        self._clock = start
        self._awake = threading.Event()
        self._server = LoopbackServer(self._answer, port)

    # --- coming and going

    def start(self) -> Self:
        """Serve until `stop`. Raises `OSError` if the port is taken."""
        self._server.come_up()
        return self

    def stop(self) -> None:
        """Close every connection and give the port back."""
        self._awake.set()
        self._server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def go_down(self) -> None:
        """Close the listening socket and all connections: every connection is refused until `come_up`."""
        self._server.go_down()

    def come_up(self) -> None:
        """Listen again, on the same port."""
        self._server.come_up()

    # --- where things are

    @property
    def port(self) -> int:
        """The port; 0 before the first start if any was asked for."""
        return self._server.port

    @property
    def address(self) -> str:
        """The site's address, without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    def section(self, language: str = "en") -> str:
        """The address of a news section. Raises `ValueError` for a language that the site does not have."""
        return self.address + pages.section_path(language)

    def feed(self, language: str = "en") -> str:
        """The address of a section's feed. Raises `ValueError` as `section` does."""
        return self.address + pages.feed_path(language)

    def statement(self, slug: str) -> ReplicaStatement:
        """A statement as it is now, withdrawn or not. Raises `ValueError` if there was never one."""
        with self._lock:
            for statement in self._statements.values():
                if statement.slug == slug:
                    return statement
            raise ValueError(f"no statement {slug!r} was ever published here")

    # --- what was asked

    @property
    def requests(self) -> list[Request]:
        """Every request so far, robots.txt's too, in the order of their coming."""
        return list(self._server.requests)

    @property
    def peak_concurrency(self) -> int:
        """How many requests were being answered at once at most."""
        return self._server.peak_concurrency

    def wait_for_requests(self, count: int, seconds: float = 60.0) -> list[Request]:
        """Wait until `count` requests have come, answered or not, and return all. Raises `TimeoutError`."""
        return self._server.wait_for(count, seconds)

    def forget_requests(self) -> None:
        """Count requests and their concurrency from now on."""
        self._server.forget()

    # --- what a ministry does

    def publish(
        self,
        title: str,
        body: Body,
        language: str = "en",
        date: datetime.date | Literal["today"] | None = "today",
        in_listing: bool = True,
        edition_of: ReplicaStatement | None = None,
    ) -> ReplicaStatement:
        """Publish a statement on top of those of its day. Without a `date` its page shows none, and it counts as new.

        With `in_listing` False it has an address that no listing shows; the address of an edition of another statement
        is that one's but for the language. Raises `ValueError` for a language that the site does not have.
        """
        with self._lock:
            number = len(self._statements) + 1
            own = hashlib.sha256(f"{number} {language} {title}".encode()).hexdigest()[:16]
            slug = edition_of.slug if edition_of else own
            path = f"{pages.section_path(language)}{slug}.html"
            day = datetime.date.today() if date == "today" else date
            return self._put(
                ReplicaStatement(
                    slug,
                    self.address + path,
                    path,
                    language,
                    title,
                    _paragraphs(body),
                    day,
                    number,
                    self._clock,
                    in_listing,
                )
            )

    def edit(self, statement: ReplicaStatement, title: str | None = None, body: Body | None = None) -> ReplicaStatement:
        """Change a statement's words and leave everything else, its date too, as silent edits do."""
        with self._lock:
            now = self._now(statement)
            return self._put(
                replace(
                    now,
                    title=now.title if title is None else title,
                    body=now.body if body is None else _paragraphs(body),
                )
            )

    def withdraw(self, statement: ReplicaStatement) -> ReplicaStatement:
        """Take a statement out of the listing; its address answers 404."""
        with self._lock:
            return self._put(replace(self._now(statement), withdrawn=True))

    def restore(self, statement: ReplicaStatement) -> ReplicaStatement:
        """Undo `withdraw`."""
        with self._lock:
            return self._put(replace(self._now(statement), withdrawn=False))

    def redate(self, statement: ReplicaStatement, date: datetime.date) -> ReplicaStatement:
        """Claim another day for a statement, which moves it in the listing."""
        with self._lock:
            return self._put(replace(self._now(statement), date=date))

    def move_all(self) -> None:
        """Give every statement another address, as a site that is built anew does; the old ones answer 404."""
        with self._lock:
            before, self._statements = list(self._statements.values()), {}
            for statement in before:
                path = statement.path.replace(statement.slug, f"n{statement.slug}")
                self._put(replace(statement, slug=f"n{statement.slug}", path=path, address=self.address + path))

    # --- what goes wrong with sites

    def break_listing(self, how: Breakage = "redesign") -> None:
        """Answer listings 200 with a page that has no rows. Raises `ValueError` for an unknown way."""
        pages.broken_listing_page("en", how)
        self._go_wrong(listing=how)

    def break_feed(self) -> None:
        """Answer feeds 200 with a web page."""
        self._go_wrong(feed=True)

    def block(self, status: int = 403) -> None:
        """Answer every page with the page of a web filter, and this status. robots.txt stays as it is."""
        self._go_wrong(blocked=status)

    def unblock(self) -> None:
        """End `block` alone."""
        self._go_wrong(blocked=None)

    def answer_with(self, status: int, headers: Mapping[str, str] | None = None, path: str | None = None) -> None:
        """Answer this status with these headers (Retry-After, Location) on one path, else on all but robots.txt."""
        self._go_wrong(status=status, headers=dict(headers or {}), only=path)

    def slow(self, seconds: float) -> None:
        """Think this long about every answer."""
        self._go_wrong(seconds=seconds)

    def mend(self) -> None:
        """End whatever is wrong, also being down; whoever waits for a slow answer gets it now."""
        with self._lock:
            self._faults = _Faults()
            self._awake.set()
            self._awake = threading.Event()
        self.come_up()

    def _go_wrong(self, **how: Any) -> None:
        with self._lock:
            self._faults = replace(self._faults, **how)

    def _now(self, statement: ReplicaStatement) -> ReplicaStatement:
        if statement.path not in self._statements:
            raise ValueError(f"no statement {statement.slug!r} was ever published here")
        return self._statements[statement.path]

    def _put(self, statement: ReplicaStatement) -> ReplicaStatement:
        self._clock += datetime.timedelta(seconds=1)
        statement = replace(statement, modified=self._clock)
        self._statements[statement.path] = statement
        self._changed[statement.language] = self._clock
        self._kept.clear()
        return statement

    # --- answers

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            seconds, awake = self._faults.seconds, self._awake
        if seconds:
            awake.wait(seconds)
        target = urlsplit(request.path)
        language = pages.language_of(target.path)
        with self._lock:
            faults = self._faults
            if faults.status is not None and faults.concern(target.path):
                return replace(page(pages.error_page(language, faults.status), faults.status), headers=faults.headers)
            if target.path == _ROBOTS:
                return Answer(200, pages.robots(self.crawl_delay).encode(), "text/plain")
            if faults.blocked is not None:
                return page(pages.blocked_page(), faults.blocked)
            if faults.listing and target.path == pages.section_path(language):
                return page(pages.broken_listing_page(language, faults.listing))
            if faults.feed and target.path == pages.feed_path(language):
                return page(pages.home_page(language))
            if self.form and target.path == pages.section_path(language):
                return self.form.answer(request, shown_in(self._statements, language))
            if request.path not in self._kept:
                place = (target.path, target.query, self._statements, self._changed, self.page_size, self.address)
                answer = sound(*place) if self.validators else without_validators(sound(*place))
                if answer.status != 200:
                    return answer
                self._kept[request.path] = answer  # an unchanged page is what is asked for most
            return self._kept[request.path]


def _paragraphs(body: Body) -> tuple[str, ...]:
    return paragraphs(body) if isinstance(body, str) else tuple(body)

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
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from presswatch.demo import pages
from presswatch.demo.faults import ROBOTS, Faults
from presswatch.demo.form import SearchForm
from presswatch.demo.pages import Breakage, ReplicaStatement
from presswatch.demo.publications import Body, Publications, as_paragraphs
from presswatch.demo.server import HOST, Answer, LoopbackServer, Request

__all__ = ["ReplicaSite", "ReplicaStatement", "Request"]


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
        self._faults = Faults()
        self._published = Publications()
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
            return self._published.named(slug)

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
        day = datetime.date.today() if date == "today" else date
        with self._lock:
            return self._published.add(self.address, title, body, language, day, in_listing, edition_of)

    def edit(self, statement: ReplicaStatement, title: str | None = None, body: Body | None = None) -> ReplicaStatement:
        """Change a statement's words and leave everything else, its date too, as silent edits do."""
        said: dict[str, Any] = {} if title is None else {"title": title}
        if body is not None:
            said["body"] = as_paragraphs(body)
        return self._change(statement, **said)

    def withdraw(self, statement: ReplicaStatement) -> ReplicaStatement:
        """Take a statement out of the listing; its address answers 404."""
        return self._change(statement, withdrawn=True)

    def restore(self, statement: ReplicaStatement) -> ReplicaStatement:
        """Undo `withdraw`."""
        return self._change(statement, withdrawn=False)

    def redate(self, statement: ReplicaStatement, date: datetime.date) -> ReplicaStatement:
        """Claim another day for a statement, which moves it in the listing."""
        return self._change(statement, date=date)

    def move_all(self) -> None:
        """Give every statement another address, as a site that is built anew does; the old ones answer 404."""
        with self._lock:
            self._published.move_all(self.address)

    def _change(self, statement: ReplicaStatement, **values: Any) -> ReplicaStatement:
        with self._lock:
            return self._published.change(statement, **values)

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
            self._faults = Faults()
            self._awake.set()
            self._awake = threading.Event()
        self.come_up()

    def _go_wrong(self, **how: Any) -> None:
        with self._lock:
            self._faults = replace(self._faults, **how)

    # --- answers

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            seconds, awake = self._faults.seconds, self._awake
        if seconds:
            awake.wait(seconds)
        path = urlsplit(request.path).path
        with self._lock:
            if (fault := self._faults.answer(path)) is not None:
                return fault
            if path == ROBOTS:
                return Answer(200, pages.robots(self.crawl_delay).encode(), "text/plain")
            language = pages.language_of(path)
            if self.form and path == pages.section_path(language):
                return self.form.answer(request, self._published.shown(language))
            return self._published.answer(request.path, self.page_size, self.address, validators=self.validators)

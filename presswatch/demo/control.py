"""The replica in a process of its own: the verbs over HTTP, their client, and the command line.

A verb is a POST of `{"verb": "publish", "title": …}` as JSON; the answer is `{"result": …}` or, with status 400,
`{"error": …}`. Statements are named by their slug. Only loopback is listened to, and only with `--control`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener
from urllib.request import Request as Call

from presswatch.demo.form import SearchForm
from presswatch.demo.pages import Breakage, feed_path, section_path
from presswatch.demo.publications import Body
from presswatch.demo.server import HOST, Answer, LoopbackServer, Request
from presswatch.demo.site import ReplicaSite, ReplicaStatement
from presswatch.demo.statements import drafts

VERBS: dict[str, Callable[[ReplicaSite, dict[str, Any]], Any]] = {
    "publish": lambda site, given: site.publish(**_with_date(given)),
    "edit": lambda site, given: site.edit(site.statement(given.pop("slug")), **given),
    "withdraw": lambda site, given: site.withdraw(site.statement(**given)),
    "restore": lambda site, given: site.restore(site.statement(**given)),
    "statement": lambda site, given: site.statement(**given),
    "break_listing": lambda site, given: site.break_listing(**given),
    "break_feed": lambda site, given: site.break_feed(**given),
    "block": lambda site, given: site.block(**given),
    "unblock": lambda site, given: site.unblock(**given),
    "answer_with": lambda site, given: site.answer_with(**given),
    "slow": lambda site, given: site.slow(**given),
    "mend": lambda site, given: site.mend(**given),
    "go_down": lambda site, given: site.go_down(**given),
    "come_up": lambda site, given: site.come_up(**given),
    "requests": lambda site, given: site.requests,
    "wait_for_requests": lambda site, given: site.wait_for_requests(**given),
    "peak_concurrency": lambda site, given: site.peak_concurrency,
    "forget_requests": lambda site, given: site.forget_requests(**given),
}


@contextmanager
def controlled(site: ReplicaSite, port: int = 0) -> Iterator[str]:
    """Take verbs for a site over HTTP; gives the address that takes them. Raises `OSError` if the port is taken."""
    server = LoopbackServer(lambda request: _obey(site, request), port)
    server.come_up()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.close()


class RemoteSite:
    """The verbs of a `ReplicaSite` that runs in another process. A verb that is refused raises `ValueError`."""

    def __init__(self, address: str, control: str) -> None:
        self.address = address
        self.control = control
        self._opener = build_opener(ProxyHandler({}))

    @classmethod
    @contextmanager
    def started(cls, *arguments: str) -> Iterator[RemoteSite]:
        """Run the replica in a process of its own, with further `arguments` of its command line, and end it."""
        command = [sys.executable, "-m", "presswatch.demo", "--control", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address, control = process.stdout.readline().split()
                yield cls(address, control)
            finally:
                process.terminate()

    def section(self, language: str = "en") -> str:
        """The address of a news section."""
        return self.address + section_path(language)

    def feed(self, language: str = "en") -> str:
        """The address of a section's feed."""
        return self.address + feed_path(language)

    def publish(
        self,
        title: str,
        body: Body,
        language: str = "en",
        date: datetime.date | Literal["today"] | None = "today",
        in_listing: bool = True,
    ) -> ReplicaStatement:
        """As `ReplicaSite.publish`."""
        day = date.isoformat() if isinstance(date, datetime.date) else date
        given = {"title": title, "body": _plain(body), "language": language, "date": day, "in_listing": in_listing}
        return _statement(self._call("publish", given))

    def edit(self, statement: ReplicaStatement, title: str | None = None, body: Body | None = None) -> ReplicaStatement:
        """As `ReplicaSite.edit`."""
        given = {"slug": statement.slug, "title": title, "body": None if body is None else _plain(body)}
        return _statement(self._call("edit", given))

    def withdraw(self, statement: ReplicaStatement) -> ReplicaStatement:
        """As `ReplicaSite.withdraw`."""
        return _statement(self._call("withdraw", {"slug": statement.slug}))

    def restore(self, statement: ReplicaStatement) -> ReplicaStatement:
        """As `ReplicaSite.restore`."""
        return _statement(self._call("restore", {"slug": statement.slug}))

    def statement(self, slug: str) -> ReplicaStatement:
        """As `ReplicaSite.statement`."""
        return _statement(self._call("statement", {"slug": slug}))

    def break_listing(self, how: Breakage = "redesign") -> None:
        """As `ReplicaSite.break_listing`."""
        self._call("break_listing", {"how": how})

    def break_feed(self) -> None:
        """As `ReplicaSite.break_feed`."""
        self._call("break_feed")

    def block(self, status: int = 403) -> None:
        """As `ReplicaSite.block`."""
        self._call("block", {"status": status})

    def unblock(self) -> None:
        """As `ReplicaSite.unblock`."""
        self._call("unblock")

    def answer_with(self, status: int, headers: Mapping[str, str] | None = None, path: str | None = None) -> None:
        """As `ReplicaSite.answer_with`."""
        self._call("answer_with", {"status": status, "headers": dict(headers or {}), "path": path})

    def slow(self, seconds: float) -> None:
        """As `ReplicaSite.slow`."""
        self._call("slow", {"seconds": seconds})

    def mend(self) -> None:
        """As `ReplicaSite.mend`."""
        self._call("mend")

    def go_down(self) -> None:
        """As `ReplicaSite.go_down`; the control stays up."""
        self._call("go_down")

    def come_up(self) -> None:
        """As `ReplicaSite.come_up`."""
        self._call("come_up")

    @property
    def requests(self) -> list[Request]:
        """As `ReplicaSite.requests`; their times are comparable with each other."""
        return [_request(each) for each in self._call("requests")]

    def wait_for_requests(self, count: int, seconds: float = 60.0) -> list[Request]:
        """As `ReplicaSite.wait_for_requests`, but raises `ValueError` if they do not come."""
        return [_request(each) for each in self._call("wait_for_requests", {"count": count, "seconds": seconds})]

    @property
    def peak_concurrency(self) -> int:
        """As `ReplicaSite.peak_concurrency`."""
        return int(self._call("peak_concurrency"))

    def forget_requests(self) -> None:
        """As `ReplicaSite.forget_requests`."""
        self._call("forget_requests")

    def _call(self, verb: str, given: Mapping[str, Any] | None = None) -> Any:
        content = json.dumps({"verb": verb, **(given or {})}).encode()
        call = Call(self.control, content, {"Content-Type": "application/json"}, method="POST")
        try:
            with self._opener.open(call) as answer:
                return json.load(answer)["result"]
        except HTTPError as refusal:
            with refusal:
                raise ValueError(json.load(refusal)["error"]) from refusal


def main(arguments: list[str] | None = None) -> None:
    """Serve a replica until SIGINT or SIGTERM; its addresses (the site's, then the control's) stand on one line."""
    parser = argparse.ArgumentParser(prog="python -m presswatch.demo", description="A replica of a ministry's site.")
    parser.add_argument("--port", type=int, default=0, help="the port to serve on (default: any free one)")
    parser.add_argument("--control", action="store_true", help="take verbs on a second port of this machine")
    parser.add_argument("--filled", action="store_true", help="start with the statements that come with the replica")
    parser.add_argument("--form", action="store_true", help="show the newest ten alone, and a form that finds the rest")
    given = parser.parse_args(arguments)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    site = ReplicaSite(given.port, form=SearchForm() if given.form else None)
    try:
        site.start()
    except OSError as error:
        parser.error(f"port {given.port} cannot be used: {error.strerror}")
    try:
        if given.filled:
            for each in drafts():
                site.publish(**each.as_arguments())
        if given.control:
            with controlled(site) as control:
                print(site.address, control, flush=True)
                over.wait()
        else:
            print(site.address, flush=True)
            over.wait()
    finally:
        site.stop()


def _obey(site: ReplicaSite, request: Request) -> Answer:
    # A web page that a browser shows on this machine may send a form here, but not JSON.
    if request.method != "POST" or request.headers.get("content-type") != "application/json":
        return _json(405, {"error": "a verb is a POST of application/json"})
    try:
        given = json.loads(request.body)
        verb = VERBS[given.pop("verb")]
        return _json(200, {"result": verb(site, given)})
    except KeyError as error:
        return _json(400, {"error": f"there is no {error}"})
    except (AttributeError, TypeError, ValueError, OSError) as error:
        return _json(400, {"error": str(error)})


def _json(status: int, value: Mapping[str, Any]) -> Answer:
    return Answer(status, json.dumps(value, default=_simple).encode(), "application/json")


def _simple(value: object) -> object:
    match value:
        case ReplicaStatement() | Request():
            return asdict(value)
        case datetime.date():
            return value.isoformat()
        case bytes():
            return value.decode("latin-1")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _statement(given: dict[str, Any]) -> ReplicaStatement:
    day = given["date"]
    return ReplicaStatement(
        **{
            **given,
            "body": tuple(given["body"]),
            "date": datetime.date.fromisoformat(day) if day else None,
            "modified": datetime.datetime.fromisoformat(given["modified"]),
        }
    )


def _request(given: dict[str, Any]) -> Request:
    return Request(**{**given, "body": given["body"].encode("latin-1")})


def _with_date(given: dict[str, Any]) -> dict[str, Any]:
    day = given.get("date", "today")
    return {**given, "date": day if day in (None, "today") else datetime.date.fromisoformat(day)}


def _plain(body: Body) -> str | list[str]:
    return body if isinstance(body, str) else list(body)

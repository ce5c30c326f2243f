"""How much comes over the wire: of each page, and of the first one with all that it needs. Asked as a browser asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from presswatch.web.visitor import COOKIE
from storage.people import sessions, users
from tests.browser.places import PLACES
from tests.browser.serving import Newsroom
from tests.fakes import newsroom

PAGE, FIRST = 15_000, 60_000
"""Bytes: of a page, and of a first visit."""


@pytest.fixture(scope="module")
def visitor(desk_in_use: Newsroom) -> Iterator[httpx.Client]:
    """Somebody who is signed in, and takes what is compressed."""
    reader = desk_in_use.database.read(users.get, newsroom.NAME)
    secret = desk_in_use.database.write(sessions.begin, reader.id, newsroom.NOW)
    headers = {"Cookie": f"{COOKIE}={secret}", "Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip"}
    with httpx.Client(base_url=desk_in_use.address, headers=headers) as client:
        yield client


def weight(answer: httpx.Response) -> int:
    """Bytes on the wire, with the headers."""
    return answer.num_bytes_downloaded + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)


def test_every_page_is_light(desk_in_use: Newsroom, visitor: httpx.Client) -> None:
    answers = {name: visitor.get(place.format(**desk_in_use.named)) for name, place in PLACES.items()}
    assert {name for name, answer in answers.items() if answer.status_code >= 400} <= {"nothing"}
    assert {name: weight(answer) for name, answer in answers.items() if weight(answer) > PAGE} == {}


def test_a_first_visit_brings_little_beside_the_page(visitor: httpx.Client) -> None:
    today = visitor.get("/")
    needed = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', today.text))
    assert len(needed) > 3
    files = [visitor.get(each) for each in needed]
    assert {answer.status_code for answer in files} == {200}
    assert sum(map(weight, files)) + PAGE <= FIRST

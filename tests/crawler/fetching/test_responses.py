"""Scrapy's responses as our values: the validators of a page, and the conditions made of them."""

from __future__ import annotations

import pytest
from scrapy.http import Request, Response

from crawler.fetching.responses import conditions, validators_of
from storage.types import FORGOTTEN, Validators

ADDRESS = "https://mfa.example/news"
KNOWN = Validators('"one"', "Thu, 28 Nov 2024 08:00:00 GMT", "00ff")


def answer(status: int, known: Validators = FORGOTTEN, **headers: str) -> Response:
    """What a site answers to a request that knows this."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(ADDRESS, status, named, request=Request(ADDRESS, headers=conditions(known)))


def test_a_request_says_what_is_known_of_the_page_and_no_more() -> None:
    assert conditions(KNOWN) == {"If-None-Match": KNOWN.etag, "If-Modified-Since": KNOWN.last_modified}
    assert conditions(Validators('"one"')) == {"If-None-Match": '"one"'}
    assert conditions(FORGOTTEN) == {}


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (answer(200, ETag='"two"'), Validators('"two"')),
        (answer(200, KNOWN), FORGOTTEN),
        (answer(304, KNOWN), Validators(KNOWN.etag, KNOWN.last_modified)),
        (answer(304, KNOWN, ETag='W/"one"'), Validators('W/"one"', KNOWN.last_modified)),
    ],
    ids=["a page", "a page that says nothing", "unchanged, which says nothing", "unchanged, which repeats some"],
)
def test_a_page_has_the_validators_that_it_shows(response: Response, expected: Validators) -> None:
    assert validators_of(response) == expected

from __future__ import annotations

import errno
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler
from twisted.internet.error import ConnectError, ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetching.failures import REMEDIES, of_failure, of_status
from crawler.middlewares.guard import AddressIgnored
from crawler.middlewares.robots import RobotsRefused
from storage.retry_after import retry_after
from storage.types import Reason

NOW = datetime(2024, 11, 28, 12, 0, tzinfo=UTC)


def unconnected(number: int, words: str) -> ConnectError:
    return ConnectError(number, words)  # type: ignore[no-untyped-call]


def failed(cause: Exception) -> ResponseFailed:
    return ResponseFailed([Failure(cause)])  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, Reason.OK), (203, Reason.OK), (304, Reason.UNCHANGED), (204, Reason.BLOCKED), (301, Reason.REDIRECTS),
        (302, Reason.REDIRECTS), (400, Reason.BLOCKED), (401, Reason.BLOCKED), (403, Reason.BLOCKED),
        (404, Reason.GONE), (410, Reason.GONE), (418, Reason.BLOCKED), (429, Reason.THROTTLED),
        (500, Reason.SERVER_ERROR), (502, Reason.SERVER_ERROR), (503, Reason.SERVER_ERROR), (599, Reason.SERVER_ERROR),
    ],
)  # fmt: skip
def test_a_status_has_a_reason_code(status: int, reason: Reason) -> None:
    assert of_status(status) is reason


@given(st.integers(100, 999))
def test_only_an_answer_with_a_page_or_without_a_change_is_healthy(status: int) -> None:
    assert of_status(status).healthy == (status in (200, 203, 304))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (RobotsRefused("robots.txt forbids it"), Reason.ROBOTS),
        (AddressIgnored("a loopback address"), Reason.REFUSED),
        (unconnected(errno.EACCES, "presswatch does not connect to 127.0.0.1"), Reason.REFUSED),
        (unconnected(errno.EHOSTUNREACH, "no route"), Reason.UNREACHABLE),
        (IgnoreRequest("max redirections reached"), Reason.REDIRECTS),
        (IgnoreRequest("its body exceeded DOWNLOAD_MAXSIZE during decompression"), Reason.TOO_LARGE),
        (UnsupportedURLSchemeError("file"), Reason.REFUSED),
        (NotSupported("no handler for file"), Reason.REFUSED),
        (CannotResolveHostError("mfa.example"), Reason.UNREACHABLE),
        (DownloadConnectionRefusedError("refused"), Reason.UNREACHABLE),
        (DownloadTimeoutError("30 s"), Reason.TIMEOUT),
        (DownloadCancelledError("too large"), Reason.TOO_LARGE),
        (ResponseDataLossError("broke off"), Reason.UNREACHABLE),
        (failed(ConnectionLost()), Reason.UNREACHABLE),
        (failed(SSL.Error([("SSL", "", "certificate verify failed")])), Reason.TLS),
        (RuntimeError(""), Reason.UNREACHABLE),
    ],
)  # fmt: skip
def test_a_request_without_an_answer_has_a_reason_code_and_a_sentence(failure: Exception, reason: Reason) -> None:
    found, sentence = of_failure(failure)
    assert found is reason
    assert sentence.strip() == sentence != ""
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "cause",
    [KeyError(b"chunked, chunked"), ValueError("bad length"), EOFError("no more"), ConnectionLost(), RuntimeError()],
)
def test_no_object_of_twisteds_is_shown_to_a_person(cause: Exception) -> None:
    reason, sentence = of_failure(failed(cause))
    assert reason is Reason.UNREACHABLE
    assert "twisted" not in sentence and "Failure" not in sentence
    wrapped = DownloadFailedError(str(failed(cause)))
    wrapped.__cause__ = failed(cause)
    assert of_failure(wrapped) == (reason, sentence)


@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)", "mailto:press@ministry.example", "sms:+1", "http://[::1/", "http://ministry.example:99999/",
        "http://ministry.example:port/", "http://[1::2::3]/", "tel:+1",
    ],
)  # fmt: skip
def test_a_redirect_to_what_can_be_no_address_is_refused(location: str) -> None:
    """The address is nobody's, the host of the source was reached."""
    with pytest.raises(ValueError) as failure:
        _ = urlsplit(location).port
        Request(location)
    reason, sentence = of_failure(failure.value)
    assert reason is Reason.REFUSED
    assert sentence.startswith("it leads to an address that cannot be (")


SPOILT = {
    "gzip": b"a page", "x-gzip": gzip.compress(b"a page")[:2], "deflate": b"a page", "br": b"<html>a page",
    "zstd": b"a page",
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "body"), SPOILT.items(), ids=SPOILT)
def test_damaged_compression_is_told_in_words_of_ours(encoding: str, body: bytes) -> None:
    middleware = HttpCompressionMiddleware.from_crawler(get_crawler())
    response = Response("https://mfa.example/", headers={"Content-Encoding": encoding}, body=body)
    with pytest.raises(Exception) as failure:
        middleware.process_response(Request(response.url), response)
    assert of_failure(failure.value) == (Reason.UNREACHABLE, "the answer is compressed, and damaged")


def test_a_sentence_has_one_line_of_bearable_length() -> None:
    _, sentence = of_failure(RuntimeError("a long\nstory " * 100))
    assert len(sentence) <= 200
    assert "\n" not in sentence


@pytest.mark.parametrize("reason", [each for each in Reason if not each.healthy and each is not Reason.INTERRUPTED])
def test_every_fault_has_a_mend(reason: Reason) -> None:
    assert REMEDIES[reason]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None), (b"", None), (b"120", 120.0), (b" 7 ", 7.0), (b"0", 0.0), (b"1.5", None), (b"-5", None),
        (b"soon", None), (b"\xff\xfe", None), (b"9" * 400, 999_999_999.0), ("\u0663".encode(), None),
        (b"Thu, 28 Nov 2024 12:02:00 GMT", 120.0), (b"Thu, 28 Nov 2024 14:02:00 +0200", 120.0),
        (b"Thu, 28 Nov 2024 11:00:00 GMT", 0.0), (b"Thu, 28 Nov 2024 12:02:00 -0000", 120.0),
        (b"Thursday, 28-Nov-24 12:02:00 GMT", 120.0), (b"Thu, 99 Nov 2024 12:02:00 GMT", None),
    ],
)  # fmt: skip
def test_a_servers_wish_is_read_as_seconds_or_as_a_date(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.timedeltas(timedelta(), timedelta(days=3000)))
def test_a_date_to_come_is_the_wait_until_then(wait: timedelta) -> None:
    header = format_datetime(NOW + wait, usegmt=True).encode()
    assert retry_after(header, NOW) == int(wait.total_seconds())


@given(st.binary(max_size=60))
def test_any_header_is_a_wait_or_nothing(header: bytes) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0


odd_dates = rb"[A-Z][a-z]{2}, \d{1,3} (Nov|Feb|xx) \d{1,24} \d\d:\d\d:\d\d ([+-]\d{2,24}|GMT|EST|)"


@given(st.from_regex(odd_dates, fullmatch=True))
def test_no_date_however_odd_is_stumbled_over(header: bytes) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from crawler.fetching.failures import of_failure
from storage.types import Reason, TransportExceptions
from tests.crawler.website import Outcome, Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "own.pem")
    return str(tmp_path / "own.pem")


def speaking_tls(authority: trustme.CA, host: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Website]:
    """A site whose certificate only its own authority vouches for."""
    with Website(speaking_tls(authority)) as site:
        site.answer("/news", "a page")
        yield site


def why(outcome: Outcome) -> tuple[Reason, str]:
    assert isinstance(outcome, BaseException)
    return of_failure(outcome)


def allowed(**exceptions: str | bool) -> dict[str, TransportExceptions]:
    return {"127.0.0.1": TransportExceptions(**exceptions, why="a test")}  # type: ignore[arg-type]


async def test_a_certificate_that_nobody_vouches_for_is_refused(site: Website) -> None:
    [outcome] = await ask(site.address("/news"))
    assert why(outcome)[0] is Reason.TLS
    assert site.asked == []


async def test_a_source_may_name_the_authority_of_its_site(site: Website, ca_file: str) -> None:
    [outcome] = await ask(site.address("/news"), permitted=allowed(ca_file=ca_file))
    assert status(outcome) == 200


async def test_the_authority_does_not_vouch_for_another_name(authority: trustme.CA, ca_file: str) -> None:
    with Website(speaking_tls(authority, "ministry.example")) as site:
        site.answer("/news", "a page")
        [outcome] = await ask(site.address("/news"), permitted=allowed(ca_file=ca_file))
    assert why(outcome)[0] is Reason.TLS


async def test_what_one_host_is_allowed_no_other_is(site: Website, ca_file: str) -> None:
    [outcome] = await ask(
        site.address("/news"), permitted={"ministry.example": TransportExceptions(ca_file=ca_file, why="a test")}
    )
    assert why(outcome)[0] is Reason.TLS


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_an_authority_that_cannot_be_read_is_said(site: Website, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "broken.pem"
    if content is not None:
        file.write_text(content)
    [outcome] = await ask(site.address("/news"), permitted=allowed(ca_file=str(file)))
    reason, detail = why(outcome)
    assert reason is Reason.TLS
    assert "broken.pem" in detail


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_tls_of_an_older_day_needs_an_exception(authority: trustme.CA, ca_file: str) -> None:
    context = speaking_tls(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Website(context) as site:
        site.answer("/news", "a page")
        [refused] = await ask(site.address("/news"), permitted=allowed(ca_file=ca_file))
        [read] = await ask(site.address("/news"), permitted=allowed(ca_file=ca_file, legacy_tls=True))
    assert why(refused)[0] is Reason.TLS
    assert status(read) == 200


async def test_a_site_that_leads_from_https_to_http_is_not_followed_silently(site: Website, ca_file: str) -> None:
    with Website() as plain:
        plain.answer("/news", "a page that anyone could have changed on its way")
        site.answer("/moved", status=301, Location=plain.address("/news"))
        [refused] = await ask(site.address("/moved"), permitted=allowed(ca_file=ca_file))
        assert "/news" not in plain.paths
        [read] = await ask(site.address("/moved"), permitted=allowed(ca_file=ca_file, plain_http=True))
    reason, detail = why(refused)
    assert reason is Reason.TLS
    assert "plain http" in detail
    assert status(read) == 200


async def test_an_exception_is_said_with_its_reason() -> None:
    allowed = TransportExceptions(ca_file="own.pem", plain_http=True, why="its authority is a national one")
    assert allowed.in_words == "certificates of own.pem alone, plain http, because: its authority is a national one"
    assert TransportExceptions().in_words == ""

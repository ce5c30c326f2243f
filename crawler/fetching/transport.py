"""Connections: https as a source's exceptions allow it, and a bound for the head of an answer.

Certificates are verified and weak TLS is refused everywhere else; what a source is allowed counts for its host, stands
in its spec with the reason, and is shown by `sources check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _get_creator_context
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.internet.ssl import (
    Certificate,
    TLSVersion,
    optionsForClientTLS,
    platformTrust,
    trustRootFromCertificates,
)
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web.client import _HTTP11ClientFactory
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.fetching.browser import Browser
from crawler.middlewares.guard import AuthorityUnusable, permitted_of
from storage.types import TransportExceptions

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LEGACY_CIPHERS = b"ALL:@SECLEVEL=0"
_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: renegotiation as before RFC 5746
_NONE = TransportExceptions()
LONGEST_HEAD = 256 * 1024
"""Bytes. Browsers take as much; a head of a real site has a hundredth of it."""
# Twisted says nothing of the types of these.
_trust: Callable[[list[Certificate]], Any] = trustRootFromCertificates
_failure: Callable[[Exception], Any] = Failure
_give_up: Callable[[HTTP11ClientProtocol, Any], None] = HTTP11ClientProtocol._giveUp
_receive: Callable[[HTTP11ClientProtocol, bytes], None] = HTTP11ClientProtocol.dataReceived
_platform_trust: Callable[[], Any] = platformTrust


class HTTPHandler(HTTP11DownloadHandler):
    """Scrapy's handler, with a policy for each host, a bound for heads, and a browser for those who ask for it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory: Any = HostPolicies(crawler)
        self._pool._factory = _Connections
        self._crawler = crawler
        self._browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """The answer; where `request.meta["browser"]` says so, the page as it stands when its scripts have run."""
        if not request.meta.get("browser") or request.meta.get("is_robots"):
            return await super().download_request(request)
        if self._browser is None:
            self._browser = Browser(self._crawler)
        return await self._browser.download(request)

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        await super().close()


class HeadTooLarge(Exception):
    """An answer's head does not end."""


class _Connection(HTTP11ClientProtocol):
    """Twisted bounds a line of a head, not how many there are; DOWNLOAD_MAXSIZE counts bodies alone."""

    _head = 0

    def dataReceived(self, data: bytes) -> None:
        parser = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                _give_up(self, _failure(HeadTooLarge(f"the head of its answer is longer than {LONGEST_HEAD:,} bytes")))
                return
        else:
            self._head = 0
        _receive(self, data)


class _Connections(_HTTP11ClientFactory):
    def buildProtocol(self, addr: object) -> _Connection:
        connection: Callable[..., _Connection] = _Connection
        return connection(self._quiescentCallback)


@implementer(IPolicyForHTTPS)
class HostPolicies:
    """Verified TLS for every host, less what is permitted."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Twisted's options for a connection. Raises `AuthorityUnusable` where the authority's file cannot be used."""
        host = hostname.decode("ascii")
        allowed = permitted_of(self._crawler).get(host, _NONE)
        options = {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0} if allowed.legacy_tls else {}
        trusted = _trust(_authorities(allowed.ca_file)) if allowed.ca_file else _platform_trust()
        creator = optionsForClientTLS(host, trustRoot=trusted, extraCertificateOptions=options)
        if allowed.legacy_tls:
            context: SSL.Context = _get_creator_context(creator)
            context.set_options(_LEGACY_SERVER_CONNECT)
            context.set_cipher_list(_LEGACY_CIPHERS)  # Twisted's own option would lose the security level
        return creator


def _authorities(file: str) -> list[Certificate]:
    try:
        found = _CERTIFICATE.findall(Path(file).read_bytes())
        if not found:
            raise ValueError("it holds no certificate in PEM")
        return [Certificate.loadPEM(one) for one in found]
    except (OSError, ValueError, SSL.Error) as error:
        raise AuthorityUnusable(f"the certificate authority in {file} cannot be used: {error}") from error

"""WARC records of an exchange, as bytes: version 1.1, each a gzip member of its own (ISO 28500:2017)."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.items.evidence.chain import digest_of
from storage.types.exchanges import Exchange, Headers

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def beginning(file: str, at: datetime) -> bytes:
    """The record that a file begins with: who writes it."""
    said = {
        "software": f"presswatch/{version('presswatch')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    headers = {"WARC-Date": date(at), "WARC-Filename": file, "Content-Type": "application/warc-fields"}
    return _written("warcinfo", "", headers, lines.encode())


def response(exchange: Exchange) -> bytes:
    """An answer, and the request for it."""
    name = _name()
    headers = {**_common(exchange, name), "WARC-Payload-Digest": f"sha256:{digest_of(exchange.body)}"}
    answer = _written("response", exchange.address, headers, exchange.body, _answer(exchange))
    return answer + _request(exchange, name)


def repeated(exchange: Exchange, of: Mapping[str, str]) -> bytes:
    """An answer whose body the record has whose headers `of` are, and the request for it."""
    name = _name()
    headers = {
        **_common(exchange, name),
        "WARC-Payload-Digest": f"sha256:{digest_of(exchange.body)}",
        "WARC-Profile": _PROFILE,
        "WARC-Refers-To": of["WARC-Record-ID"],
        "WARC-Refers-To-Target-URI": of["WARC-Target-URI"],
        "WARC-Refers-To-Date": of["WARC-Date"],
    }
    return _written("revisit", exchange.address, headers, b"", _answer(exchange)) + _request(exchange, name)


def rendered(exchange: Exchange) -> bytes:
    """A page as it stood when its scripts had run: no server has sent it so."""
    kinds = [value for name, value in exchange.response if name.lower() == "content-type"]
    headers = {
        **_common(exchange, _name()),
        "WARC-Payload-Digest": f"sha256:{digest_of(exchange.body)}",
        "Content-Type": (kinds or ["text/html"])[0],
    }
    return _written("resource", exchange.address, headers, exchange.body)


def reread(address: str, of: str, at: datetime, said: Mapping[str, Any]) -> bytes:
    """What came of reading the record `of` again, as JSON."""
    headers = {"WARC-Date": date(at), "WARC-Refers-To": of, "Content-Type": "application/json"}
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return _written("metadata", address, headers, content)


def date(at: datetime) -> str:
    """A time as WARC writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _name() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _common(exchange: Exchange, name: str) -> dict[str, str]:
    return {"WARC-Record-ID": name, "WARC-Date": date(exchange.at)}


def _answer(exchange: Exchange) -> StatusAndHeaders:
    phrase = HTTPStatus(exchange.status).phrase if exchange.status in set(HTTPStatus) else ""
    return _http(f"{exchange.status} {phrase}".rstrip(), exchange.response, exchange.protocol or "HTTP/1.1")


def _request(exchange: Exchange, of: str) -> bytes:
    parts = urlsplit(exchange.address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = (("Host", parts.netloc.rpartition("@")[2]), *exchange.request)
    headers = {**_common(exchange, _name()), "WARC-Concurrent-To": of}
    return _written("request", exchange.address, headers, b"", _http(f"{path} HTTP/1.1", asked, "GET"))


def _http(line: str, headers: Headers, protocol: str) -> StatusAndHeaders:
    return StatusAndHeaders(line, list(headers), protocol=protocol)


def _written(
    kind: str, address: str, headers: Mapping[str, str], content: bytes, http: StatusAndHeaders | None = None
) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(
        writer.create_warc_record(
            address,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            warc_headers_dict=dict(headers),
            warc_content_type=headers.get("Content-Type", ""),
            http_headers=http,
        )
    )
    return out.getvalue()

"""A small provider of OpenID Connect: a real server on loopback that says what it is told to say, and can forge."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "presswatch", "hush-7f3a-of-the-client"


class FakeProvider:
    """Knows one person at a time, whom each browser that comes is taken for."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig", "alg": "ES256"})
        self.person: dict[str, Any] = {}
        self.forged: dict[str, Any] = {}
        """Claims that are put in the place of the right ones; None takes one out."""
        self.signed_as = "ES256"
        self.signed_by: Any = None
        self.asked_for: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def knows(self, subject: str, **claims: Any) -> None:
        """From now on this is who signs in there."""
        self.person = {"sub": subject, **claims}
        self.forges()

    def forges(self, *, signed_as: str = "ES256", signed_by: Any = None, **claims: Any) -> None:
        """From now on its tokens are not as they should be; without anything, they are again."""
        self.forged, self.signed_as, self.signed_by = claims, signed_as, signed_by

    def changes_its_key(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "2", "use": "sig", "alg": "ES256"})

    # -- what it answers -------------------------------------------------------------------------------------------

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorized(self, asked: Mapping[str, str]) -> str:
        """Where the browser goes back to, with a code that works once."""
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = dict(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None where the client, the code or its verifier is wrong."""
        asked = self._codes.pop(form.get("code", ""), None)
        verified = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        right = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {right}" or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        if verified.decode().rstrip("=") != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        told = {**claims, **self.person, **self.forged}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(told)}

    def _signed(self, claims: Mapping[str, Any]) -> str:
        told = {name: value for name, value in claims.items() if value is not None}
        if self.signed_as == "none":
            parts = ({"alg": "none", "typ": "JWT"}, told)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
                + "."
            )
        if self.signed_as == "HS256":
            return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(SECRET), algorithms=["HS256"])
        key = self.signed_by or self.key
        return jwt.encode({"alg": self.signed_as, "kid": key.kid}, told, key, algorithms=[self.signed_as])


def _handler(provider: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, _flat(urlsplit(self.path).query)
            provider.asked_for.append(path)
            if path == "/authorize":
                self.send_response(303)
                self.send_header("Location", provider.authorized(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            answers: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.configuration(),
                "/keys": {"keys": [provider.key.as_dict(private=False)]},
                "/userinfo": provider.person,
            }
            self._say(200 if path in answers else 404, answers.get(path, {}))

        def do_POST(self) -> None:
            form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
            given = provider.token(form, self.headers.get("Authorization", ""))
            self._say(200 if given else 400, given or {"error": "invalid_grant"})

        def _say(self, status: int, what: Mapping[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def provider_at_loopback() -> Iterator[FakeProvider]:
    """A provider that listens meanwhile."""
    provider = FakeProvider("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

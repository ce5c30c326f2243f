"""A directory that signs people in: OpenID Connect, by the code flow with PKCE (OpenID Connect Core 1.0, 3.1).

1. The browser is sent to the provider with a state, a nonce and the challenge of a verifier, which lie meanwhile in a
   cookie of that browser: signed, good for ten minutes and for one answer.
2. It comes back with a code and the state. Only the browser that was sent may bring it.
3. The code is given in for an id token, whose signature, algorithm, issuer, audience, times and nonce are checked.

What connects is guarded as every connection is: a directory inside the house stands in `allow_addresses`. `authlib`
speaks OAuth, `joserfc` checks the token; both come with the extra `oidc`.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from presswatch.actions.directory import Identified, Rules
from presswatch.settings import DirectorySettings, Settings
from storage.errors import PresswatchError

if TYPE_CHECKING:  # of an extra, and named in annotations alone
    from authlib.integrations.requests_client import OAuth2Session

BACK = "/sign-in/directory/back"
"""Where browsers come back to: this address is registered at the provider."""
PATIENCE = 10
"""Seconds that the provider has for each answer."""
SKEW = 60
"""Seconds that its clock may differ from ours."""
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures that only the provider can make: none without one, and none by a secret that we have as well."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


REMEMBERED = 1_000
"""Sign-ins of which it is known that they were answered."""


class DirectoryError(PresswatchError):
    """The directory did not answer, or not as one does."""


class ForgedError(PresswatchError):
    """An answer of the directory that is not for this browser, or not of the directory."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the directory's answer does not hold: {why}", mend="begin again at the page to sign in")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way in one browser."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    onward: str = "/"
    user: int = 0
    """The number of the user who lets the directory in as himself; 0: somebody signs in."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: Any
    """Its public keys, a `joserfc.jwk.KeySet`."""


class Directory:
    """The directory of the settings. What it says of itself is asked once, and again where a key is unknown."""

    def __init__(self, settings: DirectorySettings, pages: str) -> None:
        """`pages` is their address."""
        self.settings = settings
        self._back = f"{pages}{BACK}"
        self.rules = Rules(settings.admits, settings.roles)
        self._provider: Provider | None = None
        self._answered: OrderedDict[str, None] = OrderedDict()

    @property
    def name(self) -> str:
        """What the button calls it."""
        return self.settings.name or urlsplit(self.settings.issuer).hostname or self.settings.issuer

    async def begin(self, onward: str, user: int = 0) -> tuple[str, Begun]:
        """The provider's address that the browser goes to, and what has to come back. Raises `DirectoryError`."""
        from authlib.common.security import generate_token

        provider = self._provider or await self._asked()
        begun = Begun(generate_token(32), generate_token(32), generate_token(48), onward, user)
        with self._session() as session:
            address, _ = session.create_authorization_url(
                provider.authorization, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return cast(str, address), begun

    async def finish(self, begun: Begun, answer: Mapping[str, str]) -> Identified:
        """Who has signed in there, by what the browser brought back. Raises `ForgedError`, `DirectoryError`."""
        if begun.state in self._answered:
            raise ForgedError("it was brought before")
        self._answered[begun.state] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        provider = self._provider or await self._asked()
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise ForgedError("it is another directory's")
        token = await asyncio.to_thread(self._token, provider, begun, answer.get("code", ""))
        claims = await self._checked(provider, begun, str(token.get("id_token", "")))
        if provider.userinfo and not self._says_enough(claims):
            more = await asyncio.to_thread(self._userinfo, provider, token)
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        return self._identified(provider, claims)

    # -- what is asked of the provider -----------------------------------------------------------------------------

    async def _asked(self) -> Provider:
        self._provider = await asyncio.to_thread(self._discovered)
        return self._provider

    def _discovered(self) -> Provider:
        from joserfc.jwk import KeySet

        issuer = self.settings.issuer
        said = self._json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise DirectoryError(f"{issuer} calls itself {said.get('issuer')!r}", mend="set oidc.issuer to that")
        places = [str(said.get(f"{name}", "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if not all(map(is_safe, places)):
            raise DirectoryError(f"{issuer} names an address that is not https", mend="look into its settings")
        userinfo = str(said.get("userinfo_endpoint", ""))
        try:
            keys = KeySet.import_key_set(cast(Any, self._json(places[2])))
        except Exception as error:  # whatever a foreign key can be wrong in
            raise DirectoryError(f"{issuer} has keys that cannot be read", mend="look into its settings") from error
        return Provider(issuer, places[0], places[1], userinfo if is_safe(userinfo) else "", keys)

    def _token(self, provider: Provider, begun: Begun, code: str) -> Mapping[str, Any]:
        from authlib.integrations.base_client import OAuthError

        with self._session() as session, _told(self.settings.issuer):
            try:
                return cast(
                    Mapping[str, Any],
                    session.fetch_token(provider.token, code=code, code_verifier=begun.verifier, timeout=PATIENCE),
                )
            except OAuthError as error:
                raise ForgedError(f"it takes the code for none ({error.error})") from error

    def _userinfo(self, provider: Provider, token: Mapping[str, Any]) -> dict[str, Any]:
        return self._json(provider.userinfo, {"Authorization": f"Bearer {token.get('access_token', '')}"})

    def _json(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        with self._session() as session, _told(self.settings.issuer):
            answer = session.request(
                "GET", address, withhold_token=True, headers=headers, timeout=PATIENCE, allow_redirects=False
            )
            answer.raise_for_status()
            said = json.loads(answer.content)
        if answer.status_code != 200 or not isinstance(said, dict):
            raise DirectoryError(f"{address} answered {answer.status_code}", mend="look at oidc.issuer")
        return said

    def _session(self) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        made = OAuth2Session(
            self.settings.client_id,
            self.settings.secret or None,
            scope=self.settings.scope,
            redirect_uri=self._back,
            code_challenge_method="S256",
        )
        made.trust_env = False  # no proxy of the environment's: the guard sees the provider itself
        made.hooks = {"response": []}
        made.verify = str(self.settings.ca_file) if self.settings.ca_file else True
        return made

    # -- what it says of somebody ----------------------------------------------------------------------------------

    async def _checked(self, provider: Provider, begun: Begun, token: str) -> dict[str, Any]:
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                return claims_of(token, provider, self.settings.client_id, begun.nonce)
            except InvalidKeyIdError:  # it has changed its keys
                return claims_of(token, await self._asked(), self.settings.client_id, begun.nonce)
        except (JoseError, ValueError) as error:
            raise ForgedError(str(error) or type(error).__name__) from error

    def _says_enough(self, claims: Mapping[str, Any]) -> bool:
        return all(claim in claims for claim in ("email", "email_verified", self.settings.role_claim or "sub"))

    def _identified(self, provider: Provider, claims: Mapping[str, Any]) -> Identified:
        given = claims.get(self.settings.role_claim) if self.settings.role_claim else None
        groups = given if isinstance(given, list) else [given]
        names = (claims.get(name) for name in ("preferred_username", "name", "email"))
        return Identified(
            provider.issuer,
            claims["sub"],
            str(claims.get("email", "")) if claims.get("email_verified") is True else "",
            next((name for name in names if isinstance(name, str) and name), ""),
            frozenset(group for group in groups if isinstance(group, str)),
        )


def claims_of(token: str, provider: Provider, client: str, nonce: str) -> dict[str, Any]:
    """What an id token says, once all is checked (OpenID Connect Core 1.0, 3.1.3.7).

    Raises `JoseError`, `ValueError`.
    """
    from joserfc import jwt

    read = jwt.decode(token, provider.keys, algorithms=list(SIGNED_BY))
    jwt.JWTClaimsRegistry(
        leeway=SKEW,
        iss={"essential": True, "value": provider.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(read.claims)
    audience = read.claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    if read.claims.get("azp", "" if is_shared else client) != client:
        raise ValueError("it is for another program")
    return read.claims


def is_safe(address: str) -> bool:
    """Whether nobody on the way can change what is said there: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


@contextmanager
def _told(issuer: str) -> Iterator[None]:
    """Raise what goes wrong at the provider as `DirectoryError`."""
    from requests import RequestException

    try:
        yield
    except (RequestException, ValueError) as error:
        refused = "presswatch does not connect to" in str(error)
        mend = "name its address in allow_addresses" if refused else "look whether it runs, and at oidc.issuer"
        raise DirectoryError(f"the directory {issuer} does not answer as one: {_said(error)}", mend=mend) from error


def _said(error: Exception) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return f"it answered {status}" if status else type(error).__name__


def what_is_missing(settings: Settings) -> str:
    """That a directory is set and what speaks to it is not installed, with the mend; nothing where all is there."""
    if settings.oidc is None or find_spec("authlib") is not None:
        return ""
    return (
        "oidc is set, and what speaks to directories is not installed, so that nobody signs in by it; "
        "install authlib, 1.9 or newer, into presswatch's environment"
    )

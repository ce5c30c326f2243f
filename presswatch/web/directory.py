"""A directory that signs people in: OpenID Connect, by the code flow with PKCE (OpenID Connect Core 1.0, 3.1).

1. The browser is sent to the provider with a state, a nonce and the challenge of a verifier, which lie meanwhile in a
   cookie of that browser: signed, good for ten minutes and for one answer.
2. It comes back with a code and the state. Only the browser that was sent may bring it.
3. The code is given in for an id token, whose signature, algorithm, issuer, audience, times and nonce are checked.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, cast
from urllib.parse import urlsplit

from presswatch.actions.directory import Identified, Rules
from presswatch.settings import DirectorySettings, Settings
from presswatch.web.provider import ForgedError, Provider, discovered, session, tokens_for, userinfo_of

BACK = "/sign-in/directory/back"
"""Where browsers come back to: this address is registered at the provider."""
SKEW = 60
"""Seconds that its clock may differ from ours."""
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures that only the provider can make: none without one, and none by a secret that we have as well."""
REMEMBERED = 1_000
"""Sign-ins of which it is known that they were answered."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way in one browser."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    onward: str = "/"
    user: int = 0
    """The number of the user who lets the directory in as himself; 0: somebody signs in."""


class Directory:
    """The directory of the settings. What it says of itself is asked once, and again where a key is unknown."""

    def __init__(self, settings: DirectorySettings, pages: str) -> None:
        """`pages` is their address."""
        self.settings = settings
        self.rules = Rules(settings.admits, settings.roles)
        self._back = f"{pages}{BACK}"
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
        with session(self.settings, self._back) as asking:
            address, _ = asking.create_authorization_url(
                provider.authorization, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return cast(str, address), begun

    async def finish(self, begun: Begun, answer: Mapping[str, str]) -> Identified:
        """Who has signed in there, by what the browser brought back. Raises `ForgedError`, `DirectoryError`."""
        self._answer_once(begun)
        provider = self._provider or await self._asked()
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise ForgedError("it is another directory's")
        code = answer.get("code", "")
        tokens = await asyncio.to_thread(tokens_for, self.settings, provider, code, begun.verifier, self._back)
        claims = await self._checked(provider, begun, str(tokens.get("id_token", "")))
        more: dict[str, Any] = {}
        if provider.userinfo and not self._says_enough(claims):
            more = await asyncio.to_thread(userinfo_of, self.settings, provider, tokens)
            more = more if more.get("sub") == claims["sub"] else {}
        return self._identified(provider, claims, more)

    def _answer_once(self, begun: Begun) -> None:
        if begun.state in self._answered:
            raise ForgedError("it was brought before")
        self._answered[begun.state] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)

    async def _asked(self) -> Provider:
        self._provider = await asyncio.to_thread(discovered, self.settings)
        return self._provider

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

    def _identified(self, provider: Provider, claims: Mapping[str, Any], more: Mapping[str, Any]) -> Identified:
        said = {**more, **claims}
        given = said.get(self.settings.role_claim) if self.settings.role_claim else None
        groups = given if isinstance(given, list) else [given]
        names = (said.get(name) for name in ("preferred_username", "name", "email"))
        return Identified(
            provider.issuer,
            claims["sub"],
            _verified_mail(claims) or _verified_mail(more),
            next((name for name in names if isinstance(name, str) and name), ""),
            frozenset(group for group in groups if isinstance(group, str)),
        )


def _verified_mail(said: Mapping[str, Any]) -> str:
    """The address that is called verified in the same breath, or nothing."""
    return str(said.get("email", "")) if said.get("email_verified") is True else ""


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


def what_is_missing(settings: Settings) -> str:
    """That a directory is set and what speaks to it is not installed, with the mend; nothing where all is there."""
    if settings.oidc is None or find_spec("authlib") is not None:
        return ""
    return (
        "oidc is set, and what speaks to directories is not installed, so that nobody signs in by it; "
        "install authlib, 1.9 or newer, into presswatch's environment"
    )

"""What is asked of a provider of OpenID Connect: what it says of itself, and the tokens for a code.

What connects is guarded as every connection is: one inside the house stands in `allow_addresses`. `authlib` speaks
OAuth, over `requests`; it comes with the extra `oidc`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from presswatch.settings import DirectorySettings, is_safe
from storage.errors import PresswatchError

if TYPE_CHECKING:  # of an extra, and named in annotations alone
    from authlib.integrations.requests_client import OAuth2Session

PATIENCE = 10
"""Seconds that the provider has for each answer."""


class DirectoryError(PresswatchError):
    """The directory did not answer, or not as one does."""


class ForgedError(PresswatchError):
    """An answer of the directory that is not for this browser, or not of the directory."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the directory's answer does not hold: {why}", mend="begin again at the page to sign in")


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    """Empty where it has none that can be asked."""
    keys: Any
    """Its public keys, a `joserfc.jwk.KeySet`."""


def discovered(settings: DirectorySettings) -> Provider:
    """Ask the provider of the settings. Raises `DirectoryError`."""
    from joserfc.jwk import KeySet

    issuer = settings.issuer
    said = _json(settings, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise DirectoryError(f"{issuer} calls itself {said.get('issuer')!r}", mend="set oidc.issuer to that")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    authorization, token, keys, userinfo = (str(said.get(name, "")) for name in names)
    if not all(map(is_safe, (authorization, token, keys))):
        raise DirectoryError(f"{issuer} names an address that is not https", mend="look into its settings")
    try:
        read = KeySet.import_key_set(cast(Any, _json(settings, keys)))
    except DirectoryError:
        raise
    except Exception as error:  # whatever a foreign key can be wrong in
        raise DirectoryError(f"{issuer} has keys that cannot be read", mend="look into its settings") from error
    return Provider(issuer, authorization, token, userinfo if is_safe(userinfo) else "", read)


def tokens_for(
    settings: DirectorySettings, provider: Provider, code: str, verifier: str, back: str
) -> Mapping[str, Any]:
    """Give a code in. Raises `ForgedError` where the provider takes it for none, `DirectoryError`."""
    from authlib.integrations.base_client import OAuthError

    with session(settings, back) as asking, _told(settings.issuer):
        try:
            found = asking.fetch_token(provider.token, code=code, code_verifier=verifier, timeout=PATIENCE)
            return cast(Mapping[str, Any], found)
        except OAuthError as error:
            raise ForgedError(f"it takes the code for none ({error.error})") from error


def userinfo_of(settings: DirectorySettings, provider: Provider, tokens: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider says of somebody beside the id token. Raises `DirectoryError`."""
    return _json(settings, provider.userinfo, {"Authorization": f"Bearer {tokens.get('access_token', '')}"})


def session(settings: DirectorySettings, back: str = "") -> OAuth2Session:
    """What speaks to the provider; `back` is the address that browsers come back to."""
    from authlib.integrations.requests_client import OAuth2Session

    made = OAuth2Session(
        settings.client_id,
        settings.secret or None,
        scope=settings.scope,
        redirect_uri=back,
        code_challenge_method="S256",
    )
    made.trust_env = False  # no proxy of the environment's: the guard sees the provider itself
    made.hooks = {"response": []}  # those that channels have are for deliveries
    made.verify = str(settings.ca_file) if settings.ca_file else True
    return made


def _json(settings: DirectorySettings, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    with session(settings) as asking, _told(settings.issuer):
        answer = asking.request(
            "GET", address, withhold_token=True, headers=headers, timeout=PATIENCE, allow_redirects=False
        )
        answer.raise_for_status()
        said = json.loads(answer.content)
    if answer.status_code != 200 or not isinstance(said, dict):
        raise DirectoryError(f"{address} answered {answer.status_code}", mend="look at oidc.issuer")
    return said


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

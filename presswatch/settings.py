"""The operator's settings: the environment first, then the configuration file, then what is sensible.

`docs/settings.md` describes each of them; a test holds the two together.
"""

from __future__ import annotations

import os
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from crawler.settings import user_agent
from storage.connection_guard import AddressPolicy
from storage.database import data_folder
from storage.errors import SettingsError
from storage.query.packs import AliasFolder
from storage.types import Role

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def config_file() -> Path:
    """`PRESSWATCH_CONFIG`, or `presswatch.toml` in the user's configuration folder."""
    default = Path(platformdirs.user_config_dir("presswatch", appauthor=False)) / "presswatch.toml"
    return Path(os.environ.get("PRESSWATCH_CONFIG") or default)


class Admits(StrEnum):
    """Who may come in by the directory."""

    INVITED = "invited"
    """Whose verified mail address was invited; and who has come in before."""
    MAPPED = "mapped"
    """Whom the directory gives a role, too; who has lost it comes in no more."""
    EVERYBODY = "everybody"
    """Whoever the directory knows, too; a reader where it gives no role."""


class DirectorySettings(BaseModel):
    """A directory that signs people in by OpenID Connect: the table `[oidc]`, or `PRESSWATCH_OIDC_ISSUER` and so on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    """Where the directory is, exactly as it calls itself."""
    client_id: str = Field(min_length=1)
    """What presswatch is called there."""
    client_secret: SecretStr = SecretStr("")
    """Best in `PRESSWATCH_OIDC_CLIENT_SECRET`; empty where presswatch is a public client there."""
    client_secret_file: Path | None = None
    """The file that holds the secret, instead."""
    name: str = ""
    """What the button calls the directory; its host unless named."""
    admits: Admits = Admits.INVITED
    role_claim: str = ""
    """Which claim holds the groups that give roles: `groups`."""
    roles: dict[str, Role] = Field(default_factory=dict)
    """The role that a group gives: `{ "desk" = "editor" }`."""
    scope: str = "openid email profile"
    ca_file: Path | None = None
    """The certificates by which the directory is trusted, where they are of one's own."""

    @field_validator("issuer")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
            raise ValueError("expected an address with https://")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.role_claim) != bool(self.roles) or (self.admits is Admits.MAPPED and not self.roles):
            raise ValueError("roles and role_claim belong together, and admits = mapped needs them")
        if self.client_secret_file is not None:
            try:
                self.client_secret_file.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{self.client_secret_file} cannot be read") from error
        return self

    @property
    def secret(self) -> str:
        """The secret, of the variable or the file."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text("utf-8").strip()
        return self.client_secret.get_secret_value()

    def __str__(self) -> str:
        return f"{self.issuer} as {self.client_id}, admits {self.admits}"


class Settings(BaseSettings):
    """Every setting. In the environment its name is `PRESSWATCH_` and the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="PRESSWATCH_",
        env_ignore_empty=True,
        extra="forbid",
        env_nested_delimiter="_",
        env_nested_max_split=1,
    )

    data: Path = Field(default_factory=data_folder)
    """The folder of the database."""

    database: SecretStr = SecretStr("")
    """The address of a PostgreSQL database, in the place of the file in that folder: `postgresql://...`."""

    aliases: Path | None = None
    """The folder of alias packs of one's own; `aliases` in the data folder unless named."""

    allow_addresses: str = ""
    """Networks beside the public internet that may be connected to: `127.0.0.0/8, 10.1.2.3:8080`."""

    contact: str = ""
    """An address that a site's administrator can write to: `mailto:desk@example.org` or a page."""

    fastest: int = Field(default=0, ge=0, le=86_400)
    """Seconds: no source is polled more often, whatever its own floor."""

    slowest: int | None = Field(default=None, ge=30, le=604_800)
    """Seconds: every source that is well is polled at least so often, whatever its own ceiling."""

    evidence: int = Field(default=10_000, ge=0, le=100_000_000)
    """Megabytes that the raw pages of all versions may take in the data folder; 0: none are kept."""

    evidence_head: bool = False
    """Whether the operator's channel gets daily where the chain of the evidence ends."""

    gone_for: int = Field(default=86_400, ge=1, le=2_592_000)
    """Seconds that a statement must have been gone from its address until it counts as withdrawn."""

    listen: str = "127.0.0.1:8420"
    """Where `start` serves the pages: HOST:PORT, or `off`."""

    address: str = ""
    """Where people find the pages, where that is not HOST:PORT: `https://presswatch.example.org`."""

    proxies: str = ""
    """Reverse proxies that are believed when they say for whom they ask: `127.0.0.1, 10.1.2.0/24`."""

    browser: str = ""
    """The path of the Chromium that reads pages written by scripts."""

    oidc: DirectorySettings | None = None
    """The directory that signs people in, where there is one."""

    config: Path | None = None
    """Where this file lies; only in the environment."""

    @field_validator("allow_addresses", "proxies", mode="before")
    @classmethod
    def _joined(cls, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    @field_validator("database")
    @classmethod
    def _of_a_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("expected postgresql://USER:PASSWORD@HOST/NAME")
        return value

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            return ", ".join(str(ip_network(each.strip())) for each in value.split(",") if each.strip())
        except ValueError as error:
            raise ValueError(f"expected addresses or networks of proxies: {error}") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    @field_validator("address")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("expected an address with http:// or https://")
        return value.rstrip("/")

    @property
    def pages(self) -> str:
        """Where people find the pages. Raises `SettingsError` where none are served."""
        if not self.address and self.listen == "off":
            raise SettingsError(
                "no pages are served", mend="take PRESSWATCH_LISTEN=off away, or set PRESSWATCH_ADDRESS"
            )
        return self.address or f"http://{self.listen}"

    @property
    def server(self) -> str:
        """The address of the database's server, with its password; empty where it is a file."""
        return self.database.get_secret_value()

    @property
    def alias_folder(self) -> AliasFolder:
        """Where alias packs of one's own lie."""
        return AliasFolder(self.aliases or self.data / "aliases")

    @property
    def policy(self) -> AddressPolicy:
        """What may be connected to. Raises `SettingsError`."""
        return AddressPolicy.parse(self.allow_addresses)

    @property
    def scrapy(self) -> dict[str, Any]:
        """The same for the crawl."""
        return {
            "PRESSWATCH_ALLOW_ADDRESSES": self.allow_addresses,
            "PRESSWATCH_BROWSER": self.browser,
            "PRESSWATCH_EVIDENCE": self.evidence,
            "PRESSWATCH_EVIDENCE_HEAD": self.evidence_head,
            "USER_AGENT": user_agent(self.contact),
        }


def load(data: Path | None = None, database: str = "") -> Settings:
    """Read the settings; `data` and `database` are what the command line said.

    Raises `SettingsError` that names the setting.
    """
    file = config_file()
    given: dict[str, Any] = {"data": data} if data is not None else {}
    if database:
        given["database"] = database
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            known = ", ".join(sorted((DirectorySettings if len(first["loc"]) > 1 else Settings).model_fields))
            raise SettingsError(f"{file}: there is no setting {name!r}", mend=f"the settings are {known}") from error
        places = f"into {file} and at PRESSWATCH_{name.upper().replace('.', '_')}"
        raise SettingsError(
            f"the setting {name!r}: {first['msg']}", mend=f"look {f'at --{name}' if name in given else places}"
        ) from error
    except ValueError as error:
        raise SettingsError(f"{file} cannot be read: {error}", mend="correct it, or move it away") from error
    except OSError as error:  # started as another user, with the HOME of the first one
        mend = "set HOME to a folder of your own, or name a file that you may read in PRESSWATCH_CONFIG"
        raise SettingsError(f"{file} cannot be read: {error.strerror}", mend=mend) from error
    _ = settings.policy
    return settings

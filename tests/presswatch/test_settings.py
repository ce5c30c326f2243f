"""A directory is set in the file, in the environment or in both; a mistake names its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from presswatch.actions.installation import decided
from presswatch.settings import Admits, load
from presswatch.web.directory import what_is_missing
from storage.errors import SettingsError
from storage.types import Role

WHOLE = '[oidc]\nissuer = "https://login.example.org"\nclient_id = "presswatch"\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRESSWATCH_CONFIG", str(tmp_path / "presswatch.toml"))
    return tmp_path / "presswatch.toml"


def test_file_and_environment_are_read_together(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(WHOLE + 'admits = "mapped"\nrole_claim = "groups"\nroles = { desk = "editor" }\n')
    assert load().oidc is not None
    monkeypatch.setenv("PRESSWATCH_OIDC_CLIENT_SECRET", "hush7f3a")
    monkeypatch.setenv("PRESSWATCH_OIDC_CLIENT_ID", "other")
    settings = load()
    assert settings.oidc is not None
    assert (settings.oidc.client_id, settings.oidc.secret) == ("other", "hush7f3a")
    assert (settings.oidc.admits, settings.oidc.roles) == (Admits.MAPPED, {"desk": Role.EDITOR})
    [told] = [each for each in decided(settings) if each.name == "oidc"]
    assert told.value == "https://login.example.org as other, admits mapped"
    assert "hush" not in repr(settings)
    assert told.place.startswith("PRESSWATCH_OIDC_CLIENT")


def test_what_is_not_installed_is_told_in_a_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert what_is_missing(load()) == ""
    file.write_text(WHOLE)
    assert what_is_missing(load()) == ""
    monkeypatch.setitem(sys.modules, "authlib", None)
    assert "install authlib, 1.9 or newer" in what_is_missing(load())
    file.unlink()
    assert what_is_missing(load()) == ""


def test_the_secret_lies_in_a_file_of_its_own(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush7f3a\n")
    file.write_text(WHOLE + f'client_secret_file = "{secret}"\n')
    settings = load()
    assert settings.oidc is not None
    assert settings.oidc.secret == "hush7f3a"
    assert settings.oidc.admits is Admits.INVITED
    [told] = [each for each in decided(settings) if each.name == "oidc"]
    assert (told.place, told.line) == (str(file), 1)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('issuer = "http://login.example.org"', "oidc.issuer"),
        ('issuer = "login.example.org"', "oidc.issuer"),
        ('admits = "anybody"', "oidc.admits"),
        ('admits = "mapped"', "'oidc'"),
        ('roles = { desk = "editor" }', "'oidc'"),
        ('role_claim = "groups"\nroles = { desk = "king" }', "oidc.roles.desk"),
        ('client_secret_file = "/nowhere/at/all"', "'oidc'"),
        ('client_sceret = "x"', "oidc.client_sceret"),
    ],
)
def test_a_mistake_names_its_place(file: Path, line: str, names: str) -> None:
    kept = [each for each in WHOLE.splitlines() if each.split(" ")[0] != line.split(" ")[0]]
    file.write_text("\n".join([*kept, line]))
    with pytest.raises(SettingsError, match=names) as refused:
        load()
    assert "client_secret" not in str(refused.value) or "client_s" in line


def test_a_setting_that_is_none_is_refused_by_its_name(file: Path) -> None:
    file.write_text('base_url = "https://watch.example.org"\n')
    with pytest.raises(SettingsError, match="there is no setting 'base_url'") as refused:
        load()
    assert "the settings are " in (refused.value.mend or "")

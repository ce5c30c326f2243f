"""The commands about users and tokens, as the operator types them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.actions import signing_in
from presswatch.cli import app
from presswatch.loop import run
from storage.clock import now
from storage.errors import InvalidInputError, NotFoundError, SettingsError
from storage.opening import open_database
from storage.people import passwords, sessions, tokens, users
from storage.people.tokens import PREFIX
from storage.types import Role
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

runner = CliRunner()
PASSWORD = "granite tram violet"


def typed(data: Path, *words: str, given: str = "") -> str:
    """What a command answers that is given this on its input."""
    outcome = runner.invoke(app, ["--data", str(data), *words], input=given, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an owner."""
    typed(tmp_path, "users", "add", "Anna", "--role", "owner", given=f"{PASSWORD}\n")
    return tmp_path


def test_the_first_user_gets_the_topics_that_there_are(tmp_path: Path) -> None:
    typed(tmp_path, "topics", "add", "Bridges", "bridge")
    said = typed(tmp_path, "users", "add", "Anna", "--role", "owner", given=f"{PASSWORD}\nsecond line\n")
    assert said == "user Anna may sign in as owner\n"
    [anna] = json.loads(typed(tmp_path, "users", "list", "--json"))
    assert anna.pop("created_at")
    assert anna == {"name": "Anna", "role": "owner", "has_password": True, "seen_at": None, "topics": 1, "channels": 0,
                    "subscriptions": 0, "tokens": 0}  # fmt: skip


def test_the_password_is_the_first_line_and_nothing_shows_it(data: Path) -> None:
    shown = "".join(typed(data, "users", word) for word in ("list", "log"))
    assert PASSWORD not in shown
    with open_database(data) as database:
        anna = database.read(users.get, "Anna")
        hashed = database.read(users.password_of, anna)
    assert passwords.matches(hashed, PASSWORD)
    assert hashed is not None
    assert hashed not in shown


@pytest.mark.parametrize(("given", "wrong"), [("", "a user needs a password"), ("short\n", "is guessed")])
def test_without_a_good_password_there_is_no_user(data: Path, given: str, wrong: str) -> None:
    for words in (("add", "Béla"), ("password", "Anna")):
        with pytest.raises(InvalidInputError, match=wrong):
            typed(data, "users", *words, given=given)
    assert "Béla" not in typed(data, "users", "list")


def at_a_terminal(data: Path, *words: str, answers: Sequence[str]) -> tuple[int, str]:
    """The exit code of a command and what a person sees who answers its questions one by one."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "presswatch", "--data", str(data), *words]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, close_fds=True)
    os.close(its)
    seen, waiting = b"", iter(answers)
    with os.fdopen(ours, "r+b", buffering=0) as terminal, suppress(OSError):  # Linux's word for its end
        while piece := terminal.read(4096):
            seen += piece
            if seen.endswith(b": "):
                terminal.write(f"{next(waiting)}\n".encode())
    return process.wait(PATIENCE), seen.decode()


def test_at_a_terminal_it_is_asked_for_twice(data: Path) -> None:
    other = "violet tram granite"
    code, seen = at_a_terminal(data, "users", "password", "Anna", answers=(other, "mistyped it", other, other))
    assert code == 0, seen
    assert seen.count("Once more") == 2
    assert "user Anna has another password; 0 sessions ended" in seen
    with open_database(data) as database:
        assert passwords.matches(database.read(users.password_of, database.read(users.get, "Anna")), other)


def test_another_password_ends_sessions(data: Path) -> None:
    with open_database(data) as database:
        database.write(sessions.begin, database.read(users.get, "Anna").id, now())
    said = typed(data, "users", "password", "anna", given="violet tram granite\n")
    assert said == "user Anna has another password; 1 session ended\n"


def test_a_role_is_given_and_a_user_removed(data: Path) -> None:
    assert typed(data, "users", "add", "Béla", given=f"{PASSWORD}\n") == "user Béla may sign in as reader\n"
    assert typed(data, "users", "role", "béla", "editor") == "user Béla is editor from now on\n"
    typed(data, "tokens", "add", "dashboard", "--user", "Béla")
    said = typed(data, "users", "remove", "Béla")
    assert said == "user Béla removed, with 0 topics, 0 channels, 0 subscriptions and 1 token\n"
    assert "Béla" not in typed(data, "users", "list")
    done = json.loads(typed(data, "users", "log", "--json"))
    assert [(each["through"], each["deed"], each["of"]) for each in done] == [
        ("command line", "user removed", "Béla"),
        ("command line", "token added", "Béla"),
        ("command line", "role changed", "Béla"),
        ("command line", "user added", "Béla"),
        ("command line", "user added", "Anna"),
    ]


def test_the_owner_is_neither_removed_nor_made_less(data: Path) -> None:
    for words in (("remove", "Anna"), ("role", "Anna", "reader")):
        with pytest.raises(InvalidInputError, match="Anna is the first owner"):
            typed(data, "users", *words)


def test_a_link_sets_another_password(data: Path) -> None:
    said = typed(data, "users", "link", "anna")
    assert said.startswith("user anna sets a password, once, within two days: http://127.0.0.1:8420/begin/")
    with open_database(data) as database:
        taken = run(signing_in.accept(database, said.rpartition("/")[2].strip(), "Anna", "other words of hers"))
        assert taken.user.name == "Anna"
        hashed = database.read(users.password_of, taken.user)
    assert passwords.matches(hashed, "other words of hers")


def test_a_link_makes_a_user_in_a_role(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_ADDRESS", "https://desk.example.org/")
    said = typed(data, "users", "invite", "--role", "editor")
    assert said.startswith("whoever opens this becomes editor, once, within two days: https://desk.example.org/begin/")
    with open_database(data) as database:
        taken = run(signing_in.accept(database, said.rpartition("/")[2].strip(), "Bela", "other words of hers"))
    assert (taken.user.name, taken.user.role) == ("Bela", Role.EDITOR)


def test_there_is_no_link_to_pages_that_nobody_serves(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_LISTEN", "off")
    with pytest.raises(SettingsError, match="no pages are served"):
        typed(data, "users", "link", "Anna")


def test_a_token_is_shown_once(data: Path) -> None:
    said = typed(data, "tokens", "add", "dashboard", "--scope", "read", "--scope", "feeds", "--days", "30").splitlines()
    assert said[0].startswith("token dashboard holds until ")
    assert said[1].startswith(PREFIX)
    with open_database(data) as database:
        let_in = database.read(tokens.bearer, said[1], now())
    assert let_in is not None
    assert (let_in[0].name, sorted(let_in[1].scopes)) == ("Anna", ["feeds", "read"])
    for listing in (
        typed(data, "tokens", "list"),
        typed(data, "tokens", "list", "--json"),
        typed(data, "users", "log"),
    ):
        assert "dashboard" in listing
        assert said[1] not in listing


def test_a_program_reads_its_token_from_json(data: Path) -> None:
    made = json.loads(typed(data, "tokens", "add", "dashboard", "--json"))
    assert made["token"].startswith(PREFIX)
    assert (made["scopes"], made["used_at"]) == (["read"], None)


def test_a_revoked_token_is_gone(data: Path) -> None:
    secret = json.loads(typed(data, "tokens", "add", "dashboard", "--json"))["token"]
    assert typed(data, "tokens", "revoke", "dashboard") == "token dashboard lets nobody in any more\n"
    assert typed(data, "tokens", "list") == "no tokens\n"
    with open_database(data) as database:
        assert database.read(tokens.bearer, secret, now()) is None
    with pytest.raises(NotFoundError, match="there is no token 'dashboard'"):
        typed(data, "tokens", "revoke", "dashboard")


def test_before_there_are_users_it_is_said_how_to_begin(tmp_path: Path) -> None:
    typed(tmp_path, "topics", "add", "Bridges", "bridge")
    assert typed(tmp_path, "users", "list") == "no users yet: what there is belongs to whoever is added first\n"
    with pytest.raises(NotFoundError) as refused:
        typed(tmp_path, "tokens", "add", "dashboard")
    assert refused.value.mend.endswith("users add NAME")

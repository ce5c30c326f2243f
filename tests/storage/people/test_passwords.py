"""Passwords: hashed with argon2id, compared in the same way whether there is anything to compare with or not."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from storage.errors import InvalidInputError
from storage.people import passwords

GOOD = "granite tram violet"


def test_a_password_matches_its_hash_and_no_other_does() -> None:
    stored = passwords.hashed(GOOD)
    assert GOOD not in stored
    assert passwords.matches(stored, GOOD)
    for other in ("", GOOD.upper(), GOOD + " ", GOOD[:-1], stored):
        assert not passwords.matches(stored, other)


def test_the_hash_is_argon2id_with_the_parameters_of_the_rfc() -> None:
    found = extract_parameters(passwords.hashed(GOOD))
    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (
        RFC_9106_LOW_MEMORY.memory_cost,
        RFC_9106_LOW_MEMORY.time_cost,
        RFC_9106_LOW_MEMORY.parallelism,
    )


def test_two_hashes_of_one_password_have_two_salts() -> None:
    assert passwords.hashed(GOOD) != passwords.hashed(GOOD)


def test_one_password_however_a_keyboard_composes_it() -> None:
    assert passwords.matches(passwords.hashed("Ze\u0301brák na přechodu"), "Zébrák na přechodu")


def test_where_there_is_no_password_none_matches_and_it_is_hashed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str | bytes, password: str | bytes) -> bool:
        verified.append(password)
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not passwords.matches(None, GOOD)
    assert not passwords.matches(passwords.hashed("violet tram granite"), GOOD)
    assert verified == [GOOD, GOOD]


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$m=65536,t=3,p=4$broken"])
def test_what_is_no_hash_matches_nothing(stored: str) -> None:
    assert not passwords.matches(stored, GOOD)


def test_a_stranger_cannot_have_megabytes_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PasswordHasher, "verify", lambda *arguments: pytest.fail("it was hashed"))
    assert not passwords.matches(None, "x" * 10_000_000)


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash(GOOD))
    assert not passwords.is_outdated(passwords.hashed(GOOD))


@pytest.mark.parametrize(
    "password", [GOOD, "пароль из трёх слов", "五里霧中五里霧中山川河海", "x1y2z3" * 3, "🐟🐘🦅🐝" * 3]
)
def test_length_is_all_that_is_asked_for(password: str) -> None:
    passwords.check("Anna", password)


@pytest.mark.parametrize("password", ["", "short", "eleven char", "a" * 16, "ab" * 8, "annaANNAannaanna", GOOD * 20])
def test_what_is_guessed_is_refused_with_the_mend(password: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        passwords.check("Anna", password)
    assert refused.value.mend
    assert not password or password not in str(refused.value)

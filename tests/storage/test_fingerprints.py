"""Which texts are the same, and what is decided of an item by that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity import decide, fingerprint
from storage.types import Article, Decision


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A  statement\nin two\u00a0lines", "A statement in two lines"),
        ("caf\u00e9", "cafe\u0301"),
        ("co\u00adoperation\u200b", "cooperation"),
        ("caf\u00e9", "cafe\u200d\u0301"),
        ("«Bridge»", "“Bridge”"),
        ("the ministry’s", "the ministry's"),
        ("2020–2024 — done", "2020-2024 - done"),
        ("and so on…", "and so on..."),
    ],
)
def test_differences_that_no_reader_sees_do_not_count(one: str, other: str) -> None:
    assert fingerprint("Title", one) == fingerprint("Title", other)
    assert fingerprint(one, "Body") == fingerprint(other, "Body")


INVISIBLE = st.sampled_from(["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])


@given(st.text(), st.integers(0, 40), INVISIBLE)
def test_an_invisible_character_changes_nothing_wherever_it_stands(text: str, place: int, char: str) -> None:
    assert fingerprint("Title", text[:place] + char + text[place:]) == fingerprint("Title", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Title", "10² km"), ("Title", "102 km")),
        (("Title", "not agreed"), ("Title", "now agreed")),
        (("Title", "Not agreed"), ("Title", "not agreed")),
        (("Title", "agreed"), ("Title", "agreed.")),
        (("Title", "A, B"), ("Title", "A; B")),
        (("Title", "together"), ("Title", "to gether")),
        (("On the bridge", "of peace"), ("On the bridge of", "peace")),
        (("Title", ""), ("", "Title")),
        (("Title", "5 − 3"), ("Title", "5 + 3")),
        (("Title", "мир"), ("Title", "миp")),
    ],
)
def test_every_visible_difference_counts(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert fingerprint(*one) != fingerprint(*other)


@given(st.text(st.sampled_from("abcабв .,!12\n"), max_size=30), st.text(st.sampled_from("abcабв .,!12\n"), max_size=30))
def test_texts_are_the_same_just_when_their_words_are(one: str, other: str) -> None:
    assert (fingerprint("Title", one) == fingerprint("Title", other)) == (one.split() == other.split())


def test_a_text_with_a_lone_surrogate_has_a_fingerprint() -> None:
    assert len(fingerprint("Title", "broken \ud800 text")) == 32


def test_an_unknown_item_is_new() -> None:
    assert decide(None, Article("https://mfa.example/1", "Title", "Body")) is Decision.NEW


def test_an_item_that_says_the_same_is_the_same() -> None:
    known = fingerprint("Title", "Body")
    assert decide(known, Article("https://mfa.example/1", "Title", "Body ")) is Decision.SAME


def test_an_item_that_says_something_else_has_changed() -> None:
    known = fingerprint("Title", "Body")
    assert decide(known, Article("https://mfa.example/1", "Title", "Body!")) is Decision.CHANGED
    assert decide(known, Article("https://mfa.example/1", "Title!", "Body")) is Decision.CHANGED

"""A snippet shows what was met, in two fragments and 160 characters at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.snippets import CHARACTERS, snippet
from storage.types import Hit

BEGINNING = "The minister took part in the session of the Collective Security Treaty Organization held by video link."


def hits(text: str, *words: str) -> list[Hit]:
    """Where these words stand."""
    return [Hit("alias:CSTO", word, "body", text.index(word), text.index(word) + len(word)) for word in words]


def written(text: str, *words: str) -> str:
    """The snippet, marked words in brackets."""
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in snippet(text, hits(text, *words)))


def test_a_short_paragraph_is_shown_whole() -> None:
    text = f"He arrived.\n\n{BEGINNING}\n\nHe left."
    name = "Collective Security Treaty Organization"
    assert written(text, name) == BEGINNING.replace(name, f"[{name}]")


def test_a_long_paragraph_is_cut_at_words() -> None:
    text = "Before that he met many people. " * 9 + "Then the CSTO met. " + "After that he went home again. " * 9
    shown = written(text, "CSTO")
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "[CSTO] met." in shown
    assert set(shown.strip("… ").replace("[", "").replace("]", "").split()) <= set(text.split())


def test_two_places_far_apart_are_two_fragments() -> None:
    text = "CSTO ministers met. " + "They spoke of roads. " * 20 + "The ODKB secretary answered. " + "He left. " * 20
    shown = written(text, "CSTO", "ODKB")
    assert shown.count("[") == 2
    assert shown.count("…") == 2
    assert len(shown.replace("[", "").replace("]", "")) <= CHARACTERS


def test_chinese_has_no_blanks_to_be_cut_at() -> None:
    text = "外交部发言人表示" * 30 + "集体安全条约组织" + "外长会议通过的磋商计划" * 30
    shown = written(text, "集体安全条约组织")
    assert "[集体安全条约组织]" in shown
    assert len(shown) <= CHARACTERS + 2


def test_what_only_the_title_met_has_no_snippet() -> None:
    assert snippet(BEGINNING, [Hit("CSTO", "CSTO", "title", 0, 4)]) == ()


@given(
    st.text("ab \n\u0301外।", min_size=1, max_size=700), st.lists(st.tuples(st.integers(0, 699), st.integers(1, 300)))
)
def test_no_snippet_is_longer_than_it_may_be(text: str, places: list[tuple[int, int]]) -> None:
    met = [Hit("w", "w", "body", start, min(start + length, len(text))) for start, length in places]
    assert len("".join(piece.text for piece in snippet(text, met))) <= CHARACTERS

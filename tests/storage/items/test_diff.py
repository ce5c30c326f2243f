"""A diff names what an edit changed, and loses no word of either version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.items.diff import Change, Diff, Run, compare
from storage.types import Published, Version
from tests.steps import growth
from tests.storage.examples import NOW

ROADS = "The ministers compared their views on the mountain roads and thanked the drivers for their patience."
BEDS = "Each member state keeps beds and medicines ready for a neighbour. Three hospitals have been inspected."
PLAN = "The participants approved a draft plan of consultations. It provides for nine meetings of experts."


def version(body: str, title: str = "A session") -> Version:
    return Version(1, 1, 1, title, body, "en", Published(), NOW, "")


def diff(before: str, after: str) -> Diff:
    return compare(version(before), version(after))


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def written(runs: tuple[Run, ...]) -> str:
    """Removed words in brackets, added ones in braces."""
    signs = {Change.SAME: "{0}", Change.REMOVED: "[{0}]", Change.ADDED: "{{{0}}}"}
    return "".join(signs[run.change].format(run.text.strip()) + " " for run in runs).strip()


def changes(found: Diff) -> list[Change]:
    return [paragraph.change for paragraph in found.paragraphs]


def test_words_are_named_within_their_paragraph() -> None:
    found = diff(text(ROADS, BEDS), text(ROADS, BEDS.replace("Three", "Four")))
    assert changes(found) == [Change.SAME, Change.EDITED]
    assert written(found.paragraphs[1].runs).endswith("for a neighbour. [Three] {Four} hospitals have been inspected.")
    assert (found.added, found.removed) == (1, 1)


def test_words_that_changed_together_are_one_run() -> None:
    found = diff(PLAN, PLAN.replace("nine meetings of experts", "eleven long talks between them"))
    assert written(found.paragraphs[0].runs).endswith(
        "provides for [nine meetings of experts] {eleven long talks between them} ."
    )


def test_a_title_is_compared_too() -> None:
    found = compare(version(ROADS, "On the session"), version(ROADS, "On the long session"))
    assert written(found.title) == "On the {long} session"
    assert (found.added, found.removed, changes(found)) == (1, 0, [Change.SAME])


def test_a_paragraph_that_moved_is_moved_not_removed_and_added() -> None:
    found = diff(text(ROADS, BEDS, PLAN), text(PLAN, ROADS, BEDS))
    assert changes(found) == [Change.MOVED, Change.SAME, Change.SAME]
    assert (found.added, found.removed, found.moved) == (0, 0, 1)


def test_a_paragraph_that_moved_and_was_edited_is_moved_with_its_words() -> None:
    found = diff(text(ROADS, BEDS, PLAN), text(PLAN.replace("nine", "eleven"), ROADS, BEDS))
    assert changes(found) == [Change.MOVED, Change.SAME, Change.SAME]
    assert (found.added, found.removed) == (1, 1)


def test_a_new_paragraph_is_added_and_a_lost_one_removed_where_it_was() -> None:
    found = diff(text(ROADS, BEDS), text(BEDS, "Nobody asked about the price of bread in the two capitals."))
    assert changes(found) == [Change.REMOVED, Change.SAME, Change.ADDED]
    assert found.removed == len(ROADS.split())


def test_two_paragraphs_that_have_nothing_in_common_are_no_edit_of_each_other() -> None:
    found = diff(text(ROADS), text("Nobody asked about bread."))
    assert sorted(changes(found)) == [Change.ADDED, Change.REMOVED]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("外长会议通过了三项决定。", "外长会议通过了四项决定。", "外长会议通过了 [三] {四} 项决定。"),
        ("外務大臣は東京で会談した。", "外務大臣は京都で会談した。", "外務大臣は [東] 京 {都} で会談した。"),
    ],
)
def test_chinese_and_japanese_are_compared_by_characters(before: str, after: str, shown: str) -> None:
    found = diff(before, after)
    assert written(found.paragraphs[0].runs) == shown
    assert (found.added, found.removed) == (1, 1)


def test_marks_over_letters_stay_with_their_words() -> None:
    found = diff("विदेश मंत्री ने कहा", "विदेश सचिव ने कहा")
    assert written(found.paragraphs[0].runs) == "विदेश [मंत्री] {सचिव} ने कहा"


def test_white_space_is_no_change() -> None:
    found = diff("The  ministers\nmet.", "The ministers met. ")
    assert changes(found) == [Change.SAME]


def test_equal_versions_have_no_changes() -> None:
    found = diff(text(ROADS, BEDS), text(ROADS, BEDS))
    assert (found.added, found.removed, changes(found)) == (0, 0, [Change.SAME, Change.SAME])


WORDS = st.lists(st.sampled_from(["Minister", "met", ",", "外", "交", "ОДКБ", "12", "don’t", "."]), max_size=8)
BODIES = st.lists(WORDS.map(" ".join), max_size=6).map("\n\n".join)


@given(BODIES, BODIES)
def test_no_word_of_either_version_is_lost(before: str, after: str) -> None:
    found = diff(before, after)
    runs = [run for paragraph in found.paragraphs for run in paragraph.runs]
    new = "".join(run.text for run in runs if run.change is not Change.REMOVED)
    old = "".join(run.text for run in runs if run.change is not Change.ADDED)
    assert new.split() == after.split() or "".join(new.split()) == "".join(after.split())
    if not found.moved:
        assert sorted("".join(old.split())) == sorted("".join(before.split()))
    assert (found.added, found.removed) <= (len(after.split()), len(before.split()))


@given(BODIES, BODIES)
def test_the_other_way_round_added_is_removed(before: str, after: str) -> None:
    """Where nothing was moved: what counts as moved is told at its new place."""
    there, back = diff(before, after), diff(after, before)
    if not there.moved and not back.moved:
        assert there.added - there.removed == back.removed - back.added


@pytest.mark.parametrize("unit", ["a ", "a b ", "a\n\n", "外"])
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    assert growth(lambda size: diff(f"x {unit * size} y", f"y {unit * size} x"), 4_000, 16_000) < 1.3

"""What an edit did to a topic's statement: sentences that were added, removed and changed, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notify.matching.changes import topic_change
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.text import analyse
from storage.types import Became, ChangedSentence, TopicChange
from tests.steps import growth

BRIDGE = "The bridge will open on Friday."
TUNNEL = "The tunnel is closed."
GUESTS = "All neighbours are invited to a dinner."


def change(before: str, after: str, query: str = "bridge", *titles: str) -> TopicChange | None:
    asked = resolve(parse(query))
    old, new = (analyse(title, body, "en") for title, body in zip(titles or ("", ""), (before, after), strict=True))
    met = (evaluation.hits if (evaluation := evaluate(asked, text)).matches else None for text in (old, new))
    return topic_change(old, new, *met)


def test_an_added_mention_is_named_with_its_sentence() -> None:
    found = change(TUNNEL, f"{TUNNEL} {BRIDGE}")
    assert found == TopicChange(Became.MET, (ChangedSentence("", BRIDGE),))
    found = change(BRIDGE, f"{BRIDGE} The old bridge stays closed.")
    assert found == TopicChange(Became.KEPT, (ChangedSentence("", "The old bridge stays closed."),))


def test_a_removed_mention_is_named_with_its_sentence() -> None:
    assert change(f"{TUNNEL} {BRIDGE}", TUNNEL) == TopicChange(Became.UNMET, (ChangedSentence(BRIDGE, ""),))


def test_a_sentence_that_was_changed_is_named_before_and_after() -> None:
    after = BRIDGE.replace("Friday", "Monday")
    found = change(f"{BRIDGE}\n\n{TUNNEL}", f"{after}\n\n{TUNNEL}")
    assert found == TopicChange(Became.KEPT, (ChangedSentence(BRIDGE, after),))
    without = BRIDGE.replace("bridge", "tunnel")
    assert change(BRIDGE, without) == TopicChange(Became.UNMET, (ChangedSentence(BRIDGE, without),))


def test_an_edit_elsewhere_is_nothing_to_the_topic() -> None:
    assert change(f"{BRIDGE} {TUNNEL}", f"{BRIDGE} {GUESTS}") is None
    assert change(TUNNEL, GUESTS) is None


def test_a_sentence_that_was_moved_has_not_changed() -> None:
    assert change(f"{BRIDGE}\n\n{TUNNEL}\n\n{GUESTS}", f"{GUESTS}\n\n{TUNNEL}\n\n{BRIDGE}") is None


def test_white_space_and_marks_are_no_change() -> None:
    assert change(BRIDGE, BRIDGE.replace(" ", "  ").replace(".", "!")) is None


def test_a_title_is_a_sentence() -> None:
    found = change(TUNNEL, TUNNEL, "bridge", "On a bridge", "On the bridge")
    assert found == TopicChange(Became.KEPT, (ChangedSentence("On a bridge", "On the bridge"),))


def test_what_is_excluded_ends_a_match_without_a_sentence() -> None:
    found = change(BRIDGE, f"{BRIDGE} {TUNNEL}", "bridge NOT tunnel")
    assert found == TopicChange(Became.UNMET)


SENTENCES = st.lists(st.sampled_from([BRIDGE, TUNNEL, GUESTS, "Another bridge stands.", "Nobody came."]), max_size=6)


@given(SENTENCES, SENTENCES)
def test_the_words_of_each_side_stand_in_its_version_and_the_way_back_is_the_mirror(
    before: list[str], after: list[str]
) -> None:
    old, new = " ".join(before), " ".join(after)
    there, back = change(old, new), change(new, old)
    for each in there.sentences if there else ():
        assert each.before in old
        assert each.after in new
        assert each.before != each.after
    mirrored = {Became.MET: Became.UNMET, Became.UNMET: Became.MET, Became.KEPT: Became.KEPT}
    assert (back and back.became) == (there and mirrored[there.became])


def test_it_takes_time_as_the_text_is_long() -> None:
    def edited(size: int) -> None:
        text = " ".join(f"The bridge number {number} stands." for number in range(size))
        change(text, text.replace("stands", "fell down and is no more"))

    assert growth(edited, 100, 400) < 1.5


def test_a_title_alone_that_got_its_text_was_not_edited() -> None:
    assert change("", BRIDGE, "bridge", "On a bridge", "On a bridge") is None

"""Whether a statement meets a query, and why. Pure."""

from __future__ import annotations

import pytest

from storage.errors import QueryError
from storage.query.evaluate import MOST_HITS
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.types import Hit
from tests.storage.query.questions import ask, matches


def test_a_phrase_never_goes_from_the_title_into_the_text() -> None:
    assert not matches('"border treaty"', "Treaty of friendship", title="A border")
    assert matches('"border treaty"', "A border treaty", title="Friendship")


def test_a_field_looks_at_the_title_alone() -> None:
    assert matches("title:treaty", "", title="Treaties")
    assert not matches("title:treaty", "Treaties", title="News")


def test_a_hit_says_which_clause_and_name_and_where() -> None:
    body = "The ministers of the CSTO’s states discussed new treaties."
    assert ask("alias:csto treaty", body, title="Заседание ОДКБ", language="en").hits == (
        Hit("alias:csto", "ОДКБ", "title", 10, 14, "CSTO"),
        Hit("alias:csto", "CSTO", "body", 21, 27, "CSTO"),
        Hit("treaty", "treaty", "body", 49, 57),
    )


def test_a_hit_of_a_phrase_goes_from_its_first_word_to_its_last() -> None:
    body = "О роли Организации Договора о коллек\u00adтивной безопасности."
    (hit,) = ask("alias:CSTO", body, language="ru").hits
    assert body[hit.start : hit.end] == "Организации Договора о коллек\u00adтивной безопасности"
    assert hit.name == "Организация Договора о коллективной безопасности"


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        pytest.param("(river mountain) OR sea", ["sea"], id="none of the side of OR that failed"),
        pytest.param("sea -mountain", ["sea"], id="none of what was excluded"),
        pytest.param("NOT (NOT sea OR mountain)", ["sea"], id="what a double negation wants"),
        pytest.param("sea OR river", ["river", "sea"], id="both sides of OR that hold"),
        pytest.param("NOT mountain", [], id="nothing where only absence matched"),
        pytest.param("mountain", [], id="nothing where nothing matched"),
    ],
)
def test_hits_belong_to_the_clauses_that_made_the_match(query: str, clauses: list[str]) -> None:
    assert [hit.clause for hit in ask(query, "The river meets the sea").hits] == clauses


def test_no_clause_crowds_out_another() -> None:
    hits = ask("sea treaty", "sea " * 500 + "treaty").hits
    assert len(hits) == MOST_HITS
    assert hits[-1].clause == "treaty"


def test_an_unknown_alias_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(QueryError, match="there is no alias CTSO") as refused:
        resolve(parse("treaty alias:CTSO"))
    assert "CSTO" in refused.value.mend

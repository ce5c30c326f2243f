from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import given

from notify.matching.conditions import features_in, formula_of, required
from notify.matching.exact_forms import ExactForms
from notify.matching.features import Formula, Proof, TextCheck, pairs_of, proved, stems_of
from storage.errors import QueryError
from storage.query.atoms import atoms
from storage.query.check import check_topic
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.text import AnalysedText
from tests.storage.query.agreement import queries, statements
from tests.storage.query.questions import read


def formula(query: str) -> Formula:
    return formula_of(read(query).root, partial(proved, share=TextCheck))


def by_length(features: Proof) -> float:
    """Long words are rare."""
    return 1 / min(len(feature) for feature in features)


def known_by(*words: str) -> set[str]:
    """The stems of these words, in any language."""
    return {atom[0] for word in words for atom in atoms(word)}


@pytest.mark.parametrize(
    ("query", "features"),
    [
        pytest.param("sea", known_by("sea"), id="a word"),
        pytest.param("sea OR lake", known_by("sea", "lake"), id="either"),
        pytest.param("sea afghanistan", known_by("afghanistan"), id="the rarer of two"),
        pytest.param("(sea OR lake) -river", known_by("sea", "lake"), id="nothing excluded"),
        pytest.param("NOT (NOT sea OR lake)", known_by("sea"), id="what a double negation wants"),
        pytest.param("sea published:2024", known_by("sea"), id="nothing of a day"),
        pytest.param("sea NEAR/3 afghanistan", known_by("afghanistan"), id="the rarer of two that are near"),
        pytest.param("=NATO", {"=nato¦u"}, id="an exact form"),
        pytest.param("sanction*", {"sanction*"}, id="a beginning"),
        pytest.param("lang:en", {("lang:", "en")}, id="a filter, where there is nothing else"),
    ],
)
def test_a_topic_stands_under(query: str, features: set[str]) -> None:
    assert set(required(formula(query), by_length) or ()) == features


@pytest.mark.parametrize("query", ["NOT sea", "sea OR NOT lake", "-sea -lake", "NOT (sea lake)", "published:2024"])
def test_a_query_that_silence_meets_stands_nowhere(query: str) -> None:
    assert required(formula(query), by_length) is None


@given(statements, queries)
def test_every_text_that_matches_has_a_feature_that_the_topic_stands_under(text: AnalysedText, query: str) -> None:
    under = required(formula(query), len)
    if under is not None and evaluate(read(query), text).matches:
        forms = ExactForms()
        forms.take(features_in(formula(query)))
        assert not {*stems_of(text), *pairs_of(text), *forms.of(text)}.isdisjoint(under)


@given(queries)
def test_what_may_stand_as_a_topic_stands_under_words(query: str) -> None:
    query = re.sub(r"\b(lang|country|source|state):[\w/-]+", "published:2024", query)
    allowed = True
    try:
        check_topic(parse(query))
    except QueryError:
        allowed = False
    assert (required(formula(query), len) is not None) is allowed, query

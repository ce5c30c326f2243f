"""What the indexes leave open: a text that is not in doubt needs not be asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.bounds import always_doubted, at_most, doubted, left_open
from storage.query.evaluate import matches
from storage.query.indexes import lowered
from storage.query.resolve import ResolvedQuery
from storage.query.text import analyse
from tests.storage.query.agreement import examples
from tests.storage.query.questions import read

# Three words alone, so that what stands apart here stands side by side there.
_texts = st.lists(st.sampled_from(["treaty", "border", "Border"]), max_size=5).map(" ".join)
_told = st.sampled_from(["treaty", "=border", "title:border", "lang:ru"])
_open = st.sampled_from(['="treaty border"', '="Border"', 'title:="border treaty"', '"treaty bord*"'])
_queries = st.recursive(
    st.one_of(_told, _open),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" AND ".join).map("({})".format),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join).map("({})".format),
        inner.map("NOT {}".format),
    ),
    max_leaves=5,
)


def test_only_a_candidate_in_doubt_has_to_be_asked(request: pytest.FixtureRequest) -> None:
    @examples(request, 400)
    @given(_texts, _texts, _queries)
    def holds(title: str, body: str, query: str) -> None:
        text = analyse(title, body, "en")
        root = lowered(read(query).root)
        most, open = at_most(root), doubted(root)
        is_candidate = most is None or matches(ResolvedQuery(most), text)
        is_doubted = open is not None and matches(ResolvedQuery(open), text)
        met = matches(read(query), text)
        assert is_candidate or not met
        if is_candidate:
            assert met == (matches(left_open(read(query)), text) if is_doubted else True)
            assert is_doubted or not always_doubted(root)

    holds()


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        pytest.param("treaty sanction* =CSTO", None, id="what the indexes tell asks no text"),
        pytest.param('treaty ="the border"', '="the border"', id="what is told is not asked again"),
        pytest.param('treaty -="the border" lang:ru', '-="the border"', id="nor beside what is excluded"),
        pytest.param('treaty OR ="the border"', 'treaty OR ="the border"', id="of alternatives both are asked"),
    ],
)
def test_of_a_query_only_that_is_asked_of_a_text_which_is_open(query: str, asked: str | None) -> None:
    assert (doubted(lowered(read(query).root)) is None) == (asked is None)
    if asked is not None:
        assert left_open(read(query)) == ResolvedQuery(lowered(read(asked).root))


def test_where_something_open_is_required_every_candidate_is_asked() -> None:
    assert always_doubted(lowered(read('treaty ="the border"').root))
    assert always_doubted(lowered(read('="a treaty" OR ="the border"').root))
    assert not always_doubted(lowered(read('treaty -="the border"').root))
    assert not always_doubted(lowered(read('treaty OR ="the border"').root))

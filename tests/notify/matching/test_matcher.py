from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.matching.frequencies import MOST_STEMS, DocumentFrequencies
from notify.matching.matcher import Matcher
from storage.errors import QueryError
from storage.query.evaluate import evaluate
from storage.query.languages import stem
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.text import AnalysedText, analyse
from storage.types import SOLE_OWNER, Topic
from tests.notify.examples import NOW
from tests.storage.query.agreement import SECTIONS, archive, examples, found

WORDS = (
    "treaty",
    "treaties",
    "border",
    "borders",
    "санкции",
    "санкций",
    "договор",
    "CSTO",
    "ОДКБ",
    "talks",
    "U.S.",
    "us",
    "Vedrić",
    "Vedric",
    "อาเซียน",
    "С-300",
    "C-300",
)
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
clauses = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(["alias:CSTO", "title:treaty", 'title:"border talks"', "treat*", "title:санк*", "=CSTO", "=csto"]),
    st.sampled_from(
        [
            "treaty NEAR/2 border",
            "U.S. NEAR/3 talks",
            "=Vedrić",
            "Vedri*",
            '"border talks" NEAR/1 CSTO',
            '"border talk*"',
            '"=CSTO border"',
        ]
    ),
    st.sampled_from(
        ["lang:en", "country:by", "source:mfa-by", "source:mfa-by/news-en", "published:2024-11", "after:2025"]
    ),
)
queries = st.recursive(
    clauses,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} AND {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=5,
)


def topic(id: int, query: str) -> Topic:
    return Topic(id=id, owner_id=SOLE_OWNER, name=f"topic {id}", query=query, created_at=NOW)


def met(matcher: Matcher, text: AnalysedText) -> list[int]:
    return [topic_id for topic_id, _ in matcher.matches(text)]


def test_a_version_meets_the_topics_whose_words_occur_in_any_form() -> None:
    matcher = Matcher([topic(1, "санкции"), topic(2, '"border treaty"'), topic(3, "fishing"), topic(4, "alias:CSTO")])
    assert met(matcher, analyse("Новый пакет санкций", "", "ru")) == [1]
    assert met(matcher, analyse("", "The border treaties of the ОДКБ", "en")) == [2, 4]
    assert met(matcher, analyse("", "Nothing of the kind", "en")) == []


def test_a_match_says_where_it_stands() -> None:
    body = "A council of the CSTO met."
    [(_, evaluation)] = Matcher([topic(7, "alias:CSTO")]).matches(analyse("", body, "en"))
    assert [body[hit.start : hit.end] for hit in evaluation.hits] == ["CSTO"]


statements = st.builds(
    analyse,
    texts,
    texts,
    st.sampled_from(["en", "ru", "pl", ""]),
    source=st.sampled_from(["mfa-by/news-en", "mfa-by/news-ru", "mfa-by/news-ru", "mfa-by_2/x"]),
    country=st.just("BY"),
    day=st.sampled_from([None, date(2024, 11, 28), date(2025, 2, 1)]),
)


@given(queries=st.lists(queries, min_size=1, max_size=8), text=statements)
def test_the_index_finds_exactly_what_asking_every_topic_finds(queries: list[str], text: AnalysedText) -> None:
    asked_one_by_one = [
        (number, answer)
        for number, query in enumerate(queries)
        if (answer := evaluate(resolve(parse(query)), text)).matches
    ]
    matcher = Matcher(topic(number, query) for number, query in enumerate(queries))
    assert list(matcher.matches(text)) == asked_one_by_one


gaps = st.integers(0, 5).map(lambda words: " river" * words)


@given(distance=st.integers(1, 5), gap=gaps, before=gaps, words=st.permutations(["treaties", "border"]))
def test_the_index_finds_words_that_are_as_near_as_evaluation_has_it(
    distance: int, gap: str, before: str, words: list[str]
) -> None:
    query, text = f"treaty NEAR/{distance} borders", analyse("", f"{before} {words[0]}{gap} {words[1]}", "en")
    assert bool(Matcher([topic(1, query)]).meets(text)) is evaluate(resolve(parse(query)), text).matches


@given(queries=st.lists(queries, min_size=2, max_size=8), body=texts, data=st.data())
def test_topics_that_come_and_go_leave_no_trace(queries: list[str], body: str, data: st.DataObject) -> None:
    text = analyse("", body, "en")
    topics = [topic(number, query) for number, query in enumerate(queries)]
    gone = data.draw(st.sets(st.integers(0, len(topics) - 1)))
    matcher = Matcher(topics)
    for topic_id in gone:
        matcher.remove(topic_id)
    left = Matcher(one for one in topics if one.id not in gone)
    assert list(matcher.matches(text)) == list(left.matches(text))
    for one in topics:
        matcher.remove(one.id)
    assert len(matcher) == 0
    assert matcher.meets(text) == set()
    assert matcher.features == 0


def test_a_changed_topic_takes_the_place_of_the_earlier_one() -> None:
    matcher = Matcher([topic(1, "treaty")])
    matcher.add(topic(1, "border"))
    assert met(matcher, analyse("A treaty", "", "en")) == []
    assert met(matcher, analyse("A border", "", "en")) == [1]


def test_a_beginning_is_found_in_words_that_were_seen_before_anybody_asked_for_it() -> None:
    matcher, text = Matcher([topic(1, "trea*")]), analyse("", "A treaty", "en")
    assert met(matcher, text) == [1]
    matcher.add(topic(2, "treat*"))
    assert met(matcher, text) == [1, 2]
    matcher.remove(2)
    assert met(matcher, text) == [1]


@pytest.mark.parametrize("query", ["(treaty", "alias:nobody-knows-this", "AND"])
def test_a_query_that_cannot_be_used_is_refused_and_the_earlier_one_stands(query: str) -> None:
    matcher = Matcher([topic(1, "treaty")])
    with pytest.raises(QueryError):
        matcher.add(topic(1, query))
    assert met(matcher, analyse("A treaty", "", "en")) == [1]


def test_topics_that_stood_before_are_met_by_the_first_text_in_a_language_apart() -> None:
    queries = {1: "umowa", 2: '"umowa graniczna"', 3: "umowa NEAR/2 granica", 4: "umow*"}
    matcher = Matcher(topic(number, query) for number, query in queries.items())
    assert met(matcher, analyse("", "The umowa", "en")) == [1, 4]
    features = matcher.features
    matcher.remove(1)
    assert met(matcher, analyse("", "O umowie granicznej i umowach o granicach", "pl")) == [2, 3, 4]
    matcher.add(topic(1, "umowa"))
    assert met(matcher, analyse("", "Umowom", "pl")) == [1, 4]
    assert matcher.features > features
    for topic_id in queries:
        matcher.remove(topic_id)
    assert matcher.features == 0


def test_removing_a_topic_that_is_not_there_changes_nothing() -> None:
    matcher = Matcher([topic(1, "treaty")])
    matcher.remove(2)
    assert len(matcher) == 1


def test_a_topic_stands_under_the_rarest_of_what_it_needs() -> None:
    frequencies = DocumentFrequencies()
    for _ in range(20):
        frequencies.learn([stem("en", "incontrovertible"), "the"])
    matcher = Matcher([topic(1, "incontrovertible AND the AND pact")], frequencies=frequencies)
    assert matcher.candidates(analyse("", "Incontrovertible is the text", "en")) == 0
    assert matcher.candidates(analyse("", "A pact", "en")) == 1


def test_a_version_is_asked_few_of_many_topics() -> None:
    many = Matcher(topic(number, f"word{number} AND treaty") for number in range(2_000))
    assert many.candidates(analyse("A treaty", "with word7 and word11", "en")) <= 3


def test_what_rarity_has_learned_is_bounded() -> None:
    frequencies = DocumentFrequencies()
    for start in range(0, 3 * MOST_STEMS, 1_000):
        frequencies.learn(["the", *(f"w{number}" for number in range(start, start + 1_000))])
    assert len(frequencies) <= MOST_STEMS + 1_001
    assert frequencies.share("the") > 0.9


def test_an_alert_and_a_search_find_the_same(request: pytest.FixtureRequest) -> None:
    @examples(request, 60)
    @given(queries=st.lists(queries, min_size=1, max_size=4), texts=st.lists(statements, min_size=1, max_size=4))
    def holds(queries: list[str], texts: list[AnalysedText]) -> None:
        held = [text for text in texts if text.source in SECTIONS and SECTIONS[text.source] == text.country]
        matcher = Matcher(topic(number, query) for number, query in enumerate(queries))
        with archive(held) as connection:
            searched = {
                (topic_id, item_id) for topic_id, query in enumerate(queries) for item_id in found(connection, query)
            }
        caught = {(topic_id, item_id) for item_id, text in enumerate(held, start=1) for topic_id in matcher.meets(text)}
        assert caught == searched

    holds()

"""Where a query is refused, and which query is no topic. Pure."""

from __future__ import annotations

import pytest

from storage.errors import QueryError, QuerySyntaxError
from storage.query.check import check_topic
from storage.query.parser import DEEPEST, LONGEST_QUERY, parse
from storage.query.tree import Near, Word


@pytest.mark.parametrize(
    ("query", "position", "problem"),
    [
        pytest.param("", 0, "the query ends", id="nothing"),
        pytest.param("   ", 3, "the query ends", id="blanks"),
        pytest.param("a AND", 5, "the query ends", id="and at the end"),
        pytest.param("a OR", 4, "the query ends", id="or at the end"),
        pytest.param("NOT", 3, "the query ends", id="not alone"),
        pytest.param("AND a", 0, "here is AND", id="and at the beginning"),
        pytest.param("a OR OR b", 5, "here is OR", id="or twice"),
        pytest.param("a OR AND b", 5, "here is AND", id="or and"),
        pytest.param("()", 1, "here is )", id="an empty parenthesis"),
        pytest.param("a AND (b OR c", 6, "never closed", id="an open parenthesis"),
        pytest.param("a b) c", 3, "closes nothing", id="a parenthesis too many"),
        pytest.param('a "b c', 2, "never closed", id="an open quote"),
        pytest.param("a «b c", 2, "never closed", id="an open guillemet"),
        pytest.param("a b» c", 3, "closes no phrase", id="a quote that closes nothing"),
        pytest.param('a ""', 3, "no letter or digit", id="an empty phrase"),
        pytest.param("a — b", 2, "no letter or digit", id="a dash alone"),
        pytest.param("a - b", 2, "no letter or digit", id="a minus alone"),
        pytest.param("a | b", 2, "| means nothing", id="or of other languages"),
        pytest.param("a && b", 2, "&& means nothing", id="and of other languages"),
        pytest.param("a sa*", 4, "at least 3 letters before *", id="a short beginning"),
        pytest.param("a san*on", 5, "at the end of a word only", id="a star within"),
        pytest.param('"abc*d e"', 4, "at the end of a word only", id="a star within a word of a phrase"),
        pytest.param('"abc * e"', 5, "at the end of a word only", id="a star between words"),
        pytest.param("abc**", 3, "at the end of a word only", id="two stars"),
        pytest.param("*sanction", 0, "at the end of a word only", id="a star in front"),
        pytest.param("a =sanction*", 11, "an exact form has no *", id="an exact form with a star"),
        pytest.param("a = b", 3, "straight after =", id="an exact form and a blank"),
        pytest.param("alias:=a", 6, "= means nothing after alias:", id="an exact alias"),
        pytest.param("lang:=ru", 5, "= means nothing after lang:", id="an exact filter"),
        pytest.param("a NEAR b", 2, "number of words from 1 to 99", id="near without a number"),
        pytest.param("a NEAR/0 b", 2, "number of words from 1 to 99", id="near nothing"),
        pytest.param("a NEAR/100 b", 2, "number of words from 1 to 99", id="not near at all"),
        pytest.param("NEAR/5 b", 0, "here is NEAR/5", id="near at the beginning"),
        pytest.param("a NEAR/5", 8, "the query ends", id="near at the end"),
        pytest.param("(a) NEAR/5 b", 4, "between two words", id="near after a parenthesis"),
        pytest.param("a NEAR/5 (b c)", 9, "between two words", id="near before a parenthesis"),
        pytest.param("a NEAR/5 -b", 9, "between two words", id="near an exclusion"),
        pytest.param("a NEAR/5 lang:ru", 9, "between two words", id="near a filter"),
        pytest.param("lang:ru NEAR/5 a", 0, "between two words", id="a filter near a word"),
        pytest.param("a NEAR/5 b NEAR/3 c", 11, "one number", id="two distances"),
        pytest.param("a NEAR/5 title:b", 9, "in the same field", id="near in another field"),
        pytest.param(" NEAR/5 ".join("abcdefghi"), 65, "more than 8 parts", id="a long chain of near"),
        pytest.param("country:Belarus", 8, "a country's two letters", id="a country's name"),
        pytest.param("lang:russian", 5, "a language's two letters", id="a language's name"),
        pytest.param("source:news//x", 7, "the key of a section", id="no key of a section"),
        pytest.param("published:yesterday", 10, "a day, a month or a year", id="no date"),
        pytest.param("published:2024-02-30", 10, "there is no day 2024-02-30", id="a day that is not"),
        pytest.param("published:2024-11..2024-13", 19, "there is no day 2024-13", id="a month that is not"),
        pytest.param("published:2025..2024", 10, "2025 is later than 2024", id="a span that runs back"),
        pytest.param("published:..", 10, "beside ..", id="a span without ends"),
        pytest.param("after:0000", 6, "there is no day 0000", id="a year that is not"),
        pytest.param("before:0001", 7, "nothing before the year 1", id="before all years"),
        pytest.param("after: 2024", 6, "its value straight after after:", id="a filter and a blank"),
        pytest.param("a from:b", 2, "no field from:", id="an unknown field"),
        pytest.param("a title: b", 8, "straight after title:", id="a field and a blank"),
        pytest.param("title:(a b)", 6, "straight after title:", id="a field and a parenthesis"),
        pytest.param('alias:" "', 7, "no letter or digit", id="an alias without a name"),
        pytest.param("title:!", 6, "no letter or digit", id="a field without a word"),
        pytest.param("(" * 4000, DEEPEST, "more than 10 parentheses", id="thousands of parentheses"),
        pytest.param("x-" * 51, 0, "more than 50 words", id="a phrase without end"),
        pytest.param('"' + "x" * 1001 + '"', 1, "more than 1000 characters", id="a word without end"),
        pytest.param("x" * 5000, LONGEST_QUERY, "longer than 4096", id="too long"),
    ],
)
def test_a_query_is_refused_at_this_character(query: str, position: int, problem: str) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    assert refused.value.position == position
    assert str(refused.value).startswith(f"character {position + 1}: ")
    assert problem in str(refused.value)
    assert refused.value.mend


def test_near_written_like_a_function_is_told_where_it_belongs() -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse("NEAR/5(agreement visas)")
    assert "agreement NEAR/5 visas" in refused.value.mend
    assert parse("agreement NEAR/5 visas") == Near((Word("agreement"), Word("visas")), 5)


def test_the_pointer_stands_under_the_character() -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse("treaty AND sanc*tion")
    assert refused.value.pointer() == "treaty AND sanc*tion\n" + " " * 15 + "^"


@pytest.mark.parametrize(
    "query", ["a", "a -b", "(a OR b) NOT c", "NOT (NOT a OR b)", "a OR b -c", "a lang:ru", "a NEAR/5 b", "=a", "san*"]
)
def test_a_query_that_names_what_must_occur_can_be_a_topic(query: str) -> None:
    check_topic(parse(query))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("NOT a", "only excludes: it would match every statement without a"),
        ("-a -title:b", "only excludes: it would match every statement without a and title:b"),
        ("NOT (a b)", "only excludes"),
        ("a OR NOT b", "one side of OR only excludes: the query would match every statement without b"),
        ("NOT (a NOT b)", "only excludes"),
        ("lang:ru", "only filters: it would match every statement that is as lang:ru says"),
        ("country:BY -lang:ru", "only filters"),
        ("country:BY -a", "only excludes and filters: it would match every statement without country:BY and a"),
        ("a OR lang:ru", "one side of OR only filters"),
        ("NOT (a lang:ru)", "only excludes and filters"),
    ],
)
def test_a_query_that_would_match_nearly_everything_is_no_topic(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as refused:
        check_topic(parse(query))
    assert refused.value.mend


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("(a OR b", "(a OR b)"),
        ("a b) c", "a b c"),
        ('a "b c', 'a "b c"'),
        ("a «b c ", "a «b c»"),
        ("a b» c", "a b c"),
        ("a AND", "a"),
        ("a NEAR/5", "a"),
        ("titel:treaty", "title:treaty"),
        ("contry:BY a", "country:BY a"),
        ("a || b", "a OR b"),
        ("a & b", "a AND b"),
        ("a NEAR b", "a NEAR/5 b"),
        ("a NEAR/5 b NEAR/6 c", "a NEAR/5 b NEAR/5 c"),
        ("alias:=CSTO", "alias:CSTO"),
        ("published:2025..2024 a", "published:2024..2025 a"),
    ],
)
def test_where_there_is_one_mend_it_is_done(query: str, meant: str) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    assert refused.value.mended == meant
    parse(meant)


@pytest.mark.parametrize("query", ["", "NOT", "sa*", "foo:bar", "a (b c", "country:Belarus"])
def test_a_mend_never_says_more_than_was_written(query: str) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    assert refused.value.mended in ("", f"{query})")
    assert not refused.value.problem.startswith("character")

"""Reading a query: what tree it gives, and where it is refused. Pure; one test starts a Python."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.errors import QueryError, QuerySyntaxError
from storage.query.check import check_topic
from storage.query.parser import DEEPEST, LONGEST_QUERY, parse
from storage.query.tree import Alias, And, Dated, Exact, Fact, Leaf, Near, Node, Not, Or, Phrase, Prefix, Word, leaves
from storage.query.words import fold
from tests.steps import growth, steps_of

A = Word("a")
B = Word("b")
C = Word("c")
D = Word("d")
A_AND_B: Node = And((A, B))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        pytest.param("a", A, id="a word"),
        pytest.param("a b", And((A, B)), id="words without an operator are all wanted"),
        pytest.param("a AND b", And((A, B)), id="and"),
        pytest.param("a OR b", Or((A, B)), id="or"),
        pytest.param("NOT a", Not(A), id="not"),
        pytest.param("-a", Not(A), id="a minus is not"),
        pytest.param("\u2013a", Not(A), id="a telephone's dash is a minus"),
        pytest.param("NOT -a", A, id="twice not is nothing"),
        pytest.param("NOT (NOT a)", A, id="twice not is nothing across a parenthesis"),
        pytest.param("a AND NOT b", And((A, Not(B))), id="and not"),
        pytest.param("a OR b c OR d", Or((A, And((B, C)), D)), id="and binds closer than or"),
        pytest.param("(a OR b) c", And((Or((A, B)), C)), id="parentheses bind closest"),
        pytest.param("NOT a b", And((Not(A), B)), id="not binds closer than and"),
        pytest.param("NOT (a b)", Not(A_AND_B), id="not of a parenthesis"),
        pytest.param("a(b)c", And((A, B, C)), id="parentheses need no blanks"),
        pytest.param("(a (b)) AND c", And((A, B, C)), id="and within and is one and"),
        pytest.param("a OR (b OR c)", Or((A, B, C)), id="or within or is one or"),
        pytest.param("a and b", And((A, Word("and"), B)), id="operators in lower case are words"),
        pytest.param('"a b"', Phrase("a b"), id="a phrase"),
        pytest.param('"a AND (b"', Phrase("a AND (b"), id="operators in a phrase are words"),
        pytest.param("«a b» „c d“ “a”", And((Phrase("a b"), Phrase("c d"), Phrase("a"))), id="quotes of other lands"),
        pytest.param('-"a b"', Not(Phrase("a b")), id="a phrase excluded"),
        pytest.param("a-b", Word("a-b"), id="a hyphen inside a word stays"),
        pytest.param("12:30", Word("12:30"), id="a time is no field"),
        pytest.param("title:a", Word("a", "title"), id="a word of the title"),
        pytest.param('Title:"a b"', Phrase("a b", "title"), id="a phrase of the title"),
        pytest.param("alias:CSTO", Alias("CSTO"), id="an alias"),
        pytest.param('alias:"Security Council"', Alias("Security Council"), id="an alias of two words"),
        pytest.param("-alias:CSTO", Not(Alias("CSTO")), id="an alias excluded"),
        pytest.param("sanction*", Prefix("sanction"), id="the beginning of a word"),
        pytest.param('title:"a sanction*"', Phrase("a sanction*", "title"), id="a phrase with a beginning"),
        pytest.param('"організац* договор*"', Phrase("організац* договор*"), id="a phrase of beginnings"),
        pytest.param("kara-sanction*", Phrase("kara-sanction*"), id="joined words with a beginning"),
        pytest.param("国*", Prefix("国"), id="a Chinese beginning"),
        pytest.param("=CSTO", Exact("CSTO"), id="an exact form"),
        pytest.param('title:="New START"', Exact("New START", "title"), id="an exact phrase of the title"),
        pytest.param("a NEAR/5 b", Near((A, B), 5), id="near"),
        pytest.param("a NEAR/5 b NEAR/5 c d", And((Near((A, B, C), 5), D)), id="a chain of near binds closest"),
        pytest.param("-a NEAR/5 b", Not(Near((A, B), 5)), id="near excluded"),
        pytest.param(
            "title:a NEAR/2 title:=B", Near((Word("a", "title"), Exact("B", "title")), 2, "title"), id="fields"
        ),
        pytest.param("source:MFA-by", Fact("source", "mfa-by"), id="a site"),
        pytest.param('country:"by"', Fact("country", "by"), id="a country"),
        pytest.param("lang:ru", Fact("lang", "ru"), id="a language"),
        pytest.param("published:2024-11-28", Dated(date(2024, 11, 28), date(2024, 11, 28)), id="a day"),
        pytest.param("published:2024-2", Dated(date(2024, 2, 1), date(2024, 2, 29)), id="a month"),
        pytest.param("published:2024", Dated(date(2024, 1, 1), date(2024, 12, 31)), id="a year"),
        pytest.param("published:2024-11..2025", Dated(date(2024, 11, 1), date(2025, 12, 31)), id="a span"),
        pytest.param("published:2024-11..", Dated(date(2024, 11, 1)), id="since"),
        pytest.param("published:..2024-11", Dated(None, date(2024, 11, 30)), id="until"),
        pytest.param("after:2024-11", Dated(date(2024, 11, 1)), id="after"),
        pytest.param("before:2024-11", Dated(None, date(2024, 10, 31)), id="before"),
    ],
)
def test_a_query_is_read_as_this_tree(query: str, tree: Node) -> None:
    assert parse(query) == tree


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


def test_every_leaf_knows_its_place_in_the_query() -> None:
    query = '(title:"a b" OR -c) alias:CSTO d'
    found: list[Leaf] = list(leaves(parse(query)))
    assert [leaf.clause for leaf in found] == ['title:"a b"', "c", "alias:CSTO", "d"]
    assert [query[leaf.start : leaf.end] for leaf in found] == [leaf.clause for leaf in found]


_pieces = st.sampled_from(
    [
        "a",
        "слово",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        '"',
        "«",
        "»",
        "-",
        "–",
        " ",
        "title:",
        "alias:",
        "x:",
        "*",
        "=",
        " NEAR/5 ",
        "country:",
        "published:",
        "2024-11",
        "..",
        "'",
        "\u200b",
    ]
)
_queries = st.one_of(
    st.text(max_size=LONGEST_QUERY),
    st.text(st.characters(), max_size=200),
    st.lists(_pieces, max_size=400).map("".join),
    st.builds(lambda piece, times: (piece * times)[:LONGEST_QUERY], st.text(min_size=1, max_size=6), st.just(4096)),
)


@given(_queries)
@example("\ud800")
@example("a\x00b")
@example("-" * LONGEST_QUERY)
@example("NOT " * 1023 + "a")
@example("-(" * DEEPEST + "a" + ")" * DEEPEST)
def test_any_text_is_read_or_refused_with_a_place(query: str) -> None:
    try:
        node = parse(query)
    except QuerySyntaxError as refused:
        assert 0 <= refused.position <= len(query)
        assert refused.pointer().endswith("^")
        assert refused.mend
    else:
        found: list[Leaf] = list(leaves(node))
        assert found
        assert all(query[leaf.start : leaf.end] == leaf.clause for leaf in found)


STEPS_A_CHARACTER = 60
"""What reading a query may cost at most, see `tests.steps`."""


@pytest.mark.parametrize(
    "piece",
    [
        "a", "a ", "я-", "-", "NOT ", "(a ", "a OR -б ", "a NEAR/5 ", '"', '"a" ', '"a b* ', "abc* ", "=A ", "a'",
        "ё\u0301", "title:a ", "alias:a ", "lang:ru ", "published:2024.. ", "中", "İ", "ﷺ", "A", "aа", "l'", "\u200b",
        "½", "N'x", "ﷺ" * 999 + " ",
    ],
)  # fmt: skip
def test_no_query_takes_long_to_read(piece: str) -> None:
    def read(size: int) -> None:
        fold.cache_clear()
        with contextlib.suppress(QuerySyntaxError):
            check_topic(parse((piece * size)[: size - 1] + ")"))

    assert steps_of(lambda: read(LONGEST_QUERY)) < STEPS_A_CHARACTER * LONGEST_QUERY
    assert growth(read, LONGEST_QUERY // 4, LONGEST_QUERY) < 1.2


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


def test_the_parser_needs_the_standard_library_only() -> None:
    program = (
        "import sys, storage.query.parser, storage.query.check, storage.query.aliases;"
        "ours = {'storage', '__main__'};"
        "print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - ours)"
    )
    command = [sys.executable, "-S", "-c", program]
    told = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"

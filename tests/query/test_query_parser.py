"""Reading a query: what tree it gives, and where it is refused. Pure; one test starts a Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.errors import QueryError, QuerySyntaxError
from storage.query.check import check_topic
from storage.query.parser import DEEPEST, LONGEST_QUERY, parse
from storage.query.tree import Alias, And, Leaf, Node, Not, Or, Phrase, Word, leaves

A: Node = Word("a")
B: Node = Word("b")
C: Node = Word("c")
D: Node = Word("d")
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
        pytest.param('a ""', 2, "no letter or digit", id="an empty phrase"),
        pytest.param("a — b", 2, "no letter or digit", id="a dash alone"),
        pytest.param("a - b", 2, "no letter or digit", id="a minus alone"),
        pytest.param("a | b", 2, "| means nothing", id="or of other languages"),
        pytest.param("a && b", 2, "&& means nothing", id="and of other languages"),
        pytest.param("a sanction*", 10, "* means nothing", id="a prefix"),
        pytest.param("a =CSTO", 2, "= means nothing", id="an exact form"),
        pytest.param("a NEAR/5 b", 2, "no operator NEAR/5", id="nearness"),
        pytest.param("a from:b", 2, "no field from:", id="an unknown field"),
        pytest.param("a title: b", 8, "straight after title:", id="a field and a blank"),
        pytest.param("title:(a b)", 6, "straight after title:", id="a field and a parenthesis"),
        pytest.param('alias:" "', 6, "no letter or digit", id="an alias without a name"),
        pytest.param("title:!", 6, "no letter or digit", id="a field without a word"),
        pytest.param("(" * 4000, DEEPEST, "more than 10 parentheses", id="thousands of parentheses"),
        pytest.param("x-" * 51, 0, "more than 50 words", id="a phrase without end"),
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


def test_the_pointer_stands_under_the_character() -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse("treaty AND sanction*")
    assert refused.value.pointer() == "treaty AND sanction*\n" + " " * 19 + "^"


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


@pytest.mark.parametrize("query", ["a", "a -b", "(a OR b) NOT c", "NOT (NOT a OR b)", "a OR b -c"])
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
    told = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"

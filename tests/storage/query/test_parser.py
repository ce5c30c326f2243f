"""Reading a query: what tree it gives. Pure; one test starts a Python."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.errors import QuerySyntaxError
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
        pytest.param("state:Withdrawn", Fact("state", "withdrawn"), id="a state"),
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


def test_the_parser_needs_the_standard_library_only() -> None:
    program = (
        "import sys, storage.query.parser, storage.query.check, storage.query.aliases;"
        "ours = {'storage', '__main__'};"
        "loaded = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - ours;"
        # zoneinfo asks sysconfig, whose data are the standard library's own and stand in no list
        "print({name for name in loaded if not name.startswith('_sysconfigdata')} or '{}')"
    )
    command = [sys.executable, "-S", "-c", program]
    told = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "{}"

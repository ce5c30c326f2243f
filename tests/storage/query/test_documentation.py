"""The examples of `docs/query-language.md` are true. Reads that page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storage.errors import QueryError, QuerySyntaxError
from storage.query.check import check_topic
from storage.query.parser import parse
from tests.storage.query.questions import matches

PAGE = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text(encoding="utf-8")


def rows(first_heading: str) -> list[list[str]]:
    """The rows of all tables of the page whose first column has this heading."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        heading, _, *lines = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in table.splitlines()]
        cells = [[cell.strip().replace("\\|", "|") for cell in line] for line in lines]
        if [cell.strip() for cell in heading][0 : len(first_heading.split("/"))] == first_heading.split("/"):
            found += [[row[0].strip("`"), *row[1:]] for row in cells]
    return found


def statement(cell: str) -> tuple[str, str]:
    """Title and text of an example: a slash parts them."""
    title, slash, body = cell.partition(" / ")
    return (title, body) if slash else ("", title)


@pytest.mark.parametrize(("query", "finds", "does_not_find"), rows("query/finds"))
def test_an_example_finds_what_the_page_says(query: str, finds: str, does_not_find: str) -> None:
    title, body = statement(finds)
    assert matches(query, body, title=title)
    title, body = statement(does_not_find)
    assert not matches(query, body, title=title)


@pytest.mark.parametrize(("query", "character", "reason"), rows("query/character"))
def test_an_example_is_refused_as_the_page_says(query: str, character: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    assert str(refused.value) == f"character {character}: {reason}"


@pytest.mark.parametrize(("query", "reason"), rows("not a topic"))
def test_an_example_is_no_topic_as_the_page_says(query: str, reason: str) -> None:
    with pytest.raises(QueryError) as refused:
        check_topic(parse(query))
    assert str(refused.value).startswith(reason)


def test_the_page_has_examples_of_each_kind() -> None:
    assert len(rows("query/finds")) >= 15
    assert len(rows("query/character")) >= 5
    assert len(rows("not a topic")) >= 2

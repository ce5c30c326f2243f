"""Found statements as files: CSV, NDJSON, JSON and Markdown. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from presswatch.formats.kinds import Format
from presswatch.representations import exported_item, plain

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.search.search import SearchHit

COLUMNS = (
    "id", "published_at", "first_seen_at", "source", "organisation", "country", "language", "title", "address",
    "version", "withdrawn_at", "body",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection"""


def exported(found: Iterable[SearchHit], as_: Format) -> Iterator[str]:
    """The file's text in pieces, one or more a statement."""
    values = (exported_item(each.item) for each in found)
    match as_:
        case Format.CSV:
            return _csv(values)
        case Format.NDJSON:
            return (json.dumps(value, ensure_ascii=False, default=plain) + "\n" for value in values)
        case Format.JSON:
            return _json(values)
        case Format.MARKDOWN:
            return map(_markdown, values)


def sheet(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV, as Excel takes it."""
    lines = (_line(_harmless(_cell(cell)) for cell in row) for row in (columns, *rows))
    return "\ufeff" + "".join(lines)


def _csv(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    """With a byte order mark, by which Excel knows UTF-8. What could be a formula gets an apostrophe before it."""
    yield "\ufeff" + _line(COLUMNS)
    for value in values:
        yield _line(_harmless(_cell(value[column])) for column in COLUMNS)


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _cell(value: object) -> object:
    """What is not known is an empty cell; nobody needs fractions of a second in a sheet."""
    return "" if value is None else value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \n").startswith(_FORMULA) else cell


def _json(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = "[\n"
    for value in values:
        yield before + json.dumps(value, ensure_ascii=False, indent=2, default=plain)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _markdown(value: dict[str, Any]) -> str:
    where = (value["published_at"], _escaped(value["organisation"] or value["source"]), value["country"])
    head = f"## {_escaped(value['title'])}", f"{' · '.join(filter(None, where))}  \n<{value['address']}>"
    return "\n\n".join((*head, *map(_escaped, value["body"].split("\n\n")))) + "\n\n"


def _escaped(text: str) -> str:
    """A paragraph whose characters mean nothing in Markdown: signs are escaped, and a list's mark at its beginning."""
    flat = " ".join(text.split())
    safe = "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!~&" else sign for sign in flat)
    head = safe.lstrip("0123456789")
    return f"{safe[: len(safe) - len(head)]}\\{head}" if head[:1] in ("-", "+", ".", ")", "=") and head else safe

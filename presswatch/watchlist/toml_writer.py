"""A watchlist becomes TOML: `[[topic]]`, `[[subscription]]` and `[[source]]`, each by name. Pure.

The same watchlist gives the same bytes, and what is as usual is left out: a comparison of two files shows what changed
and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item, Table

from presswatch.watchlist.model import Kind, Row, Wanted, Watchlist

HEAD = "What presswatch watches. Bring it in with: presswatch watchlist import FILE"


def written(watchlist: Watchlist) -> str:
    """The file's text. A kind of which there is nothing is written as `topic = []`."""
    document = tomlkit.document()
    document.add(tomlkit.comment(HEAD))
    kinds = {kind: watchlist.of(kind) for kind in Kind}
    if () in kinds.values():
        document.add(tomlkit.nl())
    for kind, wanted in kinds.items():
        if wanted == ():
            document.add(str(kind), tomlkit.array())
    for kind, wanted in kinds.items():
        if wanted:
            document.add(tomlkit.nl())
            document.add(str(kind), _tables(wanted))
    return tomlkit.dumps(document)


def _tables(wanted: Sequence[Wanted]) -> AoT:
    tables = tomlkit.aot()
    for each in wanted:
        tables.append(_table(each.row))
    return tables


def _table(row: Row) -> Table:
    table = tomlkit.table()
    for name, value in row.items():
        table.add(name, _table(value) if isinstance(value, dict) else _value(value))
    return table


def _value(value: Any) -> Item:
    """Queries are full of quotation marks: they stand between single ones, without backslashes."""
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return tomlkit.string(value, literal=True)
    item: Item = tomlkit.item(value)
    return item

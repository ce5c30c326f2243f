"""Tables as TOML that people read and compare. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item, Table


def tables(rows: Iterable[Mapping[str, Any]]) -> AoT:
    """One `[[table]]` for each row."""
    made = tomlkit.aot()
    for row in rows:
        made.append(_table(row))
    return made


def _table(row: Mapping[str, Any]) -> Table:
    made = tomlkit.table()
    for name, value in row.items():
        made.add(name, _table(value) if isinstance(value, dict) else _value(value))
    return made


def _value(value: Any) -> Item:
    """Queries are full of quotation marks: they stand between single ones, without backslashes."""
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return tomlkit.string(value, literal=True)
    item: Item = tomlkit.item(value)
    return item

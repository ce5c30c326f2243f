"""A watchlist becomes TOML: `[[topic]]`, `[[subscription]]` and `[[source]]`, each by name. Pure.

The same watchlist gives the same bytes, and what is as usual is left out: a comparison of two files shows what changed
and nothing else.
"""

from __future__ import annotations

import tomlkit

from presswatch.formats.toml import tables
from presswatch.watchlist.model import Kind, Watchlist

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
            document.add(str(kind), tables(each.row for each in wanted))
    return tomlkit.dumps(document)

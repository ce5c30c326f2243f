"""What a third party needs to verify the evidence of one statement, without presswatch and its database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.errors import InvalidInputError, NotFoundError
from storage.items.evidence import rows
from storage.items.evidence.chain import Kind, digest_of, head_of, line_of
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.rows import Chained


@dataclass(frozen=True, slots=True)
class TakenOut:
    """The evidence of a statement."""

    own: tuple[Chained, ...]
    """The records of its versions, in the order of the chain."""
    others: tuple[Chained, ...]
    """Those of other statements that have a body which one of its own only names."""
    contents: tuple[bytes, ...]
    """The bytes of both, in their order."""
    chain: str
    """The chain of the node: its first line, the line before the first of these records, and all from there on."""


def take_out(connection: Connection, folder: EvidenceFolder, item_id: int) -> TakenOut:
    """The evidence of a statement, each record compared with its digest.

    Raises `NotFoundError` where there is none, or not on this node, and `InvalidInputError` where it is not as it was
    written.
    """
    own = rows.of_item(connection, item_id)
    if not own:
        raise NotFoundError(
            f"statement {item_id} has no evidence",
            mend="it was stored before there was any, or its text stood in a listing; see docs/evidence.md",
        )
    node = folder.node()
    if elsewhere := {one.node for one in own if one.node != node}:
        raise NotFoundError(
            f"the evidence of statement {item_id} lies with node {', '.join(sorted(elsewhere))}",
            mend="ask there, or name its data folder with --data",
        )
    others = tuple(_named(connection, own))
    contents = tuple(_content(folder, one) for one in (*own, *others))
    first = min(one.link.number for one in (*own, *others))
    lines = (line_of(one.link, one.digest) for one in rows.after(connection, own[0].node, max(0, first - 2)))
    return TakenOut(own, others, contents, f"{head_of(own[0].node)}\n{''.join(lines)}")


def _named(connection: Connection, own: tuple[Chained, ...]) -> Iterator[Chained]:
    seen = {one.link.number for one in own}
    for one in own:
        found = rows.of_payload(connection, one.node, one.link.payload) if one.link.kind == Kind.REPEATED else None
        if found is not None and found.link.number not in seen:
            seen.add(found.link.number)
            yield found


def _content(folder: EvidenceFolder, one: Chained) -> bytes:
    try:
        content = folder.read(one.link.file, one.link.offset, one.link.length)
    except OSError as error:
        raise _altered(one, str(error)) from error
    if digest_of(content) != one.link.sha256:
        raise _altered(one, "its bytes are not those that were written")
    return content


def _altered(one: Chained, what: str) -> InvalidInputError:
    return InvalidInputError(
        f"record {one.link.number} of {one.node} is not as it was written: {what}",
        mend="see what else is wrong with: presswatch evidence verify; then bring a backup back",
    )

"""The evidence of a statement as files that a third party verifies with standard tools. Pure."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from presswatch.representations.evidence import record
from presswatch.representations.values import plain
from storage.items.evidence.chain import text_of
from storage.items.evidence.exporting import TakenOut
from storage.items.evidence.rows import Chained
from storage.types import Version

_README = """\
The evidence of one statement
=============================

{address}

It was taken out of presswatch {program} at {at} (UTC).

records/    what was fetched: WARC 1.1 (ISO 28500), as it was written then, one file a record with its request
versions/   what was read from it: title, an empty line, text
chain.txt   by which these records are held to all that was recorded before and after them
item.json   addresses, times and digests
SHA256SUMS  the digests of all these files

To verify it:

1. The files are whole:            sha256sum -c SHA256SUMS
2. The records are what they say:  warcio check -v records/*.warc.gz
   and shown by:                   warcio extract --payload records/{first} 0
3. Each line of chain.txt after the first ends with a digest: the SHA-256 of the digest before it, a blank, and the line
   up to its own digest. Before record 1 stands the SHA-256 of the first line. For line N of the file, 3 or later:

   before=$(sed -n "$((N-1))p" chain.txt | grep -o '[^ ]*$')
   printf '%s %s' "$before" "$(sed -n "${{N}}p" chain.txt | sed 's/ [^ ]*$//')" | sha256sum

4. Such a line has the record's number, file, offset, length, SHA-256, kind, statement, version, the SHA-256 of the
   version's text, that of the body as it came, and the time of the answer:
   the fifth is the digest of records/NUMBER.warc.gz, the ninth that of versions/VERSION.txt
5. The last digest is the head of the chain. Whoever has kept a head since, or an earlier one that stands in chain.txt,
   knows that nothing before it was altered later.
"""


def files(
    item: Mapping[str, Any], versions: Sequence[Version], taken: TakenOut, program: str, at: str
) -> dict[str, bytes]:
    """The files by their names. `item` is the statement as `representations` has it, `at` the time in words."""
    records = (*taken.own, *taken.others)
    made = {
        "README.txt": _README.format(
            address=item["address"], program=program, at=at, first=_name(taken.own[0])
        ).encode(),
        "chain.txt": taken.chain.encode(),
        **{f"records/{_name(one)}": content for one, content in zip(records, taken.contents, strict=True)},
        **{f"versions/{one.number}.txt": text_of(one.title, one.body).encode() for one in versions},
        "item.json": _json(
            {**item, "presswatch": program, "taken_out_at": at, "evidence": [record(one) for one in records]}
        ),
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(made.items()))
    return {**made, "SHA256SUMS": sums.encode()}


def zipped(folder: str, named: Mapping[str, bytes]) -> bytes:
    """The files in a zip, within a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in named.items():
            archive.writestr(f"{folder}/{name}", content)
    return out.getvalue()


def _name(one: Chained) -> str:
    return f"{one.link.number}.warc.gz"


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, default=plain) + "\n").encode()

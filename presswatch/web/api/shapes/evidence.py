"""The evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from presswatch.web.api.shapes.values import Count
from storage.items.evidence.chain import Kind

Digest = Annotated[str, Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])]


class Record(TypedDict):
    """What was fetched for a version, and how the chain holds it. `item` and `version` are 0 where it is of none."""

    node: Annotated[str, Field(examples=["desk-5f0c11aa"])]
    number: Annotated[int, Field(ge=1, examples=[412])]
    kind: Kind
    file: Annotated[str, Field(examples=["desk-5f0c11aa-000001.warc.gz"])]
    offset: Count
    length: Count
    sha256: Digest
    item: Count
    version: Count
    text_sha256: Digest
    payload_sha256: Digest
    at: datetime
    digest: Digest

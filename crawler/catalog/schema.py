"""`schema.json`, made from the fields that the catalogue is read by. Editors check a file against it as it is written.

`python -m crawler.catalog.schema` writes it anew; a test holds the two together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from crawler.catalog import fields
from storage.codec import codec

FILE = Path(__file__).with_name("schema.json")


class _WithoutTitles(GenerateJsonSchema):
    """A field's name says as much as the title that pydantic makes of it."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> dict[str, Any]:
    """The rules of one file of the catalogue as JSON Schema, draft 2020-12."""
    rules = codec(fields.file()).json_schema(schema_generator=_WithoutTitles)
    return {"$schema": GenerateJsonSchema.schema_dialect, **rules}


def written() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")

"""`schema.json`, made from the fields that the catalogue is read by. Editors check a file against it as it is written.

`python -m crawler.catalog.schema` writes it anew; a test holds the two together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.catalog.fields import FIELDS, OWN

FILE = Path(__file__).with_name("schema.json")


def schema() -> dict[str, Any]:
    """The rules of one file of the catalogue as JSON Schema, draft 2020-12."""
    shared = {name: field.rule for name, field in FIELDS.items() if name not in OWN | {"organisation"}}
    every = {name: field.rule for name, field in FIELDS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sources of one country or organisation",
        "type": "object",
        "additionalProperties": False,
        "required": ["organisation", "source"],
        "properties": {
            "organisation": _table({"name": FIELDS["organisation"].rule, **shared}, required=[]),
            "source": {"type": "array", "minItems": 1, "items": _table(every, required=sorted(OWN))},
        },
    }


def written() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), indent=2) + "\n"


def _table(fields: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": fields}


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")

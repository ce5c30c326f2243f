"""Options that several commands share."""

from typing import Annotated

import typer

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

"""`python -m tests.storage.copying.killed FROM TO KEYS STATEMENT COUNT`: a copy that is killed as by a power cut.

That is before the statement that holds these words is done for so manieth time. Its batches are small.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, event

from storage.copying import rows
from storage.copying.copying import copy
from storage.database import Database, named
from storage.opening import open_database

BATCH = 50


def main(source: str, target: str, keys: str, statement: str, times: str) -> None:
    seen = count(1)

    @event.listens_for(Engine, "before_cursor_execute")
    def watch(connection: object, cursor: object, text: str, *_: object) -> None:
        if statement in text and next(seen) == int(times):
            os.kill(os.getpid(), signal.SIGKILL)

    rows.BATCH = BATCH
    old, new = named(source, Path(keys)), named(target, Path(keys))
    with (
        open_database(old.folder, address=old.address) as opened,
        Database(new.folder, address=new.address) as empty,
    ):
        copy(opened, empty, lambda done, total: None, lambda done, total: None)


if __name__ == "__main__":
    main(*sys.argv[1:])

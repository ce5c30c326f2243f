"""What a reader process can be given to do: pages that behave in their own ways."""

from __future__ import annotations

import os
import threading

from storage.errors import UnreadableError
from storage.types import Reason


def read(page: str) -> str:
    return page.upper()


def hang(page: str) -> str:
    threading.Event().wait()
    return page


def crash(page: str) -> str:
    os._exit(3)


def misread(page: str) -> str:
    raise UnreadableError(Reason.UNREADABLE, f"{page} holds no statement")


def where(page: str) -> int:
    return os.getpid()

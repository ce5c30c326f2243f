"""What a reader process can be given to do: pages that behave in their own ways."""

from __future__ import annotations

import os
import threading
from typing import NoReturn

from storage.errors import UnreadableError
from storage.types import Reason


def read(page: str) -> str:
    return page.upper()


def hang(page: str) -> str:
    threading.Event().wait()
    return page


def compute(page: str) -> NoReturn:
    """Use CPU without end, in a call that returns to no Python code."""
    sum(iter(int, 1))
    raise AssertionError(page)


def fill(page: str) -> int:
    """Ask for more memory than there is for a page."""
    return sum(map(len, [page * 100_000_000 for _ in range(100)]))


def crash(page: str) -> str:
    os._exit(3)


def misread(page: str) -> str:
    raise UnreadableError(Reason.UNREADABLE, f"{page} holds no statement")


class Odd(Exception):
    """One that cannot be made again from what it says."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} {other}")


def err(page: str) -> NoReturn:
    raise ValueError(page)


def err_oddly(page: str) -> NoReturn:
    raise Odd(page, page)


def answer_oddly(page: str) -> object:
    return threading.Lock()


def where(page: str) -> int:
    return os.getpid()

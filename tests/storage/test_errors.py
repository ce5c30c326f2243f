"""The exception tree."""

from __future__ import annotations

import pickle

import pytest

from storage.errors import UnreadableError
from storage.types import Reason


@pytest.mark.parametrize("reason", list(Reason))
def test_why_a_page_is_unreadable_is_a_code_in_every_process(reason: Reason) -> None:
    error = pickle.loads(pickle.dumps(UnreadableError(reason, "the page asks for a password", "look at it")))
    assert error.reason is reason
    assert (str(error), error.mend) == ("the page asks for a password", "look at it")

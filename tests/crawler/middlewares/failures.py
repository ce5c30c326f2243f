"""Why a request failed."""

from __future__ import annotations

from crawler.fetching.failures import of_failure
from storage.types import Reason
from tests.crawler.website import Outcome


def why(outcome: Outcome) -> tuple[Reason, str]:
    assert isinstance(outcome, BaseException)
    return of_failure(outcome)

"""How far back: when the way through a section's pages ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from crawler.jobs.backfill_stop import BackfillWalk, StopReason

SINCE = date(2024, 1, 1)
Page = dict[str, date | None]


def page(number: int, *published: date | None) -> Page:
    return {f"{number}-{place}": day for place, day in enumerate(published)}


def walk(pages: Sequence[Page], *, endless: bool = False) -> tuple[StopReason, int]:
    """The verdict and the number of the page it was passed on."""
    way = BackfillWalk(SINCE)
    for number, shown in enumerate(pages, 1):
        leads = f"/news?page={number + 1}" if endless or number < len(pages) else ""
        verdict = way.turn(f"/news?page={number}", shown, leads)
        if verdict is not StopReason.ON:
            return verdict, number
    return StopReason.ON, len(pages)


def descending(count: int, start: date = date(2024, 3, 1), step: int = 10) -> list[Page]:
    """Pages of two statements each, the newest first."""
    at = [start - timedelta(days=step * number) for number in range(2 * count)]
    return [page(number, *at[2 * number : 2 * number + 2]) for number in range(count)]


NEW, OLD = date(2024, 2, 1), date(2019, 5, 9)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param(descending(10), (StopReason.DATE, 6), id="a list in order ends with its second page of old ones"),
        pytest.param(descending(3), (StopReason.END, 3), id="a short list ends where it ends"),
        pytest.param([page(1, NEW), {}], (StopReason.END, 2), id="an empty page is the end"),
        pytest.param(
            [page(1, OLD, NEW, NEW), page(2, NEW, NEW), page(3, OLD, OLD), page(4, OLD), page(5, OLD), page(6, NEW)],
            (StopReason.DATE, 5),
            id="something old pinned to the top ends nothing, and makes sure of the end",
        ),
        pytest.param(
            [page(1, NEW, OLD, NEW), page(2, OLD, OLD), page(3, OLD, OLD), page(4, NEW, OLD), page(5, NEW, NEW)],
            (StopReason.END, 5),
            id="a list by its last changes goes on after pages of old ones",
        ),
        pytest.param(
            [page(1, NEW, NEW), {"1-0": NEW, "1-1": NEW, "2": OLD}, page(3, NEW, NEW)],
            (StopReason.END, 3),
            id="one stray old entry ends nothing",
        ),
        pytest.param(
            [{"pinned": NEW, **shown} for shown in descending(10)],
            (StopReason.DATE, 7),
            id="what is pinned to each page is judged once",
        ),
        pytest.param([page(1, NEW), page(2, NEW), page(1, NEW)], (StopReason.LOOP, 3), id="the same entries again"),
        pytest.param(
            [{"a": NEW, "b": NEW}, {"c": NEW}, {"a": NEW, "c": NEW}, {"b": NEW, "c": NEW}, {"b": NEW}, {"d": NEW}],
            (StopReason.REPEATS, 5),
            id="pages that show nothing new",
        ),
        pytest.param(
            [page(n, None, None) for n in range(6)], (StopReason.END, 6), id="without dates it goes to the end"
        ),
    ],
)
def test_the_way_back_ends(pages: Sequence[Page], expected: tuple[StopReason, int]) -> None:
    assert walk(pages) == expected


def test_a_page_that_leads_to_one_before_it_is_a_loop() -> None:
    way = BackfillWalk(SINCE)
    assert way.turn("/news", page(1, NEW), "/news?page=2") is StopReason.ON
    assert way.turn("/news?page=2", page(2, NEW), "/news") is StopReason.LOOP


def test_a_list_that_never_ends_and_never_repeats_is_left_to_the_page_cap() -> None:
    assert walk([page(number, NEW) for number in range(50)], endless=True) == (StopReason.ON, 50)

"""What the plan costs and finds in a year of realistic publishing. `./run bench plan` prints the same table."""

from __future__ import annotations

from itertools import chain
from statistics import median

import pytest

from tests.scheduler.year import PROFILES, Year, p95, spend

pytestmark = [
    pytest.mark.xdist_group("year"),  # what they look at is made once
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def years() -> dict[str, Year]:
    return {name: spend(profile) for name, profile in PROFILES.items()}


@pytest.mark.parametrize("name", PROFILES)
def test_a_year_costs_at_most_half_of_what_fixed_quarters_of_an_hour_cost(years: dict[str, Year], name: str) -> None:
    assert years[name].share <= 0.5


@pytest.mark.parametrize("name", PROFILES)
def test_nearly_everything_is_found_within_half_an_hour_at_any_hour(years: dict[str, Year], name: str) -> None:
    assert p95(years[name].waits) <= 30


@pytest.mark.parametrize("name", sorted(PROFILES.keys() - {"weekends"}))
def test_half_of_what_comes_in_office_hours_is_found_within_ten_minutes(years: dict[str, Year], name: str) -> None:
    assert median(years[name].in_office_hours) <= 10
    assert p95(years[name].in_office_hours) <= 30


def test_who_speaks_at_weekends_is_polled_at_weekends(years: dict[str, Year]) -> None:
    """Its few statements of the week wait somewhat longer for it."""
    assert median(years["weekends"].waits) <= 10


def test_over_all_sources_together_it_is_the_same(years: dict[str, Year]) -> None:
    together = list(chain.from_iterable(year.in_office_hours for year in years.values()))
    assert median(together) <= 10
    assert p95(together) <= 30

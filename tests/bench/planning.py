"""The plan of polls over a year of publishing, on a clock of numbers, against a poll each quarter of an hour."""

from __future__ import annotations

from statistics import median

from tests.bench.measure import Figure, say
from tests.scheduler.year import FIXED, PROFILES, Year, p95, row, spend

FIXED_MEDIAN = 7.5
"""Minutes between a statement and a poll each quarter of an hour, in the middle."""

AIM = 2.0
"""Half the polls."""


def run(years: int, rounds: int) -> list[Figure]:
    """Let each profile publish for that many years, each with a seed of its own; `rounds` makes no difference."""
    figures = []
    for name, profile in PROFILES.items():
        for seed in range(1, years + 1):
            year = spend(profile, seed)
            say(row(name, year))
            figures.append(_figure(f"polls of a year, {name}", year))
    return figures


def _figure(name: str, year: Year) -> Figure:
    office, every = year.in_office_hours, year.waits
    return Figure(
        name,
        f"{year.polls:,}",
        f"{FIXED:,}",
        FIXED / year.polls,
        AIM,
        f"found after {median(office):.1f} min in office hours (95 %: {p95(office):.1f}), at any hour "
        f"{median(every):.1f} (95 %: {p95(every):.1f}); baseline {FIXED_MEDIAN} (95 %: {FIXED_MEDIAN * 1.9:.1f})",
    )

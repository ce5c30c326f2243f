"""Trends: topics over time, each with what is usual; who has said what, and who has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import searches
from presswatch.actions import trends as over_time
from presswatch.actions.searches import Mistake
from presswatch.actions.trends import Trend, usual
from presswatch.formats.files import sheet
from presswatch.web.asked import Typed
from presswatch.web.charts import Chart, Span, chart, each, spans
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import QueryError
from storage.search.intervals import Interval

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

PERIODS: Mapping[str, int] = MappingProxyType({"30": 30, "90": 90, "365": 364, "all": 0})
"""Days, by their name in addresses; a year is whole weeks."""
WIDE, MOST = 860, 60


@dataclass(frozen=True, slots=True)
class Drawn:
    """A trend: its chart, the span that is not over, and between what the others usually are."""

    trend: Trend
    chart: Chart
    present: Span
    usual: tuple[int, int] | None

    @property
    def is_more(self) -> bool:
        """Whether there is more than usual already. That there is less can be said when the span is over."""
        return self.usual is not None and self.present.count > self.usual[1]


@router.get("/trends")
async def trends(
    request: Request, desk: CurrentDesk, visitor: Reader, period: str = "365", q: Typed = "", topic: str = "",
    by: str = "", view: str = "",
) -> Response:  # fmt: skip
    """The topics over time, and this query beside them; the grid by the topic that is chosen.

    Over time they are charts, or with `view=table` a table, which stands alone: it weighs as much as all the rest.
    """
    today, period = visitor.day(desk.clock()), period if period in PERIODS else "365"
    mistake = None
    try:
        shown, left_out = await over_time.over_time(desk.database, visitor.id, q.strip(), PERIODS[period], today)
    except QueryError as error:
        mistake = searches.mistake(desk.database.packs, q) or Mistake(q, None, str(error), error.mend)
        shown, left_out = await over_time.over_time(desk.database, visitor.id, "", PERIODS[period], today)
    grid = await over_time.grid(desk.database, visitor.id, topic, today) if view != "table" else None
    return page(
        request,
        visitor,
        "trends.html",
        period=period,
        q=q,
        mistake=mistake,
        drawn=[_drawn(trend, period, today) for trend in shown],
        left_out=left_out,
        grid=grid,
        topic=topic,
        by_day=by == "day",
        most=max((number for ministry in grid.ministries for number in ministry.said.values()), default=0)
        if grid
        else 0,
        today=today,
    )


def _drawn(trend: Trend, period: str, today: date) -> Drawn:
    steps = {"30": Interval.DAY, "90": Interval.WEEK, "365": Interval.WEEK}
    shown = each(trend.days, steps[period], today) if period in steps else spans(trend.days, today, MOST)
    over = [span.count for span in shown if span.is_over]
    return Drawn(trend, chart(shown, WIDE), shown[-1], usual(over))


@router.get("/trends/over-time.csv")
async def over_time_file(desk: CurrentDesk, visitor: Reader, period: str = "365", q: Typed = "") -> Response:
    """The topics over time as a table. Raises `QueryError`."""
    today, period = visitor.day(desk.clock()), period if period in PERIODS else "365"
    shown, _ = await over_time.over_time(desk.database, visitor.id, q.strip(), PERIODS[period], today)
    drawn = [_drawn(trend, period, today) for trend in shown]
    rows = zip(*(each.chart.columns for each in drawn), strict=True) if drawn else ()
    heads = ("first", "last", *(each.trend.name or each.trend.query for each in drawn))
    cells = ((row[0].span.first, row[0].span.last, *(column.span.count for column in row)) for row in rows)
    return _sheet("presswatch-trends.csv", sheet(heads, cells))


@router.get("/trends/grid.csv")
async def grid_file(desk: CurrentDesk, visitor: Reader, topic: str = "") -> Response:
    """Who has said what, as a table; what is not known is `?`."""
    grid = await over_time.grid(desk.database, visitor.id, topic, visitor.day(desk.clock()))
    names = [each.name for each in grid.topics]
    numbers = ((each, [each.has_said(name) for name in names]) for each in grid.ministries)
    rows = ((each.name, each.country, *("?" if one is None else one for one in said)) for each, said in numbers)
    return _sheet("presswatch-who-said-what.csv", sheet(("ministry", "country", *names), rows))


def _sheet(name: str, text: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(errors="replace"), 200, headers, "text/csv; charset=utf-8")

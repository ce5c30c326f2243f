"""Pages are written by Jinja, in the visitor's language and zone; every word of a site is escaped."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache, partial
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from babel.numbers import format_decimal
from babel.units import format_unit
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.types import Receive, Scope, Send

from presswatch.web import snippets, troubles
from presswatch.web.browsers import browser_name
from presswatch.web.charts import Span
from presswatch.web.desk import desk_at
from presswatch.web.languages import CHOICE, addresses, language_of, sentences, translations
from presswatch.web.visitor import Visitor
from storage.query.aliases import AliasPack
from storage.search.intervals import Interval
from storage.types import Preferences, Published

STATIC = files("presswatch.web") / "static"


Reader = Visitor | Preferences | None
"""Who asked; or how he wants the pages, where nobody has to be signed in."""


def page(request: Request, reader: Reader, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one, for who asked. It is written when it is sent."""
    visitor = reader if isinstance(reader, Visitor) else None
    wishes = reader.wishes if isinstance(reader, Visitor) else reader or Preferences()
    language = language_of(request, visitor, wishes)
    told = {**_of_everyone(request, visitor, wishes, language), **values}
    return _Page(lambda: environment(language).get_template(template).render(told), status)


class _Page(HTMLResponse):
    """A page that is written in a thread: a large one takes tens of milliseconds, and the loop goes on meanwhile."""

    def __init__(self, write: Callable[[], str], status: int) -> None:
        super().__init__(None, status)
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.body = self.render(await asyncio.to_thread(self._write))
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def _of_everyone(request: Request, visitor: Visitor | None, wishes: Preferences, language: str) -> Mapping[str, Any]:
    return {
        "visitor": visitor,
        "language": language,
        "offered": () if visitor else addresses(request),
        "interface": f"?{CHOICE}={language}" if not visitor and CHOICE in request.query_params else "",
        "zone": wishes.zone,
        "theme": wishes.theme,
        "path": request.url.path,
        "now": desk_at(request).clock(),
        "troubled": troubles.of_page(request),
    }


@cache
def environment(language: str) -> Environment:
    """The templates in one language of the interface."""
    made = Environment(
        loader=PackageLoader("presswatch.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    said = sentences(language).said
    made.globals |= {"asset": asset, "release": version("presswatch")}
    made.filters |= {"hour": hour, "moment": moment, "to_the_second": to_the_second, "day": day, "claimed": claimed}
    made.filters |= {"iso": datetime.isoformat, "lasting": lasting, "country": country, "language_name": language_name}
    made.filters |= {
        "place": partial(place, language=language),
        "short_day": short_day,
        "weekday": weekday,
        "sentence": sentence,
        "called": partial(called, language=language),
        "said": lambda words: said(str(words)),
        "utc": utc,
        "offset": offset,
        "snippet": snippets.snippet,
        "whole": snippets.whole,
        "browser_name": browser_name,
    }
    made.filters |= {"claimed_day": claimed_day, "span": span, "span_end": span_end}
    made.filters |= {
        "number": partial(number, language),
        "decimal": partial(decimal, language),
        "size": partial(size, language),
    }
    made.policies["ext.i18n.trimmed"] = True
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file. It changes with the file, so that browsers may keep it for ever."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


# -- times -----------------------------------------------------------------------------------------------------------


def hour(at: datetime, zone: str) -> str:
    """`14:31`, in this zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(at: datetime, zone: str, language: str = "en", *, today: datetime | None = None) -> str:
    """`14:31` today, `28 Nov, 14:31` this year, else with the year."""
    local = at.astimezone(ZoneInfo(zone))
    other = today.astimezone(ZoneInfo(zone)) if today else None
    if other is not None and local.date() == other.date():
        return f"{local:%H:%M}"
    skeleton = "d MMM, HH:mm" if other is not None and local.year == other.year else "d MMM y, HH:mm"
    return format_datetime(local, skeleton, locale=language)


def to_the_second(at: datetime, zone: str, language: str = "en") -> str:
    """`28 Nov, 14:31:07`: ours, and that of a delivery."""
    return format_datetime(at.astimezone(ZoneInfo(zone)), "d MMM y, HH:mm:ss", locale=language)


def offset(at: datetime, zone: str) -> str:
    """`UTC+3`: by how much a zone's clock is ahead then."""
    words = f"{at.astimezone(ZoneInfo(zone)):%z}"
    return f"UTC{words[0]}{int(words[1:3])}{f':{words[3:5]}' if words[3:5] != '00' else ''}"


def day(at: datetime | date, zone: str, language: str = "en") -> str:
    """`Saturday, 28 November 2026`; of an instant, its day in this zone."""
    civil = at.astimezone(ZoneInfo(zone)).date() if isinstance(at, datetime) else at
    return format_date(civil, "EEEE, d MMMM y", locale=language)


def weekday(number: int, language: str = "en") -> str:
    """`Monday`, of 0."""
    return str(get_day_names(locale=language)[number])


def short_day(day: datetime | date, language: str = "en", zone: str = "UTC") -> str:
    """`28 Nov`; of an instant, its day in this zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    return format_date(day, "d MMM", locale=language)


def claimed(published: Published, zone: str, language: str = "en") -> str:
    """What a ministry claims, to its precision: a day is never moved to another zone and never gets an hour."""
    if published.at is not None:
        return format_datetime(published.at.astimezone(ZoneInfo(zone)), "d MMM y, HH:mm", locale=language)
    return format_date(published.day, "d MMMM y", locale=language) if published.day else ""


def claimed_day(published: Published, zone: str, language: str = "en", *, today: datetime) -> str:
    """The day that is claimed, `28 Nov` this year: of an instant the reader's, else the ministry's; or nothing."""
    on = published.at.astimezone(ZoneInfo(zone)).date() if published.at is not None else published.day
    if on is None:
        return ""
    same_year = on.year == today.astimezone(ZoneInfo(zone)).year
    return format_date(on, "d MMM" if same_year else "d MMM y", locale=language)


def span(of: Span, language: str = "en") -> str:
    """`November 2026`, `4th quarter 2026`, `2019–2021`: what a column of a chart is for."""
    if of.first.year != of.last.year and of.step is Interval.YEAR:
        return f"{of.first.year}–{of.last.year}"
    if of.step is Interval.WEEK:
        ends = (span_end(day, Interval.DAY, language) for day in (of.first, of.last))
        return f"{' – '.join(ends)} {of.last.year}"
    patterns = {Interval.DAY: "d MMMM y", Interval.MONTH: "LLLL y", Interval.QUARTER: "QQQQ y", Interval.YEAR: "y"}
    return format_date(of.first, patterns[of.step], locale=language)


def span_end(day: date, step: Interval, language: str = "en") -> str:
    """`28 Nov`, `Nov 2026`, `2026`: an end of a chart."""
    patterns = {Interval.DAY: "d MMM", Interval.WEEK: "d MMM", Interval.YEAR: "y"}
    return format_date(day, patterns.get(step, "LLL y"), locale=language)


def lasting(time: timedelta, language: str = "en") -> str:
    """`45 sec`, `84 min`, `3 days`: how long something took."""
    seconds = max(time.total_seconds(), 0)
    unit: Literal["second", "minute", "hour", "day"]
    unit = "second" if seconds < 120 else "minute" if seconds < 7_200 else "hour" if seconds < 172_800 else "day"
    return format_timedelta(time, unit, threshold=10_000, format="short", locale=language)


def utc(at: datetime) -> str:
    """`11:31:07`, in UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S}"


# -- names -----------------------------------------------------------------------------------------------------------


@lru_cache(1_024)  # a site may name what it likes
def country(code: str, language: str = "en") -> str:
    """The country of an ISO 3166-1 code in a language of the interface, or the code."""
    return str(Locale(language).territories.get(code.upper(), code))


@lru_cache(1_024)
def language_name(code: str, language: str = "en") -> str:
    """The language of an ISO 639-1 code in a language of the interface, or the code."""
    return str(Locale(language).languages.get(code.lower(), code))


def called(pack: AliasPack, language: str = "en") -> str:
    """What an alias stands for, by its first name in a language of the interface: `ОДКБ`; else as queries name it."""
    return next((each.text for each in pack.names if each.language == language != "en"), pack.name)


def place(zone: str, language: str = "en") -> str:
    """The town after which a zone is called, in a language of the interface: `Minsk`, `Минск`."""
    named = Locale(language).time_zones.get(get_global("zone_aliases").get(zone, zone), {})
    return str(named.get("city") or zone.rpartition("/")[2].replace("_", " "))


def sentence(words: str) -> str:
    """Words that stand for themselves: with a capital, unless an address begins them, and a full stop."""
    if not words:
        return ""
    first = words[:1] if words.startswith(("http://", "https://")) else words[:1].upper()
    return f"{first}{words[1:].rstrip('.')}."


# -- numbers ---------------------------------------------------------------------------------------------------------


def number(language: str, counted: int) -> str:
    """`12,345`, as a language parts thousands."""
    return format_decimal(counted, locale=language)


def decimal(language: str, counted: float) -> str:
    """`1.5`, with one digit after the sign that a language has for it."""
    return format_decimal(counted, "0.0", locale=language)


def size(language: str, stored: int) -> str:
    """`1.5 MB`, of bytes."""
    return format_unit(stored / 1_000_000, "digital-megabyte", "short", "#,##0.0", locale=language)

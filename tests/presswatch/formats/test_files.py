"""What leaves the history: files, feeds and charts."""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
import struct
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from presswatch.formats.chart import bar_lines, png, svg
from presswatch.formats.feeds import feed
from presswatch.formats.files import COLUMNS, exported
from presswatch.formats.kinds import FeedFormat, Format
from storage.search.intervals import Bar, Interval
from storage.search.search import SearchHit
from storage.types import Published
from tests.notify.examples import BODY, alert

FORMULA = '=HYPERLINK("http://evil.example")'
SHORT = "A first line.\n\n2. second, with <b>signs</b> & *stars*."


def found(
    title: str = "A title", body: str = BODY, *, item: int = 345, published: Published | None = None
) -> SearchHit:
    return SearchHit(alert(title=title, body=body, hits=(), item=item, published=published).item, ())


def written(as_: Format, *statements: SearchHit) -> str:
    return "".join(exported(statements, as_))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_csv_file_holds_every_column_of_every_statement() -> None:
    text = written(Format.CSV, found(), found("Other", item=7))
    assert text.startswith("\ufeffid,published_at,")
    first, second = rows(text)
    assert tuple(first) == COLUMNS
    assert (first["id"], first["title"], first["body"], first["published_at"]) == ("345", "A title", BODY, "2024-11-28")
    assert (second["id"], second["title"]) == ("7", "Other")


@pytest.mark.parametrize("title", [FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_a_spreadsheet_is_given_no_formula(title: str) -> None:
    [row] = rows(written(Format.CSV, found(title)))
    assert row["title"] == f"'{title}"


@pytest.mark.parametrize("title", ["A = B", "10 - 5", 'A "quoted", title'])
def test_what_is_no_formula_stays_as_it_is(title: str) -> None:
    [row] = rows(written(Format.CSV, found(title)))
    assert row["title"] == title


def test_ndjson_has_a_line_for_each_statement() -> None:
    lines = written(Format.NDJSON, found(body="Ö\n\n\u2028end"), found(item=7)).split("\n")
    assert [json.loads(line)["id"] for line in lines[:-1]] == [345, 7]
    assert json.loads(lines[0])["body"] == "Ö\n\n\u2028end"
    assert lines[-1] == ""


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_document(count: int) -> None:
    document = json.loads(written(Format.JSON, *(found(item=number + 1) for number in range(count))))
    assert [value["id"] for value in document] == list(range(1, count + 1))


def test_a_strangers_signs_mean_nothing_in_markdown() -> None:
    text = written(Format.MARKDOWN, found("# A *title*", SHORT))
    assert text.startswith("## \\# A \\*title\\*\n\n2024-11-28")
    assert "2\\. second, with \\<b\\>signs\\</b\\> \\& \\*stars\\*." in text
    assert "<https://mfa.example/en/news/345/>" in text


# -- feeds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_", [FeedFormat.ATOM, FeedFormat.RSS])
def test_a_feed_is_read_by_a_feed_reader_as_it_was_meant(as_: FeedFormat) -> None:
    at = datetime(2024, 11, 28, 9, 30, tzinfo=UTC)
    text = feed("CSTO & others", "alias:CSTO", [found(body=SHORT, published=Published(day=at.date(), at=at))], as_)
    read = feedparser.parse(text)
    assert (read.bozo, read.feed.title, len(read.entries)) == (False, "CSTO & others", 1)
    entry = read.entries[0]
    assert (entry.id, entry.title) == ("urn:presswatch:item:345", "A title")
    assert entry.link == "https://mfa.example/en/news/345/"
    assert entry.published_parsed[:5] == (2024, 11, 28, 9, 30)
    assert "&lt;b&gt;signs" in entry.summary


def test_a_json_feed_has_the_fields_of_its_standard() -> None:
    read = json.loads(feed("CSTO", "alias:CSTO", [found()], FeedFormat.JSON))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    [entry] = read["items"]
    assert (entry["id"], entry["content_text"], entry["language"]) == ("urn:presswatch:item:345", BODY, "en")


@pytest.mark.parametrize("as_", FeedFormat)
def test_an_entry_keeps_its_id_when_the_statement_is_edited(as_: FeedFormat) -> None:
    before, after = (feed("t", "q", [found(body=body)], as_) for body in ("Old.", "New."))
    assert all("urn:presswatch:item:345" in text for text in (before, after))


def test_a_feed_keeps_its_id_whatever_is_in_it() -> None:
    several = [
        feed("t", query, entries, FeedFormat.ATOM) for query, entries in (("q", [found()]), ("q", []), ("p", []))
    ]
    first, second, other = (feedparser.parse(text).feed.id for text in several)
    assert first == second != other


@pytest.mark.parametrize("as_", FeedFormat)
def test_what_a_feed_cannot_hold_does_not_break_it(as_: FeedFormat) -> None:
    text = feed("a\x00b ]]> c", "q\x0b", [found("Bell \x07 \ufffe", "Text \x1b[31m ]]> <script>.")], as_)
    if as_ is FeedFormat.JSON:
        json.loads(text)
    else:
        ElementTree.fromstring(text.encode())
        assert not feedparser.parse(text).bozo


@pytest.mark.parametrize("as_", FeedFormat)
def test_a_feed_of_nothing_is_a_feed(as_: FeedFormat) -> None:
    text = feed("t", "q", [], as_)
    assert json.loads(text)["items"] == [] if as_ is FeedFormat.JSON else not feedparser.parse(text).bozo


def test_without_a_date_that_can_be_believed_it_is_the_time_of_reading() -> None:
    doubtful = Published(day=date(2090, 1, 1), at=datetime(2090, 1, 1, tzinfo=UTC))
    for published in (Published(), doubtful):
        read = json.loads(feed("t", "q", [found(published=published)], FeedFormat.JSON))
        assert read["items"][0]["date_published"] == "2024-11-28T12:00:00+00:00"


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (Published(day=date(2024, 11, 1)), "2024-11-01T00:00:00+00:00"),
        (Published(day=date(2024, 11, 1), zone="Europe/Minsk"), "2024-11-01T00:00:00+03:00"),
        (Published(day=date(2021, 9, 15), zone="America/Lima"), "2021-09-15T00:00:00-05:00"),
        (Published(day=date(2018, 11, 4), zone="America/Sao_Paulo"), "2018-11-04T00:00:00-03:00"),  # has no midnight
        (Published(day=date(2024, 11, 28), zone="Pacific/Kiritimati"), "2024-11-28T00:00:00+14:00"),
        (Published(day=date(1970, 1, 1)), "2024-11-28T12:00:00+00:00"),  # long ago: a default
        (Published(day=date(2031, 1, 1)), "2024-11-28T12:00:00+00:00"),  # in the future
    ],
)
def test_a_day_alone_is_published_when_it_begins_at_the_ministry(published: Published, said: str) -> None:
    [entry] = json.loads(feed("t", "q", [found(published=published)], FeedFormat.JSON))["items"]
    assert datetime.fromisoformat(entry["date_published"]) == datetime.fromisoformat(said)
    [atom] = feedparser.parse(feed("t", "q", [found(published=published)], FeedFormat.ATOM)).entries
    assert datetime.fromtimestamp(calendar.timegm(atom.published_parsed), UTC) == datetime.fromisoformat(said)


# -- charts ------------------------------------------------------------------------------------------------------------

BARS = (Bar(date(2024, 11, 4), 40), Bar(date(2024, 11, 11), 0), Bar(date(2024, 11, 18), 1))


def test_a_bar_is_as_long_as_its_share() -> None:
    first, second, third = bar_lines(BARS, width=55)
    assert first == f"2024-11-04  {'█' * 40} 40"
    assert second == "2024-11-11   0"
    assert third == "2024-11-18  █ 1"


def test_one_statement_among_thousands_is_still_seen() -> None:
    *_, last = bar_lines((Bar(date(2024, 1, 1), 9_000), Bar(date(2024, 1, 8), 1)), width=40)
    assert last == "2024-01-08  ▏ 1"


def test_a_picture_has_a_bar_for_each_step_and_its_title_is_text() -> None:
    picture = ElementTree.fromstring(svg(BARS, 'a "<query>" & more\x00', Interval.WEEK))
    space = {"svg": "http://www.w3.org/2000/svg"}
    bars = picture.findall("svg:rect", space)[1:]
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights == [236.0, 0.0, 5.9]
    assert picture.findtext("svg:text", namespaces=space) == 'a "<query>" & more'


def test_a_picture_of_nothing_is_a_picture() -> None:
    ElementTree.fromstring(svg((), "nothing", Interval.DAY))
    assert png(svg((), "nothing", Interval.DAY)).startswith(b"\x89PNG")


def words(picture: str) -> list[str]:
    """What is written in a picture."""
    return [each.text or "" for each in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


def test_a_picture_says_what_was_counted_and_when() -> None:
    assert "41 statements by week, 2024-11-04 to 2024-11-18" in words(svg(BARS, "CSTO", Interval.WEEK))
    months = words(svg((Bar(date(2024, 1, 1), 1), Bar(date(2024, 2, 1), 0)), "CSTO", Interval.MONTH))
    assert months[1] == "1 statement by month, 2024-01 to 2024-02"
    assert months[-2:] == ["2024-01", "2024-02"]
    assert next(bar_lines((Bar(date(2024, 1, 1), 1),), 20, Interval.MONTH)).startswith("2024-01  █")


@pytest.mark.parametrize(("title", "shown"), [("x" * 200, "x" * 95 + "…"), ("字" * 200, "字" * 47 + " …")])
def test_a_long_title_ends_inside_the_picture(title: str, shown: str) -> None:
    assert words(svg(BARS, title, Interval.WEEK))[0] == shown


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (37, 40), (41, 50), (1000, 1000), (1001, 1500)])
def test_no_bar_is_above_the_highest_mark(most: int, top: int) -> None:
    marks = [int(each.replace(",", "")) for each in words(svg((Bar(date(2024, 1, 1), most),), "", Interval.DAY))[2:-1]]
    assert marks[0] == 0
    assert marks[-1] == top
    assert len(marks) <= 6


def test_a_picture_of_many_days_has_as_many_labels_as_there_is_room_for() -> None:
    days = [Bar(date(2021, 1, 1) + timedelta(days=number), number % 9) for number in range(1500)]
    labels = [each for each in words(svg(days, "CSTO", Interval.DAY)) if re.fullmatch(r"\d{4}-\d\d-\d\d", each)]
    assert labels[0] == "2021-01-01"
    assert 4 <= len(labels) <= 8


def test_a_png_is_sharp_and_lettered_in_cyrillic_too() -> None:
    pictures = [png(svg(BARS, title, Interval.WEEK)) for title in ("санкции", "санкцию")]
    assert [struct.unpack(">II", picture[16:24]) for picture in pictures] == [(1800, 680)] * 2
    assert pictures[0] != pictures[1], "letters that a font lacks would look alike"

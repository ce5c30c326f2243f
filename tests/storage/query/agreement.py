"""Texts, queries and an archive in a real SQLite or PostgreSQL, to ask whether evaluation and SQL agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.pool import StaticPool

from storage.database import dialect_of
from storage.database.postgresql import url_of
from storage.items import facts
from storage.items.facts import Facts
from storage.query.evaluate import evaluate
from storage.query.indexes import Index
from storage.query.parser import DEEPEST
from storage.query.text import AnalysedText, analyse
from storage.search.hits import Total, all_newest, any_met, newest, total
from storage.search.selects import Met, gathered
from storage.search.verification import settled
from storage.tables import items, metadata, polls, published_columns, sources, version_facts, versions
from storage.types import Published
from tests.storage.query.questions import read

AT = datetime(2024, 11, 28, tzinfo=UTC)
SECTIONS = {"mfa-by/news-en": "BY", "mfa-by/news-ru": "BY", "mfa-am/news": "AM", "mfa-by_2/x": ""}


@cache
def _database(address: str) -> Connection:
    """One empty database for all tests, in memory or on a server: each of them takes back what it wrote."""
    if address:
        engine = create_engine(url_of(address))
    else:
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    connection = engine.connect()
    with connection.begin():
        metadata.create_all(connection, [sources, polls, items, versions, version_facts])
        for index in Index:
            dialect_of(connection).full_text.create(connection, index)
        connection.execute(insert(sources), [_section(*section) for section in enumerate(SECTIONS.items(), start=1)])
    return connection


@contextmanager
def archive(texts: list[AnalysedText], address: str = "") -> Iterator[Connection]:
    """A database that holds these texts under the ids 1, 2, ...; SQLite, or the empty one at an address."""
    connection = _database(address)
    with connection.begin() as transaction:
        if texts:
            connection.execute(insert(items), [_item(*numbered) for numbered in enumerate(texts, start=1)])
            connection.execute(insert(versions), [_version(*numbered) for numbered in enumerate(texts, start=1)])
            facts.record(connection, [_facts(*numbered) for numbered in enumerate(texts, start=1)])
            dialect_of(connection).full_text.add(connection, dict(enumerate(texts, start=1)))
        yield connection
        transaction.rollback()


def _item(number: int, analysed: AnalysedText) -> dict[str, object]:
    section = list(SECTIONS).index(analysed.source) + 1
    rest = {"address": "", "first_seen_at": AT, "silent": False, "revisits": 0}
    gone = {"withdrawn_at": AT} if analysed.state == "withdrawn" else {"withdrawn_at": None}
    missing = {"suspected_at": AT} if analysed.state == "suspected" else {"suspected_at": None}
    return {"id": number, "key": str(number), "source_id": section, **rest, **gone, **missing}


def _section(number: int, section: tuple[str, str]) -> dict[str, object]:
    key, country = section
    blank = dict.fromkeys(("name", "organisation", "address", "origin", "reason", "detail"), "")
    never = {"enabled": False, "alert_first": False, "failures": 0, "spec": {}, "next_poll_at": AT}
    return {"id": number, "key": key, "country": country, **blank, **never}


def _version(number: int, analysed: AnalysedText) -> dict[str, object]:
    return {
        "id": number,
        "item_id": number,
        "number": 1,
        "current": True,
        "title": analysed.title.text.replace("\x00", " "),  # as all texts are cleaned where they are read
        "body": analysed.body.text.replace("\x00", " "),
        "language": analysed.language,
        "seen_at": AT,
        "fingerprint": "",
        **published_columns(Published(day=analysed.day)),
    }


def _facts(number: int, analysed: AnalysedText) -> Facts:
    section = list(SECTIONS).index(analysed.source) + 1
    return Facts(number, number, 1, section, Published(day=analysed.day), analysed.language, AT)


def found(connection: Connection, query: str) -> list[int]:
    """The ids that the search finds, by all its ways: all that is so of a version, what an index leads, the newest."""
    ways = gathered(dialect_of(connection), read(query)), any_met(connection, read(query))
    ids, led = (_all(connection, settled(connection, met)) for met in ways)
    assert led == ids
    assert all_newest(connection, read(query)) == ids[::-1]
    assert newest(connection, read(query), 2) == ids[:-3:-1]
    assert total(connection, read(query)) == Total(len(ids))
    return ids


def _all(connection: Connection, met: Met) -> list[int]:
    return sorted(connection.scalars(met.statements.select(version_facts.c.id), met.parameters))


def caught(texts: list[AnalysedText], query: str) -> list[int]:
    """The ids that an alert would have caught."""
    return [number for number, analysed in enumerate(texts, start=1) if evaluate(read(query), analysed).matches]


def shown(texts: list[AnalysedText], query: str) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """In how many of the texts the hits are of which clause; of each alias, of which name."""
    hits = [evaluate(read(query), analysed).hits for analysed in texts]
    named = Counter((hit.alias, hit.name) for found in hits for hit in {(h.alias, h.name): h for h in found}.values())
    names: dict[str, dict[str, int]] = {}
    for (alias, name), number in named.items():
        if alias:
            names.setdefault(alias, {})[name] = number
    return dict(Counter(clause for found in hits for clause in {hit.clause for hit in found})), names


def text(
    title: str,
    body: str,
    language: str,
    day: date | None = None,
    source: str = "mfa-by/news-en",
    state: str = "published",
) -> AnalysedText:
    """An analysed statement of one of our sections."""
    return analyse(title, body, language, source=source, country=SECTIONS[source], day=day, state=state)


_WORDS = [
    "treaty", "Treaties", "treaty's", "border", "borders", "CSTO", "the", "o'neil", "co-operation", "a_b", "2024",
    "санкции", "санкций", "договор", "договора", "Договоре", "о", "ёлка", "елки", "ОДКБ", "нато", "санк\u00adции",
    "дагавор", "дагавора", "ұйым", "ұйымының", "ՀԱՊԿ", "պայմանագրի", "СSTО", "csto", "NATO'nun", "l'Union", "联合国",
    "国", "sanctions", "sanctioned", "sanction", "Sanction", "العقوبات", "U.S.", "US", "us", "u.s.", "Vedrić", "Vedric",
    "São", "sao", "Zürich", "Zuerich", "С-300", "C-300", "السعوديه", "السعودية", "وزراء", "الوزير", "Łódź", "lodz",
    "อาเซียน", "การประชุมอาเซียน", "မြန်မာ", "securite", "sécurité",
]  # fmt: skip
_words = st.sampled_from(_WORDS)
_gaps = st.sampled_from([" ", " ", " ", ", ", ". ", "-", "\n\n", " «", "» ", "\x00", '"', " (", "'"])
_prose = st.lists(st.tuples(_words, _gaps), max_size=8).map(lambda pairs: "".join(word + gap for word, gap in pairs))
_languages = st.sampled_from(["en", "ru", "be", "kk", "hy", "", "de", "tr", "zh", "ar", "th", "pl", "fr"])
_days = st.sampled_from([None, date(2024, 11, 28), date(2024, 12, 1), date(2023, 12, 31)])
_states = st.sampled_from(["published", "published", "suspected", "withdrawn"])
statements = st.builds(text, _prose, _prose, _languages, _days, st.sampled_from(list(SECTIONS)), _states)
archives = st.lists(statements, min_size=1, max_size=6)

_phrases = st.lists(_words, min_size=1, max_size=3).map(lambda found: '"' + " ".join(found) + '"')
_prefixes = st.sampled_from(
    ["sanction*", "САНКЦ*", "tre*", "Nat*", "ұйым*", '"the sanct*"', "国", '"о договор*"', "Vedri*", "São*"]
)
_exact = st.one_of(_words, _phrases).map("={}".format)
_plain = st.one_of(_words, _phrases, _prefixes, _exact, st.just("alias:CSTO"))
_in_title = st.one_of(_words, _phrases, _prefixes, _exact).map("title:{}".format)
_distances = st.sampled_from([" NEAR/1 ", " NEAR/2 ", " NEAR/5 "])
_near = st.builds(
    lambda side, parts, near: near.join(f"{side}{part}" for part in parts if not (side and part.startswith("alias:"))),
    st.sampled_from(["", "title:"]),
    st.lists(_plain, min_size=2, max_size=3),
    _distances,
).filter(bool)
_filters = st.sampled_from(
    [
        "lang:ru", "lang:EN", "country:BY", "country:am", "source:mfa-by", "source:mfa-by/news-en",
        "source:mfa-am/news", "published:2024", "published:2024-11", "published:2024-11-28..2024-12",
        "published:..2023", "after:2024-12", "before:2024-12-01", "state:withdrawn",
        "state:Published", "state:suspected",
    ]
)  # fmt: skip
_clauses = st.one_of(_plain, _plain, _in_title, _near, _filters)
queries = st.recursive(
    _clauses,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" AND ".join).map("({})".format),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join).map("({})".format),
        inner.map("NOT {}".format),
    ),
    max_leaves=7,
).filter(lambda query: query.count("(") <= DEEPEST)


def examples(request: pytest.FixtureRequest, usual: int) -> hypothesis.settings:
    """How many examples are tried: before a release more."""
    return hypothesis.settings(max_examples=10 * usual if request.config.getoption("--full") else usual)

"""Watchlists of every kind, for property tests; and a desk to bring them in."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from crawler.catalog import catalogue
from presswatch.settings import Settings
from presswatch.watchlist.model import WantedSource, WantedSubscription, WantedSwitch, WantedTopic, Watchlist
from storage.database import Database
from storage.people import channels, rhythms
from storage.sources import sources
from storage.types import (
    SOLE_OWNER,
    ArticleSelectors,
    ListingSelectors,
    Rhythm,
    SearchForm,
    Shape,
    SourceSpec,
    TransportExceptions,
)
from storage.types.sources import Evidence
from tests.storage.examples import NOW

CHANNELS = ("desk", "ночная смена", "console")
ZONES = ("UTC", "Europe/Minsk", "Asia/Kolkata")

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(lambda text: text.strip())
terms = st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=8)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
selectors = st.sampled_from(["li", "div.news > h2", 'a[href^="/print/"], p', "td:nth-child(2)"])
seconds = st.floats(0, 3600, allow_nan=False)


def maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | values


queries = (
    st.builds('"{} {}"'.format, terms, terms)
    | st.builds("={} OR alias:CSTO".format, terms)
    | st.builds("{} AND NOT country:BY".format, terms)
    | st.builds('{}\'{} NEAR/5 "{}"\n AND sanction*'.format, terms, terms, terms)
)


@st.composite
def rhythm(draw: st.DrawFn) -> Rhythm:
    """Without quiet hours for a digest: it may not fall into them."""
    immediate = st.just("immediately") | st.builds("grouped {}m".format, st.integers(1, 1440))
    digest = st.builds("daily {}".format, clocks) | st.builds("weekly friday {}".format, clocks)
    words = draw(immediate | digest)
    quiet = "" if words.startswith(("daily", "weekly")) else draw(st.sampled_from(["", "22:00-07:00", "00:00-23:59"]))
    return rhythms.parse(words, zone=draw(st.sampled_from(ZONES)), quiet=quiet, cap=draw(st.integers(0, 1000)))


search_forms = st.just(SearchForm()) | st.builds(
    SearchForm,
    address=st.just("") | st.just("https://forms.example/find"),
    fields=st.dictionaries(words, words.filter(lambda text: "{" not in text), max_size=2).map(
        lambda given: (*given.items(), (" from", "{from}"), ("to.day", "x{to}"))
    ),
    date_format=st.sampled_from(["%d.%m.%Y", "%Y-%m-%d"]),
    good=maybe(words),
    most=st.integers(1, 1000),
)
exceptions = st.just(TransportExceptions()) | st.builds(
    TransportExceptions, ca_file=maybe(words), legacy_tls=st.booleans(), plain_http=st.booleans(), why=words
)


def source(number: int) -> st.SearchStrategy[WantedSource]:
    """A source of the desk's own; each number has a key and an address of its own."""
    spec = st.builds(
        SourceSpec,
        key=st.from_regex(r"[a-z0-9._-]{1,9}", fullmatch=True).map(lambda key: f"own{number}/{key}"),
        name=words,
        address=st.from_regex(r"[a-z]{0,9}(\?a=[A-Z0-9%_-]{1,9})?", fullmatch=True).map(
            lambda rest: f"https://ministry{number}.example/{rest}"
        ),
        organisation=maybe(words),
        country=maybe(st.from_regex("[A-Z]{2}", fullmatch=True)),
        languages=st.lists(st.from_regex("[a-z]{2}", fullmatch=True), max_size=3).map(tuple),
        zone=st.sampled_from(ZONES),
        day_first=st.booleans(),
        shape=st.sampled_from(Shape),
        listing=st.builds(ListingSelectors, entry=maybe(selectors), link=selectors, date=maybe(selectors)),
        article=st.builds(ArticleSelectors, content=maybe(selectors), stop=maybe(selectors)),
        interval=st.integers(30, 86_400),
        slowest=st.integers(30, 604_800),
        delay=seconds,
        transport=exceptions,
        search=search_forms,
        enabled=st.booleans(),
        verified=st.booleans(),
        fact_year=st.just(0) | st.integers(2000, 2100),
        evidence=st.sampled_from(get_args(Evidence)),
        packs=st.lists(st.from_regex("[a-z0-9]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True), max_size=2, unique=True).map(
            tuple
        ),
        note=maybe(words),
    )
    return st.builds(WantedSource, spec, alert_first=st.booleans())


@st.composite
def watchlists(draw: st.DrawFn) -> Watchlist:
    """Any valid one, each kind sorted by name."""
    topics = draw(st.lists(st.builds(WantedTopic, words, queries), max_size=4, unique_by=lambda each: each.identity))
    pairs = [(topic.name, channel) for topic in topics for channel in CHANNELS]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True)) if pairs else []
    told = [WantedSubscription(topic, channel, draw(rhythm())) for topic, channel in chosen]
    own = [draw(source(number)) for number in range(draw(st.integers(0, 3)))]
    switched = [WantedSwitch(spec.key, draw(st.booleans())) for spec in catalogue()[:: len(catalogue()) // 3]]
    return Watchlist(
        tuple(sorted(topics, key=lambda each: each.identity)),
        tuple(sorted(told, key=lambda each: each.identity)),
        tuple(sorted([*own, *switched], key=lambda each: each.identity)),
    )


def desk(database: Database) -> Database:
    """A new desk: the catalogue is there, and two channels beside the console."""
    database.write(sources.sync_catalogue, catalogue(), NOW)
    for name in CHANNELS[:2]:
        database.write(channels.add, SOLE_OWNER, database.keyring, name, f"jsons://{name}.example/", NOW)
    return database


def settings() -> Settings:
    return Settings(allow_addresses="")

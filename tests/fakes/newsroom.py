"""A desk in the middle of its day, with invented words: for looking at the pages, whatever the clock on the wall says.

Statements are stored, matched and announced by what always does it; only the time is this module's.
"""

from __future__ import annotations

import asyncio
import random
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import update

from presswatch.actions import kept, signing_in, subscriptions, topics, users
from presswatch.links import Signed, secrets_of, sign
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.items.store import store
from storage.people import users as people
from storage.people.rhythms import WantedRhythm
from storage.sources import polls, sources
from storage.tables import items
from storage.tables import sources as source_rows
from storage.tables import topics as topic_rows
from storage.types import (
    SOLE_OWNER,
    Actor,
    Article,
    ArticleDraft,
    Face,
    Preferences,
    Published,
    Reason,
    Role,
    Source,
    SourceSpec,
    Stored,
)
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, dispatch_of
from tests.storage.examples import poll_result, polling

DAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 12, 40, tzinfo=UTC)
"""When one looks."""
BEGUN = NOW - timedelta(weeks=14)
"""When the sources were added and the topics were written."""
NAME, OTHER, PASSPHRASE, ZONE = "N. Halitsa", "M. Tarkan", "four words nobody guesses", "Europe/Minsk"
PERSON = Actor(SOLE_OWNER, Face.COMMAND_LINE)
MAIL = "mailto://127.0.0.1:25?mode=insecure&from=watch@example.org&to=desk@example.org"
SUBSCRIBED = (
    ("CSTO", MAIL, WantedRhythm(zone=ZONE)),
    ("Sanctions", "json://127.0.0.1:9/night-desk", WantedRhythm("daily 18:00", ZONE, "22:00-07:00")),
    ("Grain deliveries", "console", WantedRhythm("grouped 30m", ZONE, cap=5)),
)
TITLES = (
    "The minister speaks about {} with three neighbours",
    "Joint statement on {} after a morning of talks",
    "Briefing: {}, and what the spokeswoman was asked",
    "A delegation comes to the capital over {}",
    "On {}: remarks of the deputy minister",
    "Answer to a letter from the reading public on {}",
)
SUBJECTS = ("the CSTO exercise", "sanctions", "a grain train", "the ferry", "the archives", "student visas")
PACKS = {"mfa-": "foreign", "mod-": "defence"}
UNREAD = {"mfa-os": range(11, 14)}
"""How many days ago a section could not be read."""
TROUBLES = {
    "mfa-os": (Reason.LOGIN, "https://mfa-os.example/news/ answered with a login page"),
    "mod-li": (Reason.SILENT, "nothing new since 9 Nov 2026"),
}


@cache
def words() -> dict[str, Any]:
    """What is said on that day, and by whom."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def fill(database: Database) -> dict[str, str]:
    """Let the day happen: sources, three months of history, topics, and what came in and was announced until `NOW`.

    Returns the numbers of some statements, by what became of them, the secret of an unused invitation, and what stands
    in a signed link to the second subscription.
    """
    return asyncio.run(_fill(database))


async def _fill(database: Database) -> dict[str, str]:
    await users.add(database, PERSON, NAME, Role.OWNER, PASSPHRASE)
    await users.add(database, PERSON, OTHER, Role.EDITOR, PASSPHRASE)
    database.write(people.set_preferences, database.read(people.get, NAME), Preferences(zone=ZONE))
    watched = {key: _watch(database, key, **about) for key, about in words()["ministries"].items()}
    for name, query in words()["topics"].items():
        await topics.add(database, SOLE_OWNER, name, query)
    database.write(lambda connection: connection.execute(update(topic_rows).values(created_at=BEGUN)))
    _store_history(database, watched)
    known = await _let_the_day_pass(database, watched)
    _poll(database, watched)
    await _keep(database, list(known.values()))
    numbers = {each["called"]: str(known[each["title"]].item_id) for each in words()["statements"] if "called" in each}
    signed = sign(Signed(SOLE_OWNER, (2,)), secrets_of(database.keyring))
    return {**numbers, "link": await signing_in.invite(database, Role.READER), "signed": signed}


async def _let_the_day_pass(database: Database, watched: Mapping[str, Source]) -> dict[str, Stored]:
    """What came in, by its title; who is subscribed was told 45 seconds later."""
    clock = Clock()
    dispatch = dispatch_of(database, clock, Desk(clock))
    clock.at = _at("00:00")
    await match_and_deliver(dispatch)
    for topic, address, rhythm in SUBSCRIBED:
        policy = AddressPolicy.parse("127.0.0.0/8")
        await subscriptions.subscribe(database, SOLE_OWNER, topic, address, policy, rhythm)
    known: dict[str, Stored] = {}
    for each in words()["statements"]:
        clock.at = _at(each["at"])
        known[each["title"]] = _publish(database, watched[each["by"]], known, each)
        clock.at += timedelta(seconds=45)
        await match_and_deliver(dispatch)
    for each in words()["statements"]:
        if "withdrawn" in each:
            _set(database, known[each["title"]], withdrawn_at=_at(each["withdrawn"]))
    return known


def _watch(database: Database, key: str, country: str, name: str, zone: str, languages: list[str]) -> Source:
    address = f"https://{key}.example/news/"
    packs = tuple(pack for body, pack in PACKS.items() if key.startswith(body))
    spec = SourceSpec(f"{key}/news", f"{name}: news", address, name, zone=zone, languages=tuple(languages), packs=packs)
    source = database.write(sources.add, spec, alert_first=False, now=BEGUN)
    # No country of ISO 3166-1 is spoken of: the name stands where its two letters would.
    called = update(source_rows).where(source_rows.c.id == source.id).values(country=country)
    database.write(lambda connection: connection.execute(called))
    return source


def _store_history(database: Database, watched: Mapping[str, Source]) -> None:
    """Some statements a week from each, of which a few speak of the topics."""
    chance, seen = random.Random(28), BEGUN
    while seen.date() < DAY:
        for source in watched.values():
            said = dict.fromkeys(chance.choices(SUBJECTS, (3, 2, 1, 4, 4, 4), k=chance.randint(0, 3)))
            about = [(chance.choice(TITLES).format(subject), _said_of(chance, subject, seen)) for subject in said]
            database.write(store, [_draft(source, seen, *each, "en") for each in about], now=seen)
        seen += timedelta(weeks=1)


def _said_of(chance: random.Random, subject: str, seen: datetime) -> str:
    hours, rooms = chance.randint(2, 7), chance.choice(("one room", "two rooms", "the garden", "the old library"))
    return (
        f"On {seen:%d %B} the ministry spoke about {subject} for {hours} hours in {rooms}. Notes were taken by hand, "
        f"and all sides agreed to meet again when {hours + chance.randint(3, 9)} questions are answered."
    )


def _publish(database: Database, source: Source, known: Mapping[str, Stored], said: Mapping[str, str]) -> Stored:
    """Store a statement, or what it says after an edit."""
    before = known.get(said.get("edits", ""))
    language = said.get("language", source.spec.languages[0])
    draft = _draft(source, _at(said["at"]), said["title"], said["body"].strip(), language, before)
    [stored] = database.write(store, [draft], now=_at(said["at"]))
    if "edition" in said:
        _set(database, stored, story_id=known[said["edition"]].item_id)
    return stored


def _draft(
    source: Source, seen: datetime, title: str, body: str, language: str, before: Stored | None = None
) -> ArticleDraft:
    address = f"{source.spec.address}{random.Random(f'{title} {seen:%j}').getrandbits(32)}"
    claim = Published(seen.date(), zone=source.spec.zone, text=f"{seen:%d.%m.%Y}")
    article = Article(address, title, body, language, claim)
    return ArticleDraft(article, source.id, source.key, item_id=before.item_id if before else None)


def _set(database: Database, stored: Stored, **values: Any) -> None:
    changed = update(items).where(items.c.id == stored.item_id).values(**values)
    database.write(lambda connection: connection.execute(changed))


def _at(hour: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{hour}:00+00:00")


def _poll(database: Database, watched: Mapping[str, Source]) -> None:
    """Each was asked once a day, and a few times today; two are in trouble."""
    for days in range(30, 0, -1):
        at = NOW - timedelta(days=days)
        of_day = [
            poll_result(
                polling(database, source, now=at), Reason.LOGIN if days in UNREAD.get(key, ()) else Reason.OK, at=at
            )
            for key, source in watched.items()
        ]
        database.write(polls.end_polls, of_day)
    for minutes in (200, 130, 60, 8):
        at = NOW - timedelta(minutes=minutes)
        for key, source in watched.items():
            reason, detail = TROUBLES.get(key, (Reason.OK, ""))
            result = poll_result(polling(database, source, now=at), reason, at=at, detail=detail, entries=10)
            database.write(polls.end_polls, [result])


async def _keep(database: Database, known: list[Stored]) -> None:
    """The desk has read the first ones, and keeps one that was withdrawn."""
    brief = await kept.make_collection(database, SOLE_OWNER, "For Monday's brief")
    await kept.share(database, SOLE_OWNER, brief.id, True)
    note = "Withdrawn after 84 minutes: ask the press office."
    await kept.keep(database, SOLE_OWNER, known[3].item_id, note, [brief.id])
    await kept.mark(database, SOLE_OWNER, [stored.item_id for stored in known[:3]])

"""Nothing of the interface is left in English for who reads another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from sqlalchemy import Connection, insert, update

from presswatch.actions import kept, signing_in
from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.languages import catalogue
from storage.sources import sources as sources_of
from storage.tables import deliveries, delivery_alerts, polls, sources
from storage.types import SOLE_OWNER, Preferences, Published, Role
from tests.presswatch.web.walking import Walker, walked, walker
from tests.storage.examples import HOUR, MINUTE, NOW, draft, matched, spec, store, subscribed
from tests.translations import CATALOGUES, said, untranslated

TEXTS = {
    "ru": "Министры говорили о мосте.",
    "ar": "تحدث الوزراء عن الجسر.",
    "he": "השרים דיברו על הגשר.",
    "ja": "大臣たちは橋について話した。",
}
"""Statements without a Latin letter, by their language."""


@pytest.mark.parametrize("code", CATALOGUES)
def test_everything_that_is_said_is_translated(code: str) -> None:
    known, now_said = catalogue(code), said()
    missing = [str(each.id) for each in now_said if each.id and known.get(each.id, each.context) is None]
    assert missing == [], "python -m tests.translations, then translate what is new"
    assert untranslated(known) == []
    assert [str(each.id) for each in known if each.id and each.fuzzy] == []
    gone = [str(each.id) for each in known if each.id and now_said.get(each.id, each.context) is None]
    assert gone == [], "python -m tests.translations"


OURS = {
    "presswatch", "json", "csv", "ndjson", "atom", "rss", "markdown", "feed", "toml", "opml", "utc", "apprise", "api",
    "ctrl", "alt", "meta", "esc", "enter", "and", "or", "not", "near", "title", "before", "alias", "english", "http",
    "https", "css", "html", "robots", "txt", "console",
    "miniflux", "freshrss", "netnewswire", "program",
}  # fmt: skip
"""Names and words of the query language, which are the same in every language."""
_LATIN = re.compile(r"[A-Za-z]{2,}")
_WORDS = (
    "aria-label",
    "title",
    "alt",
    "placeholder",
    "data-label",
    "data-busy",
    "data-copy",
    "data-close",
    "data-lost",
)
"""Attributes that are read or heard."""
VIEWS = (
    "/?by=country", "/?by=time", "/search?q=мост", "/search?q=(мост", "/search?q=небывалое", "/search?q=мост&since=x",
    "/search/all/country?q=мост", "/statements/1?compare=1..2", "/statements/1?compare=1..2&columns=2",
    "/statements/1?version=1", "/statements/2?why=Мосты", "/statements/1?compare=2..1", "/topics?pause=1",
    "/topics/1?query=(мост", "/topics/1?query=мост OR NOT река", "/topics/new?query=and", "/topics/names/CSTO",
    "/subscriptions?change=1", "/subscriptions?new=1", "/subscriptions?channel=new",
    "/subscriptions?operator=1", "/subscriptions?proof=1", "/subscriptions?alert=1", "/subscriptions?state=dead",
    "/subscriptions/meaning?kind=weekly&at=25:00&zone=None/At", "/subscriptions/meaning?kind=daily&quiet=22:00-07:00",
    "/trends?period=all&q=мост", "/trends?by=day&topic=Мосты", "/trends?q=(", "/sources?every=yes",
    "/today/rows?after=0", "/today/new?after=0", "/?day=2023-13-45", "/nowhere", "/statements/999", "/topics/999",
    "/collections/999",
)  # fmt: skip
REFUSED = {
    "/topics/new": {"name": "Мосты", "query": "мост"},
    "/topics/1": {"name": "", "query": "x* OR ("},
    "/topics/1/pause": {"until": "вчера"},
    "/channels": {"name": "канал", "address": "nothing://"},
    "/subscriptions": {
        "topic": "нет такой",
        "channel": "",
        "kind": "grouped",
        "minutes": "0",
        "quiet": "x",
        "cap": "z",
    },
    "/collections": {"name": ""},
    "/settings": {"zone": "Nowhere/At", "theme": ""},
    "/settings/passphrase": {"old": "нет", "new": "да"},
}
"""What is sent to each and refused."""


@pytest.fixture
def pages(desk: Desk) -> FastAPI:
    return application(desk)


@pytest.fixture
async def reader(desk: Desk, pages: FastAPI) -> Walker:
    """The owner of a desk where nobody wrote a Latin letter, who reads Russian."""
    himself = await walker(desk, pages, "анна", Role.OWNER)
    assert himself.user
    await signing_in.prefer(desk.database, himself.user, Preferences("Europe/Minsk", "", "ru"))
    source = desk.database.write(sources_of.add, spec(name="Новости"), alert_first=False, now=NOW)
    told = subscribed(desk.database, "Мосты", "bridge OR мост", "console", "почта")
    languages = (*TEXTS, *TEXTS)
    stored = store(
        desk.database,
        *(draft(source, number, title=TEXTS[code], body=f"{TEXTS[code]}\n\n{TEXTS[code]}", language=code,
                published=Published(day=NOW.date()) if number % 2 else None)
          for number, code in enumerate(languages, 1)),
    )  # fmt: skip
    store(desk.database, draft(source, 1, title=TEXTS["ru"], body="Иначе.", language="ru", item_id=stored[0].item_id))
    matched(desk.database, told, *stored)
    within = (await kept.make_collection(desk.database, SOLE_OWNER, "подборка")).id
    await kept.keep(desk.database, SOLE_OWNER, stored[0].item_id, "зачем", [within])
    desk.database.write(_tell_of_everything)
    return himself


def _tell_of_everything(connection: Connection) -> None:
    trouble = {"reason": "challenge", "detail": "https://mfa.example answered with a login page",
               "organisation": "МИД", "country": "BY", "last_poll_at": NOW, "reason_since": NOW - HOUR,
               "next_poll_at": NOW + HOUR}  # fmt: skip
    connection.execute(update(sources).values(trouble))
    poll = {"owner": "h/1/a", "started_at": NOW, "ended_at": NOW, "reason": "empty", "entries": 0, "new_items": 0}
    connection.execute(insert(polls).values(source_id=1, detail="no entries", **poll))
    tried = {"channel_id": 1, "started_at": NOW, "finished_at": NOW + MINUTE, "delivered": False, "answer": "550"}
    connection.execute(insert(deliveries).values(id=1, token="1", **tried))
    connection.execute(insert(delivery_alerts).values(delivery_id=1, alert_id=1))


async def test_no_english_is_left_on_any_page(pages: FastAPI, reader: Walker) -> None:
    left: dict[str, set[str]] = {}
    seen = 0
    for where, answer in [each async for each in _answers(pages, reader)]:
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.text.strip():
            seen += 1
            if found := set(_english(html.fromstring(answer.text))):
                left[where] = found
    assert left == {}, "\n".join(f"{where}: {sorted(words)}" for where, words in left.items())
    assert seen > 60


async def _answers(pages: FastAPI, reader: Walker) -> Any:
    for asked in walked(pages):
        if asked.method == "GET" and not asked.is_api and not asked.template.endswith("/events"):
            yield str(asked), await reader.walk(asked, name="CSTO")
    for view in VIEWS:
        yield view, await reader.ask("GET", view)
    for action, form in REFUSED.items():
        yield action, await reader.ask("POST", action, data={"csrf": reader.csrf, **form})


def _english(page: Any) -> Iterator[str]:
    """Words of an English interface: Latin ones that are no code, no text of somebody's, and no name."""
    for element in page.iter():
        if not isinstance(element.tag, str) or _is_somebodys(element):
            continue
        heard = [element.get(name, "") for name in _WORDS]
        for text in (element.text or "", *(child.tail or "" for child in element), *heard):
            yield from (word for word in _LATIN.findall(_without_names(text)) if word.lower() not in OURS)


def _is_somebodys(element: Any) -> bool:
    """Whether it is code, or a text with a language of its own, or stands in one."""
    for each in (element, *element.iterancestors()):
        if each.tag in ("code", "kbd", "samp", "script", "style", "option", "textarea", "pre", "bdi"):
            return True
        if each.get("lang", "ru") != "ru":
            return True
    return False


def _without_names(text: str) -> str:
    """Without addresses, commands, keys, zones, and what is quoted."""
    text = re.sub(r"presswatch [a-z]+( [a-z]+)*( --?\w+)*", "", text)
    return re.sub(r"\S*[/@_=:*]\S*|'[^']*'|\"[^\"]*\"", "", text)


async def test_each_text_of_a_site_has_its_own_language_and_direction(pages: FastAPI, reader: Walker) -> None:
    """Wherever one stands, so that no Arabic title turns a line of ours around, and Japanese gets its own letters."""
    bare: dict[str, set[str]] = {}
    seen: set[str] = set()
    for where, answer in [each async for each in _answers(pages, reader)]:
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.text.strip():
            for code, element in _of_sites(html.fromstring(answer.text)):
                seen.add(code)
                if not _stands_by_itself(element, code):
                    bare.setdefault(where, set()).add(html.tostring(element, encoding="unicode")[:120])
    assert bare == {}, "\n".join(f"{where}: {found}" for where, found in bare.items())
    assert seen == set(TEXTS)


def _of_sites(page: Any) -> Iterator[tuple[str, Any]]:
    """The elements in which a text of a site begins, and its language."""
    for element in page.iter():
        if isinstance(element.tag, str) and element.tag != "title":
            told = (element.text or "", *(child.tail or "" for child in element))
            yield from ((code, element) for code, text in TEXTS.items() if any(text[:9] in each for each in told))


def _stands_by_itself(element: Any, code: str) -> bool:
    chain = [element, *element.iterancestors()]
    spoken = next((each for each in chain if each.get("lang")), None)
    turned = next((each for each in chain if each.get("dir") or each.tag == "bdi"), None)
    return spoken is not None and spoken.get("lang") == code and turned is not None


async def test_dates_and_numbers_are_the_readers(pages: FastAPI, reader: Walker) -> None:
    answer = await reader.ask("GET", "/statements/1")
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "28 нояб. 2024" in text
    assert "Минск" in text
    assert "Беларусь" in text

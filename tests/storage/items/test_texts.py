"""Texts are analysed before the write lock is taken, and what is foreseen is what is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.items.evidence.folder import EvidenceFolder
from storage.items.store import made_ahead, store, to_be_written
from storage.query.text import AnalysedText, analyse
from storage.sources import sources
from storage.types import ArticleDraft, Decision, SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website
from tests.storage.examples import BODY, NOW, draft, watched

MENU = "Home. News. Contacts of the house by the river."


def unforeseen(title: str, body: str, language: str) -> AnalysedText:
    raise AssertionError(f"{title} is analysed while it is written")


def written(database: Database, *drafts: ArticleDraft) -> list[Decision]:
    known, _ = database.read(made_ahead, drafts, NOW, EvidenceFolder(database.path.parent))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("storage.items.texts.analyse", unforeseen)
        return [stored.decision for stored in database.write(store, drafts, known, now=NOW)]


def test_new_and_changed_statements_are_foreseen_and_unchanged_ones_are_not_analysed(database: Database) -> None:
    source = watched(database)
    assert written(database, draft(source, 1), draft(source, 2)) == [Decision.NEW] * 2
    edited, same = draft(source, 1, body="The tolls rose."), draft(source, 2)
    assert [one.article.body for one in database.read(to_be_written, [edited, same], NOW)] == ["The tolls rose."]
    assert written(database, edited, same) == [Decision.CHANGED, Decision.SAME]


def test_what_repeats_on_a_site_s_pages_is_foreseen_to_be_cut(database: Database) -> None:
    source = watched(database)
    for number in range(1, 12):
        assert written(database, draft(source, number, body=f"{MENU}\n\nBridge {number} was opened.")) == [Decision.NEW]
    [one] = database.read(to_be_written, [draft(source, 12, body=f"{MENU}\n\nA bridge was closed.")], NOW)
    assert (one.article.body, one.article.cut) == ("A bridge was closed.", (MENU,))


@pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop
async def test_others_can_write_while_a_crawl_analyses_what_it_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed = []

    def watched_analyse(title: str, body: str, language: str) -> AnalysedText:
        with closing(sqlite3.connect(database.path, timeout=0.0, isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")  # refused at once where the write lock is held
            another.execute("ROLLBACK")
        analysed.append(title)
        return analyse(title, body, language)

    monkeypatch.setattr("storage.items.texts.analyse", watched_analyse)
    with Website() as site:
        links = (
            f'<p>{day} November 2024 <a href="/news/{day}">The bridge number {day}</a></p>' for day in range(10, 15)
        )
        site.answer("/news", f"<h1>News</h1>{''.join(links)}")
        for day in range(10, 15):
            site.answer(f"/news/{day}", f"<h1>The bridge number {day}</h1><p>{BODY}</p><p>It is the {day}. one.</p>")
        spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
        database.write(sources.add, spec, alert_first=False, now=now())
        async with running(Crawl(database)) as crawl:
            await poll(crawl, "test/news")
    assert len(analysed) == 5

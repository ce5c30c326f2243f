"""The operator's channel gets daily where the evidence ends, where that is wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from crawler.run import Crawl
from notify.messages.notices import compose
from scheduler import jobs
from storage.database import Database
from storage.items.evidence import rows
from storage.operator import notices
from tests.storage.examples import NOW, channel_named, watched
from tests.storage.items.evidence.kept import archive, fetched


async def test_it_is_told_once_a_day_with_the_newest_digest(database: Database) -> None:
    source = watched(database)
    crawl = Crawl(database)
    with time_machine.travel(NOW, tick=False) as clock:
        database.write(notices.set_operator, channel_named(database, "desk", "console"), NOW)
        assert not await jobs.tell_head(crawl)  # nobody wants it
        crawl.tells_head = True
        assert not await jobs.tell_head(crawl)  # there is none
        told: list[notices.Notice] = []
        for number in range(1, 4):
            await archive(database).store([fetched(source, number)])
            assert await jobs.tell_head(crawl)
            assert not await jobs.tell_head(crawl)
            clock.shift(timedelta(hours=24, minutes=1))
            told += database.write(notices.claim, NOW + timedelta(days=number, hours=1), timedelta(minutes=1))[-1:]
        [head] = database.read(rows.last_of_each)
        assert head.digest in told[-1].detail
        assert len({one.detail for one in told}) == 3
    message = compose(told[-1:])
    assert message.content.subject == "presswatch: where the evidence ends today"


@pytest.mark.parametrize("wanted", [True, False])
def test_a_setting_wants_it(wanted: bool) -> None:
    from presswatch.settings import Settings

    assert Settings(evidence_head=wanted).scrapy["PRESSWATCH_EVIDENCE_HEAD"] is wanted

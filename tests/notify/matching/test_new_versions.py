"""New versions meet the topics in force; a mistake over one of them costs this one alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notify.matching.matcher import Matcher
from notify.matching.new_versions import MatchRun
from storage.database import Database
from storage.events import Event, FaultBegan, MistakeMade
from storage.query.evaluate import Evaluation
from storage.query.text import AnalysedText
from tests.storage.examples import draft, store, subscribed, watched


async def test_a_mistake_over_one_version_is_told_and_the_others_are_matched(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = Matcher.matches

    def slipping(self: Matcher, text: AnalysedText) -> Iterator[tuple[int, Evaluation]]:
        if "poisoned" in text.title.text:
            raise LookupError("no such stem")
        return matches(self, text)

    monkeypatch.setattr(Matcher, "matches", slipping)
    subscribed(database)
    source = watched(database)
    [_, bad, _] = store(database, draft(source, 1), draft(source, 2, title="A poisoned bridge"), draft(source, 3))
    told: list[Event] = []
    run = MatchRun(database, told.append)
    assert await run.match_new() == 2
    assert await run.match_new() == 0
    what = "LookupError: no such stem"
    mend = "it is matched when presswatch starts again"
    assert told == [
        MistakeMade("matching", what),
        FaultBegan(f"statement #{bad.item_id}", "unreadable", what, mend),
    ]
    monkeypatch.undo()
    assert await MatchRun(database, told.append).match_new() == 1, "with a mended program"

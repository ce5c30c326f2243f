"""The statements that the replica publishes: bundled ones, and made-up ones."""

from __future__ import annotations

import pytest

from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import demo_statements, drafts, many_statements
from tests.presswatch.demo.asking import get


def test_the_bundled_statements_are_those_that_the_tests_and_the_demo_need() -> None:
    english, russian = drafts("en"), drafts("ru")
    assert (len(english), len(russian)) == (14, 14)
    assert all(3 <= len(draft.body) <= 6 for draft in drafts())
    texts = {(draft.language, draft.key): " ".join((draft.title, *draft.body)) for draft in drafts()}
    assert sum("CSTO" in text for text in texts.values()) == 3
    assert sum("ОДКБ" in text for text in texts.values()) == 3
    assert "Afghanistan" in texts["en", "csto-afghanistan"]
    assert "Collective Security Treaty Organization" in texts["en", "csto-afghanistan"]
    assert "sanctions" in texts["en", "sanctions"]
    assert "санкций" in texts["ru", "sanctions"]
    briefings = [draft for draft in english if draft.title == "Spokesperson's briefing"]
    assert len(briefings) == len({draft.body for draft in briefings}) == 2


def test_what_the_demo_publishes_is_not_there_before() -> None:
    before, live = demo_statements("before"), demo_statements("live")
    assert not {(draft.key, draft.language) for draft in before} & {(draft.key, draft.language) for draft in live}
    assert {draft.language for draft in before} == {draft.language for draft in live} == {"en", "ru"}


def test_every_bundled_statement_arrives_word_for_word(site: ReplicaSite) -> None:
    for draft in drafts():
        statement = site.publish(**draft.as_arguments())
        tree = get(statement.address).tree
        assert tree.cssselect("h1")[0].text == draft.title
        assert tuple(each.text for each in tree.cssselect("section.content-page > p")) == draft.body


@pytest.mark.parametrize("language", ["en", "ru"])
def test_made_up_statements_are_many_long_different_and_the_same_again(language: str) -> None:
    many = list(many_statements(200, seed=7, language=language))
    assert many == list(many_statements(200, seed=7, language=language))
    assert many != list(many_statements(200, seed=8, language=language))
    assert len({draft.body for draft in many}) == len({draft.title for draft in many}) == 200
    assert all(400 <= sum(len(paragraph.split()) for paragraph in draft.body) <= 600 for draft in many)


def test_made_up_statements_need_a_language_that_is_known() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        next(many_statements(1, language="fr"))

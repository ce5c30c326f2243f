"""Alias packs: their own examples, and files that are none. Reads the shipped packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import SettingsError
from storage.query.aliases import AliasName, AliasPack, Example, find_alias, load_packs, shipped_packs
from storage.query.parser import parse
from storage.query.resolve import name_atoms, resolve
from tests.query.questions import matches

PACKS = {pack.name: pack for pack in shipped_packs().values()}
EXAMPLES = [
    pytest.param(pack.name, example, id=f"{pack.name}-{example.language}-{example.text[:30]}")
    for pack in PACKS.values()
    for example in pack.examples
]


@pytest.mark.parametrize(("alias", "example"), EXAMPLES)
@pytest.mark.parametrize("known", [True, False], ids=["language known", "language unknown"])
def test_a_pack_answers_its_examples_rightly(alias: str, example: Example, known: bool) -> None:
    language = example.language if known else ""
    assert matches(f'alias:"{alias}"', example.text, language=language) is example.matches


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_pack_has_examples_for_and_against_in_each_of_its_languages(pack: AliasPack) -> None:
    languages = {name.language for name in pack.names}
    assert {(example.language, example.matches) for example in pack.examples} >= {
        (language, answer) for language in languages for answer in (True, False)
    }


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_each_name_of_a_pack_is_found_in_a_text_of_its_language(pack: AliasPack) -> None:
    for name in pack.names:
        written = name.text.removesuffix("*")
        assert matches(f'alias:"{pack.name}"', f"… {written}, …", language=name.language), name


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_no_name_of_a_pack_is_listed_that_another_finds(pack: AliasPack) -> None:
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for name in pack.names:
        assert name_atoms(name) not in seen, name
        seen.add(name_atoms(name))


@pytest.mark.parametrize("name", ["CSTO", "csto", "odkb", "ОДКБ", " Csto "])
def test_a_pack_is_found_by_its_name_and_synonyms_in_any_case(name: str) -> None:
    pack = find_alias(name)
    assert pack is not None
    assert pack.name == "CSTO"


def test_a_pack_of_a_later_folder_stands_in_place_of_an_earlier_one(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder, word in ((first, "sea"), (second, "lake")):
        folder.mkdir()
        (folder / "water.toml").write_text(f'name = "Water"\ndescription = ""\n[names]\nen = ["{word}"]\n')
    packs = load_packs(first, second)
    assert resolve(parse("alias:water"), packs=packs) == resolve(parse("alias:water"), packs=load_packs(second))
    assert packs["water"].names == (AliasName("lake", "en"),)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("name = ", id="no TOML"),
        pytest.param('name = "Water"\ndescription = ""', id="no names"),
        pytest.param('name = "Water"\ndescription = ""\n[names]', id="names that are empty"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = ["!"]', id="a name without a word"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = [1]', id="a name that is a number"),
        pytest.param('name = 1\ndescription = ""\n[names]\nen = ["sea"]', id="a pack whose name is a number"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = "sea"', id="names that are no list"),
        pytest.param(
            'name = "W"\ndescription = ""\n[names]\nen = ["a"]\n[[example]]\ntext = "a"', id="half an example"
        ),
    ],
)
def test_a_file_that_is_no_pack_is_refused_by_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "water.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"water\.toml") as refused:
        load_packs(tmp_path)
    assert refused.value.mend

"""The tree is what it says it is: our names are ours, the locks are whole, and no file tells where it was written."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tests.project import PACKAGES, ROOT, TOP_LEVEL, files

LOCKS = ["requirements.lock", "requirements-postgres.lock", "requirements-test.lock"]

# Put together here, so that this file does not contain what it forbids.
FORBIDDEN = {
    "the address of a package index": re.compile(rb"pypi\." + rb"org|python" + rb"hosted", re.IGNORECASE),
    "a folder of the machine it was written on": re.compile(rb"(?<![\w.])/(wo" + rb"rk|ro" + rb"ot|ho" + rb"me/\w+)/"),
}


def pins(lock: str) -> dict[str, set[str]]:
    """Package name -> the versions that a lock gives it; several where a marker tells them apart."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_is_imported_from_our_tree(name: str) -> None:
    module = importlib.import_module(name)
    assert Path(str(module.__file__)).is_relative_to(ROOT)


@pytest.mark.parametrize("name", [*PACKAGES, "bootstrap", "tests"])
def test_no_other_distribution_claims_our_names(name: str) -> None:
    claimed_by = importlib.metadata.packages_distributions().get(name, [])
    assert set(claimed_by) <= {"presswatch"}


def test_every_package_is_built_into_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == PACKAGES
    assert "Private :: Do Not Upload" in project["project"]["classifiers"]


def test_only_known_names_stand_at_the_top() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in files()} <= TOP_LEVEL


def test_each_folder_of_code_is_a_package() -> None:
    # Alembic reads its scripts by their path.
    code = [path for path in files() if path.suffix == ".py" and not path.is_relative_to(ROOT / "storage/migrations")]
    folders = {path.parent for path in code} - {ROOT}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_the_folders_of_the_tests_are_those_of_the_packages() -> None:
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests) for path in files() if path.suffix == ".py" and tests in path.parents}
    mirrored = [folder for folder in sorted(folders) if folder.parts and folder.parts[0] in PACKAGES]
    assert len(mirrored) > 30
    assert [folder for folder in mirrored if not (ROOT / folder).is_dir()] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    own = [path for path in files() if path.suffix != ".whl"]
    assert [str(path.relative_to(ROOT)) for path in own if FORBIDDEN[what].search(path.read_bytes())] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_for_each_version_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    requirements = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(requirements) > 50
    assert [entry.split()[0] for entry in requirements if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|index-url|find-links|file:", text)


@pytest.mark.parametrize(("smaller", "larger"), [*pairwise(LOCKS)])
def test_a_larger_lock_has_all_of_the_smaller_one_in_the_same_versions(smaller: str, larger: str) -> None:
    some, all_of_it = pins(smaller), pins(larger)
    assert {name: all_of_it.get(name) for name in some} == some


def test_the_locks_name_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    def unlocked(requirements: list[str], lock: str) -> list[str]:
        names = [re.split(r"[^\w.-]", requirement)[0] for requirement in requirements]
        return [name for name in names if re.sub(r"[-_.]+", "-", name).lower() not in pins(lock)]

    assert unlocked([*project["project"]["dependencies"], *groups["build"]], "requirements.lock") == []
    assert unlocked([*project["project"]["dependencies"], *groups["test"]], "requirements-test.lock") == []
    assert unlocked(project["project"]["optional-dependencies"]["postgres"], "requirements-postgres.lock") == []


def test_exactly_one_pip_is_bundled() -> None:
    assert len([path for path in files() if path.suffix == ".whl"]) == 1


def test_what_begins_with_an_underscore_stays_in_its_file() -> None:
    borrowed = [
        f"{file.relative_to(ROOT)}: {node.module}.{name.name}"
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES
        for name in node.names
        if name.name.startswith("_")
    ]
    assert borrowed == []


def test_no_test_module_imports_from_another() -> None:
    """What two of them share has a module of its own: else each change of the one is a change of the other."""
    found = [
        f"{file.relative_to(ROOT)}: {node.module}"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and re.search(r"(^|\.)test_\w+$", node.module or "")
    ]
    assert found == []

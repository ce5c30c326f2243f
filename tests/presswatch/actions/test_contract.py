"""What holds for every action: a face awaits it on whatever loop it has, and nothing is printed but by a command."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from types import ModuleType

import pytest

import presswatch.actions
import presswatch.commands

ACTIONS = sorted(Path(presswatch.actions.__path__[0]).glob("[!_]*.py"))
COMMANDS = sorted(Path(presswatch.commands.__path__[0]).glob("[!_]*.py"))

STARTS_A_LOOP = {"run", "Runner", "run_until_complete", "new_event_loop", "run_crawling"}
TALKS = {"print", "input", "say"}
NEVER_IMPORTED = {"presswatch.loop", "presswatch.output", "presswatch.context", "typer", "rich"}

every_action = pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.stem)
every_command = pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.stem)


def called(file: Path) -> set[str]:
    """The names of what a module calls: `run` for `asyncio.run(...)`; not what it calls of its own threads."""
    calls = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {
        call.id if isinstance(call, ast.Name) else call.attr
        for call in calls
        if isinstance(call, ast.Name) or (isinstance(call, ast.Attribute) and not is_private(call.value))
    }


def is_private(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id.startswith("_")


def imported(file: Path) -> set[str]:
    """The modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_of(file: Path) -> ModuleType:
    return importlib.import_module(f"presswatch.actions.{file.stem}")


def test_there_is_an_action_module_for_each_noun() -> None:
    nouns = {"alerts", "aliases", "backfill", "channels", "exports", "history", "items", "notices", "pages",
             "proposals", "sources", "subscriptions", "topics"}  # fmt: skip
    assert nouns <= {file.stem for file in ACTIONS}


@every_action
def test_an_action_starts_no_loop_and_prints_nothing(file: Path) -> None:
    assert called(file) & (STARTS_A_LOOP | TALKS) == set()
    assert {name for name in imported(file) if name.split(".")[0] == "rich" or name in NEVER_IMPORTED} == set()


@every_action
def test_whatever_works_on_the_database_or_fetches_is_a_coroutine(file: Path) -> None:
    module = module_of(file)
    acts = {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and {"database", "crawl", "reading"} & set(inspect.signature(function).parameters)
    }
    plain = {name for name, function in acts.items() if not inspect.iscoroutinefunction(function)}
    assert plain <= {"fetcher"}, "which only hands on the crawl's fetch"


@every_action
def test_an_action_blocks_no_loop_with_the_database(file: Path) -> None:
    blocking = {
        ast.unparse(node)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("database.read", "database.write")
    }
    assert blocking == set()


@every_command
def test_a_command_is_composed_of_actions(file: Path) -> None:
    rooms = {"people", "sources", "items", "outbox", "operator", "search", "query"}
    values_alone = {"storage.search.search", "storage.search.search.Order", "storage.search.intervals"}
    tree = ast.parse(file.read_text("utf-8"))
    annotations = {  # what stands behind `if TYPE_CHECKING` is never run
        id(node)
        for guard in ast.walk(tree)
        if isinstance(guard, ast.If) and ast.unparse(guard.test) == "TYPE_CHECKING"
        for node in ast.walk(guard)
    }
    asked = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and id(node) not in annotations
        and node.module
        and node.module.startswith("storage.")
        and node.module.split(".")[1] in rooms
    }
    assert asked <= values_alone
    assert not {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)} & {
        "database.read", "database.write", "database.read_async", "database.write_async"
    }  # fmt: skip

"""What the documentation says is so. Runs the README's commands, on replicas of a site."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from typer.core import TyperOption

import bootstrap.commands
from crawler.catalog import packs, read_file
from crawler.fetching.failures import REMEDIES
from notify.channels.kinds import KINDS
from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import demo_statements
from presswatch.settings import Settings
from storage.types import ArticleSelectors, ListingSelectors, Reason, SourceSpec
from tests.fakes.program import Program, Result
from tests.project import EVERY_COMMAND, PACKAGES, ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
CODE = ["bootstrap", *PACKAGES]

OF_MANY = {"--json", "--limit", "--help", "--data"}
"""Options that many commands have: described once."""

ENDLESS = {"start", "demo"}
"""Commands that go on by themselves: other tests watch them; here they only have to exist."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(page: Path | str, *languages: str) -> list[str]:
    """The fenced blocks of a page in one of these languages."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", read(page), re.MULTILINE | re.DOTALL)
    return [text for language, text in found if language in languages]


def typed_commands(page: Path | str) -> list[list[str]]:
    """What a page tells a person to type: the lines of its `sh` blocks, those behind `$` in its `console` blocks."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line.strip()]
    lines += [line[2:] for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line) for line in lines]


def table(page: Path | str, first_heading: str) -> list[list[str]]:
    """The rows of the page's tables whose first column has this heading."""
    rows = []
    for text in re.findall(r"(?:^\|.*\n)+", read(page), re.MULTILINE):
        heading, _, *lines = [
            [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            for line in text.replace("||", "| |").splitlines()
        ]
        if heading[0] == first_heading:
            rows += lines
    return rows


def first_words(page: Path | str, first_heading: str) -> set[str]:
    """What stands in backticks in the first column of such tables."""
    return {word for row in table(page, first_heading) for word in re.findall(r"`([^`]+)`", row[0])}


every_command = pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


# -- commands ----------------------------------------------------------------------------------------------------------


@every_command
def test_a_command_s_help_has_an_example_of_that_command(words: tuple[str, ...]) -> None:
    command = EVERY_COMMAND[words]
    help_text = command.get_help(typer.Context(command, info_name="presswatch"))
    assert f"Example: presswatch {' '.join(words)}" in " ".join(help_text.split())


@every_command
def test_a_command_s_options_say_what_they_do(words: tuple[str, ...]) -> None:
    options = [option for option in EVERY_COMMAND[words].params if isinstance(option, TyperOption)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", [words for words in EVERY_COMMAND if words[-1] == "list"], ids=" ".join)
def test_a_list_can_be_had_as_json(words: tuple[str, ...]) -> None:
    assert "--json" in {option for parameter in EVERY_COMMAND[words].params for option in parameter.opts}


@every_command
def test_a_command_stands_in_the_documentation(words: tuple[str, ...]) -> None:
    described = {re.split(r" [A-Z\[-]", command)[0] for command in first_words("docs/commands.md", "command")}
    assert " ".join(words) in described


@every_command
def test_a_command_s_options_stand_where_the_documentation_speaks_of_it(words: tuple[str, ...]) -> None:
    page = read("docs/commands.md")
    parts = re.findall(r"^\|.*$", page, re.MULTILINE) + [part for part in page.split("\n\n") if "|" not in part]
    about = " ".join(part for part in parts if f"`{' '.join(words)}" in part)
    options = {option for one in EVERY_COMMAND[words].params if isinstance(one, TyperOption) for option in one.opts}
    said = set(re.findall(r"--[a-z][a-z-]*", about)) | OF_MANY
    assert {option for option in options if option.startswith("--")} <= said


def test_the_documentation_names_no_option_that_is_not_there() -> None:
    options = {option for one in EVERY_COMMAND.values() for each in one.params for option in each.opts}
    rows = "".join(" | ".join(row) for row in table("docs/commands.md", "command"))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rows)) <= options


def test_the_documentation_describes_no_command_that_is_not_there() -> None:
    described = {re.split(r" [A-Z\[-]", command)[0] for command in first_words("docs/commands.md", "command")}
    assert described <= {" ".join(words) for words in EVERY_COMMAND}


def test_the_words_of_the_event_lines_are_documented() -> None:
    printed = set(re.findall(r'f"(\w+) +[{#]', read("storage/events.py"))) | {"statement", "edit"}
    assert len(printed) > 6
    assert first_words("docs/commands.md", "word") == printed


@every_page
def test_a_page_tells_to_type_only_what_exists(page: Path) -> None:
    scripts = {"test": bootstrap.commands.test, "lock": bootstrap.commands.lock, "wheel": bootstrap.commands.wheel}
    for program, *arguments in typed_commands(page):
        assert program == "./run"
        known = any(tuple(arguments[: len(words)]) == words for words in EVERY_COMMAND)
        assert not arguments or known or arguments[0] in scripts, arguments


@pytest.mark.slow
@pytest.mark.timeout(1800)  # nearly twenty processes, and the pace of a polite crawl
def test_what_the_readme_tells_to_type_works(tmp_path: Path) -> None:
    program = Program(tmp_path)
    typed = [arguments for _, *arguments in typed_commands("README.md") if arguments and arguments[0] not in ENDLESS]
    with ReplicaSite() as watched, ReplicaSite() as other:
        for each in (*demo_statements("before"), *demo_statements("live")):
            watched.publish(**each.as_arguments())
        for each in demo_statements("before"):
            other.publish(**each.as_arguments())
        program.watch(watched)
        assert program("poll").code == 0
        for arguments in typed:
            finished = type_in(program, arguments, other.section("en"))
            assert finished.code == 0, f"{arguments}\n{finished}"
    assert len(typed) > 15


def test_the_readme_says_of_addresses_that_lead_nowhere_that_they_do() -> None:
    """A section's address is a real one: what is pasted works where the internet is."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert 0 <= readme.find("nobody answers there") < readme.find("@example.org")
    sections = [word for words in typed_commands("README.md") for word in words if word.startswith("https://")]
    assert sections
    assert [address for address in sections if "example" in address] == []


def type_in(program: Program, arguments: list[str], section: str) -> Result:
    """Run a command as the page has it, but for the data folder and the address; a question is answered with yes."""
    data = arguments.index("--data") if "--data" in arguments else len(arguments)
    here = [*arguments[:data], *arguments[data + 2 :]]
    return program(*(section if word.startswith("https://") else word for word in here), typed="y\n")


def test_the_readme_shows_statements_of_the_replica_alone() -> None:
    shown = "".join(blocks("README.md", "console"))
    titles = {each.title for each in (*demo_statements("before"), *demo_statements("live"))}
    numbered = re.findall(r"#\d+ (?:new, |edited, version 2, )?\d{1,2} \w{3} \d{4}:? (.+)", shown)
    assert len(numbered) >= 2
    assert set(numbered) <= titles


# -- settings and sources ----------------------------------------------------------------------------------------------


def test_every_setting_is_documented_with_its_variable() -> None:
    rows = {row[0].strip("`"): row[1].strip("`") for row in table("docs/settings.md", "in the file")}
    assert rows == {name: f"PRESSWATCH_{name.upper()}" for name in Settings.model_fields}


def test_every_variable_that_the_code_reads_is_documented() -> None:
    code = "".join(path.read_text(encoding="utf-8") for package in CODE for path in (ROOT / package).rglob("*.py"))
    variables = set(re.findall(r"PRESSWATCH_[A-Z_]*[A-Z]", code)) | set(re.findall(r'environ\.get\("(\w+)"', code))
    assert {"PRESSWATCH_DATA", "PRESSWATCH_COMMAND", "XDG_CACHE_HOME"} <= variables
    assert [name for name in sorted(variables) if f"`{name}`" not in read("docs/settings.md")] == []


def test_the_example_of_a_configuration_file_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks("docs/settings.md", "toml")
    file = tmp_path / "presswatch.toml"
    file.write_text(example, encoding="utf-8")
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PRESSWATCH_{name.upper()}", raising=False)
    monkeypatch.setenv("PRESSWATCH_CONFIG", str(file))
    settings = Settings()
    assert set(tomllib.loads(example)) == set(Settings.model_fields) - {"config"}
    assert settings.contact == tomllib.loads(example)["contact"]
    assert [settings.policy.permits(address, 80) for address in ("127.0.0.1", "::1", "10.1.2.3")] == [True, True, False]


def test_the_example_of_a_catalogue_file_is_accepted(tmp_path: Path) -> None:
    (example,) = blocks("docs/adding-a-source.md", "toml")
    file = tmp_path / "mfa-xy.toml"
    file.write_text(example, encoding="utf-8")
    assert [spec.key for spec in read_file(file)] == ["mfa-xy/news-en", "mfa-xy/news-ru"]


def test_every_field_of_a_source_is_documented() -> None:
    assert first_words("docs/adding-a-source.md", "field") >= {field.name for field in fields(SourceSpec)}
    for heading, selectors in (("in `listing`", ListingSelectors), ("in `article`", ArticleSelectors)):
        assert first_words("docs/adding-a-source.md", heading) == {field.name for field in fields(selectors)}


def test_every_pack_of_the_catalogue_is_documented() -> None:
    assert first_words("docs/adding-a-source.md", "pack") == set(packs())


# -- architecture and decisions ----------------------------------------------------------------------------------------


def test_every_reason_code_is_documented_with_its_mend() -> None:
    documented = {row[0].strip("`"): row[2] for row in table("docs/health.md", "code")}
    assert documented == {str(reason): REMEDIES.get(reason, "") for reason in Reason}


def test_every_module_has_its_place_in_the_house() -> None:
    described: set[Path] = set()
    for row in table("docs/architecture.md", "module"):
        package = ROOT / row[0].strip("`").partition("/")[0]
        for word in re.findall(r"`([^`]+)`", row[0]):
            described.add(ROOT / word if "/" in word or word == "run" else package / word)
    assert [name_of(path) for path in sorted(described) if not path.exists()] == []
    modules = {path for package in PACKAGES for path in (ROOT / package).glob("[!_]*")}
    own = {path for path in modules if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert [name_of(path) for path in sorted(own - described)] == []


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    text = read(page)
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_the_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@every_page
def test_a_page_s_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", read(page))
    local = [link for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in local if not (page.parent / link.partition("#")[0]).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or not page.is_relative_to(ROOT):
            continue
        reached.add(page)
        if page.is_dir():
            waiting += page.glob("*.md")
        elif page.suffix == ".md":
            waiting += [page.parent / link for link in re.findall(r"\]\(([^)\s:#]+)\)", read(page))]
    assert set(PAGES) <= reached


def test_the_limits_of_services_stand_in_the_documentation_with_their_sources() -> None:
    rows = [line.split(" | ") for line in (ROOT / "docs" / "channels.md").read_text().splitlines() if "://` |" in line]
    documented = {}
    for addresses, figures, _, source in (row for row in rows if len(row) == 4):
        if found := re.findall(r"(\d+) in (\d+) s", figures):
            assert "." in source, f"{addresses} has no source"
            for scheme in re.findall(r"`(\w+)://`", addresses):
                documented[scheme] = {(int(count), float(seconds)) for count, seconds in found}
    limited = [kind for kind in KINDS if kind.limits]
    assert documented == {
        scheme: {(one.count, one.seconds) for one in kind.limits} for kind in limited for scheme in kind.schemes
    }

"""The catalogues of the interface, brought up to what is said: `python -m tests.translations`.

Taken are the words of the templates, and the sentences of the rooms below that pages show: every text there that has
words and blanks and is no docstring, and the values of the enumerations in `NAMES`. What is new stands in a catalogue
without a translation then, and what is said no more is gone from it.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from crawler.catalog import packs
from presswatch.web.languages import LANGUAGES, catalogue
from presswatch.web.sentences import CONTEXT

ROOT = Path(__file__).parents[1]
WEB = ROOT / "presswatch" / "web"
CATALOGUES = {code: WEB / "translations" / f"{code}.po" for code in LANGUAGES if code != "en"}

ROOMS = (
    "storage/connection_guard.py",
    "storage/errors.py",
    "storage/items/evidence/exporting.py",
    "storage/items/items.py",
    "storage/items/kept.py",
    "storage/operator/notices.py",
    "storage/operator/own_network.py",
    "storage/outbox/*.py",
    "storage/people/*.py",
    "storage/query/[!e]*.py",
    "storage/search/*.py",
    "storage/sources/*.py",
    "storage/types/reasons.py",
    "crawler/article/__init__.py",
    "crawler/catalog/__init__.py",
    "crawler/discovery/*.py",
    "crawler/fetching/*.py",
    "crawler/jobs/*.py",
    "crawler/listing/**/*.py",
    "crawler/middlewares/*.py",
    "crawler/page/interstitials.py",
    "crawler/page/notices.py",
    "crawler/reading/process.py",
    "crawler/reading/reader.py",
    "notify/channels/address_rules.py",
    "notify/channels/kinds.py",
    "notify/channels/signatures.py",
    "presswatch/actions/*.py",
    "presswatch/watchlist/importing.py",
    "presswatch/watchlist/opml.py",
    "presswatch/watchlist/toml_reader.py",
    "presswatch/watchlist/validation.py",
    "presswatch/web/app.py",
    "presswatch/web/directory.py",
    "presswatch/web/look*.py",
    "presswatch/links.py",
    "presswatch/web/pages/*.py",
)
LEFT_OUT = {"presswatch/actions/new_source.py", "crawler/fetching/proxy.py", "crawler/listing/json_lists/parsing.py"}
"""What only the command line or a log says."""
NAMES = (
    "presswatch/watchlist/model.py",
    "storage/types/accounts.py",
    "storage/types/alerts.py",
    "storage/types/reasons.py",
    "storage/types/sources.py",
)
"""Where enumerations stand whose values pages show."""
ALONE = {"excludes": "storage/query/check.py", "filters": "storage/query/check.py"}
"""Words that are values of sentences."""
_NO_SENTENCE = re.compile(r"[\\|^$<>\n]|charset=|filename=|max-age=|application/|pip install|^--|^#|^//|Authorization:")
"""Patterns, headers, commands, parts of files."""
_WORD = re.compile(r"[a-z]{2,}")
_TOGETHER = re.compile(
    r"\b(?:a|and|for|from|in|is|it|its|no|not|nothing|of|on|or|that|the|they|this|to|with|you|was)\b"
)
"""What a sentence has, and a list of names has not."""
_LISTS = {"notify/channels/kinds.py"}
"""Where lists of names stand."""


def said() -> Catalog:
    """Everything that is said, without translations."""
    catalog = Catalog(charset="utf-8")
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(WEB / "templates", [("**.html", "jinja2")], options)
    for name, _, message, _, context in found:
        catalog.add(message, context=context, locations=[(f"templates/{name}", 0)])
    for path in sorted({path for room in ROOMS for path in ROOT.glob(room)} - {ROOT / each for each in LEFT_OUT}):
        room = str(path.relative_to(ROOT))
        for sentence in dict.fromkeys(_sentences(ast.parse(path.read_text("utf-8")))):
            if room not in _LISTS or _TOGETHER.search(sentence):
                catalog.add(sentence, context=CONTEXT, locations=[(room, 0)])
    for room in NAMES:
        for name in _values(ast.parse((ROOT / room).read_text("utf-8"))):
            catalog.add(name, context=CONTEXT, locations=[(room, 0)])
    for word, room in {**ALONE, **dict.fromkeys(packs(), "crawler/catalog")}.items():
        catalog.add(word, context=CONTEXT, locations=[(room, 0)])
    return catalog


def _sentences(tree: ast.Module) -> Iterator[str]:
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if node in docstrings or node in parts:
            continue
        sentence = _text(node)
        bare = re.sub(r"{\d}", "", sentence)
        enough = 1 if bare != sentence else 2
        if " " in sentence.strip() and len(_WORD.findall(bare)) >= enough and not _NO_SENTENCE.search(sentence):
            yield sentence


def _text(node: ast.AST) -> str:
    """A text, its values by their numbers; nothing for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}")
    if not isinstance(node, ast.JoinedStr):
        return ""
    values = iter(range(len(node.values)))
    return "".join(_text(part) if isinstance(part, ast.Constant) else f"{{{next(values)}}}" for part in node.values)


def _values(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases
        ):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    yield str(line.value.value)


def main() -> None:
    """Bring every catalogue up to date. Its head stays as it was written."""
    for code, path in CATALOGUES.items():
        head, _, _ = path.read_text("utf-8").partition("\n\n")
        catalog = catalogue(code)
        catalog.update(said(), no_fuzzy_matching=True)
        written = io.BytesIO()
        write_po(written, catalog, width=120, omit_header=True, ignore_obsolete=True, include_lineno=False)
        path.write_text(f"{head}\n\n{written.getvalue().decode().strip()}\n", "utf-8")
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {len(untranslated(catalog))} without a translation")


def untranslated(catalog: Catalog) -> list[str]:
    """What of a catalogue has no translation, or not all plural forms of one."""
    return [str(each.id) for each in catalog if each.id and not all(forms_of(each))]


def forms_of(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or a plural form each."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(map(str, said))


if __name__ == "__main__":
    main()

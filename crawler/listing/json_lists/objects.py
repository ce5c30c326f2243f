"""The lists of objects in a JSON value, and the fields of an object, however deep its makers put them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

NODES = 200_000
"""Values that are looked at in one text; a page of statements has some thousands."""
DEPTH = 30
_FIELD_DEPTH = 4
_FIELDS = 200
"""Fields of one object that are read at most."""
_TEXT = 20_000
"""Characters of a field that are kept: titles and dates are short, and a body has no business in a listing."""

Path = tuple[str, ...]
Object = Mapping[str, Any]
Fields = dict[Path, Any]
"""The texts and numbers of an object by where they stand: ("attributes", "title")."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def lists(value: Any) -> list[list[Object]]:
    """The lists of objects in a value, the outermost first. Lists at one place of a larger one are one list: the
    months of an archive, each with its statements."""
    found: dict[Path, list[Object]] = defaultdict(list)
    for path, objects in _walk(value):
        found[path] += objects
    return list(found.values())


def _walk(value: Any) -> Iterator[tuple[Path, list[Object]]]:
    level: list[tuple[Path, Any]] = [((), value)]
    seen = 0
    for _ in range(DEPTH):
        following: list[tuple[Path, Any]] = []
        for path, one in level:
            inner = _inner(path, one)
            objects: list[Object] = [each for _, each in inner if isinstance(each, dict)] if _is_list(one) else []
            if objects:
                yield path, objects
            following += inner
            seen += len(inner)
            if seen > NODES:
                return
        level = following


def _is_list(value: Any) -> bool:
    """Whether a value is a list, or an object that has its like by their numbers: {"123": {...}, "124": {...}}."""
    if isinstance(value, dict):
        return bool(value) and all(isinstance(one, dict) for one in value.values()) and all(map(_is_number, value))
    return isinstance(value, list)


def _is_number(name: Any) -> bool:
    return isinstance(name, str) and name.isdigit()


def _inner(path: Path, value: Any) -> list[tuple[Path, Any]]:
    """What stands in a value and may hold more; breadcrumbs and menus say themselves that they are none of it."""
    if isinstance(value, list):
        return [((*path, "*"), one) for one in value if isinstance(one, dict | list)]
    if not isinstance(value, dict) or _kind(value) in ("BreadcrumbList", "SiteNavigationElement", "FAQPage"):
        return []
    numbered = _is_list(value)
    return [
        ((*path, "*" if numbered else name), one) for name, one in value.items() if isinstance(one, dict | list) and one
    ]


def _kind(value: Object) -> str:
    return kind_of(value.get("@type"))


def kind_of(kind: Any) -> str:
    """The type that schema.org knows an object by, or nothing."""
    if isinstance(kind, list):
        kind = next((one for one in kind if isinstance(one, str)), "")
    return kind.rpartition("/")[2] if isinstance(kind, str) else ""


def fields_of(value: Object, languages: Sequence[str]) -> Fields:
    """The texts and numbers of an object and of what it wraps. Of translations side by side the source's is taken."""
    found: Fields = {}
    level: list[tuple[Path, Object]] = [((), value)]
    left = _FIELDS
    while level and left > 0:
        path, around = level.pop(0)
        for name, one in islice(around.items(), left):
            left -= 1
            one = _translation(one, languages) if isinstance(one, list) else one
            place = (*path, str(name)[:80])
            if isinstance(one, dict) and len(place) < _FIELD_DEPTH:
                level.append((place, one))
            elif isinstance(one, str):
                found[place] = one[:_TEXT]
            elif isinstance(one, int | float) and not isinstance(one, bool):
                found[place] = one
    return found


def _translation(values: list[Any], languages: Sequence[str]) -> Any:
    """The object of a list that is in the source's language, if the list is one of translations."""
    spoken = {code: one for one in values if isinstance(one, dict) and (code := _language(one))}
    return next((spoken[code] for code in languages if code in spoken), next(iter(spoken.values()), None))


def _language(value: Object) -> str:
    for name in ("lang", "language", "locale", "langcode", "languages_code", "lang_code"):
        code = value.get(name)
        if isinstance(code, str) and re.fullmatch(r"[a-zA-Z]{2,3}([_-]\w{2,4})?", code):
            return code[:2].lower()
    return ""


def words(name: str) -> tuple[str, ...]:
    """The words of a field's name in small letters: `datePublished` and `date_published` have the same."""
    return tuple(word.lower() for word in _WORD.findall(name))

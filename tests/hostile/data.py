"""JSON, and what is called so."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from storage.types import Reason
from tests.crawler.faulty import Fault
from tests.crawler.hostile import HOSTILE_JSON
from tests.hostile.answer import JSON, Answer, Body, Row, rows

PIECES = 5_000


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A statement as an API has it."""
    title = f"The minister opened the bridge number {number}"
    return {"title": title, "url": f"/news/{number}", "date": f"2026-11-1{number}", **more}


SOUND = [entry(number) for number in range(5)]


def _json(body: Body, kind: str = JSON) -> Answer:
    return Answer(body, kind)


def _beside(**fields: Any) -> Answer:
    """Five sound entries, and one that is not."""
    return _json(json.dumps([*SOUND, entry(9, **fields)]))


def _feed(**fields: Any) -> Answer:
    return _json(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [], **fields}))


_LOOP: dict[str, Any] = {"a": 1}
for _ in range(200):
    _LOOP = {"a": _LOOP, "items": [_LOOP] if len(str(_LOOP)) < 2_000 else []}

_SOUND_ALL_THE_SAME: dict[str, Fault] = {
    "half a character in a title": _json(json.dumps([*SOUND, entry(9)]).replace("number 9", "number \\ud83d")),
    "NUL in a title": _json(json.dumps([*SOUND, entry(9)]).replace("number 9", "number \\u0000")),
    "a title of a list": _beside(title=["a", "b"]),
    "a title of a number": _beside(title=5),
    "a title of nothing": _beside(title=None),
    "a title of a title": _beside(title={"rendered": {"rendered": {"rendered": "x"}}}),
    "a title of a megabyte": _beside(title="bridge " * 150_000),
    "an address of a list": _beside(url=["/a", "/b"]),
    "an address of a number": _beside(url=1e308),
    "an address of a script": _beside(url="javascript:alert(1)"),
    "an address that cannot be": _beside(url="http://a..b.example/1"),
    "a date of ten to the hundredth": _beside(date=10**100),
    "a date of the year 9999": _beside(date="9999-12-31T23:59:60.999999999Z"),
    "a date of nothing": _beside(date={}),
    "a date below nought": _beside(date=-(10**15)),
    "a date of true": _beside(date=True),
    "keys of the language": _beside(__proto__={"a": 1}, constructor={"prototype": {}}, toString="x"),
    "a key twice": _json(json.dumps(SOUND).replace('"title"', '"title": "no", "title"', 2)),
    "a key of a megabyte": _beside(**{"k" * 1_000_000: 1}),
    "ten thousand keys": _beside(**{f"k{n}": n for n in range(10_000)}),
    "a mark of the byte order": _json("\ufeff" + json.dumps(SOUND)),
    "UTF-16": _json(json.dumps(SOUND).encode("utf-16")),
    "called a page": _json(json.dumps(SOUND), "text/html"),
}
_NOT_SOUND: dict[str, Fault] = {
    **{f"JSON: {name}": _json(partial(made, PIECES)) for name, made in HOSTILE_JSON.items()},
    **{
        f"JSON: {text[:12]!r}": _json(text)
        for text in ("null", "true", "5", '"text"', "[]", "{}", "[[]]", "[null]", "")
    },
    "JSON: infinite": _json(json.dumps(SOUND).replace('"2026-11-10"', "Infinity").replace('"2026-11-11"', "NaN")),
    "JSON: 1e999": _json(json.dumps(SOUND).replace('"2026-11-10"', "1e999")),
    "JSON: a megabyte of noughts": _json(lambda: "[" + "0," * 500_000 + "0]"),
    "JSON: a million and a half objects": _json(lambda: "[" + "{}," * 1_600_000 + "{}]"),
    "JSON: breaks off": _json(json.dumps(SOUND)[:-40]),
    "JSON: commas": _json(json.dumps(SOUND).replace("}]", "},,]")),
    "JSON: comments": _json("/* x */" + json.dumps(SOUND) + "// y"),
    "JSON: for a script": _json(f"callback({json.dumps(SOUND)});"),
    "JSON: behind a guard": _json(")]}',\n" + json.dumps(SOUND)),
    "JSON: in lines": _json("\n".join(map(json.dumps, SOUND)), "application/x-ndjson"),
    "JSON: single quotes": _json(str(SOUND)),
    "JSON: NUL": _json(bytes(1_000)),
    "JSON: in itself": _json(json.dumps(json.dumps(json.dumps(SOUND)))),
    "JSON: two hundred deep": _json(json.dumps(_LOOP)),
    "JSON Feed: entries of nothing": _feed(items=None),
    "JSON Feed: entries of words": _feed(items="none"),
    "JSON Feed: entries of a number": _feed(items=[1, None, "x", [], {}]),
    "JSON Feed: entries in entries": _feed(items={"items": {"items": [{"items": []}]}}),
    "JSON Feed: the next is itself": _feed(items=[{"id": "1", "url": "/news/1", "title": "x"}], next_url="/news"),
    "JSON Feed: the next is a script": _feed(items=[{"id": 1, "url": None}], next_url="javascript:x"),
    "JSON Feed: an id of a list": _feed(items=[{"id": [1], "content_text": "x" * 100}, {"id": {}, "url": {}}]),
}

DATA: dict[str, Row] = {
    **rows(_SOUND_ALL_THE_SAME, Reason.OK),
    **rows(_NOT_SOUND, Reason.OK, Reason.EMPTY, Reason.UNREADABLE, Reason.NOT_A_FEED),
}

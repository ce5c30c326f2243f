"""The statements that come with the replica, in `statements.toml`, and any number of made-up ones for load.

Country, ministers and words are invented. A statement may be there in one language or in two.
"""

from __future__ import annotations

import datetime
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypedDict

Scene = Literal["before", "live"]

_LENGTH = 400
"""Words of a made-up statement, about."""


class PublishArguments(TypedDict):
    """What `ReplicaSite.publish` takes."""

    title: str
    body: list[str]
    language: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that can be published. Its language editions share the `key`."""

    key: str
    language: str
    title: str
    body: tuple[str, ...]
    """Its paragraphs."""
    days_ago: int = 0
    """How old it is when it is published."""

    def as_arguments(self) -> PublishArguments:
        """What to publish it with, counted from today."""
        day = datetime.date.today() - datetime.timedelta(days=self.days_ago)
        return {"title": self.title, "body": list(self.body), "language": self.language, "date": day}


def drafts(language: str | None = None) -> tuple[Draft, ...]:
    """All statements, or those in one language, the oldest first."""
    every = sorted(_every().values(), key=lambda draft: -draft.days_ago)
    return tuple(draft for draft in every if language in (None, draft.language))


def demo_statements(scene: Scene) -> tuple[Draft, ...]:
    """What the demo's site shows from the beginning, or what it publishes before one's eyes; in that order."""
    return tuple(_every()[name] for name in _file()["scenes"][scene])


def many_statements(count: int, seed: int = 0, language: str = "en") -> Iterator[Draft]:
    """`count` different statements of about 400 words; the same for the same `seed` and `language`.

    Each is woven from four drafts: a word is followed by one that follows it there. So they read like statements from
    a distance, no two are near copies (they share a fifth of their runs of four words at most), and about a third name
    the CSTO. Each title has a number that no other has. Raises `ValueError` for a language that no statement is in.
    """
    models = drafts(language)
    if not models:
        raise ValueError(f"there are no statements in {language!r}")
    # Not for secrets: the same seed has to give the same statements.
    chance = random.Random(f"{seed} {language}")
    sign = "№" if language == "ru" else "No."
    for number in range(1, count + 1):
        woven = chance.sample(models, 4)
        body = tuple(_made_up(chance, _chain(woven)))
        yield Draft(f"{seed}-{number}", language, f"{woven[0].title} ({sign} {number})", body)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, which empty lines part; line breaks inside them are blanks."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def _made_up(chance: random.Random, chain: dict[str, list[str]]) -> Iterator[str]:
    words = 0
    while words < _LENGTH:
        paragraph = [word for _ in range(chance.randint(2, 4)) for word in _sentence(chance, chain)]
        words += len(paragraph)
        yield " ".join(paragraph)


def _sentence(chance: random.Random, chain: dict[str, list[str]]) -> Iterator[str]:
    word = ""
    while not word.endswith("."):
        word = chance.choice(chain[word])
        yield word


def _chain(models: Sequence[Draft]) -> dict[str, list[str]]:
    """The words that follow each word in some drafts; those that begin a sentence follow the empty word."""
    chain: dict[str, list[str]] = {}
    for paragraph in (paragraph for model in models for paragraph in model.body):
        before = ""
        for word in paragraph.split():
            chain.setdefault(before, []).append(word)
            before = "" if word.endswith(".") else word
    return chain


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("statements.toml").read_text("utf-8"))


@cache
def _every() -> dict[str, Draft]:
    """Every draft by `key/language`."""
    return {
        f"{key}/{language}": Draft(key, language, edition["title"], paragraphs(edition["body"]), both["days_ago"])
        for key, both in _file()["statements"].items()
        for language, edition in both.items()
        if language != "days_ago"
    }

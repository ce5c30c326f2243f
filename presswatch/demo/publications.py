"""What a replica's site has published, and the pages that it makes of it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from presswatch.demo import pages
from presswatch.demo.answers import shown_in, sound, without_validators
from presswatch.demo.pages import ReplicaStatement
from presswatch.demo.server import Answer
from presswatch.demo.statements import paragraphs

Body = str | Sequence[str]
"""A text whose paragraphs are parted by blank lines, or its paragraphs."""

SECOND = datetime.timedelta(seconds=1)


class Publications:
    """The statements of a site, by their paths. Whoever calls keeps threads apart."""

    def __init__(self) -> None:
        self._statements: dict[str, ReplicaStatement] = {}
        self._kept: dict[str, Answer] = {}
        # The site's own clock: each change is a second later than the one before, so that Last-Modified, which has
        # whole seconds, tells two quick changes apart. It starts a day ago and so stays behind the real one.
        self._clock = datetime.datetime.now(datetime.UTC).replace(microsecond=0) - datetime.timedelta(days=1)
        self._changed = dict.fromkeys(pages.LANGUAGES, self._clock)

    def named(self, slug: str) -> ReplicaStatement:
        """A statement as it is now, withdrawn or not. Raises `ValueError` if there was never one."""
        for statement in self._statements.values():
            if statement.slug == slug:
                return statement
        raise ValueError(f"no statement {slug!r} was ever published here")

    def shown(self, language: str) -> list[ReplicaStatement]:
        """What the section of a language shows, the newest first."""
        return shown_in(self._statements, language)

    def add(
        self,
        home: str,
        title: str,
        body: Body,
        language: str,
        day: datetime.date | None,
        in_listing: bool,
        edition_of: ReplicaStatement | None,
    ) -> ReplicaStatement:
        """Publish a statement on the site at `home`. Raises `ValueError` for a language that it does not have."""
        number = len(self._statements) + 1
        own = hashlib.sha256(f"{number} {language} {title}".encode()).hexdigest()[:16]
        slug = edition_of.slug if edition_of else own
        path = f"{pages.section_path(language)}{slug}.html"
        text = as_paragraphs(body)
        return self._put(
            ReplicaStatement(slug, home + path, path, language, title, text, day, number, self._clock, in_listing)
        )

    def change(self, statement: ReplicaStatement, **values: Any) -> ReplicaStatement:
        """Change what a statement says or is. Raises `ValueError` if it was never published here."""
        if statement.path not in self._statements:
            raise ValueError(f"no statement {statement.slug!r} was ever published here")
        return self._put(replace(self._statements[statement.path], **values))

    def move_all(self, home: str) -> None:
        """Give every statement another address; the old ones answer 404."""
        before, self._statements = list(self._statements.values()), {}
        for statement in before:
            path = statement.path.replace(statement.slug, f"n{statement.slug}")
            self._put(replace(statement, slug=f"n{statement.slug}", path=path, address=home + path))

    def answer(self, path: str, page_size: int, home: str, *, validators: bool) -> Answer:
        """What a sound site answers on a path with its query string."""
        if path in self._kept:
            return self._kept[path]
        target = urlsplit(path)
        answer = sound(target.path, target.query, self._statements, self._changed, page_size, home)
        answer = answer if validators else without_validators(answer)
        if answer.status == 200:
            self._kept[path] = answer  # an unchanged page is what is asked for most
        return answer

    def _put(self, statement: ReplicaStatement) -> ReplicaStatement:
        self._clock += SECOND
        statement = replace(statement, modified=self._clock)
        self._statements[statement.path] = statement
        self._changed[statement.language] = self._clock
        self._kept.clear()
        return statement


def as_paragraphs(body: Body) -> tuple[str, ...]:
    """A text by its paragraphs."""
    return paragraphs(body) if isinstance(body, str) else tuple(body)

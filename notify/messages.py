"""Alerts written out for people: one message as plain text, HTML and Markdown. Pure.

Every word of a site is cleaned to one visible line and escaped, so that a title can change neither the subject nor
the layout. A statement that met several topics stands once, with every reason.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notify.quotes import Piece, marked, plain, quotes, spans_of
from storage.types import Alert, Hit, Mention, Published

_SUBJECT_LENGTH = 180
_NAMES = 3
"""So many ministries or topics are named in a subject, and words in a reason; the rest is counted."""
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~])")
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Message:
    """What one delivery says. `text` marks the met words with asterisks."""

    subject: str
    text: str
    html: str
    markdown: str
    key: str
    """The keys of the alerts in it: a message that came twice carries the same ones."""


@dataclass(frozen=True, slots=True)
class _Statement:
    title: tuple[Piece, ...]
    ministry: str
    date: str
    quotes: tuple[tuple[Piece, ...], ...]
    address: str
    reasons: tuple[str, ...]


def compose(
    alerts: Sequence[Alert],
    *,
    command: str = "presswatch",
    digest: bool = False,
    mentions: Sequence[Mention] = (),
    notes: Sequence[str] = (),
) -> Message:
    """Write one message about all these alerts, in their order. `command` is how a person calls the program.

    A `digest` has no quotes. `mentions` are further statements of stories in this message or in an earlier one,
    `notes` what else there is to say. Raises `ValueError` where there is nothing to tell.
    """
    if not alerts:
        raise ValueError("a message needs an alert")
    by_version: dict[int, list[Alert]] = {}
    for alert in alerts:
        by_version.setdefault(alert.version.id, []).append(alert)
    statements = [_statement(same, digest) for same in by_version.values()]
    subject = _subject(statements, alerts)
    key = ", ".join(alert.key for alert in alerts)
    footer = (*map(_mentioned, mentions), *map(plain, notes), _history(alerts, command), f"ref {key}")
    return Message(
        subject=subject,
        text=_text(subject, statements, footer),
        html=_html(subject, statements, footer),
        markdown=_markdown(subject, statements, footer),
        key=key,
    )


def _statement(alerts: Sequence[Alert], digest: bool) -> _Statement:
    version, item = alerts[0].version, alerts[0].item
    hits = [hit for alert in alerts for hit in alert.hits]
    title = marked(version.title, spans_of(hits, "title", version.title), 0, len(version.title))
    return _Statement(
        title=title or (Piece("Untitled statement"),),
        ministry=_ministry(alerts[0]),
        date=_date(version.published),
        quotes=() if digest else quotes(version.body, spans_of(hits, "body", version.body)),
        address=plain(item.address).replace(" ", "%20"),
        reasons=tuple(dict.fromkeys(_reason(alert) for alert in alerts)),
    )


def _ministry(alert: Alert) -> str:
    return plain(alert.item.organisation) or plain(alert.item.source_name) or plain(alert.item.source_key)


def _date(published: Published) -> str:
    return str(published) or plain(published.text) or "date not given"


def _reason(alert: Alert) -> str:
    """Why an alert came: `CSTO: alias ОДКБ in the title and the body`."""
    fields: dict[str, dict[str, None]] = {}
    for hit in alert.hits:
        fields.setdefault(_met(hit), {})[f"the {hit.field}"] = None
    met = [f"{what} in {' and '.join(where)}" for what, where in fields.items()]
    return f"{plain(alert.topic.name)}: {_listed(met) or 'the query as a whole'}"


def _met(hit: Hit) -> str:
    return f"alias {plain(hit.name)}" if hit.alias else f'"{plain(hit.name)}"'


def _subject(statements: Sequence[_Statement], alerts: Sequence[Alert]) -> str:
    ministries = _listed(dict.fromkeys(statement.ministry for statement in statements))
    topics = _listed(dict.fromkeys(plain(alert.topic.name) for alert in alerts))
    what = _words(statements[0].title) if len(statements) == 1 else f"{len(statements)} statements"
    subject = f"{ministries} on {topics}: {what}"
    return subject if len(subject) <= _SUBJECT_LENGTH else subject[: _SUBJECT_LENGTH - 1].rstrip() + "…"


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _history(alerts: Sequence[Alert], command: str) -> str:
    items = {alert.item.id for alert in alerts}
    return f"In the history: {command} {f'show {items.pop()}' if len(items) == 1 else 'alerts list'}"


def _mentioned(mention: Mention) -> str:
    """Where else a story stands: `Also in ru, of "On the bridge": "О мосте", https://...`."""
    where = f"in {mention.language}" if mention.language else f"by {plain(mention.organisation)}"
    address = plain(mention.address).replace(" ", "%20")
    return f'Also {where}, of "{plain(mention.of)}": "{plain(mention.title)}", {address}'


def _words(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _numbers(statements: Sequence[_Statement]) -> list[str]:
    """The numbers before the titles: none for a single statement."""
    return [""] if len(statements) == 1 else [f"{number}. " for number in range(1, len(statements) + 1)]


# -- plain text ---------------------------------------------------------------------------------------------------


def _text(subject: str, statements: Sequence[_Statement], footer: Iterable[str]) -> str:
    sections = [
        "\n".join(_text_lines(number, statement))
        for number, statement in zip(_numbers(statements), statements, strict=True)
    ]
    heading = [subject] if len(statements) > 1 else []
    return "\n\n".join([*heading, *sections, "\n".join(footer)])


def _text_lines(number: str, statement: _Statement) -> Iterable[str]:
    yield number + _starred(statement.title)
    yield f"{statement.ministry}, {statement.date}"
    yield from (f"> {_starred(quote)}" for quote in statement.quotes)
    yield statement.address
    yield f"Why: {'; '.join(statement.reasons)}"


def _starred(pieces: Iterable[Piece]) -> str:
    return "".join(f"*{piece.text}*" if piece.marked else piece.text for piece in pieces)


# -- HTML ---------------------------------------------------------------------------------------------------------


def _html(subject: str, statements: Sequence[_Statement], footer: Iterable[str]) -> str:
    heading = f"<p>{html.escape(subject)}</p>\n" if len(statements) > 1 else ""
    sections = "\n".join(
        _html_section(number, statement) for number, statement in zip(_numbers(statements), statements, strict=True)
    )
    return f"{heading}{sections}\n<hr>\n<p><small>{'<br>'.join(map(html.escape, footer))}</small></p>\n"


def _html_section(number: str, statement: _Statement) -> str:
    quoted = "".join(f"<blockquote>{_highlighted(quote)}</blockquote>\n" for quote in statement.quotes)
    return (
        f"<h3>{number}{_highlighted(statement.title)}</h3>\n"
        f"<p>{html.escape(statement.ministry)}, {html.escape(statement.date)}</p>\n"
        f"{quoted}"
        f"<p>{_html_link(statement.address)}</p>\n"
        f"<p>Why: {html.escape('; '.join(statement.reasons))}</p>"
    )


def _html_link(address: str) -> str:
    escaped = html.escape(address)
    return f'<a href="{escaped}">{escaped}</a>' if address.startswith(_WEB) else escaped


def _highlighted(pieces: Iterable[Piece]) -> str:
    return "".join(
        f"<mark>{html.escape(piece.text)}</mark>" if piece.marked else html.escape(piece.text) for piece in pieces
    )


# -- Markdown (CommonMark) ----------------------------------------------------------------------------------------


def _markdown(subject: str, statements: Sequence[_Statement], footer: Iterable[str]) -> str:
    sections = [
        "\n\n".join(_markdown_paragraphs(number, statement))
        for number, statement in zip(_numbers(statements), statements, strict=True)
    ]
    heading = [_escaped(subject)] if len(statements) > 1 else []
    return "\n\n".join([*heading, *sections, *map(_escaped, footer)])


def _markdown_paragraphs(number: str, statement: _Statement) -> Iterable[str]:
    yield f"**{number}{_escaped(_words(statement.title))}**"
    yield f"{_escaped(statement.ministry)}, {_escaped(statement.date)}"
    yield from (f"> {_strong(quote)}" for quote in statement.quotes)
    yield _markdown_link(statement.address)
    yield _escaped(f"Why: {'; '.join(statement.reasons)}")


def _markdown_link(address: str) -> str:
    if not address.startswith(_WEB):
        return _escaped(address)
    return f"<{address.replace('<', '%3C').replace('>', '%3E')}>"


def _strong(pieces: Iterable[Piece]) -> str:
    return "".join(f"**{_escaped(piece.text)}**" if piece.marked else _escaped(piece.text) for piece in pieces)


def _escaped(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", text)

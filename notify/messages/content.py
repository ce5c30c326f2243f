"""What a message says, before it is text, Markdown or HTML: one model, from which all forms are written. Pure.

Every word of a site is cleaned to one visible line here. A statement that met several topics stands once, with every
reason; a statement stands under its first topic and its country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from notify.messages.changes import Side, happened, sides
from notify.messages.commands import Commands
from notify.messages.links import Links
from notify.messages.locale_names import country_name, language_name
from notify.messages.snippets import REMEMBERED, Piece, isolated, marked, plain, quotes, shortened, spans_of
from notify.messages.ways import Way, signed_ways, typed_ways
from storage.types import Alert, AlertEvent, Became, Hit, Mention, moment_in_words

_SUBJECT_LENGTH = 180
_TITLE_LENGTH = 400
"""Characters of a title in a message; what is longer is a text in the wrong place."""
_NAMES = 3
"""So many ministries or topics are named in a subject, and words in a reason; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One statement in a message."""

    version_id: int
    number: str
    """`1. ` where there are several, else nothing."""
    title: tuple[Piece, ...]
    ministry: str
    date: str
    """When it was published, as the ministry claims."""
    seen: str
    """When it was first seen, and when it was edited: `seen 28 Nov 2024, 12:00 UTC`."""
    language: str
    """The code, for programs that read aloud or choose letters."""
    quotes: tuple[tuple[Piece, ...], ...]
    address: str
    stored: str
    """Where the stored copy is: an address, or the command that shows it."""
    also: tuple[str, ...]
    reasons: tuple[str, ...]
    heading: str
    """Its topic and country."""
    why: str = ""
    """The address at which the reasons stand with their places; empty where there are no pages."""
    event: AlertEvent = AlertEvent.PUBLISHED
    happened: str = ""
    """What became of it, where that is told: `Edited, version 2: it meets CSTO now`."""
    sides: tuple[Side, ...] = ()
    """The sentences that an edit changed."""


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """Something that is no statement: what the operator is told, a test."""

    headline: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageContent:
    """All that a message says. `groups` or `notices` is what it is about."""

    subject: str
    """In one line all that a mailbox shows."""
    heading: str
    """What stands above it in a chat, where the headline follows."""
    why: str
    """Why somebody gets it."""
    reference: str
    summary: str = ""
    """One line about several statements; empty for a single one."""
    groups: tuple[tuple[str, tuple[ItemContent, ...]], ...] = ()
    """Statements under their topic and country; a single group has no heading."""
    notices: tuple[NoticeContent, ...] = ()
    notes: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    one_click: str = ""
    """The address that ends all subscriptions told of here, when something is posted to it; or nothing."""

    @property
    def statements(self) -> tuple[ItemContent, ...]:
        return tuple(statement for _, group in self.groups for statement in group)


def brief(
    alerts: Sequence[Alert],
    commands: Commands,
    links: Links | None,
    *,
    digest: bool,
    mentions: Sequence[Mention],
    notes: Sequence[str],
) -> MessageContent:
    """What to say of these alerts, in their order. Raises `ValueError` where there is nothing to tell."""
    if not alerts:
        raise ValueError("a message needs an alert")
    by_version: dict[tuple[int, AlertEvent, int], list[Alert]] = {}
    for alert in alerts:
        by_version.setdefault((alert.version.id, alert.event, alert.occasion), []).append(alert)
    together = list(by_version.values())
    grouped = _grouped(together)
    told: set[int] = set()
    numbered: list[tuple[str, tuple[ItemContent, ...]]] = []
    count = 0
    for heading, statements in grouped.items():
        group = []
        for same in statements:
            count += 1
            number = f"{count}. " if len(together) > 1 else ""
            mine = [one for one in mentions if one.alert_id in {alert.id for alert in same}]
            told |= {one.id for one in mine}
            group.append(_statement(same, number, heading, commands, links, digest, mine))
        numbered.append((heading if len(grouped) > 1 else "", tuple(group)))
    summary = _summary(together, alerts) if len(together) > 1 else ""
    who = _who(together, alerts)
    return MessageContent(
        subject=_subject(who, together),
        heading=summary or who,
        summary=summary,
        groups=tuple(numbered),
        notes=(*(_earlier(one) for one in mentions if one.id not in told), *map(plain, notes)),
        why="This channel is subscribed to the topics named here.",
        ways=signed_ways(alerts, links) or typed_ways(alerts, commands),
        one_click=links.one_click(alerts[0].channel.owner_id, sorted({alert.subscription_id for alert in alerts}))
        if links
        else "",
        reference=f"ref {', '.join(alert.key for alert in alerts)}",
    )


def _grouped(together: Iterable[list[Alert]]) -> dict[str, list[list[Alert]]]:
    """Statements by topic and country: topics in the order of their first statement, countries inside them too."""
    topics: dict[str, dict[str, list[list[Alert]]]] = {}
    for same in together:
        countries = topics.setdefault(plain(same[0].topic.name), {})
        countries.setdefault(country_name(same[0].item.country), []).append(same)
    return {
        " · ".join(filter(None, (isolated(topic), country))): statements
        for topic, countries in topics.items()
        for country, statements in countries.items()
    }


def _statement(
    alerts: Sequence[Alert],
    number: str,
    heading: str,
    commands: Commands,
    links: Links | None,
    digest: bool,
    mentions: Sequence[Mention],
) -> ItemContent:
    version, item, zone = alerts[0].version, alerts[0].item, alerts[0].rhythm.zone
    hits = [hit for alert in alerts for hit in alert.hits]
    end = min(len(version.title), _TITLE_LENGTH)
    title = marked(version.title, spans_of(hits, "title", version.title), 0, end)
    changed = sides(alerts)
    return ItemContent(
        version_id=version.id,
        number=number,
        title=(*title, *((Piece("…"),) if end < len(version.title) else ())) or (Piece("Untitled statement"),),
        ministry=ministry_of(alerts[0]),
        date=version.published.in_words(zone) or plain(version.published.text) or "date not given",
        seen=_seen(alerts[0], zone),
        language=plain(version.language),
        quotes=() if digest or changed else quotes(version.body, spans_of(hits, "body", version.body)),
        address=plain(item.address).replace(" ", "%20"),
        stored=links.statement(item.id) if links else commands.show(item.id),
        also=tuple(dict.fromkeys(map(_also, mentions))),
        reasons=tuple(dict.fromkeys(f"{isolated(plain(alert.topic.name))}: {reason(alert)}" for alert in alerts)),
        heading=heading,
        why=links.why(item.id, alerts[0].topic.name) if links else "",
        event=alerts[0].event,
        happened=happened(alerts),
        sides=changed,
    )


def ministry_of(alert: Alert) -> str:
    """Who published it, as well as we know."""
    return plain(alert.item.organisation) or plain(alert.item.source_name) or plain(alert.item.source_key)


def _seen(alert: Alert, zone: str) -> str:
    """When a statement was first seen, and when this version of it, if it is an edit."""
    seen = f"seen {moment_in_words(alert.item.first_seen_at, zone)}"
    version = alert.version
    if version.number == 1:
        return seen
    return f"{seen}; edited, version {version.number}, seen {moment_in_words(version.seen_at, zone)}"


def reason(alert: Alert) -> str:
    """Why an alert came: `alias CSTO as "ОДКБ" in the title and the body, in Russian`."""
    if alert.change is not None and alert.change.became is Became.UNMET:
        return "it met this before it was edited"
    return _reason(alert.hits, alert.version.language)


@lru_cache(REMEMBERED)
def _reason(hits: tuple[Hit, ...], language: str) -> str:
    fields: dict[str, dict[str, None]] = {}
    for hit in hits:
        fields.setdefault(_met(hit), {})[f"the {hit.field}"] = None
    met = [f"{what} in {' and '.join(where)}" for what, where in fields.items()]
    written_in = f", in {language_name(plain(language))}" if language else ""
    return f"{_listed(met) or 'the query as a whole'}{written_in}"


def _met(hit: Hit) -> str:
    name = isolated(plain(hit.name))
    if not hit.alias:
        return f'"{name}"'
    alias = isolated(plain(hit.alias))
    return f"alias {alias}" if plain(hit.alias) == plain(hit.name) else f'alias {alias} as "{name}"'


def _also(mention: Mention) -> str:
    """Where else a statement stands: `Also in Russian, Ministry: О мосте, https://...`."""
    who = isolated(plain(mention.organisation))
    where = f"Also in {language_name(plain(mention.language))}" if mention.language else f"Also published by {who}"
    return f"{where}: {isolated(plain(mention.title))}, {plain(mention.address).replace(' ', '%20')}"


def _earlier(mention: Mention) -> str:
    return f"{_also(mention)} (announced before: {isolated(plain(mention.of))})"


def _who(together: Sequence[list[Alert]], alerts: Sequence[Alert]) -> str:
    """`Ministry of Foreign Affairs on CSTO`."""
    ministries = _listed(dict.fromkeys(isolated(shortened(ministry_of(same[0]), 60)) for same in together))
    topics = _listed(dict.fromkeys(isolated(shortened(plain(alert.topic.name), 40)) for alert in alerts))
    return f"{ministries} on {topics}"


def _subject(who: str, together: Sequence[list[Alert]]) -> str:
    if len(together) > 1:
        return f"{who}: {len(together)} statements"
    version, event = together[0][0].version, together[0][0].event
    edited = f" (edited, version {version.number})" if version.number > 1 else ""
    edited = f" ({event})" if event in (AlertEvent.WITHDRAWN, AlertEvent.RESTORED) else edited
    title = plain(version.title) or "Untitled statement"
    room = max(_SUBJECT_LENGTH - len(who) - len(": ") - len(edited), 40)
    return f"{who}: {isolated(shortened(title, room))}{edited}"


def _summary(together: Sequence[list[Alert]], alerts: Sequence[Alert]) -> str:
    """`7 statements of 3 ministries on CSTO and 2 more topics`, in one line."""
    ministries = dict.fromkeys(isolated(ministry_of(same[0])) for same in together)
    topics = dict.fromkeys(isolated(plain(alert.topic.name)) for alert in alerts)
    who = _listed(ministries) if len(ministries) <= _NAMES else f"{len(ministries)} bodies"
    return f"{len(together)} statements of {who} on {_listed(topics)}"


def _one_click(alerts: Sequence[Alert], links: Links) -> str:
    return links.one_click(alerts[0].channel.owner_id, sorted({alert.subscription_id for alert in alerts}))


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")

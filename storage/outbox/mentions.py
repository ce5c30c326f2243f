"""Questions about mentions: where else a statement stands, in other languages and at other bodies. No alert of its own.

The editions and reposts of a story are noted when a message about it is claimed, whether a topic met them or not; those
that come later are noted when they meet the topic, and the channel's next message names them. Each is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, exists, func, or_, select

from storage.database import insert_new
from storage.tables import alerts, items, matches, mentions, sightings, sources, versions
from storage.types import Alert, AlertEvent, Mention

_CARRIED: BindParameter[Any] = bindparam("carried", expanding=True)
_announced, _told, _known = versions.alias("announced"), matches.alias("told"), versions.alias("known")

_OF_STORIES: Select[Any] = (
    select(alerts.c.id.label("alert_id"), versions.c.id.label("version_id"))
    .join(_told, _told.c.id == alerts.c.match_id)
    .join(_announced, _announced.c.id == _told.c.version_id)
    .join(items, or_(items.c.story_id == alerts.c.story_id, items.c.id == alerts.c.story_id))
    .join(versions, and_(versions.c.item_id == items.c.id, versions.c.current))
    .where(alerts.c.id.in_(_CARRIED), alerts.c.event == AlertEvent.PUBLISHED, items.c.id != _announced.c.item_id)
    .where(
        ~exists().where(
            mentions.c.alert_id == alerts.c.id,
            mentions.c.version_id == _known.c.id,
            _known.c.item_id == items.c.id,
        )
    )
)
_UNTOLD: Select[Any] = (
    select(mentions.c.id, mentions.c.alert_id, alerts.c.channel_id, versions.c.title, versions.c.language,
           sources.c.organisation, sources.c.name, items.c.address, _announced.c.title.label("of"),
           _announced.c.language.label("announced_language"))
    .join(alerts, alerts.c.id == mentions.c.alert_id)
    .join(_told, _told.c.id == alerts.c.match_id)
    .join(_announced, _announced.c.id == _told.c.version_id)
    .join(versions, versions.c.id == mentions.c.version_id)
    .join(items, items.c.id == versions.c.item_id)
    .join(sources, sources.c.id == items.c.source_id)
    .where(mentions.c.told_at.is_(None), alerts.c.channel_id.in_(bindparam("channels", expanding=True)))
    .where(or_(alerts.c.sent_at.is_not(None), alerts.c.id.in_(_CARRIED)))
    .order_by(mentions.c.id)
)  # fmt: skip
_SEEN: Select[Any] = (
    select(sightings.c.item_id, sightings.c.title, sightings.c.address, sources.c.organisation)
    .join(sources, sources.c.id == sightings.c.source_id)
    .where(sightings.c.item_id.in_(bindparam("items", expanding=True)), func.length(sources.c.organisation) > 0)
    .order_by(sightings.c.id)
)


def note_stories(connection: Connection, carried: Sequence[Alert], now: datetime) -> int:
    """Note the other statements of the stories of these alerts that are not noted yet; return how many."""
    found = connection.execute(_OF_STORIES, {"carried": [alert.id for alert in carried]})
    rows = [{"alert_id": row.alert_id, "version_id": row.version_id, "created_at": now} for row in found]
    return insert_new(connection, mentions, rows, unique=("alert_id", "version_id"))


def untold(connection: Connection, carried: Sequence[Alert], most: int = 50) -> dict[int, list[Mention]]:
    """The mentions that messages with these alerts can carry, `most` for each channel, by the channel's id.

    They are those of the alerts' own stories and of those sent before.
    """
    found: dict[int, list[Mention]] = {}
    values = {"channels": list({alert.channel.id for alert in carried}), "carried": [alert.id for alert in carried]}
    for row in connection.execute(_UNTOLD, values):
        mine = found.setdefault(row.channel_id, [])
        if len(mine) < most:
            mine.append(_mention(row))
    return found


def seen_elsewhere(connection: Connection, carried: Sequence[Alert]) -> dict[int, list[Mention]]:
    """The other bodies in whose sections the statements of these alerts were seen, by the alert's id."""
    by_item: dict[int, dict[str, Row[Any]]] = {}
    for row in connection.execute(_SEEN, {"items": list({alert.item.id for alert in carried})}):
        by_item.setdefault(row.item_id, {}).setdefault(row.organisation, row)
    return {
        alert.id: [
            Mention(0, alert.id, row.title, "", organisation, row.address, alert.version.title)
            for organisation, row in by_item.get(alert.item.id, {}).items()
            if organisation != alert.item.organisation
        ]
        for alert in carried
    }


def _mention(row: Row[Any]) -> Mention:
    return Mention(
        id=row.id,
        alert_id=row.alert_id,
        title=row.title,
        language="" if row.language == row.announced_language else row.language,
        organisation=row.organisation or row.name,
        address=row.address,
        of=row.of,
    )

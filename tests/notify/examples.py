"""Alerts to write messages about. The words are our own."""

from __future__ import annotations

from datetime import UTC, date, datetime

from storage.types import SOLE_OWNER, Alert, AlertState, Channel, Hit, Item, Published, SealedAddress, Topic, Version

NOW = datetime(2024, 11, 28, 12, 0, tzinfo=UTC)
TITLE = "Statement on the CSTO council in Riverton"
BODY = (
    "The ministers met on Thursday. They welcomed the work of the CSTO, and praised the CSTO again. "
    "A dinner followed.\n\nThe next meeting of the ОДКБ will be held in spring."
)


def hit(text: str, words: str, field: str = "body", alias: str = "CSTO", clause: str = "alias:CSTO") -> Hit:
    """A hit on the first place where `words` stand in `text`."""
    start = text.index(words)
    return Hit(clause=clause, name=words, field=field, start=start, end=start + len(words), alias=alias)


def channel(id: int = 1, address: str = "console") -> Channel:
    return Channel(id=id, owner_id=SOLE_OWNER, name=f"channel {id}", address=SealedAddress(address), created_at=NOW)


def alert(
    id: int = 1,
    *,
    title: str = TITLE,
    body: str = BODY,
    hits: tuple[Hit, ...] | None = None,
    topic: str = "CSTO",
    subscription: int = 12,
    item: int = 345,
    published: Published | None = None,
    organisation: str = "Ministry of Foreign Affairs of Riverland",
    to: Channel | None = None,
    seen: datetime = NOW,
) -> Alert:
    """An alert with everything in place; the hits are those of the example text unless given."""
    published = Published(day=date(2024, 11, 28), text="28 November 2024") if published is None else published
    version = Version(
        id=item, item_id=item, number=1, title=title, body=body, language="en", published=published, seen_at=seen,
        fingerprint="",
    )  # fmt: skip
    if hits is None:
        hits = (hit(TITLE, "CSTO", "title"), hit(BODY, "CSTO"))
    return Alert(
        id=id, subscription_id=subscription, story_id=item, state=AlertState.PENDING, attempts=0, created_at=seen,
        due_at=seen, topic=Topic(id=subscription, owner_id=SOLE_OWNER, name=topic, query="alias:CSTO", created_at=NOW),
        channel=to or channel(), version=version, hits=hits,
        item=Item(
            id=item, story_id=item, address=f"https://mfa.example/en/news/{item}/", source_id=1, source_key="mfa/en",
            source_name="News", organisation=organisation, country="", silent=False, first_seen_at=seen,
            version=version, versions=1,
        ),
    )  # fmt: skip

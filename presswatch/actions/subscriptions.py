"""What a person can do with topics, channels and rhythms: be told, be told otherwise, be told no longer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notify.rhythm import leaves_at
from presswatch.actions.channels import add_channel, free_name
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import NotFoundError, QueryError
from storage.outbox import canaries
from storage.people import channels, rhythms, subscriptions, topics
from storage.query.aliases import alias
from storage.types import SOLE_OWNER, Rhythm, Subscription, Topic


@dataclass(frozen=True, slots=True)
class WantedRhythm:
    """What a person says of when alerts may leave. None is left as it is; a new subscription alerts immediately."""

    words: str | None = None
    zone: str | None = None
    quiet: str | None = None
    """`none` ends them."""
    cap: int | None = None

    def over(self, known: Rhythm) -> Rhythm:
        """The known rhythm with what is wanted. Raises `InvalidInputError`."""
        quiet = known.written_quiet if self.quiet is None else self.quiet
        return rhythms.parse(
            known.written if self.words is None else self.words,
            zone=known.zone if self.zone is None else self.zone,
            quiet="" if quiet == "none" else quiet,
            cap=known.cap if self.cap is None else self.cap,
        )


def subscribe(
    database: Database,
    topic_name: str,
    target: str,
    policy: AddressPolicy,
    wanted: WantedRhythm = WantedRhythm(),
    *,
    canary: int = 0,
) -> Subscription:
    """Subscribe a channel to a topic, making either where it does not exist yet, or change the rhythm.

    The topic may be one that is saved or an alias; the target a channel's name, an Apprise address, or `console`.
    What waits already leaves in the new rhythm; nothing is lost by a change. `canary` is in minutes.
    Raises `NotFoundError`, `InvalidInputError`, `AddressRefusedError`.
    """
    rhythm = wanted.over(Rhythm())  # before anything is made
    channel = database.read(channels.find, SOLE_OWNER, database.keyring, target)
    if channel is None and target != "console" and "://" not in target:
        raise NotFoundError(
            f"there is no channel {target!r}", mend="make it with channels add, or give an Apprise address or console"
        )
    topic = topic_for(database, topic_name)
    if channel is None:
        channel = add_channel(
            database, "console" if target == "console" else free_name(database, target), target, policy
        )
    known = database.read(subscriptions.find, topic, channel)
    if known is None:
        return database.write(subscriptions.subscribe, topic, channel, now(), rhythm, canary=canary)
    rhythm = wanted.over(known.rhythm)
    if rhythm != known.rhythm:
        database.write(subscriptions.change, known.id, rhythm, leaves_at(rhythm, now()))
    return replace(known, rhythm=rhythm)


def subscribe_canary(database: Database, target: str, policy: AddressPolicy, minutes: int) -> Subscription:
    """Prove the whole chain to a channel every so many minutes, or change how often. Raises as `subscribe` does."""
    canaries.check(minutes)
    database.write(canaries.topic, SOLE_OWNER, now())
    told = subscribe(database, canaries.TOPIC, target, policy, canary=minutes)
    if told.canary != minutes:
        database.write(subscriptions.set_canary, told.id, minutes)
    return replace(told, canary=minutes)


def topic_for(database: Database, name: str) -> Topic:
    """The saved topic of that name, or a new one made from the alias of that name. Raises `NotFoundError`."""
    saved = database.read(topics.find, SOLE_OWNER, name)
    if saved is not None:
        return saved
    try:
        pack = alias(name, database.packs)
    except QueryError as error:
        raise NotFoundError(
            f"there is no topic and no alias {name!r}", mend=f"make it: topics add {name!r} 'a query'"
        ) from error
    return database.write(topics.add, SOLE_OWNER, database.packs, pack.name, f"alias:{pack.name}", now())


def unsubscribe(database: Database, topic_name: str, channel_name: str | None) -> int:
    """End a topic's subscriptions, all or one channel's; return how many. Raises `NotFoundError`."""
    topic = database.read(topics.get, SOLE_OWNER, topic_name)
    channel = database.read(channels.get, SOLE_OWNER, database.keyring, channel_name) if channel_name else None
    ended = database.write(subscriptions.unsubscribe, topic, channel, now())
    if not ended:
        raise NotFoundError(f"nobody there is subscribed to {topic.name}", mend="see who is with: topics list")
    return ended

"""What a person can do with subscriptions: be told of a topic, be told otherwise, be told no longer."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from notify.rhythm import leaves_at
from presswatch.actions import pauses
from presswatch.actions.channels import checked_address, free_name
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, QueryError, did_you_mean
from storage.outbox import canaries
from storage.outbox.canaries import Proof
from storage.people import channels, subscriptions, topics
from storage.people.keyring import Keyring
from storage.people.rhythms import AS_IT_IS
from storage.people.rhythms import WantedRhythm as WantedRhythm  # the faces say what is wanted with it
from storage.query.aliases import AliasPack, Packs, alias
from storage.types import Rhythm, Subscription, Topic


@dataclass(frozen=True, slots=True)
class ListedSubscription:
    """A subscription, how many of its alerts wait, and when the next ones may leave."""

    subscription: Subscription
    waiting: int
    next_at: datetime | None


async def listing(database: Database, owner: int) -> tuple[ListedSubscription, ...]:
    """The owner's subscriptions, the oldest first."""
    return await database.read_async(_listing, owner)


def _listing(connection: Connection, owner: int) -> tuple[ListedSubscription, ...]:
    waiting = subscriptions.waiting(connection)
    every = subscriptions.every(connection, owner)
    return tuple(ListedSubscription(each, *waiting.get(each.id, (0, None))) for each in every)


async def show(database: Database, owner: int, number: int) -> ListedSubscription:
    """The owner's subscription of that number. Raises `NotFoundError`."""
    for each in await listing(database, owner):
        if each.subscription.id == number:
            return each
    raise NotFoundError(f"there is no subscription {number}", mend="see them with: presswatch subscriptions list")


def mistakes(wanted: WantedRhythm) -> dict[str, InvalidInputError]:
    """What cannot be used, by the name of the part that is wrong. Pure."""
    found = {}
    for part in ("words", "zone", "quiet", "cap"):
        try:
            WantedRhythm(**{part: getattr(wanted, part)}).over(Rhythm())
        except InvalidInputError as error:
            found[part] = error
    try:
        assert wanted.events != ()
    except InvalidInputError as error:
        found["on"] = error
    if not found:
        try:
            wanted.over(Rhythm())
        except InvalidInputError as error:  # each part is right, and they do not go together
            found["quiet"] = error
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rhythm does: when what is found now would leave."""

    rhythm: Rhythm
    next_at: datetime
    waiting: int = 0


def meaning(wanted: WantedRhythm, at: datetime, known: ListedSubscription | None = None) -> Meaning:
    """What a rhythm would do, of a subscription or a new one. Raises `InvalidInputError`. Pure."""
    rhythm = wanted.over(known.subscription.rhythm if known else Rhythm())
    return Meaning(rhythm, leaves_at(rhythm, at), known.waiting if known else 0)


async def change(database: Database, owner: int, number: int, wanted: WantedRhythm) -> Subscription:
    """Give the subscription of that number another rhythm; what waits leaves in it. Raises `NotFoundError`,
    `InvalidInputError`."""
    known = (await show(database, owner, number)).subscription
    rhythm, events = wanted.over(known.rhythm), wanted.events or known.events

    def change_both(connection: Connection) -> None:
        subscriptions.change(connection, known.id, rhythm, leaves_at(rhythm, now()))
        subscriptions.tell_of(connection, known.id, events)

    await database.write_async(change_both)
    return replace(known, rhythm=rhythm, events=events)


async def pause(database: Database, owner: int, number: int, until: datetime) -> Subscription:
    """Tell the subscription of that number of nothing that is seen until then, also not later; what waits leaves.

    Raises `NotFoundError`, `InvalidInputError` for a time that is past or too far away.
    """
    pauses.check(until)
    return await _paused(database, owner, number, until)


async def go_on(database: Database, owner: int, number: int) -> Subscription:
    """End a subscription's pause: it is told of what is seen from now on. Raises `NotFoundError`."""
    return await _paused(database, owner, number, now())


async def _paused(database: Database, owner: int, number: int, until: datetime) -> Subscription:
    known = (await show(database, owner, number)).subscription
    await database.write_async(subscriptions.pause, known.id, until)
    return replace(known, paused_until=until)


async def end(database: Database, owner: int, number: int) -> None:
    """End the subscription of that number; what was found before is still sent. Raises `NotFoundError`."""
    known = (await show(database, owner, number)).subscription
    await unsubscribe(database, owner, known.topic_name, known.channel_name)


async def proofs(database: Database, owner: int) -> tuple[Proof, ...]:
    """For each of the owner's proofs of the whole chain whether it holds."""
    return await database.read_async(_proofs, owner)


def _proofs(connection: Connection, owner: int) -> tuple[Proof, ...]:
    return tuple(each for each in canaries.proofs(connection, now()) if each.subscription.owner_id == owner)


async def subscribe(
    database: Database,
    owner: int,
    topic: str,
    target: str,
    policy: AddressPolicy,
    wanted: WantedRhythm = AS_IT_IS,
) -> Subscription:
    """Subscribe a channel to a topic, making either where it does not exist yet, or change the rhythm.

    The topic may be one that is saved or an alias; the target a channel's name, an Apprise address, or `console`.
    What waits already leaves in the new rhythm; nothing is lost by a change.
    Raises `NotFoundError`, `InvalidInputError`, `AddressRefusedError` before anything is made.
    """
    wanted.check()
    desk = _Desk(owner, database.packs, database.keyring)
    await database.read_async(_refuse_unknown, desk, topic, target)
    address = await _address_of_new(database, desk, target, policy)
    return await database.write_async(_subscribe, desk, topic, target, address, wanted)


async def subscribe_canary(
    database: Database, owner: int, target: str, policy: AddressPolicy, minutes: int
) -> Subscription:
    """Prove the whole chain to a channel every so many minutes, or change how often. Raises as `subscribe` does."""
    canaries.check(minutes)
    desk = _Desk(owner, database.packs, database.keyring)
    await database.read_async(_refuse_unknown_channel, desk, target)
    address = await _address_of_new(database, desk, target, policy)
    return await database.write_async(_subscribe_canary, desk, target, address, minutes)


async def unsubscribe(database: Database, owner: int, topic: str, channel: str | None = None) -> int:
    """End a topic's subscriptions, all or one channel's; return how many. Raises `NotFoundError`."""
    return await database.write_async(_unsubscribe, owner, database.keyring, topic, channel)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whose it is, and what its queries and addresses are read with."""

    owner: int
    packs: Packs
    keyring: Keyring


def _refuse_unknown(connection: Connection, desk: _Desk, topic: str, target: str) -> None:
    _refuse_unknown_channel(connection, desk, target)
    if topics.find(connection, desk.owner, topic) is None:
        _alias(desk.packs, topic)


def _refuse_unknown_channel(connection: Connection, desk: _Desk, target: str) -> None:
    if (
        channels.find(connection, desk.owner, desk.keyring, target) is None
        and target != channels.CONSOLE
        and "://" not in target
    ):
        raise NotFoundError(f"there is no channel {target!r}", mend=_mend_of_target(connection, desk, target))


def _mend_of_target(connection: Connection, desk: _Desk, target: str) -> str:
    if "@" in target:
        to = target.removeprefix("mailto:")
        return f"for mail say through which server: mailtos://USER:PASSWORD@SERVER?to={to}"
    near = did_you_mean(target, (each.name for each in channels.every(connection, desk.owner)))
    return f"{near}make it with: presswatch channels add {shlex.quote(target)} ADDRESS, or give an address or console"


async def _address_of_new(database: Database, desk: _Desk, target: str, policy: AddressPolicy) -> str:
    """The checked address of a channel that there is not yet; of one that there is, nothing."""
    known = await database.read_async(channels.find, desk.owner, desk.keyring, target)
    return "" if known else await checked_address(target, policy)


def _subscribe(
    connection: Connection, desk: _Desk, topic: str, target: str, address: str, wanted: WantedRhythm
) -> Subscription:
    saved = topics.find(connection, desk.owner, topic) or _topic_of(connection, desk, topic)
    return _tell(connection, desk, saved, target, address, wanted)


def _subscribe_canary(connection: Connection, desk: _Desk, target: str, address: str, minutes: int) -> Subscription:
    topic = canaries.topic(connection, desk.owner, now())
    told = _tell(connection, desk, topic, target, address, WantedRhythm(), canary=minutes)
    if told.canary != minutes:
        subscriptions.set_canary(connection, told.id, minutes)
    return replace(told, canary=minutes)


def _tell(
    connection: Connection,
    desk: _Desk,
    topic: Topic,
    target: str,
    address: str,
    wanted: WantedRhythm,
    canary: int = 0,
) -> Subscription:
    """Tell a channel of a topic, in the rhythm that is wanted; the channel is made where it is missing."""
    owner, keyring, when = desk.owner, desk.keyring, now()
    channel = channels.find(connection, owner, keyring, target)
    if channel is None:
        taken = {each.name for each in channels.every(connection, owner)}
        name = target if target == channels.CONSOLE else free_name(target, taken)
        channel = channels.add(connection, owner, keyring, name, address, when)
    known = subscriptions.find(connection, topic, channel) or subscriptions.subscribe(
        connection, topic, channel, when, wanted.over(Rhythm()), canary=canary
    )
    if wanted.events and wanted.events != known.events:
        subscriptions.tell_of(connection, known.id, wanted.events)
        known = replace(known, events=wanted.events)
    rhythm = wanted.over(known.rhythm)
    if rhythm != known.rhythm:
        subscriptions.change(connection, known.id, rhythm, leaves_at(rhythm, when))
    return replace(known, rhythm=rhythm)


def _topic_of(connection: Connection, desk: _Desk, name: str) -> Topic:
    """A new topic, made from the alias of that name. Raises `NotFoundError`."""
    pack = _alias(desk.packs, name)
    return topics.add(connection, desk.owner, desk.packs, pack.name, f"alias:{pack.name}", now())


def _alias(packs: Packs, name: str) -> AliasPack:
    try:
        return alias(name, packs)
    except QueryError as error:
        near = did_you_mean(name, {pack.name for pack in packs.values()})
        mend = f"{near}make it: presswatch topics add {shlex.quote(name)} 'a query'"
        raise NotFoundError(f"there is no topic and no alias {name!r}", mend=mend) from error


def _unsubscribe(
    connection: Connection, owner: int, keyring: Keyring, topic_name: str, channel_name: str | None
) -> int:
    topic = topics.get(connection, owner, topic_name)
    channel = channels.get(connection, owner, keyring, channel_name) if channel_name else None
    ended = subscriptions.unsubscribe(connection, topic, channel, now())
    if not ended:
        raise NotFoundError(
            f"nobody there is subscribed to {topic.name}", mend="see who is with: presswatch topics list"
        )
    return ended

"""Where messages go."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Sequence

from notify.channels.kinds import check_channel_address, sender_for
from notify.messages.notices import compose_test
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.errors import DeliveryError, InvalidInputError
from tests.fakes.sinks import HTTPSink
from tests.ssrf.world import World

CHANNELS = (
    "json://{}/hook", "jsons://{}/hook", "form://{}/hook", "xml://user:pw@{}/hook",
    "mailto://user:pw@{}?from=a@b.example&to=c@b.example", "mailtos://user:pw@{}?from=a@b.example&to=c@b.example",
    "mailto://user:pw@b.example?to=c@b.example&smtp={host}", "ntfy://{}/topic", "gotify://{}/AbCdEfGhIjKlMnO",
    "matrix://user:pw@{}/#news", "mmost://{}/3ccdd113474722377935511fc85d3dd4", "rocket://user:pw@{}/#news",
    "signal://{}/15551112222/15553334444", "synology://{}/token", "nctalk://user:pw@{}/room",
    "ncloud://user:pw@{}/user", "bark://{}/key", "kodi://{}", "humhub://token@{}/1", "hassio://{}/" + "a" * 180,
    "jellyfin://user:pw@{}", "mastodon://token@{}", "misskey://token@{}", "gorush://{}/token",
    "smseagle://token@{}/15551112222", "onebot://{}/123456", "irc://user@{}/#news", "mqtt://{}/topic",
    "amqp://user:pw@{}/topic", "workflows://{}/643f2c0d6a4a4b1b8a2b0c8d/abcdef0123",
    "zulip://bot@{host}/aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1aB/news", "notica://{}/abcdef", "splunk://apikey@{host}/key",
    "twist://user:pw@{host}", "nostr://" + "a" * 64 + "?relay={host}",
)  # fmt: skip
"""An address of every sort: with a port, or where only a host stands."""


async def deliveries(world: World) -> None:
    """Channels of all kinds: they are not taken, or nothing leaves through them."""
    with HTTPSink() as sink:
        world.border.allow(sink.port)
        wanted = [address for whole in world.addresses for address in _channels(whole)]
        with guarded_connections(world.policy):
            await asyncio.to_thread(_deliver_all, wanted, world.policy)
            await asyncio.to_thread(sender_for(sink.address, io.StringIO()).send, compose_test("desk"), sink.address)
        world.reached += [sink.address] * len(sink.received)


def _channels(address: str) -> list[str]:
    scheme, mark, rest = address.partition("://")
    if not (mark and scheme == "http"):
        return [f"json:{address.partition(':')[2]}", f"json{address}"]
    there = rest.partition("/")[0]
    host = there.rpartition(":")[0] or there
    return [f"json://{rest}", *(one.replace("{host}", host).replace("{}", there) for one in CHANNELS)]


def _deliver_all(wanted: Sequence[str], policy: AddressPolicy) -> None:
    for address in wanted:
        with contextlib.suppress(InvalidInputError, DeliveryError):
            checked = check_channel_address(address, policy)
            sender_for(checked, io.StringIO()).send(compose_test("desk"), checked)
            raise AssertionError(f"{address} was delivered to")

"""What a process that stays loads before its first message, so that nobody waits for that one.

Apprise, the templates and the names of languages take about a second of a core when first used.
"""

from __future__ import annotations

import gc
from collections.abc import Collection

from sqlalchemy import Connection

from notify.channels.apprise_services import recorded, service
from notify.channels.kinds import CONSOLE, kind_of, opened
from notify.messages import locale_names, rendering
from storage.errors import DeliveryError
from storage.people import channels
from storage.people.keyring import Keyring


def addresses_in_use(connection: Connection, keyring: Keyring) -> tuple[str, ...]:
    """One address of each kind of channel that there is; those that no key opens are left out."""
    found: dict[str, str] = {}
    for channel in channels.in_force(connection):
        try:
            address = opened(keyring, channel.address)
        except DeliveryError:
            continue
        found.setdefault(CONSOLE if address == CONSOLE else kind_of(address).name, address)
    return tuple(found.values())


def prepare(addresses: Collection[str]) -> None:
    """Load what messages to these addresses are written with and sent by; nothing where there is none.

    What is loaded by then stays, and Python's collector is told so: walking through Apprise's hundred plugins again and
    again was a tenth of the cost of a message.
    """
    if not addresses:
        return
    locale_names.load()
    services = [address for address in addresses if address != CONSOLE]
    if services:
        rendering.load()
        with recorded():  # what Apprise has to say about the address holds its secrets
            for address in services:
                service(address)
        gc.collect()
        gc.freeze()

"""Is it the sites that cannot be reached, or our own network? Told once, for all of them."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, select

from storage.operator.notices import DAILY, OURS, HealthChange, Mistakes, add, number_of_the_day
from storage.tables import notices, sources
from storage.types import Reason

LEAST_HOSTS = 3

MOST = 0.8
"""When this share of so many hosts cannot be reached, it is our own network that is down."""

NETWORK = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TLS})
"""What is seen of all sites when our own network is down, or asks for a login."""

_OF_THE_NETWORK = and_(
    notices.c.source_id.is_(None), notices.c.channel_id.is_(None), notices.c.reason != Mistakes.MISTAKE
)


def what_is_down(connection: Connection, since: datetime) -> str:
    """In words that hardly any host of those that were polled since then has answered, or nothing."""
    hosts = _hosts(connection, since)
    failing = [host for host, answers in hosts.items() if not answers]
    if len(hosts) < LEAST_HOSTS or len(failing) < MOST * len(hosts):
        return ""
    if len(failing) < len(hosts):
        return f"{len(failing)} of {len(hosts)} sites could not be reached, from {failing[0]} on"
    return f"none of {len(failing)} sites could be reached, from {failing[0]} on"


def network_is_down(connection: Connection, since: datetime, at: datetime) -> bool:
    """Whether what a source has suffered `since` is ours: hardly any host has answered. Told once, for all."""
    detail = what_is_down(connection, since)
    if not detail:
        return False
    if _network_notice(connection) is None and number_of_the_day(connection, _OF_THE_NETWORK, at) < DAILY:
        add(connection, None, HealthChange(True, Reason.UNREACHABLE, detail), at, at)
    return True


def see_whether_the_network_is_back(connection: Connection, at: datetime) -> None:
    """Tell that the network is back, where it was down and hosts answer again."""
    began = _network_notice(connection)
    if began is None:
        return
    answering = sum(_hosts(connection, began.created_at).values())
    if answering >= LEAST_HOSTS:
        add(connection, None, HealthChange(False, Reason.UNREACHABLE, f"{answering} sites have answered"), at, at)


def _network_notice(connection: Connection) -> Any:
    """The notice that our network is down, if that is what was told last."""
    newest = select(notices).where(_OF_THE_NETWORK).order_by(notices.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return row if row is not None and row.began else None


def _hosts(connection: Connection, since: datetime) -> dict[str, bool]:
    """The hosts that were polled since then, and whether one of their sections answered.

    Those of this machine answer without a network: they are no hosts.
    """
    polled = select(sources.c.address, sources.c.reason).where(sources.c.enabled, sources.c.last_poll_at >= since)
    hosts: dict[str, bool] = {}
    for row in connection.execute(polled.where(sources.c.reason.not_in(OURS)).order_by(sources.c.id)):
        host = urlsplit(row.address).hostname or ""
        if _is_here(host):
            continue
        hosts[host] = hosts.get(host, False) or row.reason not in NETWORK
    return hosts


def _is_here(host: str) -> bool:
    """Whether a host is this machine, by its name or its loopback address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761, section 6.3

"""Which network addresses presswatch may connect to.

Every address from outside is hostile: a source, a redirect, a notification target. Only addresses of the public
internet are allowed, whatever name led to them, unless the operator names a network in
`PRESSWATCH_ALLOW_ADDRESSES` or in the configuration file.

The list of special networks is our own: `ipaddress.is_global` lets through multicast, NAT64, 6to4 and mapped
addresses. Source: IANA's special-purpose address registries (RFC 6890), RFC 6052, RFC 3056.
"""

from __future__ import annotations

import errno
import ipaddress
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from storage.errors import AddressRefusedError, SettingsError
from storage.identity import host_name

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL: tuple[IPNetwork, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AllowedNetwork:
    """A network, and a port or any, that the operator allows although it is not of the public internet."""

    network: IPNetwork
    port: int | None = None

    def covers(self, address: IPAddress, port: int | None) -> bool:
        same_family = address.version == self.network.version
        return same_family and address in self.network and self.port in (None, port)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be connected to: the public internet and what the operator allows."""

    allowed: tuple[AllowedNetwork, ...] = ()

    @classmethod
    def parse(cls, text: str) -> AddressPolicy:
        """Read `127.0.0.0/8, 10.1.2.3:8080, [::1]:80`: addresses or networks, each with an optional port.

        Raises `SettingsError` for anything else.
        """
        return cls(tuple(_allowed_network(part) for part in text.replace(",", " ").split()))

    def permits(self, address: str, port: int | None = None) -> bool:
        """Whether the literal IP address may be connected to."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if any(entry.covers(ip, port) for entry in self.allowed):
            return True
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            return self.permits(str(ip.ipv4_mapped), port)
        return not any(ip.version == special.version and ip in special for special in _SPECIAL)

    def check_address(self, address: str) -> None:
        """Refuse an address of the web that is not http or https, or whose host is a forbidden literal.

        Names are not resolved here: what a name leads to is checked when the connection opens.
        Raises `AddressRefusedError`.
        """
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise AddressRefusedError(
                f"{address} is not an address: {error}", mend="check it for typing errors"
            ) from None
        if parts.scheme not in _PORTS:
            raise AddressRefusedError(
                f"{address} is not an http or https address",
                mend="give the address as a browser shows it, with https://",
            )
        if not host:
            raise AddressRefusedError(f"{address} names no host", mend="give the address as a browser shows it")
        if "[" in parts.netloc and _literal(host) is None:  # else a resolver would be asked for what stands in them
            raise AddressRefusedError(
                f"{address} is not an address: {host!r} in brackets is no address of version 6",
                mend="check it for typing errors",
            )
        if "\\" in parts.netloc:  # browsers take it for a slash (WHATWG URL, 4.4), RFC 3986 does not know it
            raise AddressRefusedError(
                f"{address} names its host so that no two programs read it alike",
                mend="give the address as a browser shows it",
            )
        self.check_host(host, port or _PORTS[parts.scheme])

    def check_host(self, host: str, port: int | None = None) -> None:
        """Refuse a host that is a forbidden IP literal, in any spelling that a resolver understands, or localhost.

        Nor is a name let through that no host can have. Raises `AddressRefusedError`.
        """
        literal = _literal(host)
        if literal is None:
            try:
                literal = _literal(host_name(host))  # IDNA leaves out what nobody sees: soft hyphens and the like
            except ValueError as error:
                raise AddressRefusedError(str(error), mend="check it for typing errors") from None
        if literal is not None and not self.permits(literal, port):
            raise AddressRefusedError(
                f"{host} is a private, loopback or otherwise special address",
                mend=f"if you trust it, allow it by name: PRESSWATCH_ALLOW_ADDRESSES={literal}",
            )


def _allowed_network(text: str) -> AllowedNetwork:
    host, port = text, None
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or None
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        network = ipaddress.ip_network(host, strict=False)
        if port and int(port) not in range(1, 65536):
            raise ValueError(f"{port} is not a port")
        return AllowedNetwork(network, int(port) if port else None)
    except ValueError:
        raise SettingsError(
            f"allow_addresses: {text!r} is not an address or network",
            mend="write it like 127.0.0.0/8, 10.1.2.3:8080 or [::1]:80",
        ) from None


def _literal(host: str) -> str | None:
    """The IP address that a host is a spelling of (`127.1`, `0x7f000001`, `localhost`), or None for a name."""
    # As IDNA reads a name: full-width and circled digits are digits, the ideographic full stop is a dot.
    host = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return _inet_aton(host)


def _inet_aton(host: str) -> str | None:
    """The IPv4 address of an old spelling with fewer parts, octal or hexadecimal numbers, as inet_aton(3) reads it."""
    parts = host.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = []
    for part in parts:
        try:
            base = 16 if part.startswith("0x") else 8 if part.startswith("0") and part != "0" else 10
            numbers.append(int(part, base))
        except ValueError:
            return None
    *heads, last = numbers
    if any(not 0 <= head <= 255 for head in heads) or not 0 <= last < 256 ** (5 - len(numbers)):
        return None
    value = last + sum(head << (24 - 8 * index) for index, head in enumerate(heads))
    return str(ipaddress.IPv4Address(value))


class ConnectionRefusedByGuardError(PermissionError):
    """Raised inside `connect` by the guard; libraries report it as a failed connection."""


_guarding: AddressPolicy | None = None
_hook_installed = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto", "socket.sendmsg") or _guarding is None:
        return
    target = arguments[1]
    if not isinstance(target, tuple) or not isinstance(target[0], str | bytes | bytearray):
        return  # a local socket, or a family without hosts
    host = target[0] if isinstance(target[0], str) else target[0].decode("latin-1")
    if not _guarding.permits(host, target[1]):
        raise ConnectionRefusedByGuardError(errno.EACCES, f"presswatch does not connect to {host}")


@contextmanager
def guarded_connections(policy: AddressPolicy) -> Iterator[None]:
    """While open, no socket of this process connects to an address that the policy does not permit.

    Nor does it send there without a connection. This sees the address really connected to, after name resolution and
    at every redirect, whichever library opens the socket: it is an audit hook on `socket.connect`, `sendto` and
    `sendmsg` (PEP 578). It applies to the process, not to one thread.
    """
    global _guarding, _hook_installed
    if not _hook_installed:
        sys.addaudithook(_audit)
        _hook_installed = True
    before, _guarding = _guarding, policy
    try:
        yield
    finally:
        _guarding = before

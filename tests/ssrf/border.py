"""A border around the tests of addresses: nothing leaves the machine, and nothing goes unseen.

A resolver of the tests answers, with loopback and documentation addresses alone (RFC 5737, RFC 3849); whoever asks
another one is noted. The fence behind the guard of the product lets through what goes to the tests' own servers, and
notes and stops everything else.
"""

from __future__ import annotations

import _socket
import ipaddress
import socket
from contextlib import ExitStack
from itertools import cycle
from typing import Any

import pytest

from tests.fakes.fence import fenced, outside
from tests.fakes.sentinel import Sentinel
from tests.ssrf.spellings import NAMES

AS_PUBLIC = "192.0.2.0/24 2001:db8::/32"
"""What stands for the public internet."""
_PUBLIC = tuple(ipaddress.ip_network(one) for one in AS_PUBLIC.split())


class Border:
    """Stands while it is entered. `allow` the ports of the tests' own servers."""

    def __init__(self) -> None:
        self.sentinel = Sentinel("127.0.0.1", "127.0.0.53", "127.255.255.254", "::1")
        self.crossed: list[str] = []
        """Where somebody would have connected to or sent to, past the product's guard."""
        self.went_public: list[str] = []
        """Where somebody would have connected to among what stands for the public internet."""
        self.asked: list[str] = []
        """The names that were looked up."""
        self.really_asked: list[str] = []
        """What was looked up in the resolver of the system."""
        self._ports: set[int] = set()
        self._answers = {_plain(name): cycle(answers) for name, answers in NAMES.items()}
        self._open = ExitStack()

    def __enter__(self) -> Border:
        self._open.enter_context(self.sentinel)
        patch = self._open.enter_context(pytest.MonkeyPatch.context())
        # Twisted keeps `socket.getaddrinfo` from before: what that calls is replaced. Nobody keeps the others.
        patch.setattr(_socket, "getaddrinfo", self._getaddrinfo)
        patch.setattr(socket, "gethostbyname", lambda host: self._first_of_4(host))
        patch.setattr(socket, "gethostbyname_ex", lambda host: (host, [], [self._first_of_4(host)]))
        patch.setattr(socket, "gethostbyaddr", self._nobody)
        patch.setattr(socket, "getnameinfo", self._nobody)
        self._open.enter_context(fenced(self._look_up, self._reach))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def allow(self, port: int) -> None:
        """Let connections to this port of loopback through: a server of the tests."""
        self._ports.add(port)

    @property
    def allowed(self) -> str:
        """The setting of an operator who trusts these servers, in the tests' world."""
        return " ".join([AS_PUBLIC, *(f"127.0.0.1:{port}" for port in sorted(self._ports))])

    def check(self) -> None:
        """Nobody came to the sentinel, nobody went anywhere else, and no name was really looked up."""
        assert self.crossed == [], f"past the guard: {self.crossed}"
        assert self.sentinel.connections() == 0
        assert self.really_asked == [], f"the resolver of this machine was asked: {self.really_asked}"

    # -- the fence ---------------------------------------------------------------------------------------------------

    def _look_up(self, host: Any) -> None:
        self.really_asked.append(str(host))
        raise outside(f"the resolver of this machine is asked for {host}")

    def _reach(self, target: tuple[Any, ...]) -> None:
        if target[0] == "127.0.0.1" and target[1] in self._ports:
            return
        where = f"{target[0]} {target[1]}"
        (self.went_public if _is_public(target[0]) else self.crossed).append(where)
        raise outside(where)

    # -- the resolver ------------------------------------------------------------------------------------------------

    def _getaddrinfo(
        self, host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[Any, ...]]:
        number = int(port or 0)
        found: list[tuple[Any, ...]] = []
        for kind, protocol in ((socket.SOCK_STREAM, socket.IPPROTO_TCP), (socket.SOCK_DGRAM, socket.IPPROTO_UDP)):
            for address in self._addresses(host) if type in (0, kind) else ():
                of_6 = ":" in address
                its = socket.AF_INET6 if of_6 else socket.AF_INET
                if family in (0, its):
                    there = (address.partition("%")[0], number, 0, 0) if of_6 else (address, number)
                    found.append((its, kind, protocol, "", there))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    def _addresses(self, host: Any) -> tuple[str, ...]:
        """What a host leads to, as inet_aton(3), then inet_pton(3), then our names have it."""
        if host is None:
            return ("127.0.0.1", "::1")
        name = host if isinstance(host, str) else bytes(host).decode()
        try:
            name = _plain(name)
        except UnicodeError:
            return ()
        try:
            return (socket.inet_ntoa(socket.inet_aton(name)),)
        except OSError:
            pass
        try:
            return (str(ipaddress.IPv6Address(name)),)
        except ValueError:
            pass
        self.asked.append(name)
        if name == "localhost" or name.endswith(".localhost"):
            return ("127.0.0.1", "::1")
        return next(self._answers[name]) if name in self._answers else ()

    def _first_of_4(self, host: Any) -> str:
        return str(self._getaddrinfo(host, 0, socket.AF_INET)[0][4][0])

    def _nobody(self, *_: object) -> Any:
        raise socket.herror(1, "Unknown host")


def _is_public(host: Any) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address.version == one.version and address in one for one in _PUBLIC)


def _plain(name: str) -> str:
    """A name as the DNS has it."""
    return (name if name.isascii() else name.encode("idna").decode("ascii")).rstrip(".").lower()

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.connection_guard import AddressPolicy, guarded_connections
from storage.errors import AddressRefusedError, SettingsError
from tests.fakes.sentinel import Sentinel
from tests.patience import PATIENCE

PUBLIC = AddressPolicy()
EVERYWHERE_HERE = "127.0.0.0/8 ::1"

SPECIAL_HOSTS = [
    # this machine, in the spellings that resolvers understand
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0X7F.0.0.1",
    "017700000001", "0177.0.0.01", "0x7f.1", "127.0.0x1", "0", "0.0.0.0", "0x0", "00", "localhost", "LOCALHOST",
    "localhost.", "www.localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "127．0．0．1",
    # networks behind the router
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0xc0a80101", "3232235777",
    "100.64.0.1", "100.127.255.255", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[::ffff:10.0.0.1]",
    # link-local, and the metadata services of clouds
    "169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.0.1", "[fe80::1]", "[fe80::1%25eth0]",
    "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200",
    # many at once
    "224.0.0.1", "239.255.255.255", "255.255.255.255", "240.0.0.1", "[ff02::1]", "[ff0e::1]",
    # tunnels and translations that end somewhere else
    "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]",
    "[2001::1]", "192.88.99.1",
    # set aside
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "[2001:db8::1]", "[3fff::1]", "[100::1]",
    "[5f00::1]", "192.31.196.1", "192.52.193.1", "192.175.48.1", "[2620:4f:8000::1]",
]  # fmt: skip

PUBLIC_HOSTS = [
    "93.184.215.14", "8.8.8.8", "172.15.255.255", "172.32.0.1", "192.169.0.1", "100.63.255.255", "100.128.0.1",
    "169.253.0.1", "223.255.255.255", "1.1", "0x08080808", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "mfa.example",
    "mfa.example.", "мид.пример", "localhost.example", "notlocalhost", "127.0.0.1.example", "08", "256.1.1.1",
    "1.2.3.4.5", "0x7g", "dead.beef",
]  # fmt: skip


@pytest.mark.parametrize("host", SPECIAL_HOSTS)
def test_a_special_address_is_refused_in_every_spelling(host: str) -> None:
    for address in (f"http://{host}/", f"https://user:secret@{host}:8080/news?x=1#top"):
        with pytest.raises(AddressRefusedError) as refused:
            PUBLIC.check_address(address)
        assert "PRESSWATCH_ALLOW_ADDRESSES" in refused.value.mend


@pytest.mark.parametrize("host", PUBLIC_HOSTS)
def test_a_public_address_and_a_name_pass(host: str) -> None:
    PUBLIC.check_address(f"https://{host}/news")
    PUBLIC.check_address(f"http://{host}:8080/")


@pytest.mark.parametrize(
    "address",
    ["", "mfa.example", "//mfa.example/", "/news", "file:///etc/passwd", "ftp://mfa.example/", "data:text/html,x",
     "gopher://mfa.example/", "javascript:alert(1)", "s3://bucket/key", "mailto:a@mfa.example", "unix:///run/x.sock",
     "http:", "http:///news", "http:/mfa.example/", "https://user@/", "http://[::1/", "http://mfa.example:99999/",
     "http://mfa.example:port/", "http://[v1.fe80]/", "http://[mfa.example]/", "https://[v7.x]:8443/"],
)  # fmt: skip
def test_what_is_not_an_address_of_the_web_is_refused_with_the_mend(address: str) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        PUBLIC.check_address(address)
    assert refused.value.mend


@pytest.mark.parametrize(
    "address",
    ["http://mfa.example@127.0.0.1/", "http://127.0.0.1#@mfa.example/", "http://127.0.0.1?@mfa.example/",
     "http://mfa.example\\@127.0.0.1/", "HTTP://127.0.0.1/", "http://127.0.0.1:80:80@127.0.0.1/"],
)  # fmt: skip
def test_no_trick_of_spelling_hides_the_host(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        PUBLIC.check_address(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_however_it_is_mapped(address: ipaddress.IPv4Address) -> None:
    assert PUBLIC.permits(str(address)) == PUBLIC.permits(f"::ffff:{address}")


@given(st.ip_addresses())
def test_a_private_or_local_address_is_never_permitted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        mapped = getattr(address, "ipv4_mapped", None)
        assert not PUBLIC.permits(str(address)) or (mapped is not None and PUBLIC.permits(str(mapped)))


# -- what the operator allows -------------------------------------------------------------------------------------


def test_the_operator_allows_a_network_for_every_port() -> None:
    policy = AddressPolicy.parse("127.0.0.0/8")
    policy.check_address("http://127.0.0.1:8080/")
    policy.check_address("http://localhost/")
    policy.check_address("http://[::ffff:127.0.0.1]/")
    with pytest.raises(AddressRefusedError):
        policy.check_address("http://10.0.0.1/")
    with pytest.raises(AddressRefusedError):
        policy.check_address("http://[::1]/")


@pytest.mark.parametrize(
    "text", ["10.1.2.3:8080", "10.1.2.3:8080, [::1]:80", "[::1]:80 10.1.2.3:8080", " 10.1.2.3:8080 "]
)
def test_the_operator_allows_an_address_for_one_port(text: str) -> None:
    policy = AddressPolicy.parse(text)
    policy.check_address("http://10.1.2.3:8080/")
    with pytest.raises(AddressRefusedError):
        policy.check_address("http://10.1.2.3/")


def test_the_default_port_of_the_scheme_counts() -> None:
    policy = AddressPolicy.parse("[::1]:443")
    policy.check_address("https://[::1]/")
    with pytest.raises(AddressRefusedError):
        policy.check_address("http://[::1]/")


def test_a_network_may_be_named_by_an_address_inside_it() -> None:
    assert AddressPolicy.parse("10.1.2.3/16").permits("10.1.255.255")


def test_nothing_is_allowed_unless_it_is_named() -> None:
    assert AddressPolicy.parse("") == AddressPolicy.parse(" , ") == PUBLIC


@pytest.mark.parametrize(
    "text",
    ["localhost", "mfa.example", "10.0.0", "10.0.0.0/33", "10.0.0.1:http", "10.0.0.1:0", "10.0.0.1:65536", "[::1]:x",
     "127.0.0.0/8; 10.0.0.0/8", "http://127.0.0.1", "*"],
)  # fmt: skip
def test_a_setting_that_names_no_network_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(SettingsError, match="allow_addresses") as refused:
        AddressPolicy.parse(f"127.0.0.1, {text}")
    assert "10.1.2.3:8080" in refused.value.mend


# -- the address really connected to ------------------------------------------------------------------------------


@pytest.fixture
def sentinel() -> Iterator[Sentinel]:
    with Sentinel() as sentinel:
        yield sentinel


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "::ffff:127.0.0.1", "0.0.0.0"])
def test_no_socket_reaches_a_forbidden_address(sentinel: Sentinel, host: str) -> None:
    with guarded_connections(PUBLIC), pytest.raises(OSError, match="presswatch does not connect"):
        socket.create_connection((host, sentinel.port), timeout=PATIENCE)
    assert sentinel.connections() == 0


@pytest.mark.parametrize("host", [b"127.0.0.1", bytearray(b"127.0.0.1"), ""])
def test_no_way_of_naming_the_host_leads_around_the_guard(sentinel: Sentinel, host: bytes | bytearray | str) -> None:
    with (
        guarded_connections(PUBLIC),
        socket.socket() as client,
        pytest.raises(PermissionError, match="presswatch does not connect"),
    ):
        client.connect((host, sentinel.port))
    assert sentinel.connections() == 0


async def test_the_guard_holds_on_an_event_loop(sentinel: Sentinel) -> None:
    with guarded_connections(PUBLIC), pytest.raises(PermissionError):
        await asyncio.open_connection("localhost", sentinel.port)
    assert sentinel.connections() == 0


def test_an_allowed_address_is_reached(sentinel: Sentinel) -> None:
    with guarded_connections(AddressPolicy.parse(EVERYWHERE_HERE)):
        socket.create_connection(("127.0.0.1", sentinel.port)).close()
    assert sentinel.connections() == 1


def test_an_address_is_allowed_for_its_port_alone(sentinel: Sentinel) -> None:
    with Sentinel() as other:
        with guarded_connections(AddressPolicy.parse(f"127.0.0.1:{sentinel.port}")):
            socket.create_connection(("127.0.0.1", sentinel.port)).close()
            with pytest.raises(PermissionError):
                socket.create_connection(("127.0.0.1", other.port))
        assert (sentinel.connections(), other.connections()) == (1, 0)


def test_the_guard_ends_where_it_is_closed(sentinel: Sentinel) -> None:
    with guarded_connections(PUBLIC):
        pass
    socket.create_connection(("127.0.0.1", sentinel.port)).close()
    assert sentinel.connections() == 1


def test_the_inner_guard_counts_and_the_outer_one_comes_back(sentinel: Sentinel) -> None:
    with guarded_connections(PUBLIC):
        with guarded_connections(AddressPolicy.parse(EVERYWHERE_HERE)):
            socket.create_connection(("127.0.0.1", sentinel.port)).close()
        with pytest.raises(PermissionError):
            socket.create_connection(("127.0.0.1", sentinel.port))
    assert sentinel.connections() == 1


def test_local_sockets_are_not_the_guards_business() -> None:
    with guarded_connections(PUBLIC):
        one, other = socket.socketpair()
        one.sendall(b"x")
        assert other.recv(1) == b"x"
    one.close()
    other.close()


WITHOUT_A_CONNECTION: dict[str, Callable[[socket.socket, tuple[str, int]], object]] = {
    "sendto": lambda sender, there: sender.sendto(b"news", there),
    "sendto with flags": lambda sender, there: sender.sendto(b"news", 0, there),
    "sendmsg": lambda sender, there: sender.sendmsg([b"news"], [], 0, there),
    "sendmsg in pieces": lambda sender, there: sender.sendmsg([b"ne", b"ws"], (), socket.MSG_DONTWAIT, there),
    "connect and send": lambda sender, there: sender.connect_ex(there) or sender.send(b"news"),
    "connect and sendmsg": lambda sender, there: sender.connect_ex(there) or sender.sendmsg([b"news"]),
}
"""Ways to send a datagram."""


@pytest.mark.parametrize("send", WITHOUT_A_CONNECTION.values(), ids=WITHOUT_A_CONNECTION)
@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_no_datagram_reaches_a_forbidden_address(
    family: socket.AddressFamily, host: str, send: Callable[[socket.socket, tuple[str, int]], object]
) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as receiver, socket.socket(family, socket.SOCK_DGRAM) as sender:
        receiver.bind((host, 0))
        receiver.setblocking(False)
        there = (host, receiver.getsockname()[1])
        with guarded_connections(AddressPolicy()), pytest.raises(PermissionError, match="presswatch does not connect"):
            send(sender, there)
        with pytest.raises(BlockingIOError):
            receiver.recv(10)
        send(sender, there)  # unguarded it arrives: the guard was what held it
        receiver.settimeout(PATIENCE)
        assert receiver.recv(10) == b"news"


async def test_no_datagram_of_an_event_loop_reaches_a_forbidden_address() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as receiver, socket.socket(type=socket.SOCK_DGRAM) as sender:
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)
        sender.setblocking(False)
        loop = asyncio.get_running_loop()
        with guarded_connections(PUBLIC):
            with pytest.raises(PermissionError):
                await loop.sock_sendto(sender, b"news", receiver.getsockname())
            with pytest.raises(PermissionError):
                await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=receiver.getsockname())
        with pytest.raises(BlockingIOError):
            receiver.recv(10)

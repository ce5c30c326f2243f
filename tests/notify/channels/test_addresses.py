"""Which addresses of channels are taken, and why others are not."""

from __future__ import annotations

import pytest

from notify.channels.address_rules import REFUSED
from notify.channels.kinds import check_channel_address
from storage.connection_guard import AddressPolicy
from storage.errors import AddressRefusedError, InvalidInputError
from tests.notify.channels.sending import PUBLIC, SECRET

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


UNDERSTOOD = [
    "json://example.org/hook", "jsons://user:pw@example.org:8443/hook?+X-Team=desk&-q=1&:kind=alert", "xml://example.org",
    "form://example.org/", "mailto://user:pw@example.org", "mailtos://user:pw@example.org?to=a@example.net&smtp=m.example.org",
    "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12315544/",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#news", "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "matrixs://user:pw@matrix.example.org/#news", "ntfy://my-topic", "ntfys://ntfy.example.org/my-topic",
    "gotify://gotify.example.org/AbCdEfGhIjKlMnO", "mmost://chat.example.org/3ccdd113474722377935511fc85d3dd4",
    "rockets://user:pw@chat.example.org/#news", "signal://signal.example.org/15551112222/15553334444",
    "pover://abcdefghijklmnopqrstuvwxyz1234@abcdefghijklmnopqrstuvwxyz1234",
    "zulip://bot@example/aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1aB/news",
    "wxteams://ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234ABCD1234",
    "gchat://workspace/key/token", "workflows://prod.example.org:443/643f2c0d6a4a4b1b8a2b0c8d/abcdef0123",
    "console",
]  # fmt: skip


@pytest.mark.parametrize("address", UNDERSTOOD)
def test_addresses_of_the_usual_services_are_taken_as_they_are(address: str) -> None:
    assert check_channel_address(address, PUBLIC) == address


@pytest.mark.parametrize(
    "scheme", ["syslog", "dbus", "windows", "macosx", "file", "http", "https", "apprise", "smpp", "nothing"]
)
def test_other_schemes_are_refused_with_the_list_of_those_that_are_not(scheme: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{scheme}://") as raised:
        check_channel_address(f"{scheme}://example.org/{SECRET}", PUBLIC)
    assert "tgram://" in raised.value.mend
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_parameters_that_read_files_or_undo_our_rules_are_refused(name: str) -> None:
    for spelling in (name, name.upper(), f"%{ord(name[0]):02x}{name[1:]}"):
        with pytest.raises(InvalidInputError, match=f"{name!r}.* is refused: {REFUSED[name]}"):
            check_channel_address(f"json://example.org/?{spelling}=/etc/passwd", PUBLIC)


def test_a_parameter_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="does not know it") as raised:
        check_channel_address("mailto://user:pw@example.org?too=a@example.org", PUBLIC)
    assert raised.value.mend == "remove too= from the address"


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:8080/hook", "json://localhost/", "json://0x7f000001/", "json://2130706433/", "xml://[::1]:8080/",
        "form://10.0.0.7/", "ntfy://192.168.1.2/topic", "gotify://169.254.169.254/AbCdEfGhIjKlMnO",
        "matrix://user:pw@127.0.0.1/#news", "mailto://127.0.0.1?from=a@example.org", "mmost://10.1.2.3/3ccdd113474722377935511fc85d3dd4",
        "mailto://user:pw@example.org?smtp=127.0.0.1", "mailtos://user:pw@gmail.com?SMTP=localhost",
    ],
)  # fmt: skip
def test_a_host_of_this_machine_or_network_is_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError) as raised:
        check_channel_address(address, PUBLIC)
    assert "PRESSWATCH_ALLOW_ADDRESSES" in raised.value.mend


def test_an_allowed_network_is_allowed_on_the_allowed_port_only() -> None:
    policy = AddressPolicy.parse("127.0.0.1:8080")
    assert check_channel_address("json://127.0.0.1:8080/hook", policy) == "json://127.0.0.1:8080/hook"
    with pytest.raises(AddressRefusedError):
        check_channel_address("json://127.0.0.1/hook", policy)
    assert check_channel_address("mailto://127.0.0.1:2525?from=a@example.org&to=b@example.org", LOOPBACK)


def test_an_address_is_tidied() -> None:
    assert check_channel_address("  JSON://Example.org/Hook ", PUBLIC) == "json://Example.org/Hook"
    assert check_channel_address("Console", PUBLIC) == "console"


@pytest.mark.parametrize(
    "address",
    ["", "hello", "json:/example.org", "json://", "tgram://x", "json://exa mple.org/", "json://e.org/%0d%0aX", "://"],
)
def test_what_is_no_address_is_refused_with_the_mend(address: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        check_channel_address(address, PUBLIC)
    assert raised.value.mend

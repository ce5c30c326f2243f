"""The secrets of an address are shown to nobody."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.channels.kinds import check_channel_address, masked
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.errors import InvalidInputError
from tests.fakes.sinks import HTTPSink
from tests.notify.channels.sending import MESSAGE, PUBLIC, SECRET, failure, send


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("console", "console"),
        ("json://example.org:8080/", "json://example.org:8080"),
        ("jsons://user:password@example.org/hook", "jsons://example.org/…"),
        ("json://example.org/services/abcdefgh1234", "json://example.org/…1234"),
        ("mailtos://user:password@example.org?to=a@example.org", "mailtos://example.org"),
        ("tgram://123456789:abcdefghijklmnop/12315544", "tgram://…5544"),
        ("ntfy://my-secret-topic", "ntfy://…"),
        ("json://user:pass/word@example.org/", "json://…"),
        ("json://user:pass?word@example.org/", "json://…"),
        ("no address", "…"),
    ],
)
def test_a_shown_address_keeps_its_secrets(address: str, shown: str) -> None:
    assert masked(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        f"json://user:{SECRET}@example.org/", f"json://example.org/{SECRET}/x", f"json://example.org/?+Authorization={SECRET}",
        f"tgram://123456789:{SECRET}/1", f"discord://4174216298/{SECRET}", f"ntfy://{SECRET}", f"gotify://example.org/{SECRET}",
        f"mailto://user:{SECRET}@example.org", f"slack://{SECRET}/{SECRET}/{SECRET}", f"{SECRET}",
    ],
)  # fmt: skip
def test_a_shown_address_has_at_most_four_characters_of_a_secret(address: str) -> None:
    shown = masked(address)
    assert all(SECRET[start : start + 5] not in shown for start in range(len(SECRET) - 4))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the program would log at the chattiest level. (pytest's own capture listens to silenced loggers too.)"""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_secret_reaches_a_log_or_an_error(sink: HTTPSink, log: io.StringIO) -> None:
    logging.getLogger("presswatch").debug("the log is listening")
    addresses = [
        f"json://{SECRET}:{SECRET}@127.0.0.1:{sink.port}/{SECRET}?+Authorization={SECRET}",
        f"mailto://user:{SECRET}@127.0.0.1:{sink.port}?mode=insecure&from=a@example.org&to=b@example.org",
        f"gotify://127.0.0.1:{sink.port}/{SECRET}",
    ]
    errors = []
    for answer in (sink.reset, lambda: sink.answer_with(403, body=SECRET.encode())):
        answer()
        with guarded_connections(AddressPolicy.parse(f"127.0.0.1:{sink.port}")):
            errors += [failure(address) for address in addresses if not address.startswith("mailto")]
    with guarded_connections(PUBLIC):
        errors += [failure(address) for address in addresses]
    with pytest.raises(InvalidInputError) as refused:
        check_channel_address(f"tgram://{SECRET}", PUBLIC)
    assert "the log is listening" in log.getvalue()
    said = log.getvalue() + "".join(map(repr, errors)) + repr(refused.value) + refused.value.mend
    assert SECRET not in said
    assert len(errors) == 7


def test_twenty_secrets_of_twenty_channels_stay_out_of_logs_and_errors(sink: HTTPSink, log: io.StringIO) -> None:
    secrets = [f"c4n4ry{number:02}T0k3nabcdefghij0123456789" for number in range(20)]
    sink.answer_with(500, body=" ".join(secrets).encode())
    said = ""
    for number, secret in enumerate(secrets):
        address = (
            f"gotify://127.0.0.1:{sink.port}/{secret}",
            f"mmost://127.0.0.1:{sink.port}/{secret}",
            f"json://user:{secret}@127.0.0.1:{sink.port}/hook",
            f"mailto://user:{secret}@127.0.0.1:{sink.port}?mode=insecure&from=a@example.org&to=b@example.org",
            f"ntfy://user:{secret}@127.0.0.1:{sink.port}/{secret}",
        )[number % 5]
        if not address.startswith("mailto"):
            error = failure(address)
            said += repr(error) + error.mend + masked(address)
        with guarded_connections(PUBLIC):
            error = failure(address)
            said += repr(error) + error.mend + masked(address)
    said += log.getvalue()
    assert [secret for secret in secrets if secret in said] == []
    assert len(sink.received) == 16  # they were told to the service alone


def test_a_login_that_the_user_keeps_for_other_programs_is_sent_to_nobody(
    sink: HTTPSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login somebody password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    send(MESSAGE, sink.address)
    send(MESSAGE, sink.address.replace("://", "://of:channel@"))
    sink.wait_for(2)
    assert sink.logins == ["Basic b2Y6Y2hhbm5lbA=="]

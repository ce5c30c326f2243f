"""Where a delivery may lead: past no proxy, along no redirect, to no forbidden address."""

from __future__ import annotations

import pytest

from storage.connection_guard import AddressPolicy, guarded_connections
from tests.fakes.sinks import HTTPSink, MailSink
from tests.notify.channels.sending import MESSAGE, PUBLIC, failure, send


def test_a_proxy_of_the_environment_is_passed_by(sink: HTTPSink, monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPSink() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        send(MESSAGE, sink.address)
        sink.wait_for(1)
        assert proxy.connections == 0


def test_a_redirect_is_not_followed_and_is_no_success(sink: HTTPSink) -> None:
    with HTTPSink() as sentinel:
        sink.answer_with(302, {"Location": f"http://127.0.0.1:{sentinel.port}/"})
        assert not failure(sink.address).permanent
        assert sentinel.connections == 0


def test_the_guard_refuses_the_next_hop_even_where_a_service_follows_redirects(sink: HTTPSink) -> None:
    import apprise

    with HTTPSink() as sentinel:
        sink.answer_with(307, {"Location": f"http://127.0.0.1:{sentinel.port}/"})
        follower = apprise.Apprise.instantiate(f"{sink.address}?redirect=yes")
        assert follower is not None
        with guarded_connections(AddressPolicy.parse(f"127.0.0.1:{sink.port}")):
            assert not follower.notify(body="Talks", title="Talks")
        assert len(sink.received) == 1
        assert sentinel.connections == 0
        assert follower.notify(body="Talks", title="Talks")  # unguarded it does follow: the guard was what held it
        assert sentinel.connections == 1


def test_the_guard_refuses_a_channel_whose_address_became_forbidden(sink: HTTPSink, mailbox: MailSink) -> None:
    with guarded_connections(PUBLIC):
        for address in (sink.address, mailbox.address):
            error = failure(address)
            assert "does not connect to" in str(error)
            assert not error.permanent  # a name may lead elsewhere tomorrow
    assert sink.connections == 0
    assert mailbox.received == []

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
import time_machine

from notify.channels.address_rules import HARMLESS, REFUSED
from notify.channels.apprise_services import service
from notify.channels.console import ConsoleSender
from notify.channels.kinds import KINDS, REFUSED_SCHEMES, check_channel_address, masked, sender_for
from notify.channels.smtp import MailSender
from notify.messages.compose import compose
from notify.messages.message import Message
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.errors import AddressRefusedError, DeliveryError, InvalidInputError
from storage.types import Published
from tests.fakes.sinks import HTTPSink, MailSink
from tests.notify.examples import BODY, NOW, alert, hit

PUBLIC = AddressPolicy()
LOOPBACK = AddressPolicy.parse("127.0.0.0/8")
MESSAGE = compose([alert()])
RUSSIAN = compose([alert(title="Заявление о встрече", organisation="Министерство", hits=(), topic="ОДКБ")])
SCHEMES = {scheme for kind in KINDS for scheme in kind.schemes}
SECRET = "c4n4ry-T0k3n-0123456789abcdef"


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as mailbox:
        yield mailbox


def send(message: Message, address: str) -> str:
    return sender_for(address, sys.stdout).send(message, address)


def failure(address: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        send(MESSAGE, address)
    return raised.value


# -- webhooks -----------------------------------------------------------------------------------------------------


def test_a_webhook_receives_the_whole_message(sink: HTTPSink) -> None:
    answer = send(MESSAGE, sink.address)
    [body] = sink.wait_for(1)
    assert body["title"] == MESSAGE.subject
    assert body["message"] == MESSAGE.text
    assert answer


@pytest.mark.parametrize("status", [200, 201, 204])
def test_each_answer_of_success_is_one_and_the_message_is_there(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status, body=b"")
    assert str(status) in send(MESSAGE, sink.address)
    assert sink.wait_for(1)[0]["message"] == MESSAGE.text


def test_a_service_that_hangs_is_left_alone_after_its_time(sink: HTTPSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notify.channels.apprise_services.ANSWER_TIMEOUT", 0.3)
    sink.hang()
    error = failure(sink.address)
    assert "did not answer in time" in str(error)
    assert not error.permanent


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_an_answer_that_will_not_change_is_permanent(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status)
    error = failure(sink.address)
    assert error.permanent
    assert error.mend
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [301, 302, 408, 429, 500, 502, 503])
def test_an_answer_that_may_change_is_tried_again(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status)
    error = failure(sink.address)
    assert not error.permanent
    assert str(status) in str(error)


def test_a_wait_told_in_the_answer_is_kept(sink: HTTPSink) -> None:
    sink.answer_with(429, body=b'{"ok": false, "parameters": {"retry_after": 137}}')
    assert failure(sink.address).retry_after == 137
    sink.answer_with(429, body=b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}')
    assert failure(sink.address).retry_after == 2.5


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_told_in_a_header_is_kept(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status, {"Retry-After": "30"})
    assert failure(sink.address).retry_after == 30
    with time_machine.travel(NOW, tick=False):
        sink.answer_with(status, {"Retry-After": formatdate(NOW.timestamp() + 90, usegmt=True)})
        assert failure(sink.address).retry_after == 90


def test_a_throttled_channel_that_says_nothing_waits_a_minute(sink: HTTPSink) -> None:
    sink.answer_with(429)
    assert failure(sink.address).retry_after == 60
    sink.answer_with(429, {"Retry-After": "soon"})
    assert failure(sink.address).retry_after == 60
    sink.answer_with(500)
    assert failure(sink.address).retry_after is None


def test_a_broken_connection_is_tried_again(sink: HTTPSink) -> None:
    sink.reset()
    assert not failure(sink.address).permanent
    sink.babble()
    assert "broke the connection off" in str(failure(sink.address))


def test_a_closed_port_and_an_unknown_host_say_so() -> None:
    with HTTPSink() as sink:
        address = sink.address
    assert "refused the connection" in str(failure(address))
    assert "host name that is not known" in str(failure("json://nobody.invalid/hook"))


def test_a_service_that_apprise_cannot_read_is_a_permanent_failure() -> None:
    assert failure("json://").permanent


def test_deliveries_in_many_threads_do_not_mix_up_their_answers(sink: HTTPSink) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with HTTPSink() as gone, ThreadPoolExecutor(8) as pool:
        gone.answer_with(410)
        errors = pool.map(lambda number: _outcome(gone.address if number % 2 else sink.address), range(40))
        assert list(errors) == ["sent", "gone"] * 20
    assert len(sink.received) == 20


def _outcome(address: str) -> str:
    try:
        send(MESSAGE, address)
    except DeliveryError as error:
        return "gone" if error.permanent else "failed"
    return "sent"


def test_a_service_that_keeps_silent_is_given_up_after_half_a_minute(sink: HTTPSink, mailbox: MailSink) -> None:
    webhook, mail = service(sink.address), service(mailbox.address)
    assert webhook is not None
    assert mail is not None
    assert webhook.request_timeout == (10, 30)
    assert mail.socket_connect_timeout == 30


# -- what the other side said ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (500, {}, b"the queue is full", "answered 500 Internal Server Error: the queue is full"),
        (403, {}, b'{"message": "bot was kicked"}', 'answered 403 Forbidden: {"message": "bot was kicked"}'),
        (
            502,
            {},
            b"<html><head><title>x</title><style>p{}</style></head><body><h1>Bad &amp; broken</h1></body></html>",
            "answered 502 Bad Gateway: Bad & broken",
        ),
        (429, {"Retry-After": "120"}, b"slow down", "answered 429 Too Many Requests, asks to wait 120 s: slow down"),
        (503, {"Retry-After": "7"}, b"", "answered 503 Service Unavailable, asks to wait 7 s"),
        (500, {}, b"{}", "answered 500 Internal Server Error"),
        (500, {}, b"\r\n\x1b[31m red \xff\x00", "answered 500 Internal Server Error: [31m red \ufffd"),
        (500, {}, "ошибка".encode(), "answered 500 Internal Server Error: ошибка"),
    ],
)
def test_a_refusal_is_told_in_the_other_side_s_words(
    sink: HTTPSink, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    sink.answer_with(status, headers, body=body)
    assert str(failure(sink.address)).endswith(said)


def test_a_long_refusal_is_cut(sink: HTTPSink) -> None:
    sink.answer_with(500, body=b"word " * 10_000)
    assert len(str(failure(sink.address))) < 300


def test_what_a_refusal_repeats_of_the_address_or_of_a_token_is_not_told(sink: HTTPSink) -> None:
    sink.answer_with(401, body=b"no such key my-p4ss-word, and none like 0123456789abcdef0123 of a neighbour")
    address = sink.address.replace("json://", "json://user:my-p4ss-word@")
    assert str(failure(address)).endswith("answered 401 Unauthorized: no such key …, and none like … of a neighbour")


@pytest.mark.parametrize(
    ("reply", "said", "permanent"),
    [
        ("550 no such mailbox here", "answered 550: no such mailbox here", True),
        ("451 4.7.1 greylisted, come back in five minutes", "answered 451: 4.7.1 greylisted, come back in five", False),
        ("552 mailbox full", "answered 552: mailbox full", True),
        ("450 try later", "answered 450: try later", False),
        ("550", "answered 550", True),
    ],
)
def test_a_mail_server_s_refusal_is_told_in_its_words(
    mailbox: MailSink, reply: str, said: str, permanent: bool
) -> None:
    mailbox.refuse_with(reply)
    error = failure(mailbox.address)
    assert said in str(error)
    assert error.permanent is permanent


def test_a_mail_server_s_words_hold_no_secret_of_the_address(mailbox: MailSink) -> None:
    mailbox.refuse_with("550 <reader@example.org> unknown, and somebody-else too")
    assert "reader" not in str(failure(mailbox.address))


# -- chats --------------------------------------------------------------------------------------------------------

CALL = compose([alert(title="@everyone look, write to press@mfa.example, <!here>", hits=(hit(BODY, "CSTO"),))])


def test_a_title_cannot_call_everybody_in_a_chat(sink: HTTPSink) -> None:
    send(CALL, f"mmost://127.0.0.1:{sink.port}/3ccdd113474722377935511fc85d3dd4")
    [body] = sink.wait_for(1)
    assert "@\u200beveryone look, write to press@mfa.example, \\<\u200b\\!here\\>" in body["text"]
    assert "**CSTO**" in body["text"]


def test_no_picture_of_another_host_goes_along(sink: HTTPSink) -> None:
    send(CALL, f"mmost://127.0.0.1:{sink.port}/3ccdd113474722377935511fc85d3dd4")
    send(CALL, f"rocket://user:aB1c/dE2f@127.0.0.1:{sink.port}/#news?mode=webhook&avatar=yes")
    send(CALL, f"ntfy://127.0.0.1:{sink.port}/news")
    for body in sink.wait_for(3):
        assert not {"icon_url", "avatar", "icon"} & set(body)
        assert "github" not in str(body)


def test_a_chat_that_knows_markdown_alone_gets_markdown(sink: HTTPSink) -> None:
    send(CALL, f"rocket://user:aB1c/dE2f@127.0.0.1:{sink.port}/#news?mode=webhook")
    [body] = sink.wait_for(1)
    assert "](https://mfa.example/en/news/345/)" in body["text"]
    assert "@\u200beveryone" in body["text"]


def test_a_message_too_long_for_a_chat_arrives_in_parts_and_whole(sink: HTTPSink) -> None:
    message = compose([alert(number, item=number) for number in range(1, 21)])
    send(message, f"mmost://127.0.0.1:{sink.port}/3ccdd113474722377935511fc85d3dd4")
    parts = [body["text"] for body in sink.wait_for(2)]
    assert all(len(part) <= 4000 for part in parts)
    assert all(f"https://mfa.example/en/news/{number}/" in "".join(parts) for number in range(1, 21))


# -- where a delivery may lead ------------------------------------------------------------------------------------


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


# -- mail ---------------------------------------------------------------------------------------------------------


def test_a_mail_has_a_readable_text_part_and_an_html_part(mailbox: MailSink) -> None:
    MailSender().send(MESSAGE, mailbox.address)
    [mail] = mailbox.wait_for(1)
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    lines = [line.strip() for line in text.get_content().splitlines() if line.strip()]
    assert lines[0] == "Statement on the *CSTO* council in Riverton"
    assert "https://mfa.example/en/news/345/" in lines
    assert lines[-1] == "ref 12-345"
    assert page.get_content().split() == MESSAGE.page.split()
    assert mail["To"] == "reader@example.org"
    assert mailbox.envelopes[0].rcpt_tos == ["reader@example.org"]


def test_a_cyrillic_subject_arrives_intact(mailbox: MailSink) -> None:
    MailSender().send(RUSSIAN, mailbox.address)
    [mail] = mailbox.wait_for(1)
    assert mail["Subject"] == "Министерство on ОДКБ: Заявление о встрече"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00", "\r\n\r\n"])
def test_a_title_cannot_write_headers(mailbox: MailSink, break_: str) -> None:
    hostile = compose([alert(title=f"Talks{break_}Bcc: victim@example.org", hits=(), published=Published(text=break_))])
    MailSender().send(hostile, mailbox.address)
    [mail] = mailbox.wait_for(1)
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).replace(" ", "").endswith("TalksBcc:victim@example.org")
    assert mailbox.envelopes[0].rcpt_tos == ["reader@example.org"]


def test_a_refused_mailbox_is_permanent_and_a_busy_server_is_not(mailbox: MailSink) -> None:
    mailbox.refuse_with("550 no such mailbox")
    error = failure(mailbox.address)
    assert error.permanent
    assert "550" in str(error)
    mailbox.refuse_with("451 try again later")
    assert not failure(mailbox.address).permanent


def test_mails_to_one_server_do_not_wait_for_each_other(mailbox: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)  # a reused service of Apprise would sleep 5.5 s between two
    for _ in range(4):
        MailSender().send(MESSAGE, mailbox.address)
    assert waited == []
    assert len(mailbox.wait_for(4)) == 4


# -- console ------------------------------------------------------------------------------------------------------


def test_the_console_prints_a_block_for_each_message() -> None:
    stream = io.StringIO()
    sender = sender_for("console", stream)
    assert isinstance(sender, ConsoleSender)
    sender.send(MESSAGE, "console")
    sender.send(compose([alert(1), alert(2, item=9)]), "console")
    assert stream.getvalue().count("=== ALERT ===") == 2
    assert MESSAGE.text in stream.getvalue()
    assert stream.getvalue().count("\n2 statements of ") == 1


def test_a_console_without_cyrillic_still_prints() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ConsoleSender(stream).send(RUSSIAN, "console")
    assert b"ref 12-345" in raw.getvalue()


def test_a_closed_console_is_a_failed_delivery() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as raised:
        ConsoleSender(stream).send(MESSAGE, "console")
    assert not raised.value.permanent


# -- addresses ----------------------------------------------------------------------------------------------------

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


def test_every_scheme_of_apprise_is_taken_or_refused_on_purpose() -> None:
    assert len(SCHEMES) == sum(len(kind.schemes) for kind in KINDS), "each stands in one row"
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert SCHEMES.isdisjoint(REFUSED_SCHEMES)
    assert {*SCHEMES, *REFUSED_SCHEMES} == set(_apprise_services())


def test_the_documentation_shows_every_scheme_and_why_it_is_refused() -> None:
    page = (Path(__file__).parents[3] / "docs" / "channels.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("|")]
    taken = {scheme for row in rows for scheme in re.findall(r"`(\w+)://`", row) if row.endswith("| yes |")}
    refused = {
        scheme: row.split("|")[2].strip().removeprefix("no: ")
        for row in rows
        for scheme in re.findall(r"`(\w+)://`", row)
        if "| no: " in row
    }
    assert taken == SCHEMES
    assert refused == REFUSED_SCHEMES


def test_every_service_that_is_taken_can_be_used_with_what_presswatch_installs() -> None:
    import apprise

    details = apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]
    disabled = {
        scheme
        for kind in details
        if not kind["enabled"]
        for scheme in (*(kind["protocols"] or ()), *(kind["secure_protocols"] or ()))
    }
    assert disabled & SCHEMES == set()


def test_every_parameter_of_every_service_was_looked_at() -> None:
    services = _apprise_services()
    parameters = {name for scheme in SCHEMES for name in services[scheme]}
    assert parameters - HARMLESS - set(REFUSED) == set()
    assert HARMLESS.isdisjoint(REFUSED)


def _apprise_services() -> dict[str, list[str]]:
    """Each scheme with the names of its parameters, as Apprise documents them."""
    import apprise

    services: dict[str, list[str]] = {}
    for kind in apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]:
        for scheme in (*(kind["protocols"] or ()), *(kind["secure_protocols"] or ())):
            services[scheme] = list(kind["details"]["args"])
    return services


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


# -- secrets ------------------------------------------------------------------------------------------------------


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


def test_importing_channels_does_not_load_apprise() -> None:
    script = "import sys, notify.channels; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0

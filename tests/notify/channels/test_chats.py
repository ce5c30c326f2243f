"""A message in a chat: nobody is called, nothing is fetched, nothing is lost."""

from __future__ import annotations

from notify.messages.compose import compose
from tests.fakes.sinks import HTTPSink
from tests.notify.channels.sending import send
from tests.notify.examples import BODY, alert, hit

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

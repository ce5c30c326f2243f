"""Words of strangers at the wire: what a title says arrives as words, in every kind of channel.

Real plugins send to a real server on loopback; only the host of services that have one each is replaced.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from notify.channels.kinds import sender_for
from notify.messages.compose import compose
from notify.messages.message import Message
from notify.messages.snippets import plain
from tests.fakes.sinks import HTTPSink, MailSink
from tests.notify.examples import alert, hit

PAYLOADS = [
    "@everyone", "@here", "@channel", "@all", "@room", "@admin look", "<!channel>", "<!here|all>", "<!everyone>",
    "<@U024BE7LH>", "<@123456789>", "<@&987654321>", "<@!123456789>", "<#C024BE7LR>", "<#123456789>", "<!subteam^S012>",
    "<users/all>", "<t:1618953630:R>", "</deploy:123>", "@**all**", "#**general**", "@{team}", "@_everyone_",
    "<https://evil.example|the ministry>", "[the ministry](https://evil.example)", "![](https://evil.example/x.png)",
    "[a]: https://evil.example", "<a href='https://evil.example'>the ministry</a>", "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>", "<b>bold</b>", "</p></div><h1>Title", "&lt;b&gt;", "&#60;script&#62;", "<!-- x -->",
    "*bold*", "**bold**", "_it_ __it__", "~gone~ ~~gone~~", "||hidden||", "`code` ```code```", "# Heading", "> quoted",
    "- one", "1. one", "+ one", "| a | b |", ":rotating_light:", "\\*not escaped\\*", "Talks\r\nBcc: all@example.org",
    "{{7*7}} ${7*7} {title} %(title)s", "=?utf-8?q?Bcc?=", "\u202eevil\u202c \u200b@everyone", "https://x.example/@everyone",
]  # fmt: skip
HARMLESS = "Talks"
TOKEN = "abcdefghijklmnopqrstuvwx"


def message(title: str) -> Message:
    body = f"{title} The CSTO met."
    return compose([alert(title=title, body=body, hits=(hit(body, "CSTO"),))])


class Page(HTMLParser):
    """What a page shows: its tags, its links and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links |= {str(value) for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        self.text += data


def from_markdown(text: str) -> Page:
    return Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


def escaped_text(text: str) -> Page:
    """What a chat shows that knows only `&lt;`, `&gt;` and `&amp;`."""
    assert not re.search(r"<|>", text), text
    page = Page("")
    page.text = html.unescape(text)
    return page


def google_chat(text: str) -> Page:
    """It knows entities and links, and shows the backslashes that Apprise writes before its own marks."""
    lines = re.sub(r"<https://mfa\.example/en/news/345/\|([^<>]*)>", r"\1", text).splitlines()
    return escaped_text("\n".join(line.removeprefix("> ").replace("\\", "") for line in lines))


def plain_text(text: str) -> Page:
    page = Page("")
    page.text = text
    return page


# What is sent where, how what arrives is read, and whose host is replaced.
CHATS: dict[str, tuple[str, Callable[[dict[str, Any]], str], Callable[[str], Page], str, str]] = {
    "discord": (
        f"discord://4174216298/{TOKEN}", lambda body: str(body["content"]), from_markdown,
        "apprise.plugins.discord.NotifyDiscord.notify_url", "{}/api/webhooks",
    ),
    "slack": (
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#news",
        lambda body: f"{body['attachments'][0]['title']}\n{body['attachments'][0]['text']}", escaped_text,
        "apprise.plugins.slack.NotifySlack.webhook_url", "{}/services",
    ),
    "telegram": (
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12315544", lambda body: str(body["text"]), Page,
        "apprise.plugins.telegram.NotifyTelegram.notify_url", "{}/bot",
    ),
    "google chat": (
        "gchat://workspace/key/token", lambda body: str(body["text"]), google_chat,
        "apprise.plugins.google_chat.NotifyGoogleChat.notify_url", "{}/{{workspace}}/messages",
    ),
    "mattermost": (f"mmost://HOST/{TOKEN}", lambda body: str(body["text"]), from_markdown, "", ""),
    "rocket.chat": (
        "rocket://user:aB1c/dE2f@HOST/#news?mode=webhook", lambda body: str(body["text"]), from_markdown, "", "",
    ),
    "ntfy": ("ntfy://HOST/news", lambda body: f"{body['title']}\n{body['message']}", plain_text, "", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def sink() -> Iterator[HTTPSink]:
    with HTTPSink() as sink:
        yield sink


@pytest.mark.parametrize("kind", CHATS)
def test_no_title_is_more_than_words_in_a_chat(kind: str, sink: HTTPSink, monkeypatch: pytest.MonkeyPatch) -> None:
    from notify.channels.apprise_services import service

    address, said, read, place, replaced = CHATS[kind]
    service("json://localhost")  # the plugins are there from now on
    if place:
        monkeypatch.setattr(place, replaced.format(f"http://127.0.0.1:{sink.port}"))
    sink.answer_with(200, body=b"ok" if kind == "slack" else b'{"ok": true}')
    address = address.replace("HOST", f"127.0.0.1:{sink.port}")

    def sent(title: str) -> str:
        sink.received.clear()
        sender_for(address, sys.stdout).send(message(title), address)
        return "\n\n".join(said(body) for body in sink.received)

    harmless = read(sent(HARMLESS))
    assert not re.search(r"[<>\\]|&\w+;", harmless.text.replace("> Talks The", "")), harmless.text
    for payload in PAYLOADS:
        arrived = sent(payload)
        assert not re.search(
            r"(?<![\w/])@(everyone|here|channel|all|room|admin)\b|<[@!#][\w&]|<users/|@\*\*|@\{", arrived
        ), arrived
        shown = read(arrived)
        assert sorted(set(shown.tags)) == sorted(set(harmless.tags)), (payload, arrived)
        assert shown.links == harmless.links, (payload, arrived)
        words = shown.text.replace("\u200b", "").replace("%40", "@")
        expected = plain(payload).replace("\\", "") if kind == "google chat" else plain(payload)
        assert expected in " ".join(words.split()), (payload, arrived)


def test_no_title_is_more_than_words_in_a_mail() -> None:
    with MailSink() as mailbox:
        for payload in [HARMLESS, *PAYLOADS]:
            sender_for(mailbox.address, sys.stdout).send(message(payload), mailbox.address)
        mails = mailbox.wait_for(len(PAYLOADS) + 1)
    assert all(envelope.rcpt_tos == ["reader@example.org"] for envelope in mailbox.envelopes)
    pages = []
    for payload, mail in zip([HARMLESS, *PAYLOADS], mails, strict=True):
        assert set(mail.keys()) == set(mails[0].keys())
        assert plain(payload) in " ".join(str(mail["Subject"]).replace("\u200b", "").split())
        page = mail.get_body(("html",))
        assert page is not None
        pages.append(Page(page.get_content()))
        assert plain(payload) in " ".join(pages[-1].text.split())
    assert all(page.tags == pages[0].tags and page.links == pages[0].links for page in pages)


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 50
    assert len(CHATS) + 1 >= 8

"""A brief as the page of a mail. Pure.

Styles stand in the elements, since many mail programs drop style sheets; the sheet in the head only knows what they
cannot say: dark colours. `dir="auto"` lets each text of a site run in its own direction. No picture, no script and
nothing loaded from elsewhere: nobody learns that a mail was opened.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import lru_cache

from notify.messages.as_chat_html import also_linked, highlighted, link
from notify.messages.content import REMEMBERED, ItemContent, MessageContent

_FONT = "-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif"
_SERIF = "Georgia,'Noto Serif','Times New Roman',serif"

_BODY = f"margin:0;padding:0;background:#f3f2ee;font-family:{_FONT};color:#1d2733"
_FRAME = "max-width:640px;margin:0 auto;padding:24px 12px"
_BAR = "margin:0 4px 14px;font-size:13px;letter-spacing:.04em;color:#5b6875"
_CARD = "background:#ffffff;border:1px solid #e2dfd6;border-radius:10px;padding:22px 24px;margin:0 0 16px"
_HEADING = "margin:26px 4px 12px;font-size:15px;font-weight:600;color:#31506e"
_TITLE = f"margin:0 0 6px;font-family:{_SERIF};font-size:21px;line-height:1.35;font-weight:700;text-align:start"
_WHO = "margin:0;font-size:14px;line-height:1.5;color:#31506e;font-weight:600;text-align:start"
_WHEN = "margin:0 0 14px;font-size:13px;line-height:1.5;color:#5b6875"
_QUOTE = (
    f"margin:0 0 12px;padding:2px 14px;border-inline-start:3px solid #c9b037;font-family:{_SERIF};font-size:16px;"
    "line-height:1.6;text-align:start"
)
_MARK = ' style="background:#fff0a8;color:inherit;padding:0 2px;border-radius:2px"'
_LINE = "margin:0 0 8px;font-size:14px;line-height:1.55;overflow-wrap:anywhere;text-align:start"
_WHY = "margin:14px 0 0;padding-top:10px;border-top:1px solid #eceae3;font-size:13px;line-height:1.55;color:#5b6875"
_LINK = ' style="color:#1a5c9e;text-decoration:underline"'
_FOOT = "margin:18px 4px 0;font-size:12px;line-height:1.7;color:#6b7782;overflow-wrap:anywhere"

_DARK = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body,.pw-body{background:#14181d!important;color:#e6e4de!important}
.pw-card{background:#1e242b!important;border-color:#333c46!important}
.pw-soft{color:#a3afba!important;border-color:#333c46!important}
.pw-who{color:#9fc3e6!important}
.pw-card a,.pw-foot a{color:#8fc1f2!important}
mark{background:#5c4f0e!important;color:#fff7d1!important}
}
"""


def as_page(brief: MessageContent) -> str:
    """A whole HTML document."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(brief.subject)}</title><style>{_DARK}</style></head>\n"
        f'<body class="pw-body" style="{_BODY}"><div style="{_FRAME}">\n' + "\n".join(_blocks(brief)) + "\n"
        "</div></body></html>\n"
    )


def _blocks(brief: MessageContent) -> Iterable[str]:
    yield _element("p", _BAR, html.escape(brief.summary) or "presswatch", "pw-soft")
    for heading, statements in brief.groups:
        if heading:
            yield _element("h2", _HEADING, html.escape(heading), "pw-who")
        for statement in statements:
            yield f'<div class="pw-card" style="{_CARD}">\n{_statement(statement)}\n</div>'
    yield from (_element("p", _LINE, html.escape(note)) for note in brief.notes)
    yield _element("p", _FOOT, "<br>\n".join(_footer(brief)), "pw-soft pw-foot")


@lru_cache(REMEMBERED)
def _statement(statement: ItemContent) -> str:
    return "\n".join(_lines(statement))


def _lines(statement: ItemContent) -> Iterable[str]:
    language = f' lang="{html.escape(statement.language)}"' if statement.language else ""
    number = (
        f"<bdi>{html.escape(statement.number.strip())}</bdi> " if statement.number else ""
    )  # it has no say in the direction
    yield f'<h1 dir="auto"{language} style="{_TITLE}">{number}{highlighted(statement.title, _MARK)}</h1>'
    yield _element("p", _WHO, html.escape(statement.ministry), "pw-who", auto=True)
    yield _element(
        "p", _WHEN, f"<bdi>{html.escape(statement.date)}</bdi> · seen {html.escape(statement.seen)}", "pw-soft"
    )
    for quote in statement.quotes:
        yield f'<blockquote dir="auto"{language} style="{_QUOTE}">{highlighted(quote, _MARK)}</blockquote>'
    yield _element("p", _LINE, link(statement.address, _LINK))
    yield from (_element("p", _LINE, also_linked(also, _LINK)) for also in statement.also)
    yield _element(
        "p",
        _WHY,
        f"<strong>Why</strong> {html.escape('; '.join(statement.reasons))}<br>\n"
        f"<strong>Stored copy</strong> {link(statement.stored, _LINK)}",
        "pw-soft",
    )


def _footer(brief: MessageContent) -> Iterable[str]:
    yield "<strong>Why am I getting this?</strong> This address is subscribed to the topics named here."
    for one in brief.subscribed:
        yield f"End {html.escape(one.topic)}: {link(one.unsubscribe, _LINK, 'unsubscribe')}"
    yield from (f"Change: {link(one.change, _LINK, 'your subscriptions')}" for one in brief.subscribed[:1])
    yield html.escape(brief.reference)


def _element(name: str, style: str, inside: str, classes: str = "", *, auto: bool = False) -> str:
    direction = ' dir="auto"' if auto else ""
    named = f' class="{classes}"' if classes else ""
    return f'<{name}{named}{direction} style="{style}">{inside}</{name}>'

"""The HTML of messages, from the templates in `templates/`: every value is escaped, and none is ever a template.

Mail programs drop style sheets, so the rules of `mail.css` are put into the elements: of the templates, once, when one
is loaded, and not of each mail. For that a template of a mail is HTML by itself: what is Jinja's stands between
elements or inside an attribute's value, and holds no `<`, `>` or `&`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # heavy to import, and not needed by whoever composes nothing, such as a list of channels
    from collections.abc import Callable

    from jinja2 import Environment, Template

_WEB = ("http://", "https://")
_PARTS = ("also_linked", "changed", "command", "highlighted", "link", "way")
"""The macros of `parts.html`, which every template knows."""
_TEMPLATES = files("notify.messages").joinpath("templates")


def load() -> None:
    """Load the templates now: else the first message waits for them."""
    for name in ("chat.html", "chat_item.html"):
        plain_template(name)
    for name in ("mail.html", "mail_item.html"):
        styled_template(name)


@cache
def plain_template(name: str) -> Template:
    """A template as it is written: chats know few tags and no styles."""
    return _plain().get_template(name)


@cache
def styled_template(name: str) -> Template:
    """A template whose elements have the styles of a mail."""
    return _styled().get_template(name)


@cache
def _plain() -> Environment:
    return _environment(_source)


@cache
def _styled() -> Environment:
    import css_inline

    css = _source("mail.css")
    whole = css_inline.CSSInliner(inline_style_tags=False, keep_style_tags=True, extra_css=css)

    def load(name: str) -> str:
        source = _source(name)
        return whole.inline(source) if source.startswith("<!DOCTYPE") else whole.inline_fragment(source, css)

    return _environment(load)


def _environment(source_of: Callable[[str], str]) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(source_of), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.globals.clear()  # nothing of them is used, and they would be copied for each message
    environment.tests["web"] = _is_of_the_web
    macros = environment.get_template("parts.html").module
    environment.filters |= {name: getattr(macros, name) for name in _PARTS}  # in half the time of an import and a call
    return environment


def _is_of_the_web(place: str) -> bool:
    return place.startswith(_WEB)


def _source(name: str) -> str:
    return _TEMPLATES.joinpath(name).read_text(encoding="utf-8")

"""Of a page that is too long, what nobody reads goes first; what is opened and never closed stays."""

from __future__ import annotations

import pytest

from crawler.page.size import MOST_CHARACTERS, bounded

WORDS = "<p>The ministers met.</p>"
LONG = "x" * MOST_CHARACTERS


@pytest.mark.parametrize(
    "unread",
    [
        f"<script>{LONG}</script>",
        f"<STYLE media=all>{LONG}</style >",
        f"<!-- {LONG} -->",
        f"<svg><path d='{LONG}'/></svg>",
        f"<!-- <script> {LONG} --><noscript>a</noscript>",
    ],
    ids=["a script", "a style", "a comment", "a picture", "a script within a comment"],
)
def test_what_nobody_reads_takes_no_room_of_a_long_page(unread: str) -> None:
    assert bounded(f"{unread}{WORDS}") in (f" {WORDS}", f"  {WORDS}")


@pytest.mark.parametrize("opened", ["<script>", "<!-- ", "<svg>", "<style>"])
def test_what_never_ends_leaves_the_page_as_it_is(opened: str) -> None:
    assert bounded(f"{WORDS}{opened}{LONG}").startswith(f"{WORDS}{opened}x")


def test_structured_data_are_read() -> None:
    data = '<script type="application/ld+json">{}</script>'
    assert bounded(f"{data}<script>{LONG}</script>{WORDS}") == f"{data} {WORDS}"

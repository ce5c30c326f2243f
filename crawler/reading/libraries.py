"""What each reader needs, loaded once: readers are forked from the process that has imported this.

Some libraries load their tables with the first page that they see, which takes longer than a hundred pages. So one is
read here.
"""

from __future__ import annotations

import gc

import crawler.listing  # noqa: F401
from crawler.article import read_article
from storage.types import Page, SourceSpec

_PAGE = (
    "<html><head><title>The minister opened a bridge</title></head><body><article><h1>The minister opened a bridge</h1>"
    "<p class='date'>28 November 2024, 14:05</p>"
    + "<p>The minister said that the bridge, which took three years to build, will be open to all from Monday.</p>" * 5
    + "</article></body></html>"
)

read_article(Page("https://ministry.example/news/1", _PAGE.encode()), SourceSpec("", "", "https://ministry.example/"))
gc.freeze()  # what is here stays, and is shared with all readers as long as nobody writes to it

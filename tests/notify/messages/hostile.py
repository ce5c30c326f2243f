"""Words that would be more than words, and the tags of a page that they may not become."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = 'Talks\r\nBcc: all@example.org\u2028<script>alert("1")</script>\u202e\x1b[31m & *more* `code`'


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

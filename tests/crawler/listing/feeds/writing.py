"""Feeds as they are written, and read."""

from __future__ import annotations

from dataclasses import replace

from crawler.listing import read_listing
from storage.types import Listing, Page, SourceSpec
from tests.crawler import pages

ADDRESS = "https://ministry.example/en/feed/"
SPEC = replace(pages.listed(), address=ADDRESS)


def rss(items: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def item(title: str = "Talks on transit", link: str = "https://ministry.example/n/1", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def read(text: str | bytes, spec: SourceSpec = SPEC, content_type: str = "application/rss+xml") -> Listing:
    return read_listing(Page(ADDRESS, text if isinstance(text, bytes) else text.encode(), 200, content_type), spec)

"""Markup of articles to read."""

from __future__ import annotations


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)

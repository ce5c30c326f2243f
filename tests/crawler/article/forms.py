"""Pages in the forms that programs for sites write, with nothing but a statement in them. The words are our own.

`{title}`, `{day}` and `{text}` (paragraphs) or `{lines}` (a text of lines) are filled in.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.types import Page
from tests.crawler.article.markup import paragraphs

FORMS = {
    "WordPress": (
        '<article class="post-20 post type-post hentry"><header class="entry-header">'
        '<h1 class="entry-title">{title}</h1>'
        '<div class="entry-meta"><span class="posted-on">'
        '<time class="entry-date published" datetime="2026-11-28T09:00">'
        '{day}</time></span></div></header><div class="entry-content">{text}</div></article>'
    ),
    "WordPress with author, tags and neighbours": (
        '<article class="post hentry"><header class="entry-header"><h1 class="entry-title">{title}</h1><div '
        'class="entry-meta">Posted on <a href="/20" rel="bookmark"><time class="published updated">{day}</time></a> by '
        '<span class="author vcard"><a href="/by/press">Press Office</a></span></div></header>'
        '<div class="entry-content">'
        '{text}</div><footer>Posted in <a href="/cat/news">News</a></footer></article><nav><h2>Post navigation</h2>'
        '<a href="/19" rel="prev">The Minister visits the harbour of the north</a></nav>'
    ),
    "WordPress in blocks": (
        '<div class="wp-block-group"><h1 class="wp-block-post-title">{title}</h1><div class="wp-block-post-date"><time>'
        '{day}</time></div></div><div class="entry-content wp-block-post-content">{text}</div>'
        '<div class="wp-block-group">'
        '<div class="wp-block-post-terms"><a href="/cat/news">News</a></div></div>'
    ),
    "WordPress of old": (
        '<div id="content"><div class="post"><h2>{title}</h2><p class="postmetadata">{day}</p><div class="entry">{text}'
        "</div></div></div>"
    ),
    "Drupal": (
        '<article class="node node--type-article"><h1 class="page-title"><span class="field--name-title">{title}</span>'
        '</h1><div class="node__meta"><span class="field--name-created">{day}</span></div><div class="node__content">'
        '<div class="field field--name-body">{text}</div></div></article>'
    ),
    "Drupal, with the day in a foot": (
        '<h1 class="page-title">{title}</h1><div class="region-content"><article role="article" class="node"><footer '
        'class="node__meta">{day}</footer><div class="node__content">'
        '<div class="text-formatted field--name-body">{text}'
        "</div></div></article></div>"
    ),
    "Drupal, with the day in a field": (
        '<div class="region"><h1 class="page-title">{title}</h1></div><article class="node"><div class="node__content">'
        '<div class="field"><div class="field__label">Date</div><div class="field__item"><time>{day}</time></div></div>'
        '<div class="field--name-body">{text}</div></div></article>'
    ),
    "Drupal of old": (
        '<h1 id="page-title">{title}</h1><div class="region"><div class="node">'
        '<div class="submitted">Submitted by press '
        'on {day}</div><div class="content"><div class="field-items"><div class="field-item even">{text}</div>'
        "</div></div>"
        "</div></div>"
    ),
    "article with time": '<article><h1>{title}</h1><time datetime="2026-11-28">{day}</time>{text}</article>',
    "article with the day below": '<article><h1>{title}</h1>{text}<time datetime="2026-11-28">{day}</time></article>',
    "article with the day above": '<article><time datetime="2026-11-28">{day}</time><h1>{title}</h1>{text}</article>',
    "article with a head": "<article><header><h1>{title}</h1><time>{day}</time></header><div>{text}</div></article>",
    "article with tools": (
        '<article><h1>{title}</h1><span class="date">{day}</span><div>{text}</div><div class="share">'
        '<a href="#">Share</a>'
        '<a href="#">Print</a></div></article>'
    ),
    "Bitrix": '<div class="news-detail"><span class="news-date-time">{day}</span><h3>{title}</h3>{text}<br></div>',
    "Bitrix with a page's title": (
        '<h1 id="pagetitle">{title}</h1><div class="news-detail"><div class="news-date-time">{day}</div>'
        "<div>{text}</div>"
        '<p><a href="/news/">Back to the list</a></p></div>'
    ),
    "Joomla": (
        '<div class="com-content-article item-page"><div class="page-header"><h1>{title}</h1></div>'
        '<dl class="article-info">'
        '<dd class="category-name">Category: <a href="/news">News</a></dd><dd class="create"><time>{day}</time></dd>'
        '<dd class="hits">Hits: 321</dd></dl><div class="com-content-article__body">{text}</div></div>'
    ),
    "Joomla of old": (
        '<div class="item-page"><div class="page-header"><h2>{title}</h2></div><dl class="article-info">'
        "<dt>Details</dt>"
        '<dd class="published"><time>Published: {day}</time></dd></dl><div itemprop="articleBody">{text}</div>'
        '<ul class="pager pagenav"><li><a href="/19" rel="prev">Prev</a></li></ul></div>'
    ),
    "TYPO3": (
        '<div class="news-single"><div class="header"><h1>{title}</h1></div><div class="footer-line"><time>{day}</time>'
        '</div><div class="news-text-wrap">{text}</div><div class="news-backlink-wrap"><a href="/">Back</a></div></div>'
    ),
    "ASP.NET": '<form id="form1"><h1>{title}</h1><span class="newsdate">{day}</span><div>{text}</div></form>',
    "tables": "<table><tr><td><h1>{title}</h1></td></tr><tr><td>{day}</td></tr><tr><td>{text}</td></tr></table>",
    "bare": "<h1>{title}</h1><p>{day}</p>{text}",
    "bare, in bold": "<div><p><b>{title}</b></p><p><i>{day}</i></p>{text}</div>",
    "bare lines": "<div><h1>{title}</h1>{day}<br><br>{lines}</div>",
}

_MENU = '<ul><li><a href="/">Home</a></li><li><a href="/about">About the Ministry</a></li></ul>'
_LATEST = "".join(
    f'<li><a href="/en/news/{day}">{title}</a> <span>November {day}, 2026</span></li>'
    for day, title in [
        (11, "The Minister visits the harbour of the north"),
        (12, "Our country and the CSTO: ten years"),
    ]
)

FRAMES = {
    "told": f"<header><nav>{_MENU}</nav></header><main>{{}}</main><footer><p>12 River Street</p></footer>",
    "untold": f"<div>{_MENU}</div><div id='main'>{{}}</div><div><p>Ministry, 12 River Street, Capital</p></div>",
    "news beside": f"<header>{_MENU}</header><main>{{}}</main><aside><h3>Latest news</h3><ul>{_LATEST}</ul></aside>",
    "news below": f"<div>{_MENU}</div><div id='main'>{{}}<div><h3>Latest news</h3><ul>{_LATEST}</ul></div></div>",
    "none": "{}",
}


def written(form: str, frame: str, title: str, day: str, texts: Sequence[str]) -> Page:
    """A page of a form in a frame, with these paragraphs."""
    inner = FORMS[form].format(title=title, day=day, text=paragraphs(tuple(texts)), lines="<br><br>".join(texts))
    return framed(frame, title, inner)


def framed(frame: str, title: str, inner: str) -> Page:
    """A page with this in a frame."""
    whole = f"<!DOCTYPE html><html><title>{title} | Ministry</title><body>{FRAMES[frame].format(inner)}</body></html>"
    return Page("https://ministry.example/en/news/20", whole.encode(), 200, "text/html; charset=utf-8")

"""A histogram as lines for a terminal, or as a picture: SVG, and PNG made from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from rich.text import Text

from storage.search.intervals import Bar, Interval

_WIDTH, _HEIGHT = 900, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 64, 40
_WIDE, _HIGH = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_BASE = _TOP + _HIGH
_WIDEST = 64.0
"""Of a bar: a single one would be a wall."""
_NARROWEST = 3.0
"""Of a step whose bar leaves a gap to its neighbours: thinner ones would flicker."""
_LABELS, _TITLE = 8, 96
"""How many labels, and how many letters of the title, there is room for; a Chinese one is two."""
_DARK, _GREY, _LINE, _BLUE = "#222", "#5b6470", "#d8dce2", "#2f6f9f"

_GAP = 4
"""So many bars of nothing after each other are one line."""

FONT = "Noto Sans"
"""What a PNG is lettered in: it is installed with us, for a server has no fonts. Others have to be the system's."""
SCALE = 2.0
"""Pixels of a PNG for each unit of the picture: as sharp screens and printed pages want it."""


def bar_lines(bars: Sequence[Bar], width: int, step: Interval = Interval.DAY) -> Iterator[str]:
    """One line for each bar, its count behind it; `width` characters at most. A long time without any is one line."""
    most = max((bar.count for bar in bars), default=0)
    room = max(1, width - len(f"{_label(bars[0], step)}  ") - len(f" {most:,}")) if bars else 1
    for bar, run in _with_gaps(bars):
        if run > 1:
            yield f"{'...':>{len(_label(bar, step))}}  {run} without a statement"
            continue
        eighths = round(bar.count / most * room * 8) if most else 0
        if bar.count and not eighths:
            eighths = 1
        whole, part = divmod(eighths, 8)
        yield f"{_label(bar, step)}  {'█' * whole}{'▏▎▍▌▋▊▉'[part - 1] if part else ''} {bar.count:,}"


def _with_gaps(bars: Sequence[Bar]) -> Iterator[tuple[Bar, int]]:
    """Bars, each with how many of nothing it stands for: more than one where that saves lines."""
    for is_empty, group in groupby(bars, key=lambda bar: not bar.count):
        several = list(group)
        if is_empty and len(several) >= _GAP:
            yield several[0], len(several)
        else:
            yield from ((bar, 1) for bar in several)


def svg(bars: Sequence[Bar], title: str, step: Interval) -> str:
    """A picture of the bars: 900 by 340, without scripts, fonts or addresses from elsewhere."""
    marks = _marks(max((bar.count for bar in bars), default=0))
    parts = (*_heading(bars, title, step), *_grid(marks), *_columns(bars, marks[-1], step), *_axis(bars, step))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img"><title>{escape(_visible(title))}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def png(picture: str) -> bytes:
    """An SVG of ours as PNG, 1800 by 680."""
    import fontpkg
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture, font_files=[str(fontpkg.path(FONT))], sans_serif_family=FONT, zoom=SCALE
        )
    )


# -- parts of the picture ----------------------------------------------------------------------------------------------


def _heading(bars: Sequence[Bar], title: str, step: Interval) -> Iterator[str]:
    shown = Text(_visible(title))
    shown.truncate(_TITLE, overflow="ellipsis")
    yield _text(_LEFT, 26, shown.plain, 16, "start")
    total = sum(bar.count for bar in bars)
    told = f"{total:,} {'statement' if total == 1 else 'statements'} by {step}"
    yield _text(
        _LEFT, 45, f"{told}, {_label(bars[0], step)} to {_label(bars[-1], step)}" if bars else told, 12, "start"
    )


def _grid(marks: range) -> Iterator[str]:
    for mark in marks:
        y = _BASE - mark / marks[-1] * _HIGH
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_GREY if mark == 0 else _LINE}"/>'
        yield _text(_LEFT - 8, y + 4, f"{mark:,}", 12, "end")


def _columns(bars: Sequence[Bar], top: int, step: Interval) -> Iterator[str]:
    room = _WIDE / max(1, len(bars))
    width = min(room * 0.8, _WIDEST) if room >= _NARROWEST else room
    for number, bar in enumerate(bars):
        tall = bar.count / top * _HIGH
        yield (
            f'<rect x="{_middle(number, bars) - width / 2:.2f}" y="{_BASE - tall:.2f}" width="{width:.2f}" '
            f'height="{tall:.2f}" fill="{_BLUE}"><title>{_label(bar, step)}: {bar.count:,}</title></rect>'
        )


def _axis(bars: Sequence[Bar], step: Interval) -> Iterator[str]:
    """A label for every so many bars, so that none touches the next."""
    every = max(1, -(-len(bars) // _LABELS))
    for number in range(0, len(bars), every):
        x = _middle(number, bars)
        yield f'<path d="M{x:.1f} {_BASE}v5" stroke="{_GREY}"/>'
        yield _text(x, _BASE + 21, _label(bars[number], step), 12, "middle")


def _middle(number: int, bars: Sequence[Bar]) -> float:
    return _LEFT + (number + 0.5) * _WIDE / len(bars)


def _marks(most: int) -> range:
    """At most six round numbers, from zero to one that no bar is above."""
    step = next(mark * 10**zeros for zeros in range(20) for mark in (1, 2, 5) if most / (mark * 10**zeros) <= 5)
    return range(0, max(1, -(-most // step)) * step + 1, step)


def _label(bar: Bar, step: Interval) -> str:
    """The first day of a bar's step, or its month."""
    return f"{bar.first:%Y-%m}" if step is Interval.MONTH else str(bar.first)


def _text(x: float, y: float, text: str, size: int, anchor: str) -> str:
    colour = _DARK if size > 12 else _GREY
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _visible(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())

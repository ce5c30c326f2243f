"""A histogram as lines for a terminal, or as an SVG picture. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from storage.steps import Bar

_WIDTH, _HEIGHT = 900, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 44, 40


def bar_lines(bars: Sequence[Bar], width: int) -> Iterator[str]:
    """One line for each bar, its count behind it; `width` characters at most."""
    most = max((bar.count for bar in bars), default=0)
    room = max(1, width - len("2024-11-04  ") - len(f" {most:,}"))
    for bar in bars:
        eighths = round(bar.count / most * room * 8) if most else 0
        if bar.count and not eighths:
            eighths = 1
        whole, part = divmod(eighths, 8)
        yield f"{bar.first}  {'█' * whole}{'▏▎▍▌▋▊▉'[part - 1] if part else ''} {bar.count:,}"


def svg(bars: Sequence[Bar], title: str) -> str:
    """A picture of the bars: 900 by 320, without scripts, fonts or addresses from elsewhere."""
    most = max((bar.count for bar in bars), default=0) or 1
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    step = wide / max(1, len(bars))
    parts = [_text(_LEFT, 26, title, 16, "start")]
    for mark in _marks(most):
        y = _TOP + high - mark / most * high
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#d8dce2"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{mark:,}", 12, "end"))
    every = max(1, -(-len(bars) // 8))
    for number, bar in enumerate(bars):
        tall = bar.count / most * high
        x = _LEFT + number * step
        parts.append(
            f'<rect x="{x + step * 0.1:.2f}" y="{_TOP + high - tall:.2f}" width="{step * 0.8:.2f}" '
            f'height="{tall:.2f}" fill="#2f6f9f"><title>{bar.first}: {bar.count:,}</title></rect>'
        )
        if number % every == 0:
            parts.append(_text(x + step / 2, _HEIGHT - 16, str(bar.first), 12, "middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _marks(most: int) -> range:
    """At most six round numbers, from zero up to the highest bar."""
    step = next(mark * 10**zeros for zeros in range(20) for mark in (1, 2, 5) if most / (mark * 10**zeros) <= 5)
    return range(0, most + 1, step)


def _text(x: float, y: float, text: str, size: int, anchor: str) -> str:
    visible = "".join(sign for sign in text if sign.isprintable())
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{size}" fill="#222" '
        f'text-anchor="{anchor}">{escape(visible)}</text>'
    )

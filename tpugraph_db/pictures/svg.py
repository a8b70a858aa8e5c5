"""A picture as SVG: text, rectangles and lines, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from tpugraph_db.pictures.picture import FONT, LINE, MARGIN, PAD, Box, Line, Picture

_BOLD = ' font-weight="bold"'
_ARROW = '<marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
_ARROW += '<path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker>'


class Svg(str):
    """The text of an SVG, which a notebook shows as the picture."""

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"<Svg of {len(self):,} letters>")


def svg(picture: Picture) -> Svg:
    """A ``g`` an op, with its index as ``data-op``; a ``polyline`` an edge, producer first, dashed where it calls."""
    return Svg("\n".join(_elements(picture)) + "\n")


def _elements(picture: Picture) -> Iterator[str]:
    size = f'width="{picture.width:.0f}" height="{picture.height:.0f}"'
    view = f'viewBox="0 0 {picture.width:.0f} {picture.height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} font-family="monospace" font-size="{FONT}">'
    yield f"<defs>{_ARROW}</defs>"
    yield f'<rect width="{picture.width:.0f}" height="{picture.height:.0f}" fill="#fff"/>'
    yield f'<text x="{MARGIN}" y="{MARGIN + FONT}" font-weight="bold">{escape(picture.title)}</text>'
    yield '<g fill="none" stroke="#777">'
    yield from map(_line, picture.lines)
    yield "</g>"
    yield from map(_box, picture.boxes)
    yield "</svg>"


def _line(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    ends = f'data-producer="{line.producer}" data-consumer="{line.consumer}"'
    dashed = ' stroke-dasharray="5 3"' if line.call else ""
    return f'<polyline {ends} points="{points}" marker-end="url(#arrow)"{dashed}/>'


def _box(box: Box) -> str:
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    colour = "#{:02x}{:02x}{:02x}".format(*box.colour)
    texts = "".join(
        f'<text x="{box.x + PAD:.1f}" y="{box.y + PAD + at * LINE + FONT:.1f}"'
        f"{_BOLD if at == 0 else ''}>{escape(text)}</text>"
        for at, text in enumerate(box.lines)
    )
    about = f"<title>{escape(box.about)}</title>"
    return f'<g data-op="{box.op}">{about}<rect {place} rx="3" fill="{colour}" stroke="#444"/>{texts}</g>'

"""A picture as boxes and lines, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.errors import UsageError, printable
from tpugraph_db.pictures.layers import layered, places
from tpugraph_db.record import GraphRecord

MOST_OPS = 600

FONT, LINE, LETTER = 11, 14, 6.7
"""Size of text, height of a line, width of a letter, in pixels."""
MARGIN, GAP, FALL, PAD = 20, 16, 44, 6
"""Around all, between boxes of a layer, between layers, around text; in pixels."""
TITLE = 28
LETTERS = 34
"""A longer text is cut in the middle."""

Colour = tuple[int, int, int]
UNKNOWN: Colour = (238, 238, 238)
LEAST: Colour = (255, 255, 255)
MOST: Colour = (240, 110, 70)


@dataclass(frozen=True)
class Box:
    """An op; ``x`` and ``y`` are its left upper corner, in pixels."""

    op: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    """Opcode, shape, name: what there is of them."""
    about: str
    """All of it, uncut, with the figure."""
    colour: Colour


@dataclass(frozen=True)
class Line:
    """An edge, from the producer down to the consumer."""

    producer: int
    consumer: int
    call: bool
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Picture:
    """Sizes in pixels; no two boxes overlap."""

    title: str
    width: float
    height: float
    boxes: list[Box]
    lines: list[Line]


def picture_of(record: GraphRecord, figure: Figure, ops: NDArray[np.int64] | None = None) -> Picture:
    """Some ops (ascending indices; None: all) in layers, producers above consumers, coloured by a figure.

    Raises:
        UsageError: they are more than :data:`MOST_OPS`.
    """
    chosen = np.arange(len(record)) if ops is None else ops
    if len(chosen) > MOST_OPS:
        most = f"{len(chosen):,} ops are more than a picture holds ({MOST_OPS})"
        raise UsageError(f"{record.id}: {most}; draw some of them: --near OP -k 2, or --cypher")
    place = np.full(len(record), -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    kept = (place[record.edges] >= 0).all(axis=1)
    edges, calls = place[record.edges[kept]], record.is_call[kept].tolist()
    found = layered(len(chosen), edges)
    lines_of = [_lines(record, op) for op in chosen.tolist()]
    boxes = [_box(record, figure, op, lines) for op, lines in zip(chosen.tolist(), lines_of, strict=True)]
    joints = sum(map(len, found.layers)) - len(boxes)
    width = np.array([box.width for box in boxes] + [1.0] * joints)
    middle = places(found, width, GAP)
    middle += MARGIN - (middle - width / 2).min()
    tall = max(box.height for box in boxes)
    level = {node: at for at, layer in enumerate(found.layers) for node in layer}
    top = {node: MARGIN + TITLE + at * (tall + FALL) for node, at in level.items()}
    placed = [_at(box, float(middle[node]), top[node]) for node, box in enumerate(boxes)]
    lines = [
        Line(int(chosen[way[0]]), int(chosen[way[-1]]), call, _points(way, middle, top, placed, tall))
        for way, call in zip(found.ways, calls, strict=True)
    ]
    title = _title(record, figure, len(chosen))
    right = max(float((middle + width / 2).max()), MARGIN + len(title) * LETTER) + MARGIN
    return Picture(title, right, max(top.values()) + tall + MARGIN, placed, lines)


def _lines(record: GraphRecord, op: int) -> tuple[str, ...]:
    texts = OpTexts(record)
    said = (texts.opcode(op) or "unknown", texts.shape(op), texts.name(op) or f"#{op}")
    return tuple(printable(text) for text in said if text)


def _box(record: GraphRecord, figure: Figure, op: int, lines: tuple[str, ...]) -> Box:
    value = float(figure.values[op])
    said = "not known" if np.isnan(value) else f"{value:,.6g} {figure.unit}".strip()
    about = " | ".join((*lines, f"op {op}", f"{figure.name} ({figure.provenance}): {said}"))
    shown = tuple(_cut(line) for line in lines)
    width = max(map(len, shown)) * LETTER + 2 * PAD
    return Box(op, 0, 0, width, len(shown) * LINE + 2 * PAD, shown, about, _colour(figure, value))


def _at(box: Box, middle: float, top: float) -> Box:
    from dataclasses import replace

    return replace(box, x=middle - box.width / 2, y=top)


def _points(
    way: list[int], middle: NDArray[np.float64], top: dict[int, float], boxes: list[Box], tall: float
) -> tuple[tuple[float, float], ...]:
    producer = boxes[way[0]]
    start = (float(middle[way[0]]), producer.y + producer.height)
    between = [(float(middle[joint]), top[joint] + at) for joint in way[1:-1] for at in (0.0, tall)]
    return (start, *between, (float(middle[way[-1]]), top[way[-1]]))


def _colour(figure: Figure, value: float) -> Colour:
    if np.isnan(value):
        return UNKNOWN
    most = float(np.nanmax(figure.values))
    share = min(max(value / most, 0.0), 1.0) if most > 0 else 0.0
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(LEAST, MOST, strict=True))
    return red, green, blue


def _title(record: GraphRecord, figure: Figure, ops: int) -> str:
    unit = f" {figure.unit}" if figure.unit else ""
    most = f"white 0 to red {np.nanmax(figure.values):,.6g}{unit}" if not np.isnan(figure.values).all() else "not known"
    of = f"{ops:,}" if ops == len(record) else f"{ops:,} of {len(record):,}"
    return printable(f"{record.id}: {of} ops; {figure.name} ({figure.provenance}), {most}")


def _cut(text: str) -> str:
    half = (LETTERS - 1) // 2
    return text if len(text) <= LETTERS else f"{text[:half]}…{text[-half:]}"

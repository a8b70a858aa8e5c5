"""Pictures: no two boxes overlap, edges run downwards, and names do no harm."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from tests import graphs, real, strategies
from tests.analytics.made import layers
from tests.exports.hostile import NAMES, hostile
from tpugraph_db.analytics.figures import figure
from tpugraph_db.analytics.near import reached
from tpugraph_db.errors import UsageError, printable
from tpugraph_db.pictures import MOST_OPS, picture_of, png, svg, write_picture
from tpugraph_db.pictures.layers import layered
from tpugraph_db.pictures.picture import LEAST, MOST, UNKNOWN

SVG = "{http://www.w3.org/2000/svg}"


def overlaps(boxes):
    """How many pairs of boxes have a point in common, edges too."""
    x, y, width, height = np.array([(box.x, box.y, box.width, box.height) for box in boxes]).T
    beside = (x[:, None] <= x + width) & (y[:, None] <= y + height)
    return (beside & beside.T).sum() - len(boxes)


def check(picture):
    assert not overlaps(picture.boxes)
    boxes = {box.op: box for box in picture.boxes}
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= picture.width
        assert box.y + box.height <= picture.height
    for line in picture.lines:
        assert all(upper[1] < lower[1] for upper, lower in pairwise(line.points))
        producer, consumer = boxes[line.producer], boxes[line.consumer]
        assert line.points[0] == (pytest.approx(producer.x + producer.width / 2), producer.y + producer.height)
        assert line.points[-1] == (pytest.approx(consumer.x + consumer.width / 2), consumer.y)


@settings(max_examples=25, deadline=None)
@given(strategies.records())
def test_any_graph(record):
    picture = picture_of(record, figure(record, "cost"))
    check(picture)
    ends = {(line.consumer, line.producer) for line in picture.lines}
    assert ends == set(map(tuple, record.edges.tolist()))


def test_real_ops(data):
    record = real.record(data, "unet3d")
    ops = np.sort(list(reached(record, 1000, 5)))
    picture = picture_of(record, figure(record, "cost"), ops)
    assert [box.op for box in picture.boxes] == ops.tolist()
    check(picture)


def test_the_check_sees_an_overlap():
    boxes = picture_of(graphs.diamond(), figure(graphs.diamond(), "cost")).boxes
    assert overlaps([*boxes, replace(boxes[0], x=boxes[0].x + 5, y=boxes[0].y + 5)]) == 2


def test_layers_are_depths():
    found = layered(4, graphs.diamond().edges)
    assert [sorted(layer) for layer in found.layers] == [[0], [1, 2], [3]]
    # a parameter that is used late stands above its user; the edge 0 -> 3 has a joint, 5, beside op 2
    edges = np.array([(1, 0), (2, 1), (3, 2), (3, 4), (3, 0)])
    found = layered(5, edges)
    assert [sorted(layer) for layer in found.layers] == [[0], [1, 5], [2, 4, 6], [3]]
    assert found.ways[-1] == [0, 5, 6, 3]


def test_crossings_go():
    # two chains whose second ops stand in the other order
    found = layered(4, np.array([(3, 0), (2, 1)]))
    (first, second) = found.layers
    assert [first.index(op) for op in (0, 1)] == [second.index(op) for op in (3, 2)]


def test_colours_are_the_figure():
    record = graphs.diamond()
    boxes = picture_of(record, figure(record, "flops")).boxes
    assert [box.colour for box in boxes] == [LEAST, UNKNOWN, UNKNOWN, MOST]
    assert boxes[3].about.endswith("flops (structural): 1 flops")
    picture = picture_of(record, figure(record, "flops"), np.array([0, 1]))
    assert picture.title.endswith("diamond: 2 of 4 ops; flops (structural), white 0 to red 1 flops")


def test_svg():
    record = hostile()
    text = svg(picture_of(record, figure(record, "flops")))
    root = ET.fromstring(text)
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "defs", "marker", "path", "rect", "text", "g", "polyline", "title")
    }
    boxes = {int(box.get("data-op")): box for box in root.iter(SVG + "g") if box.get("data-op")}
    assert set(boxes) == set(range(len(record)))
    for op, name in enumerate(NAMES):
        shown = boxes[op].findall(SVG + "text")[2].text
        assert shown == printable(name) or (shown[:16] == printable(name)[:16] and "…" in shown)
        assert printable(name) in boxes[op].find(SVG + "title").text
    lines = [(int(line.get("data-consumer")), int(line.get("data-producer"))) for line in root.iter(SVG + "polyline")]
    assert sorted(lines) == sorted(map(tuple, record.edges.tolist()))
    dashed = [line for line in root.iter(SVG + "polyline") if line.get("stroke-dasharray")]
    assert len(dashed) == record.is_call.sum()
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]


def test_png(tmp_path):
    image = pytest.importorskip("PIL.Image")
    record = hostile()
    picture = picture_of(record, figure(record, "flops"))
    found = image.open(io.BytesIO(png(picture)))
    assert found.size == (round(picture.width), round(picture.height))
    box = picture.boxes[4]
    assert found.getpixel((round(box.x + box.width) - 3, round(box.y + box.height) - 3)) == box.colour
    write_picture(picture, tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


def test_a_png_needs_pillow(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'tpugraph-db\[draw\]', or give -o FILE.svg"):
        png(picture_of(graphs.chain(), figure(graphs.chain(), "cost")))


def test_what_is_too_large():
    record = layers(200)
    assert len(record) == MOST_OPS + 3
    with pytest.raises(UsageError, match=r"603 ops are more than a picture holds .600.; draw some of them: --near OP"):
        picture_of(record, figure(record, "cost"))
    check(picture_of(record, figure(record, "cost"), np.arange(MOST_OPS)))


def test_another_suffix(tmp_path):
    with pytest.raises(UsageError, match=r"expected FILE.svg or FILE.png"):
        write_picture(picture_of(graphs.chain(), figure(graphs.chain(), "cost")), tmp_path / "x.gif")

"""What a notebook is shown: whole, without script or colours, and harmless whatever the ops are called."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tests import graphs
from tests.exports.hostile import NAMES, hostile
from tpugraph_db import html
from tpugraph_db.analytics.figures import figure
from tpugraph_db.errors import printable
from tpugraph_db.pictures import picture_of, svg
from tpugraph_db.stores import Node, Relationship, Result, Walk
from tpugraph_db.stores.values import to_text

TAGS = {"div", "table", "thead", "tbody", "tr", "th", "td", "strong", "code"}
STYLE = re.compile(r"(text-align|opacity|border|border-radius|padding|display):[\w. -]+")


def parsed(shown):
    """The markup as a tree, after looking that it holds nothing but what a table needs."""
    text = shown._repr_html_()
    assert text.isprintable()
    root = ET.fromstring(text)
    for element in root.iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"style", "class"}
        styles = element.get("style", "").split(";")
        assert all(not style or STYLE.fullmatch(style) for style in styles)
    return root


def cells(shown):
    return [["".join(cell.itertext()) for cell in row] for row in parsed(shown).iter("tr")]


def note(shown):
    return parsed(shown)[-1].text


def plain(result):
    written = []
    result._repr_pretty_(type("Printer", (), {"text": staticmethod(written.append)}), False)
    return "".join(written)


def op(index, name="dot.1", **more):
    return Node(("Op",), {"uid": f"g#{index}", "index": index, "opcode": "dot", "name": name, **more}, str(index))


class TestResult:
    def test_a_table(self):
        result = Result(("op", "share"), [("dot", 0.123456789), (None, 2)], 2)
        assert cells(result) == [["op", "share"], ["dot", "0.123457"], ["", "2"]]
        assert [cell.get("style") for cell in parsed(result).iter("td")] == ["text-align:left", "text-align:right"] * 2
        assert note(result) == "2 rows"

    def test_as_plain_text(self):
        assert plain(Result(("op", "n"), [("dot", 10), ("a\nb", 7)], 2)) == "op     n\ndot   10\na\\nb   7\n2 rows"
        assert plain(Result(("op",), [], 0)) == "op\n0 rows"
        assert plain(Result((), [], 0)).endswith("0 rows")

    def test_only_so_many_rows(self):
        result = Result(("n",), [(n,) for n in range(500)], 500)
        assert len(cells(result)) == 1 + html.MOST_ROWS
        assert note(result) == "showing 60 of 500 rows"
        assert plain(result).splitlines()[-2:] == ["59", "showing 60 of 500 rows"]

    def test_what_was_cut_off_before_is_said(self):
        assert note(Result(("n",), [(1,)], 12_034)) == "showing 1 of 12,034 rows"
        result = Result(("n",), [(n,) for n in range(70)], 100_000, total_is_exact=False)
        assert note(result) == "showing 60 of more than 100,000 rows"

    def test_long_cells_are_cut(self):
        (_, (text,)) = cells(Result(("n",), [("x" * 4000,)], 1))
        assert text == "x" * (html.MOST_LETTERS - 1) + "…"

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_texts(self, name):
        result = Result((name,), [(name,), ([name, {name: name}],), (op(0, name),)], 3)
        found = cells(result)
        assert found[0] == found[1] == [printable(name)]
        assert found[3] == [f"(:Op {printable(name)}#0)"]
        assert "\x1b" not in plain(result)
        assert len(plain(result).splitlines()) == 5

    def test_formulas_of_mathjax_stay_text(self):
        assert "mathjax_ignore" in parsed(Result(("n",), [("$x$",)], 1)).get("class")


class TestValues:
    def test_a_node_is_a_card_in_the_order_of_the_schema(self):
        card = op(3, bytes=64, shape="f32[16]", gcn_share=0.5)
        assert parsed(card)[0].text == ":Op dot.1#3"
        rows = [["uid", "g#3"], ["index", "3"], ["opcode", "dot"], ["name", "dot.1"], ["shape", "f32[16]"]]
        assert cells(card) == [*rows, ["bytes", "64"], ["gcn_share", "0.5"]]

    def test_a_graph_and_any_other(self):
        assert parsed(Node(("Graph",), {"ops": 4, "id": "g"}))[0].text == ":Graph g"
        assert parsed(Node(("A", "B"), {"x": None}))[0].text == ":A:B {x: null}"

    def test_a_node_of_very_many_properties(self):
        card = Node((), {f"p{n}": n for n in range(70)})
        assert len(cells(card)) == html.MOST_ROWS
        assert note(card) == "and 10 more"

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_names(self, name):
        card = Node((name,), {name: name, "index": 0})
        assert cells(card)[0] == [printable(name), printable(name)]

    def test_a_walk_and_a_relationship(self):
        feeds, calls = Relationship("FEEDS", {}, "0", "1"), Relationship("CALLS", {"kind": "body"}, "2", "1")
        walk = Walk((op(0, "a"), op(1, None), op(2, "c")), (feeds, calls))
        said = "(:Op a#0)-[:FEEDS]->(:Op dot#1)<-[:CALLS {kind: body}]-(:Op c#2)"
        assert parsed(walk)[0].text == said
        assert parsed(calls)[0].text == "[:CALLS {kind: body}]"
        assert cells(Result(("w",), [(walk,)], 1)) == [["w"], [said]]

    def test_texts(self):
        values = [None, True, 1.0, 12, "x", datetime.date(2024, 2, 29), [None, op(1)], {"a": None, "b": [1]}]
        shown = ["", "true", "1", "12", "x", "2024-02-29", "[null, (:Op dot.1#1)]", "{a: null, b: [1]}"]
        assert list(map(to_text, values)) == shown


class TestRecord:
    def test_configurations_and_runtimes(self):
        assert cells(graphs.diamond()) == [
            ["ops", "4 in 1 computations"],
            ["edges", "4, of which calls 0"],
            ["opcodes", "add 1, convolution 1, dot 1, parameter 1"],
            ["configurations", "4, which set 2 ops"],
            ["runtime [ms]", "best 1e-05, median 2e-05, worst 3e-05; 4 measured"],
            ["source", "no HLO, sha256 diamond00000"],
        ]

    def test_a_program_with_a_profile(self):
        record = graphs.lowered().replace(measured_ns=np.eye(11, dtype=np.int64)[3])
        facts = dict(cells(record))
        assert (facts["ops"], facts["edges"]) == ("11 in 3 computations", "11, of which calls 2")
        assert facts["configurations"] == "0, which set 0 ops"
        assert facts["profile"] == "1 ops"
        assert facts["source"] == "HLO module jit_loss before_optimizations, sha256 lowered00000"
        assert "runtime [ms]" not in facts

    def test_hostile_names(self):
        assert parsed(hostile())[0].text == printable(hostile().id)


def test_a_picture_is_its_svg():
    shown = svg(picture_of(graphs.chain(), figure(graphs.chain(), "cost")))
    assert shown._repr_svg_() == shown
    assert ET.fromstring(shown).tag.endswith("svg")
    assert plain(shown) == f"<Svg of {len(shown):,} letters>"

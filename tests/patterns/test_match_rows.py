"""Matches by repeated block and by flops, worked out by hand on both engines."""

from __future__ import annotations

import pytest

from tests import graphs
from tests.analytics.made import layers
from tests.conftest import ENGINES, open_empty, write_npz
from tpugraph_db.errors import UsageError
from tpugraph_db.patterns.compile import column_names
from tpugraph_db.patterns.parse import parse

LAYERS = "layout:test:default/train/layers3"
TWO = "tile:test/train/two"
LOWERED = "hlo:local/none/lowered"


@pytest.fixture(scope="module", params=ENGINES)
def db(request, tmp_path_factory):
    """Three layers (2-4, 5-7, 8-10) behind a parameter and a constant, before a copy; and the literal graphs."""
    folder = tmp_path_factory.mktemp("rows")
    for record in (layers(3), graphs.diamond(), graphs.two_computations()):
        write_npz(record, folder)
    (folder / "lowered.hlo").write_text(graphs.LOWERED_TEXT)
    with open_empty(request.param, request, folder) as database:
        database.load([folder])
        yield database


class TestByBlock:
    @pytest.mark.parametrize(
        ("pattern", "rows"),
        [
            ("dot -> tanh", [(0, 3, 3, "in one copy")]),
            ("dot -> tanh -> add", [(0, 3, 3, "in one copy")]),
            # an op of a layer with one of the next, or with what is in no layer
            ("add -> dot", [(None, None, 2, "across")]),
            ("parameter -> *", [(None, None, 2, "across")]),
            ("{parameter|constant|copy}", [(None, None, 3, "outside")]),
            ("*", [(0, 3, 9, "in one copy"), (None, None, 3, "outside")]),
            # two edges in each layer; constant -> dot 3, parameter -> dot, add, add -> dot 2, add 2, copy
            ("* -> *", [(0, 3, 6, "in one copy"), (None, None, 10, "across")]),
            ("dot -> tanh? -> tanh -> add*1..2", [(0, 3, 3, "in one copy"), (None, None, 2, "across")]),
            ("cholesky", []),
        ],
    )
    def test_in_one_copy_across_and_outside(self, db, pattern, rows):
        result = db.match(pattern, graph="layers3", by="block")
        assert result.columns == ("block", "copies", "matches", "where")
        assert result.rows == rows
        assert sum(row[2] for row in rows) == db.match(pattern, graph="layers3", count=True).rows[0][0]

    def test_without_a_block(self, db):
        assert db.match("* -> *", graph="diamond", by="block").rows == [(None, None, 4, "outside")]

    def test_a_limit(self, db):
        result = db.match("* -> *", graph="layers3", by="block", limit=1)
        assert (len(result), result.truncated) == (1, "showing 1 of 2")

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"pattern": "dot"}, "blocks are of one graph: name it"),
            ({"pattern": "dot", "collection": "tile:test"}, "blocks are of one graph"),
            ({"pattern": "duplicated_constants", "graph": "layers3"}, "no blocks"),
        ],
    )
    def test_what_has_no_blocks(self, db, asked, said):
        with pytest.raises(UsageError, match=said):
            db.match(by="block", **asked)


class TestByFlops:
    """Flops: a layer's add 64, tanh 0, dot not known (npz); two's reduce 30; lowered's square 4 * 8, total 4 * 7."""

    def test_over_graphs(self, db):
        result = db.match("{multiply|reduce}", rank="flops", limit=3)
        assert result.columns == ("graph", "op1", "flops")
        assert result.rows == [(LOWERED, "square#4", 32), (TWO, "reduce#6", 30), (LOWERED, "total#9", 28)]
        assert result.truncated == ""

    def test_all_ops_of_a_match_count_and_equals_go_by_op(self, db):
        result = db.match("tanh -> add -> add?", rank="flops", limit=3)
        assert result.columns == ("graph", "tanh", "add", "add_2", "flops")
        assert result.rows == [
            (LAYERS, "tanh#3", "add#4", "add#7", 128),
            (LAYERS, "tanh#6", "add#7", "add#10", 128),
            (LAYERS, "tanh#3", "add#4", None, 64),
        ]
        assert result.truncated == "showing 3 of 5"

    def test_what_is_not_known(self, db):
        assert db.match("dot -> tanh", graph="layers3", rank="flops", limit=1).rows[0][-1] == 0
        rows = db.match("{dot|copy}", graph="layers3", rank="flops", limit=9).rows
        assert [row[1:] for row in rows] == [("copy#11", 0), ("dot#2", None), ("dot#5", None), ("dot#8", None)]

    def test_indices_and_repeats(self, db):
        rows = db.match("parameter -> add*2", graph="layers3", rank="flops", limit=2, shown="index").rows
        assert rows == [(LAYERS, 0, [4, 7], 128)]
        assert db.match("add*2 -> copy", graph="layers3", rank="flops", limit=1).rows == [
            (LAYERS, ["add#7", "add#10"], "copy#11", 128)
        ]

    @pytest.mark.parametrize("limit", [0, 1])
    def test_how_many_there_are(self, db, limit):
        result = db.match("tanh", rank="flops", limit=limit)
        assert (len(result), result.total) == (limit, 3)

    def test_it_needs_a_limit(self, db):
        with pytest.raises(UsageError, match="a ranking needs a limit"):
            db.match("dot", rank="flops")

    @pytest.mark.parametrize(("rank", "column"), [("flops", "flops"), ("measured", "measured_ns")])
    def test_what_is_impossible_has_the_columns_too(self, db, rank, column):
        result = db.match("x:dot -> add -> x", rank=rank, limit=3)
        assert (result.columns, result.rows) == (("graph", *column_names(parse("x:dot -> add")), column), [])
